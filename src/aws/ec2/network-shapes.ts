import type {
  Address as AwsAddress,
  NetworkInterface as AwsInterface,
  SecurityGroupRule as AwsRule,
  SecurityGroup as AwsSecurityGroup,
  Subnet as AwsSubnet,
  Vpc as AwsVpc,
} from '@aws-sdk/client-ec2';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import type {
  Address,
  NetworkInterface,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
} from '../../../tools/ports/ec2-network.ts';
import { notAws } from '../request/errors.ts';
import { tagsOf } from '../tags.ts';

/** The member, without credentials, where AWS gives one. */
function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value ? { [key]: hideCredentials(value) } : {}) as { [P in K]?: string };
}

function required(value: string | undefined, operation: string, what: string): string {
  if (!value) throw notAws(operation, 200, `${what} without id`);
  return value;
}

export function securityGroupOf(group: AwsSecurityGroup): SecurityGroup {
  return {
    group_id: required(group.GroupId, 'DescribeSecurityGroups', 'a security group'),
    group_name: hideCredentials(group.GroupName ?? ''),
    description: hideCredentials(group.Description ?? ''),
    vpc_id: group.VpcId ?? '',
    tags: tagsOf(group.Tags),
  };
}

/** AWS gives -1 for the ports of a rule that has none. */
function portsOf({ IpProtocol = '-1', FromPort, ToPort }: AwsRule) {
  const icmp = /^icmp/.test(IpProtocol);
  const told = (port: number | undefined) => (port === undefined || (port === -1 && !icmp) ? undefined : port);
  const [from_port, to_port] = [told(FromPort), told(ToPort)];
  return { ...(from_port === undefined ? {} : { from_port }), ...(to_port === undefined ? {} : { to_port }) };
}

export function ruleOf(rule: AwsRule): SecurityGroupRule {
  return {
    security_group_rule_id: required(rule.SecurityGroupRuleId, 'DescribeSecurityGroupRules', 'a rule'),
    group_id: required(rule.GroupId, 'DescribeSecurityGroupRules', 'a rule of a group'),
    is_egress: rule.IsEgress ?? false,
    ...optional('source_owner_id', rule.ReferencedGroupInfo?.UserId),
    form: {
      ip_protocol: rule.IpProtocol ?? '-1',
      ...portsOf(rule),
      ...optional('cidr_ip', rule.CidrIpv4),
      ...optional('cidr_ipv6', rule.CidrIpv6),
      ...optional('source_group_id', rule.ReferencedGroupInfo?.GroupId),
      ...optional('prefix_list_id', rule.PrefixListId),
      ...optional('description', rule.Description),
    },
    tags: tagsOf(rule.Tags),
  };
}

export function networkInterfaceOf(eni: AwsInterface): NetworkInterface {
  return {
    network_interface_id: required(eni.NetworkInterfaceId, 'DescribeNetworkInterfaces', 'a network interface'),
    description: hideCredentials(eni.Description ?? ''),
    interface_type: eni.InterfaceType ?? 'interface',
    ...optional('instance_id', eni.Attachment?.InstanceId),
    requester_managed: eni.RequesterManaged ?? false,
    ...optional('requester_id', eni.RequesterId),
    ...optional('private_ip_address', eni.PrivateIpAddress),
    ...optional('public_ip', eni.Association?.PublicIp),
    security_group_ids: (eni.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  };
}

/** Only ranges that are in force: one that is being taken away, or failed, routes nothing. */
export function vpcOf(vpc: AwsVpc): Vpc {
  const cidrs = (vpc.CidrBlockAssociationSet ?? [])
    .filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
    .flatMap(({ CidrBlock }) => CidrBlock ?? []);
  return {
    vpc_id: required(vpc.VpcId, 'DescribeVpcs', 'a VPC'),
    state: vpc.State ?? 'unknown',
    is_default: vpc.IsDefault ?? false,
    cidr_blocks: cidrs.length > 0 || !vpc.CidrBlock ? cidrs : [vpc.CidrBlock],
    ipv6_cidr_blocks: (vpc.Ipv6CidrBlockAssociationSet ?? [])
      .filter(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated')
      .flatMap(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? []),
    tags: tagsOf(vpc.Tags),
  };
}

export function subnetOf(subnet: AwsSubnet): Subnet {
  const free = subnet.AvailableIpAddressCount;
  return {
    subnet_id: required(subnet.SubnetId, 'DescribeSubnets', 'a subnet'),
    vpc_id: subnet.VpcId ?? '',
    state: subnet.State ?? 'unknown',
    availability_zone: subnet.AvailabilityZone ?? '',
    ...optional('cidr_block', subnet.CidrBlock),
    ...(free === undefined ? {} : { available_ip_address_count: free }),
    map_public_ip_on_launch: subnet.MapPublicIpOnLaunch ?? false,
    tags: tagsOf(subnet.Tags),
  };
}

export function addressOf(address: AwsAddress): Address {
  return {
    allocation_id: required(address.AllocationId, 'DescribeAddresses', 'an address'),
    public_ip: address.PublicIp ?? address.CarrierIp ?? address.CustomerOwnedIp ?? '',
    ...optional('association_id', address.AssociationId),
    ...optional('instance_id', address.InstanceId),
    ...optional('network_interface_id', address.NetworkInterfaceId),
    ...optional('private_ip_address', address.PrivateIpAddress),
    tags: tagsOf(address.Tags),
  };
}
