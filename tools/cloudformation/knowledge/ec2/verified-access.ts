import type { Rule, Rules, Service } from '../language.ts';
import { GRANTS, KEY, SECURITY_GROUPS, SHAPE } from '../shared.ts';

/** Cedar that says who is let in. It isn't read: any other may let in more. */
const POLICY: Rule = { standing: 'expose' };
/** Off, or without a policy, nobody is let in by it. */
const POLICY_ENABLED: Rule = { standing: { values: { true: 'disrupt', false: 'expose' }, otherwise: 'expose' } };
const ENCRYPTION: Rule = {
  members: { CustomerManagedKeyEnabled: 'protects', KmsKeyArn: KEY },
};
const PORTS: Rule = { standing: 'expose' };

/** By whose word people and devices are believed. */
const OIDC: Rule = {
  members: {
    AuthorizationEndpoint: { settled: 'expose' },
    ClientId: { settled: 'expose' },
    ClientSecret: 'secret',
    Issuer: { settled: 'expose' },
    PublicSigningKeyEndpoint: { settled: 'expose' },
    Scope: { settled: 'disrupt' },
    TokenEndpoint: { settled: 'expose' },
    UserInfoEndpoint: { settled: 'expose' },
  },
};

const LOG_TO: Readonly<Record<string, Rules>> = {
  BucketName: ['uses', 'writes-to', { settled: 'weaken' }],
  BucketOwner: { settled: 'weaken' },
  DeliveryStream: ['uses', 'writes-to', { settled: 'weaken' }],
  Enabled: 'protects',
  LogGroup: ['uses', 'writes-to', { settled: 'weaken' }],
  Prefix: SHAPE,
};

/** How people outside reach what stands in a network, by who they are. */
export const VERIFIED_ACCESS: Service = {
  'AWS::EC2::VerifiedAccessEndpoint': {
    page: 'aws-resource-ec2-verifiedaccessendpoint',
    // On the internet, for whom the policies let in.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      ApplicationDomain: 'replaces',
      AttachmentType: 'replaces',
      CidrOptions: [{ settled: 'disrupt' }, { members: { PortRanges: PORTS }, others: 'replaces' }],
      Description: 'modify',
      DomainCertificateArn: 'replaces',
      EndpointDomainPrefix: 'replaces',
      EndpointType: 'replaces',
      LoadBalancerOptions: {
        members: {
          LoadBalancerArn: ['replaces', 'acts'],
          Port: { settled: 'disrupt' },
          PortRanges: PORTS,
          Protocol: { settled: 'disrupt' },
          SubnetIds: ['uses', { settled: 'disrupt' }],
        },
      },
      NetworkInterfaceOptions: {
        members: {
          NetworkInterfaceId: ['replaces', 'acts'],
          Port: { settled: 'disrupt' },
          PortRanges: PORTS,
          Protocol: { settled: 'disrupt' },
        },
      },
      PolicyDocument: POLICY,
      PolicyEnabled: POLICY_ENABLED,
      RdsOptions: {
        members: {
          Port: { settled: 'disrupt' },
          Protocol: 'replaces',
          RdsDbClusterArn: ['replaces', 'acts'],
          RdsDbInstanceArn: ['replaces', 'acts'],
          RdsDbProxyArn: ['replaces', 'acts'],
          RdsEndpoint: { settled: 'disrupt' },
          SubnetIds: ['uses', { settled: 'disrupt' }],
        },
      },
      SecurityGroupIds: ['replaces', ...SECURITY_GROUPS],
      SseSpecification: ENCRYPTION,
      Tags: 'tags',
      // Whose policy holds.
      VerifiedAccessGroupId: ['acts', { settled: 'expose' }],
    },
  },
  'AWS::EC2::VerifiedAccessGroup': {
    page: 'aws-resource-ec2-verifiedaccessgroup',
    new: 'create',
    properties: {
      Description: 'modify',
      PolicyDocument: POLICY,
      PolicyEnabled: POLICY_ENABLED,
      SseSpecification: ENCRYPTION,
      Tags: 'tags',
      VerifiedAccessInstanceId: ['acts', { settled: 'expose' }],
    },
  },
  'AWS::EC2::VerifiedAccessInstance': {
    page: 'aws-resource-ec2-verifiedaccessinstance',
    new: 'create',
    properties: {
      CidrEndpointsCustomSubDomain: { settled: 'disrupt' },
      Description: 'modify',
      FipsEnabled: 'protects',
      LoggingConfigurations: {
        members: {
          CloudWatchLogs: { members: LOG_TO },
          // What trust providers say of people, in the logs.
          IncludeTrustContext: { standing: { values: { true: 'expose', false: 'weaken' }, otherwise: 'expose' } },
          KinesisDataFirehose: { members: LOG_TO },
          LogVersion: SHAPE,
          S3: { members: LOG_TO },
        },
      },
      Tags: 'tags',
      VerifiedAccessTrustProviderIds: ['uses', GRANTS],
      VerifiedAccessTrustProviders: ['uses', GRANTS],
    },
  },
  'AWS::EC2::VerifiedAccessTrustProvider': {
    page: 'aws-resource-ec2-verifiedaccesstrustprovider',
    new: 'create',
    properties: {
      Description: 'modify',
      DeviceOptions: ['replaces', { standing: 'expose' }],
      DeviceTrustProviderType: 'replaces',
      NativeApplicationOidcOptions: OIDC,
      OidcOptions: OIDC,
      PolicyReferenceName: 'replaces',
      SseSpecification: ENCRYPTION,
      Tags: 'tags',
      TrustProviderType: 'replaces',
      UserTrustProviderType: 'replaces',
    },
  },
};
