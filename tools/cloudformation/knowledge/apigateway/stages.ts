import type { Rule, Service } from '../language.ts';
import { ACCESS_LOG, CERTIFICATE, IP_KIND, METHOD_SETTINGS, TLS, VARIABLES } from './stage-settings.ts';

const BY_METHOD = {
  each: { members: { ...METHOD_SETTINGS, HttpMethod: { settled: 'weaken' }, ResourcePath: { settled: 'weaken' } } },
  by: '#',
  added: 'modify',
  lost: 'weaken',
} as const;

const CACHE = {
  // Without it all requests go through to what is behind.
  CacheClusterEnabled: 'runs',
  CacheClusterSize: { number: 'capacity', absent: 0.5 },
} as const;

const COMMON = {
  // How what is behind knows that it is the API.
  ClientCertificateId: { settled: 'disrupt' },
  DocumentationVersion: 'modify',
  TracingEnabled: 'protects',
  Variables: VARIABLES,
} as const;

/** A share of the calls goes to another deployment, and by other variables to another host. */
const CANARY: Rule = {
  members: {
    DeploymentId: 'serves',
    PercentTraffic: 'disrupt',
    StageVariableOverrides: { keys: 'passes-on', added: 'expose', lost: 'disrupt' },
    UseStageCache: 'modify',
  },
};

