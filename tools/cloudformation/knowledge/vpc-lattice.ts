import type { Rule, Service } from './language.ts';
import { SECURITY_GROUPS } from './shared.ts';

const ACTION: Rule = {
  members: {
    FixedResponse: 'disrupt',
    Forward: {
      members: {
        TargetGroups: {
          by: 'TargetGroupIdentifier',
          added: 'disrupt',
          lost: 'disrupt',
          reordered: 'modify',
          each: { members: { TargetGroupIdentifier: 'acts', Weight: 'disrupt' } },
        },
      },
    },
  },
};

/** Without it all who reach it may call; where it begins to ask, those who send no name are turned away. */
const AUTH: Rule = { standing: { values: { AWS_IAM: 'disrupt' }, otherwise: 'expose', absent: 'NONE' } };

export const VPC_LATTICE: Service = {
  'AWS::VpcLattice::AccessLogSubscription': {
    page: 'aws-resource-vpclattice-accesslogsubscription',
    new: 'create',
    properties: {
      DestinationArn: ['writes-to', { settled: 'weaken' }],
      ResourceIdentifier: ['replaces', 'acts'],
      ServiceNetworkLogType: { settled: 'weaken' },
      Tags: 'tags',
    },
  },
  'AWS::VpcLattice::AuthPolicy': {
    page: 'aws-resource-vpclattice-authpolicy',
    new: 'create',
    properties: {
      Policy: 'admits',
      ResourceIdentifier: ['replaces', 'acts'],
    },
  },
  'AWS::VpcLattice::Listener': {
    page: 'aws-resource-vpclattice-listener',
    new: 'create',
    properties: {
      DefaultAction: ACTION,
      Name: 'replaces',
      Port: 'replaces',
      Protocol: 'replaces',
      ServiceIdentifier: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
  'AWS::VpcLattice::ResourcePolicy': {
    page: 'aws-resource-vpclattice-resourcepolicy',
    new: 'create',
    properties: {
      Policy: 'admits',
      ResourceArn: ['replaces', 'acts'],
    },
  },
  'AWS::VpcLattice::Rule': {
    page: 'aws-resource-vpclattice-rule',
    new: 'create',
    properties: {
      Action: ACTION,
      ListenerIdentifier: ['replaces', 'acts', 'affects'],
      // Who is sent there.
      Match: 'disrupt',
      Name: 'replaces',
      // It may be asked before one that asks who it is, or after one that doesn't.
      Priority: { standing: 'expose' },
      ServiceIdentifier: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
  'AWS::VpcLattice::Service': {
    page: 'aws-resource-vpclattice-service',
    new: 'create',
    properties: {
      AuthType: AUTH,
      CertificateArn: ['uses', 'disrupt'],
      CustomDomainName: 'replaces',
      DnsEntry: 'modify',
      IdleTimeoutSeconds: { number: 'limits', absent: 60 },
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::VpcLattice::ServiceNetwork': {
    page: 'aws-resource-vpclattice-servicenetwork',
    new: 'create',
    properties: {
      AuthType: AUTH,
      Name: 'replaces',
      SharingConfig: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::VpcLattice::ServiceNetworkServiceAssociation': {
    page: 'aws-resource-vpclattice-servicenetworkserviceassociation',
    new: 'create',
    properties: {
      DnsEntry: 'modify',
      ServiceIdentifier: ['replaces', 'acts'],
      ServiceNetworkIdentifier: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
  'AWS::VpcLattice::ServiceNetworkVpcAssociation': {
    page: 'aws-resource-vpclattice-servicenetworkvpcassociation',
    new: 'create',
    properties: {
      DnsOptions: 'disrupt',
      PrivateDnsEnabled: 'disrupt',
      SecurityGroupIds: SECURITY_GROUPS,
      ServiceNetworkIdentifier: ['replaces', 'acts'],
      Tags: 'tags',
      VpcIdentifier: ['replaces', 'acts'],
    },
  },
  'AWS::VpcLattice::TargetGroup': {
    page: 'aws-resource-vpclattice-targetgroup',
    new: 'create',
    properties: {
      Config: 'disrupt',
      Name: 'replaces',
      Tags: 'tags',
      Targets: {
        added: 'disrupt',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { Id: 'acts', Port: 'modify' } },
      },
      Type: 'replaces',
    },
  },
  'AWS::VpcLattice::ResourceConfiguration': {
    page: 'aws-resource-vpclattice-resourceconfiguration',
    new: 'create',
    properties: {
      AllowAssociationToSharableServiceNetwork: 'opens',
      CustomDomainName: 'replaces',
      DomainVerificationId: 'replaces',
      GroupDomain: 'replaces',
      Name: 'modify',
      // What is reached by it.
      PortRanges: { standing: 'expose' },
      ProtocolType: 'replaces',
      ResourceConfigurationAuthType: 'replaces',
      ResourceConfigurationDefinition: [
        { members: { ArnResource: 'acts', CidrResource: 'expose', DnsResource: 'modify', IpResource: 'modify' } },
        { standing: 'expose' },
      ],
      ResourceConfigurationGroupId: { standing: 'expose' },
      ResourceConfigurationType: 'replaces',
      ResourceGatewayId: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::VpcLattice::ResourceGateway': {
    page: 'aws-resource-vpclattice-resourcegateway',
    new: 'create',
    properties: {
      IpAddressType: 'replaces',
      Ipv4AddressesPerEni: 'modify',
      Name: 'replaces',
      ResourceConfigDnsResolution: 'replaces',
      SecurityGroupIds: SECURITY_GROUPS,
      SubnetIds: 'replaces',
      Tags: 'tags',
      VpcIdentifier: ['replaces', 'acts'],
    },
  },
  'AWS::VpcLattice::ServiceNetworkResourceAssociation': {
    page: 'aws-resource-vpclattice-servicenetworkresourceassociation',
    new: 'create',
    properties: {
      PrivateDnsEnabled: 'replaces',
      ResourceConfigurationId: ['replaces', 'acts'],
      ServiceNetworkId: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
};
