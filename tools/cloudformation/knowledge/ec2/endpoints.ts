import type { Service } from '../language.ts';
import { PLACED_IN, SECURITY_GROUPS } from '../shared.ts';

export const ENDPOINTS: Service = {
  'AWS::EC2::VPCEndpoint': {
    page: 'aws-resource-ec2-vpcendpoint',
    new: 'create',
    properties: {
      DnsOptions: 'disrupt',
      IpAddressType: 'disrupt',
      // Without one everything is allowed, so that one less or another may let more through.
      PolicyDocument: ['permits', { standing: 'expose' }],
      // The service's own name leads to the endpoint, for all of the network.
      PrivateDnsEnabled: [
        'disrupt',
        {
          among: ['VpcId'],
          otherwise: { acting: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' } },
        },
      ],
      ResourceConfigurationArn: 'replaces',
      // Connections that are open to the service are dropped.
      RouteTableIds: ['acts', 'affects'],
      SecurityGroupIds: SECURITY_GROUPS,
      ServiceName: 'replaces',
      ServiceNetworkArn: 'replaces',
      ServiceRegion: 'replaces',
      SubnetIds: PLACED_IN,
      Tags: 'tags',
      VpcEndpointType: 'replaces',
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::VPCEndpointConnectionNotification': {
    page: 'aws-resource-ec2-vpcendpointconnectionnotification',
    new: 'create',
    properties: {
      ConnectionEvents: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      ConnectionNotificationArn: ['acts', 'weaken'],
      ServiceId: ['replaces', 'acts'],
      VPCEndpointId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::VPCEndpointService': {
    page: 'aws-resource-ec2-vpcendpointservice',
    new: 'expose',
    properties: {
      AcceptanceRequired: 'fences-by-default',
      ContributorInsightsEnabled: 'protects',
      GatewayLoadBalancerArns: 'acts',
      NetworkLoadBalancerArns: 'acts',
      PayerResponsibility: 'modify',
      PrivateDnsName: 'disrupt',
      PrivateDnsNameConfiguration: 'disrupt',
      SupportedIpAddressTypes: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      SupportedRegions: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      Tags: 'tags',
    },
  },
  'AWS::EC2::VPCEndpointServicePermissions': {
    page: 'aws-resource-ec2-vpcendpointservicepermissions',
    new: 'expose',
    properties: {
      AllowedPrincipals: { each: 'expose', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      ServiceId: ['replaces', 'acts'],
    },
  },
};
