import type { Rule, Service } from '../language.ts';
import { PLACED_IN, SECURITY_GROUPS } from '../shared.ts';

/** A way of routing that is on or off; either makes other routes of them. */
const WAY: Rule = 'disrupt';

/** Ways between networks. */
export const CONNECTIONS: Service = {
  'AWS::EC2::ClientVpnAuthorizationRule': {
    page: 'aws-resource-ec2-clientvpnauthorizationrule',
    new: 'expose',
    properties: {
      AccessGroupId: ['replaces', 'expose'],
      AuthorizeAllGroups: ['replaces', 'expose'],
      ClientVpnEndpointId: ['replaces', 'acts'],
      Description: 'replaces',
      TargetNetworkCidr: ['replaces', 'network'],
    },
  },
  'AWS::EC2::ClientVpnEndpoint': {
    page: 'aws-resource-ec2-clientvpnendpoint',
    new: 'expose',
    properties: {
      AuthenticationOptions: ['replaces', { standing: 'expose' }],
      ClientCidrBlock: 'replaces',
      // A function that may refuse a connection.
      ClientConnectOptions: { members: { Enabled: 'fences', LambdaFunctionArn: ['acts', 'weaken'] } },
      ClientLoginBannerOptions: 'modify',
      ClientRouteEnforcementOptions: { members: { Enforced: 'protects' } },
      ConnectionLogOptions: {
        members: { CloudwatchLogGroup: ['writes-to', 'weaken'], CloudwatchLogStream: 'weaken', Enabled: 'protects' },
      },
      Description: 'modify',
      DisconnectOnSessionTimeout: 'protects-by-default',
      DnsServers: 'disrupt',
      EndpointIpAddressType: 'replaces',
      SecurityGroupIds: SECURITY_GROUPS,
      SelfServicePortal: { values: { enabled: 'expose', disabled: 'disrupt' }, otherwise: 'expose', absent: 'enabled' },
      ServerCertificateArn: 'disrupt',
      SessionTimeoutHours: [
        { number: 'limits', absent: 24 },
        { number: 'delays', absent: 24 },
      ],
      SplitTunnel: 'disrupt',
      TagSpecifications: 'replaces',
      TrafficIpAddressType: 'replaces',
      TransitGatewayConfiguration: [
        'replaces',
        { members: { AvailabilityZoneIds: 'modify', AvailabilityZones: 'modify', TransitGatewayId: 'acts' } },
      ],
      TransportProtocol: 'replaces',
      VpcId: 'disrupt',
      VpnPort: 'disrupt',
    },
  },
  'AWS::EC2::ClientVpnRoute': {
    page: 'aws-resource-ec2-clientvpnroute',
    new: 'expose',
    properties: {
      ClientVpnEndpointId: ['replaces', 'acts'],
      Description: 'replaces',
      DestinationCidrBlock: 'replaces',
      TargetVpcSubnetId: 'replaces',
    },
  },
  'AWS::EC2::ClientVpnTargetNetworkAssociation': {
    page: 'aws-resource-ec2-clientvpntargetnetworkassociation',
    new: 'expose',
    properties: {
      AvailabilityZone: 'replaces',
      AvailabilityZoneId: 'replaces',
      ClientVpnEndpointId: ['replaces', 'acts'],
      SubnetId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::CustomerGateway': {
    page: 'aws-resource-ec2-customergateway',
    new: 'create',
    properties: {
      BgpAsn: 'replaces',
      BgpAsnExtended: 'replaces',
      CertificateArn: 'replaces',
      DeviceName: 'replaces',
      IpAddress: 'replaces',
      Tags: 'tags',
      Type: 'replaces',
    },
  },
  'AWS::EC2::TransitGateway': {
    page: 'aws-resource-ec2-transitgateway',
    new: 'create',
    properties: {
      AmazonSideAsn: 'replaces',
      AssociationDefaultRouteTableId: 'disrupt',
      AutoAcceptSharedAttachments: {
        values: { disable: 'modify', enable: 'expose' },
        otherwise: 'expose',
        absent: 'disable',
      },
      DefaultRouteTableAssociation: WAY,
      DefaultRouteTablePropagation: WAY,
      Description: 'modify',
      DnsSupport: 'runs-by-default',
      EncryptionSupport: ['disrupt', { order: ['disable', 'enable'], less: 'weaken', absent: 'disable' }],
      MulticastSupport: 'replaces',
      PropagationDefaultRouteTableId: 'disrupt',
      SecurityGroupReferencingSupport: WAY,
      Tags: 'tags',
      TransitGatewayCidrBlocks: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      VpnEcmpSupport: WAY,
    },
  },
  'AWS::EC2::TransitGatewayAttachment': {
    page: 'aws-resource-ec2-transitgatewayattachment',
    new: 'expose',
    properties: {
      Options: 'disrupt',
      SubnetIds: PLACED_IN,
      Tags: 'tags',
      TransitGatewayId: ['replaces', 'acts'],
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::TransitGatewayRoute': {
    page: 'aws-resource-ec2-transitgatewayroute',
    new: 'expose',
    properties: {
      Blackhole: 'replaces',
      DestinationCidrBlock: 'replaces',
      TransitGatewayAttachmentId: ['replaces', 'uses'],
      TransitGatewayRouteTableId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::TransitGatewayRouteTable': {
    page: 'aws-resource-ec2-transitgatewayroutetable',
    new: 'create',
    properties: {
      Tags: ['replaces', 'tags'],
      TransitGatewayId: 'replaces',
    },
  },
  'AWS::EC2::TransitGatewayRouteTableAssociation': {
    page: 'aws-resource-ec2-transitgatewayroutetableassociation',
    new: 'expose',
    properties: {
      TransitGatewayAttachmentId: ['replaces', 'acts'],
      TransitGatewayRouteTableId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::TransitGatewayRouteTablePropagation': {
    page: 'aws-resource-ec2-transitgatewayroutetablepropagation',
    new: 'expose',
    properties: {
      TransitGatewayAttachmentId: ['replaces', 'acts'],
      TransitGatewayRouteTableId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::TransitGatewayVpcAttachment': {
    page: 'aws-resource-ec2-transitgatewayvpcattachment',
    new: 'expose',
    properties: {
      AddSubnetIds: PLACED_IN,
      Options: 'disrupt',
      RemoveSubnetIds: 'disrupt',
      SubnetIds: 'replaces',
      Tags: 'tags',
      TransitGatewayId: ['replaces', 'acts'],
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::VPCPeeringConnection': {
    page: 'aws-resource-ec2-vpcpeeringconnection',
    new: 'expose',
    properties: {
      AssumeRoleRegion: 'replaces',
      PeerOwnerId: 'replaces',
      PeerRegion: 'replaces',
      PeerRoleArn: ['replaces', 'acts-as'],
      PeerVpcId: ['replaces', 'acts'],
      Tags: 'tags',
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::VPNConnection': {
    page: 'aws-resource-ec2-vpnconnection',
    new: 'expose',
    properties: {
      CustomerGatewayId: 'replaces',
      EnableAcceleration: 'replaces',
      LocalIpv4NetworkCidr: 'replaces',
      LocalIpv6NetworkCidr: 'replaces',
      OutsideIpAddressType: 'replaces',
      PreSharedKeyStorage: 'replaces',
      RemoteIpv4NetworkCidr: 'replaces',
      RemoteIpv6NetworkCidr: 'replaces',
      StaticRoutesOnly: 'replaces',
      Tags: 'tags',
      TransitGatewayId: ['replaces', 'acts'],
      TransportTransitGatewayAttachmentId: 'replaces',
      TunnelBandwidth: 'disrupt',
      TunnelInsideIpVersion: 'replaces',
      Type: 'replaces',
      VpnConcentratorId: ['replaces', 'acts'],
      VpnGatewayId: ['replaces', 'acts'],
      VpnTunnelOptionsSpecifications: 'replaces',
    },
  },
  'AWS::EC2::VPNConnectionRoute': {
    page: 'aws-resource-ec2-vpnconnectionroute',
    new: 'expose',
    properties: {
      DestinationCidrBlock: 'replaces',
      VpnConnectionId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::VPNGateway': {
    page: 'aws-resource-ec2-vpngateway',
    new: 'create',
    properties: {
      AmazonSideAsn: 'replaces',
      Tags: 'tags',
      Type: 'replaces',
    },
  },
  'AWS::EC2::TransitGatewayConnect': {
    page: 'aws-resource-ec2-transitgatewayconnect',
    new: 'expose',
    properties: {
      Options: 'replaces',
      Tags: 'tags',
      TransportTransitGatewayAttachmentId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::TransitGatewayPeeringAttachment': {
    page: 'aws-resource-ec2-transitgatewaypeeringattachment',
    new: 'expose',
    properties: {
      PeerAccountId: 'replaces',
      PeerRegion: 'replaces',
      PeerTransitGatewayId: ['replaces', 'acts'],
      Tags: 'tags',
      TransitGatewayId: ['replaces', 'acts'],
    },
  },
};
