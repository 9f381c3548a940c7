import type { Service } from '../language.ts';

/** Who gets through. */
export const NETWORK_RULES: Service = {
  'AWS::EC2::NetworkAcl': {
    page: 'aws-resource-ec2-networkacl',
    new: 'create',
    properties: {
      Tags: 'tags',
      VpcId: 'replaces',
    },
  },
  'AWS::EC2::NetworkAclEntry': {
    page: 'aws-resource-ec2-networkaclentry',
    new: 'create',
    properties: {
      CidrBlock: 'network',
      Egress: ['replaces', 'network'],
      Icmp: 'network',
      Ipv6CidrBlock: 'network',
      NetworkAclId: ['replaces', 'acts'],
      PortRange: 'network',
      Protocol: 'network',
      // An entry that denies takes effect before all with higher numbers.
      RuleAction: [
        'network',
        { acting: { values: { allow: 'modify', deny: 'disrupt' }, otherwise: 'disrupt' } },
        { standing: { values: { allow: 'expose', deny: 'disrupt' }, otherwise: 'expose' } },
      ],
      RuleNumber: 'replaces',
    },
  },
  'AWS::EC2::PrefixList': {
    page: 'aws-resource-ec2-prefixlist',
    new: 'create',
    properties: {
      AddressFamily: 'replace',
      Entries: 'network',
      MaxEntries: 'modify',
      PrefixListName: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::EC2::SecurityGroup': {
    page: 'aws-resource-ec2-securitygroup',
    new: 'create',
    properties: {
      GroupDescription: 'replaces',
      GroupName: 'replaces',
      SecurityGroupEgress: 'network',
      SecurityGroupIngress: 'network',
      Tags: 'tags',
      VpcId: 'replaces',
    },
  },
  'AWS::EC2::SecurityGroupEgress': {
    page: 'aws-resource-ec2-securitygroupegress',
    new: 'create',
    // Those who came through no longer do; the old template lets them in again.
    gone: 'disrupt',
    properties: {
      CidrIp: ['replaces', 'network'],
      CidrIpv6: ['replaces', 'network'],
      Description: 'modify',
      DestinationPrefixListId: ['replaces', 'network'],
      DestinationSecurityGroupId: ['replaces', 'network'],
      FromPort: ['replaces', 'network'],
      GroupId: ['replaces', 'acts'],
      IpProtocol: ['replaces', 'network'],
      ToPort: ['replaces', 'network'],
    },
  },
  'AWS::EC2::SecurityGroupIngress': {
    page: 'aws-resource-ec2-securitygroupingress',
    new: 'create',
    // Those who came through no longer do; the old template lets them in again.
    gone: 'disrupt',
    properties: {
      CidrIp: ['replaces', 'network'],
      CidrIpv6: ['replaces', 'network'],
      Description: 'modify',
      FromPort: ['replaces', 'network'],
      GroupId: ['replaces', 'acts'],
      GroupName: ['replaces', 'acts'],
      IpProtocol: ['replaces', 'network'],
      SourcePrefixListId: ['replaces', 'network'],
      SourceSecurityGroupId: ['replaces', 'network'],
      SourceSecurityGroupName: ['replaces', 'network'],
      SourceSecurityGroupOwnerId: ['replaces', 'network'],
      ToPort: ['replaces', 'network'],
    },
  },
  'AWS::EC2::SecurityGroupVpcAssociation': {
    page: 'aws-resource-ec2-securitygroupvpcassociation',
    new: 'create',
    properties: {
      GroupId: ['replaces', 'acts'],
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::SubnetNetworkAclAssociation': {
    page: 'aws-resource-ec2-subnetnetworkaclassociation',
    new: 'create',
    properties: {
      NetworkAclId: ['replaces', 'uses'],
      SubnetId: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::EC2::VPCBlockPublicAccessExclusion': {
    page: 'aws-resource-ec2-vpcblockpublicaccessexclusion',
    new: 'expose',
    properties: {
      InternetGatewayExclusionMode: { order: ['allow-bidirectional', 'allow-egress'], less: 'expose' },
      SubnetId: ['replaces', 'acts'],
      Tags: 'tags',
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::VPCBlockPublicAccessOptions': {
    page: 'aws-resource-ec2-vpcblockpublicaccessoptions',
    // Cuts every network of the region off from the internet.
    new: 'disrupt',
    gone: 'expose',
    wide: 'account',
    properties: {
      InternetGatewayBlockMode: [{ order: ['off', 'block-ingress', 'block-bidirectional'], less: 'expose' }, 'disrupt'],
    },
  },
  'AWS::EC2::VPCEncryptionControl': {
    page: 'aws-resource-ec2-vpcencryptioncontrol',
    new: 'create',
    properties: {
      EgressOnlyInternetGatewayExclusionInput: { standing: 'weaken' },
      ElasticFileSystemExclusionInput: { standing: 'weaken' },
      InternetGatewayExclusionInput: { standing: 'weaken' },
      LambdaExclusionInput: { standing: 'weaken' },
      // To enforce it cuts off what isn't encrypted.
      Mode: [
        { acting: { values: { monitor: 'modify' }, otherwise: 'disrupt', absent: 'monitor' } },
        { order: ['monitor', 'enforce'], less: 'weaken', absent: 'monitor' },
        'disrupt',
      ],
      NatGatewayExclusionInput: { standing: 'weaken' },
      Tags: 'tags',
      VirtualPrivateGatewayExclusionInput: { standing: 'weaken' },
      VpcId: ['replaces', 'acts'],
      VpcLatticeExclusionInput: { standing: 'weaken' },
      VpcPeeringExclusionInput: { standing: 'weaken' },
    },
  },
};
