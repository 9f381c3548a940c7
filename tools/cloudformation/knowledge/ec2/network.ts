import type { Service } from '../language.ts';
import { defaultGroup, FORWARDING, PLACES, SECURITY_GROUPS } from '../shared.ts';

export const NETWORK: Service = {
  'AWS::EC2::CarrierGateway': {
    page: 'aws-resource-ec2-carriergateway',
    new: 'create',
    properties: {
      Tags: 'tags',
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::DHCPOptions': {
    page: 'aws-resource-ec2-dhcpoptions',
    new: 'create',
    properties: {
      DomainName: 'replaces',
      DomainNameServers: 'replaces',
      Ipv6AddressPreferredLeaseTime: 'replaces',
      NetbiosNameServers: 'replaces',
      NetbiosNodeType: 'replaces',
      NtpServers: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::EC2::EIP': {
    page: 'aws-resource-ec2-eip',
    new: 'create',
    // The address itself goes back to AWS, and those who were told of it reach someone else.
    holds: 'data',
    properties: {
      Address: 'replaces',
      Domain: 'replaces',
      InstanceId: ['acts', 'expose'],
      IpamPoolId: 'replaces',
      NetworkBorderGroup: 'replaces',
      PublicIpv4Pool: 'disrupt',
      Tags: 'tags',
      TransferAddress: 'replaces',
    },
  },
  'AWS::EC2::EIPAssociation': {
    page: 'aws-resource-ec2-eipassociation',
    new: 'expose',
    properties: {
      // An address leaves what had it before.
      AllocationId: ['replaces', 'acts'],
      EIP: ['replaces', 'acts'],
      InstanceId: ['replaces', 'acts'],
      NetworkInterfaceId: ['replaces', 'acts'],
      PrivateIpAddress: 'replaces',
    },
  },
  'AWS::EC2::EgressOnlyInternetGateway': {
    page: 'aws-resource-ec2-egressonlyinternetgateway',
    new: 'create',
    properties: {
      Tags: 'tags',
      VpcId: 'replaces',
    },
  },
  'AWS::EC2::FlowLog': {
    page: 'aws-resource-ec2-flowlog',
    new: 'create',
    properties: {
      DeliverCrossAccountRole: ['replaces', 'acts-as'],
      DeliverLogsPermissionArn: ['replaces', 'acts-as'],
      DestinationOptions: 'replaces',
      LogDestination: ['replaces', 'acts'],
      LogDestinationType: 'replaces',
      LogFormat: 'replaces',
      LogGroupName: 'replaces',
      MaxAggregationInterval: 'replaces',
      // Who talks to it is told elsewhere.
      ResourceId: ['replaces', 'acts'],
      ResourceType: 'replaces',
      TagFieldSpecifications: 'replaces',
      Tags: 'tags',
      TrafficType: 'replaces',
    },
  },
  'AWS::EC2::InternetGateway': {
    page: 'aws-resource-ec2-internetgateway',
    new: 'create',
    properties: {
      Tags: 'tags',
    },
  },
  'AWS::EC2::NatGateway': {
    page: 'aws-resource-ec2-natgateway',
    new: 'create',
    properties: {
      AllocationId: ['replaces', 'acts'],
      AvailabilityMode: 'replaces',
      AvailabilityZoneAddresses: 'disrupt',
      ConnectivityType: 'replaces',
      MaxDrainDurationSeconds: { number: 'limits', absent: 350 },
      PrivateIpAddress: 'replaces',
      SecondaryAllocationIds: 'acts',
      SecondaryPrivateIpAddressCount: { number: 'capacity', absent: 0 },
      SecondaryPrivateIpAddresses: PLACES,
      SubnetId: 'replaces',
      Tags: 'tags',
      VpcId: 'replaces',
    },
  },
  'AWS::EC2::NetworkInterface': {
    page: 'aws-resource-ec2-networkinterface',
    new: 'create',
    properties: {
      ConnectionTrackingSpecification: {
        members: {
          TcpEstablishedTimeout: { number: 'limits', absent: 432_000 },
          UdpStreamTimeout: { number: 'limits', absent: 180 },
          UdpTimeout: { number: 'limits', absent: 30 },
        },
      },
      Description: 'modify',
      EnablePrimaryIpv6: 'runs',
      GroupSet: [...SECURITY_GROUPS, defaultGroup('SubnetId')],
      InterfaceType: 'replaces',
      Ipv4PrefixCount: { number: 'capacity', absent: 0 },
      Ipv4Prefixes: PLACES,
      Ipv6AddressCount: { number: 'capacity', absent: 0 },
      Ipv6Addresses: PLACES,
      Ipv6PrefixCount: { number: 'capacity', absent: 0 },
      Ipv6Prefixes: PLACES,
      PrivateIpAddress: 'replaces',
      PrivateIpAddresses: PLACES,
      PublicIpDnsHostnameTypeSpecification: 'disrupt',
      SecondaryPrivateIpAddressCount: { number: 'capacity', absent: 0 },
      SourceDestCheck: FORWARDING,
      SubnetId: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::EC2::NetworkInterfaceAttachment': {
    page: 'aws-resource-ec2-networkinterfaceattachment',
    // What is there gets a foot in another network, with that one's groups.
    new: { among: ['InstanceId', 'NetworkInterfaceId'], otherwise: 'expose' },
    properties: {
      DeleteOnTermination: 'endangers-by-default',
      DeviceIndex: 'replaces',
      EnaQueueCount: { number: 'capacity', absent: 'fits' },
      EnaSrdSpecification: 'modify',
      InstanceId: ['replaces', 'acts'],
      NetworkInterfaceId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::Subnet': {
    page: 'aws-resource-ec2-subnet',
    new: 'create',
    properties: {
      // In a new network there is nobody yet; in one that was there it may have a way to the internet.
      AssignIpv6AddressOnCreation: { among: ['VpcId'], otherwise: 'opens' },
      AvailabilityZone: 'replaces',
      AvailabilityZoneId: 'replaces',
      CidrBlock: 'replaces',
      EnableDns64: 'runs',
      EnableLniAtDeviceIndex: 'modify',
      Ipv4IpamPoolId: 'replaces',
      Ipv4NetmaskLength: 'replaces',
      Ipv6CidrBlock: 'disrupt',
      Ipv6IpamPoolId: 'replaces',
      Ipv6Native: 'replaces',
      Ipv6NetmaskLength: 'replaces',
      MapPublicIpOnLaunch: { among: ['VpcId'], otherwise: 'opens' },
      OutpostArn: 'replaces',
      PrivateDnsNameOptionsOnLaunch: {
        members: {
          EnableResourceNameDnsAAAARecord: 'runs',
          EnableResourceNameDnsARecord: 'runs',
          HostnameType: 'disrupt',
        },
      },
      Tags: 'tags',
      VpcId: 'replaces',
    },
  },
  'AWS::EC2::SubnetCidrBlock': {
    page: 'aws-resource-ec2-subnetcidrblock',
    new: 'create',
    properties: {
      Ipv6CidrBlock: 'replaces',
      Ipv6IpamPoolId: 'replaces',
      Ipv6NetmaskLength: 'replaces',
      SubnetId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::VPC': {
    page: 'aws-resource-ec2-vpc',
    new: 'create',
    properties: {
      CidrBlock: 'replaces',
      EnableDnsHostnames: 'runs',
      EnableDnsSupport: 'runs-by-default',
      InstanceTenancy: { leaves: 'dedicated', is: 'weaken' },
      Ipv4IpamPoolId: 'replaces',
      Ipv4NetmaskLength: 'replaces',
      Tags: 'tags',
      VpcEncryptionControl: 'replaces',
    },
  },
  'AWS::EC2::VPCCidrBlock': {
    page: 'aws-resource-ec2-vpccidrblock',
    new: 'create',
    properties: {
      AmazonProvidedIpv6CidrBlock: 'replaces',
      CidrBlock: 'replaces',
      Ipv4IpamPoolId: 'replaces',
      Ipv4NetmaskLength: 'replaces',
      Ipv6CidrBlock: 'replaces',
      Ipv6CidrBlockNetworkBorderGroup: 'replaces',
      Ipv6IpamPoolId: 'replaces',
      Ipv6NetmaskLength: 'replaces',
      Ipv6Pool: 'replaces',
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::VPCDHCPOptionsAssociation': {
    page: 'aws-resource-ec2-vpcdhcpoptionsassociation',
    new: 'create',
    properties: {
      DhcpOptionsId: 'replaces',
      VpcId: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::EC2::VPCGatewayAttachment': {
    page: 'aws-resource-ec2-vpcgatewayattachment',
    new: 'create',
    properties: {
      InternetGatewayId: ['acts', { among: ['VpcId', 'InternetGatewayId'], otherwise: 'expose' }],
      VpcId: ['replaces', 'acts'],
      VpnGatewayId: ['acts', { among: ['VpcId', 'VpnGatewayId'], otherwise: 'expose' }],
    },
  },
  'AWS::EC2::NetworkInterfacePermission': {
    page: 'aws-resource-ec2-networkinterfacepermission',
    // Another account may attach it to what is its own.
    new: 'expose',
    properties: {
      AwsAccountId: 'replaces',
      NetworkInterfaceId: ['replaces', 'acts'],
      Permission: 'replaces',
    },
  },
  'AWS::EC2::SubnetCidrReservation': {
    page: 'aws-resource-ec2-subnetcidrreservation',
    new: 'create',
    properties: {
      Cidr: 'replaces',
      Description: 'replaces',
      ReservationType: 'replaces',
      SubnetId: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
};
