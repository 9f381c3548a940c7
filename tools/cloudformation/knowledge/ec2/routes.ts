import type { Service } from '../language.ts';

export const ROUTES: Service = {
  'AWS::EC2::GatewayRouteTableAssociation': {
    page: 'aws-resource-ec2-gatewayroutetableassociation',
    new: 'create',
    properties: {
      GatewayId: ['replaces', 'acts', 'affects'],
      RouteTableId: 'disrupt',
    },
  },
  'AWS::EC2::Route': {
    page: 'aws-resource-ec2-route',
    new: 'create',
    properties: {
      // All but those by which packets only leave open a way between networks, or to the internet. In a new table, to a
      // new gateway or instance, nothing that was there is on that way; peers and other networks were there.
      CarrierGatewayId: 'expose',
      CoreNetworkArn: 'expose',
      DestinationCidrBlock: 'replaces',
      DestinationIpv6CidrBlock: 'replaces',
      DestinationPrefixListId: 'replaces',
      EgressOnlyInternetGatewayId: 'disrupt',
      GatewayId: { among: ['RouteTableId', 'GatewayId'], otherwise: 'expose' },
      InstanceId: { among: ['RouteTableId', 'InstanceId'], otherwise: 'expose' },
      LocalGatewayId: 'expose',
      NatGatewayId: 'disrupt',
      NetworkInterfaceId: { among: ['RouteTableId', 'NetworkInterfaceId'], otherwise: 'expose' },
      OdbNetworkArn: 'expose',
      RouteTableId: ['replaces', 'acts'],
      TransitGatewayId: 'expose',
      VpcEndpointId: 'expose',
      VpcPeeringConnectionId: 'expose',
    },
  },
  'AWS::EC2::RouteTable': {
    page: 'aws-resource-ec2-routetable',
    new: 'create',
    properties: {
      Tags: 'tags',
      VpcId: 'replaces',
    },
  },
  'AWS::EC2::SubnetRouteTableAssociation': {
    page: 'aws-resource-ec2-subnetroutetableassociation',
    // The subnet gets the ways of that table, the internet's among them perhaps, and loses those that it had.
    new: { among: ['SubnetId', 'RouteTableId'], otherwise: 'expose' },
    properties: {
      RouteTableId: ['replaces', 'uses'],
      SubnetId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::VPNGatewayRoutePropagation': {
    page: 'aws-resource-ec2-vpngatewayroutepropagation',
    new: 'expose',
    properties: {
      RouteTableIds: ['acts', 'expose'],
      VpnGatewayId: ['uses', 'expose'],
    },
  },
  'AWS::EC2::LocalGatewayRoute': {
    page: 'aws-resource-ec2-localgatewayroute',
    new: 'expose',
    properties: {
      DestinationCidrBlock: 'replaces',
      LocalGatewayRouteTableId: ['replaces', 'acts'],
      LocalGatewayVirtualInterfaceGroupId: 'expose',
      NetworkInterfaceId: 'expose',
    },
  },
  'AWS::EC2::LocalGatewayRouteTableVPCAssociation': {
    page: 'aws-resource-ec2-localgatewayroutetablevpcassociation',
    new: 'expose',
    properties: {
      LocalGatewayRouteTableId: ['replaces', 'acts'],
      Tags: 'tags',
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::RouteServerAssociation': {
    page: 'aws-resource-ec2-routeserverassociation',
    new: 'create',
    properties: {
      RouteServerId: ['replaces', 'acts'],
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::RouteServerPropagation': {
    page: 'aws-resource-ec2-routeserverpropagation',
    // Others then say which ways its table has.
    new: 'expose',
    properties: {
      RouteServerId: ['replaces', 'uses'],
      RouteTableId: ['replaces', 'acts'],
    },
  },
};