/** Where REST APIs are reached, by what name and with which keys. */
export const STAGES: Service = {
  'AWS::ApiGateway::Account': {
    page: 'aws-resource-apigateway-account',
    // The role by which all APIs of the account write logs, in the place of the one that they had.
    new: 'weaken',
    gone: 'modify',
    wide: 'account',
    properties: { CloudWatchRoleArn: ['acts-as', { settled: 'weaken' }] },
  },
  'AWS::ApiGateway::ApiKey': {
    page: 'aws-resource-apigateway-apikey',
    // Who has it may call.
    new: 'expose',
    properties: {
      CustomerId: 'modify',
      Description: 'modify',
      Enabled: 'opens',
      GenerateDistinctId: 'replaces',
      Name: 'replaces',
      StageKeys: 'expose',
      Tags: 'tags',
      Value: ['replaces', 'secret'],
    },
  },
  'AWS::ApiGateway::BasePathMapping': {
    page: 'aws-resource-apigateway-basepathmapping',
    new: 'create',
    tie: true,
    properties: {
      // What is asked for by the one before isn't found.
      BasePath: ['replaces', 'disrupt', 'answers'],
      DomainName: ['replaces', 'acts'],
      Id: 'modify',
      RestApiId: ['acts', { settled: 'disrupt' }],
      Stage: { settled: 'disrupt' },
    },
  },
  'AWS::ApiGateway::BasePathMappingV2': {
    page: 'aws-resource-apigateway-basepathmappingv2',
    new: 'create',
    properties: {
      BasePath: ['replaces', 'answers'],
      DomainNameArn: ['replaces', 'acts'],
      RestApiId: ['acts', { settled: 'disrupt' }],
      Stage: { settled: 'disrupt' },
    },
  },
  'AWS::ApiGateway::ClientCertificate': {
    page: 'aws-resource-apigateway-clientcertificate',
    new: 'create',
    properties: { Description: 'modify', Tags: 'tags' },
  },
  'AWS::ApiGateway::Deployment': {
    page: 'aws-resource-apigateway-deployment',
    new: 'create',
    revision: true,
    properties: {
      DeploymentCanarySettings: 'replaces',
      Description: 'modify',
      RestApiId: ['replaces', 'acts'],
      StageDescription: {
        members: {
          ...METHOD_SETTINGS,
          ...CACHE,
          ...COMMON,
          AccessLogSetting: ACCESS_LOG,
          CanarySetting: CANARY,
          Description: 'modify',
          MethodSettings: BY_METHOD,
          Tags: 'tags',
        },
      },
      StageName: 'disrupt',
    },
  },
  'AWS::ApiGateway::DomainName': {
    page: 'aws-resource-apigateway-domainname',
    new: 'create',
    properties: {
      CertificateArn: CERTIFICATE,
      DomainName: 'replaces',
      EndpointAccessMode: { order: ['BASIC', 'STRICT'], less: 'weaken', absent: 'BASIC' },
      // Another kind has another address, which names must lead to.
      EndpointConfiguration: { members: { IpAddressType: IP_KIND, Types: 'disrupt' } },
      // Which clients have a certificate that counts.
      MutualTlsAuthentication: [{ settled: 'expose' }, 'disrupt'],
      OwnershipVerificationCertificateArn: 'uses',
      RegionalCertificateArn: CERTIFICATE,
      RoutingMode: 'disrupt',
      SecurityPolicy: TLS,
      Tags: 'tags',
    },
  },
  'AWS::ApiGateway::DomainNameAccessAssociation': {
    page: 'aws-resource-apigateway-domainnameaccessassociation',
    // Who is behind the endpoint reaches the domain.
    new: 'expose',
    properties: {
      AccessAssociationSource: ['replaces', 'acts'],
      AccessAssociationSourceType: 'replaces',
      DomainNameArn: ['replaces', 'acts'],
      Tags: 'replaces',
    },
  },
  'AWS::ApiGateway::DomainNameV2': {
    page: 'aws-resource-apigateway-domainnamev2',
    new: 'create',
    properties: {
      CertificateArn: CERTIFICATE,
      DomainName: 'replaces',
      EndpointAccessMode: { order: ['BASIC', 'STRICT'], less: 'weaken', absent: 'BASIC' },
      EndpointConfiguration: 'replaces',
      Policy: 'admits',
      RoutingMode: 'disrupt',
      SecurityPolicy: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::ApiGateway::Stage': {
    page: 'aws-resource-apigateway-stage',
    new: 'create',
    properties: {
      ...CACHE,
      ...COMMON,
      AccessLogSetting: ACCESS_LOG,
      CanarySetting: CANARY,
      DeploymentId: 'serves',
      Description: 'modify',
      MethodSettings: BY_METHOD,
      RestApiId: ['replaces', 'acts'],
      StageName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::ApiGateway::UsagePlan': {
    page: 'aws-resource-apigateway-usageplan',
    new: 'create',
    properties: {
      // Its keys are good for what is listed, whosever API that is.
      ApiStages: [
        {
          standing: {
            each: { members: { ApiId: 'modify', Stage: 'expose', Throttle: { settled: 'weaken' } } },
            by: 'ApiId',
            added: 'expose',
            lost: 'disrupt',
            reordered: 'modify',
          },
        },
        {
          each: { members: { ApiId: 'acts', Stage: 'modify', Throttle: 'modify' } },
          added: 'modify',
          lost: 'modify',
        },
      ],
      Description: 'modify',
      Quota: { members: { Limit: 'throttles', Offset: 'disrupt', Period: { settled: 'weaken' } } },
      Tags: 'tags',
      Throttle: { members: { BurstLimit: 'throttles', RateLimit: 'throttles' } },
      UsagePlanName: 'modify',
    },
  },
  'AWS::ApiGateway::UsagePlanKey': {
    page: 'aws-resource-apigateway-usageplankey',
    new: 'expose',
    properties: {
      KeyId: ['replaces', 'acts'],
      KeyType: 'replaces',
      UsagePlanId: ['replaces', 'acts'],
    },
  },
  'AWS::ApiGateway::VpcLink': {
    page: 'aws-resource-apigateway-vpclink',
    new: 'create',
    properties: {
      Description: 'modify',
      Name: 'modify',
      Tags: 'tags',
      // Requests from outside reach what is behind it.
      TargetArns: ['replaces', 'acts'],
    },
  },
};
