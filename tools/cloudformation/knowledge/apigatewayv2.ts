import { INTEGRATION } from './apigateway/integration.ts';
import {
  ACCESS_LOG,
  CERTIFICATE,
  IP_KIND,
  NEEDS_KEY,
  ROUTE_SETTINGS,
  TLS,
  VARIABLES,
} from './apigateway/stage-settings.ts';
import type { Rule, Service } from './language.ts';
import { CORS, GRANTS, SHAPE } from './shared.ts';

/** Those who called otherwise are turned away. */
const SIGN_IN: Rule = {
  values: { AWS_IAM: 'disrupt', CUSTOM: 'disrupt', JWT: 'disrupt' },
  otherwise: 'expose',
  absent: 'NONE',
};

export const API_GATEWAY_V2: Service = {
  'AWS::ApiGatewayV2::Api': {
    page: 'aws-resource-apigatewayv2-api',
    new: 'create',
    properties: {
      ApiKeySelectionExpression: 'disrupt',
      BasePath: 'disrupt',
      Body: 'openapi',
      // A file that isn't seen here says what is open.
      BodyS3Location: 'expose',
      CorsConfiguration: CORS,
      CredentialsArn: 'acts-as',
      Description: 'modify',
      DisableExecuteApiEndpoint: {
        standing: { values: { true: 'disrupt' }, otherwise: 'expose', absent: 'false' },
      },
      DisableSchemaValidation: 'modify',
      FailOnWarnings: 'modify',
      IpAddressType: IP_KIND,
      Name: 'modify',
      ProtocolType: 'replaces',
      // With a target all requests are led there, and no one has to sign in.
      RouteKey: { settled: 'disrupt' },
      RouteSelectionExpression: 'disrupt',
      Tags: 'tags',
      Target: { values: { '': 'disrupt' }, otherwise: 'expose', absent: '' },
      Version: 'modify',
    },
  },
  'AWS::ApiGatewayV2::ApiGatewayManagedOverrides': {
    page: 'aws-resource-apigatewayv2-apigatewaymanagedoverrides',
    new: 'create',
    properties: {
      ApiId: ['replaces', 'acts', 'affects'],
      Integration: 'disrupt',
      Route: 'expose',
      Stage: 'weaken',
    },
  },
  'AWS::ApiGatewayV2::ApiMapping': {
    page: 'aws-resource-apigatewayv2-apimapping',
    new: 'create',
    properties: {
      ApiId: ['acts', { settled: 'disrupt' }],
      ApiMappingKey: ['disrupt', 'answers'],
      DomainName: ['replaces', 'acts'],
      Stage: { settled: 'disrupt' },
    },
  },
  'AWS::ApiGatewayV2::Authorizer': {
    page: 'aws-resource-apigatewayv2-authorizer',
    new: 'create',
    properties: {
      ApiId: ['replaces', 'acts'],
      AuthorizerCredentialsArn: 'acts-as',
      AuthorizerPayloadFormatVersion: 'disrupt',
      AuthorizerResultTtlInSeconds: { number: 'delays', absent: 0 },
      AuthorizerType: { settled: 'expose' },
      // Who decides whether a caller is let in.
      AuthorizerUri: { settled: 'expose' },
      EnableSimpleResponses: 'disrupt',
      IdentitySource: 'disrupt',
      IdentityValidationExpression: 'modify',
      JwtConfiguration: { members: { Audience: GRANTS, Issuer: { settled: 'expose' } } },
      Name: 'modify',
    },
  },
  'AWS::ApiGatewayV2::Deployment': {
    page: 'aws-resource-apigatewayv2-deployment',
    new: 'create',
    revision: true,
    properties: {
      ApiId: ['replaces', 'acts'],
      Description: 'modify',
      StageName: 'disrupt',
    },
  },
  'AWS::ApiGatewayV2::DomainName': {
    page: 'aws-resource-apigatewayv2-domainname',
    new: 'create',
    properties: {
      DomainName: 'replaces',
      DomainNameConfigurations: {
        each: {
          members: {
            CertificateArn: CERTIFICATE,
            CertificateName: 'modify',
            EndpointType: 'disrupt',
            IpAddressType: IP_KIND,
            OwnershipVerificationCertificateArn: 'uses',
            SecurityPolicy: TLS,
          },
        },
        by: '#',
        added: 'modify',
        lost: 'disrupt',
      },
      // Which clients have a certificate that counts.
      MutualTlsAuthentication: [{ settled: 'expose' }, 'disrupt'],
      RoutingMode: 'disrupt',
      Tags: 'tags',
    },
  },
  'AWS::ApiGatewayV2::Integration': {
    page: 'aws-resource-apigatewayv2-integration',
    new: 'create',
    properties: {
      ApiId: ['replaces', 'acts'],
      ConnectionId: INTEGRATION.connectionId,
      ConnectionType: INTEGRATION.connectionType,
      ContentHandlingStrategy: INTEGRATION.contentHandling,
      CredentialsArn: INTEGRATION.credentials,
      Description: 'modify',
      IntegrationMethod: INTEGRATION.httpMethod,
      IntegrationSubtype: INTEGRATION.integrationSubtype,
      IntegrationType: INTEGRATION.type,
      IntegrationUri: INTEGRATION.uri,
      PassthroughBehavior: INTEGRATION.passthroughBehavior,
      PayloadFormatVersion: INTEGRATION.payloadFormatVersion,
      RequestParameters: INTEGRATION.requestParameters,
      RequestTemplates: INTEGRATION.requestTemplates,
      ResponseParameters: INTEGRATION.responseParameters,
      TemplateSelectionExpression: 'disrupt',
      TimeoutInMillis: { number: 'capacity', absent: 30_000 },
      TlsConfig: {
        members: { ServerNameToVerify: INTEGRATION.tlsConfig.members.serverNameToVerify },
        others: 'weaken',
      },
    },
  },
  'AWS::ApiGatewayV2::IntegrationResponse': {
    page: 'aws-resource-apigatewayv2-integrationresponse',
    // One that fits what failed may say that all went well.
    new: { among: ['IntegrationId'], otherwise: 'weaken' },
    properties: {
      ApiId: ['replaces', 'acts'],
      ContentHandlingStrategy: SHAPE,
      IntegrationId: 'replaces',
      IntegrationResponseKey: 'disrupt',
      ResponseParameters: 'disrupt',
      ResponseTemplates: 'disrupt',
      TemplateSelectionExpression: 'disrupt',
    },
  },
  'AWS::ApiGatewayV2::Model': {
    page: 'aws-resource-apigatewayv2-model',
    new: 'create',
    properties: {
      ApiId: ['replaces', 'acts'],
      ContentType: 'disrupt',
      Description: 'modify',
      Name: 'modify',
      Schema: 'weaken',
    },
  },
  'AWS::ApiGatewayV2::Route': {
    page: 'aws-resource-apigatewayv2-route',
    new: 'create',
    properties: {
      ApiId: ['replaces', 'acts'],
      ApiKeyRequired: NEEDS_KEY,
      // One of them is enough; without any, every token is. The first turns tokens without it away.
      AuthorizationScopes: { unordered: [{ settled: 'expose' }, { standing: 'disrupt' }] },
      AuthorizationType: SIGN_IN,
      AuthorizerId: { settled: 'expose' },
      ModelSelectionExpression: 'disrupt',
      OperationName: 'modify',
      RequestModels: 'disrupt',
      RequestParameters: 'disrupt',
      // What was called by the key before isn't there.
      RouteKey: ['disrupt', 'answers'],
      RouteResponseSelectionExpression: 'disrupt',
      Target: ['code', { settled: 'disrupt' }],
    },
  },
  'AWS::ApiGatewayV2::RouteResponse': {
    page: 'aws-resource-apigatewayv2-routeresponse',
    new: 'create',
    properties: {
      ApiId: ['replaces', 'acts'],
      ModelSelectionExpression: 'modify',
      ResponseModels: 'modify',
      ResponseParameters: 'disrupt',
      RouteId: 'replaces',
      RouteResponseKey: 'disrupt',
    },
  },
  'AWS::ApiGatewayV2::RoutingRule': {
    page: 'aws-resource-apigatewayv2-routingrule',
    new: 'create',
    properties: {
      Actions: 'disrupt',
      Conditions: 'disrupt',
      DomainNameArn: ['replaces', 'acts', 'affects'],
      // It may be asked before one whose API asks who it is, or after one whose doesn't.
      Priority: { standing: 'expose' },
    },
  },
  'AWS::ApiGatewayV2::Stage': {
    page: 'aws-resource-apigatewayv2-stage',
    new: 'create',
    properties: {
      AccessLogSettings: ACCESS_LOG,
      AccessPolicyId: 'modify',
      ApiId: ['replaces', 'acts'],
      // On: what was changed and not yet deployed is served at once. Off: what is changed later isn't.
      AutoDeploy: { values: {}, otherwise: 'disrupt', absent: 'false' },
      ClientCertificateId: { settled: 'disrupt' },
      DefaultRouteSettings: ROUTE_SETTINGS,
      DeploymentId: 'serves',
      Description: 'modify',
      RouteSettings: { keys: ROUTE_SETTINGS, added: 'modify', lost: 'weaken' },
      StageName: 'replaces',
      StageVariables: VARIABLES,
      Tags: 'tags',
    },
  },
  'AWS::ApiGatewayV2::VpcLink': {
    page: 'aws-resource-apigatewayv2-vpclink',
    new: 'create',
    properties: {
      Name: 'modify',
      SecurityGroupIds: ['replaces', 'acts-as'],
      SubnetIds: ['replaces', 'uses'],
      Tags: 'tags',
    },
  },
};
