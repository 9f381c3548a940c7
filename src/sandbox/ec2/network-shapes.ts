import type {
  Address as AddressShape,
  SecurityGroup as GroupShape,
  NetworkInterface as InterfaceShape,
  IpPermission,
  SecurityGroupRule as RuleShape,
  Subnet as SubnetShape,
  Vpc as VpcShape,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { tagShapes } from './model.ts';
import type { Address, NetworkInterface, Rule, SecurityGroup, Subnet, Vpc } from './network-model.ts';
import { networkIn } from './state.ts';

export function groupShapes(region: Region, ids: readonly string[]) {
  return ids.map((GroupId) => ({
    GroupId,
    GroupName: networkIn(region).securityGroups.get(GroupId)?.name ?? 'default',
  }));
}

export function vpcShape(account: string, vpc: Vpc): VpcShape {
  return {
    VpcId: vpc.id,
    OwnerId: account,
    State: 'available',
    CidrBlock: vpc.cidr,
    CidrBlockAssociationSet: [
      {
        AssociationId: vpc.id.replace('vpc-', 'vpc-cidr-assoc-'),
        CidrBlock: vpc.cidr,
        CidrBlockState: { State: 'associated' },
      },
    ],
    InstanceTenancy: 'default',
    IsDefault: vpc.isDefault,
    Tags: tagShapes(vpc.tags),
  };
}

export function subnetShape(account: string, subnet: Subnet, used: number): SubnetShape {
  // "The first four IP addresses and the last IP address in each subnet CIDR block are not available":
  // https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
  const free = 2 ** (32 - Number(subnet.cidr.split('/')[1])) - 5 - used;
  return {
    SubnetId: subnet.id,
    VpcId: subnet.vpcId,
    OwnerId: account,
    State: 'available',
    CidrBlock: subnet.cidr,
    AvailabilityZone: subnet.zone,
    AvailableIpAddressCount: free,
    DefaultForAz: subnet.isDefault,
    MapPublicIpOnLaunch: subnet.isDefault,
    Tags: tagShapes(subnet.tags),
  };
}

/** A rule as DescribeSecurityGroups gives it: without its id. */
function permissionShape(account: string, rule: Rule): IpPermission {
  const { kind, value } = rule.source;
  const Description = rule.description;
  return {
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort,
    ToPort: rule.toPort,
    IpRanges: kind === 'cidr' ? [{ CidrIp: value, Description }] : [],
    Ipv6Ranges: kind === 'cidr6' ? [{ CidrIpv6: value, Description }] : [],
    PrefixListIds: kind === 'list' ? [{ PrefixListId: value, Description }] : [],
    UserIdGroupPairs: kind === 'group' ? [{ GroupId: value, UserId: account, Description }] : [],
  };
}

export function groupShape(account: string, region: Region, group: SecurityGroup): GroupShape {
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    OwnerId: account,
    VpcId: group.vpcId,
    SecurityGroupArn: `arn:aws:ec2:${region.name}:${account}:security-group/${group.id}`,
    IpPermissions: group.rules.filter(({ egress }) => !egress).map((rule) => permissionShape(account, rule)),
    IpPermissionsEgress: group.rules.filter(({ egress }) => egress).map((rule) => permissionShape(account, rule)),
    Tags: tagShapes(group.tags),
  };
}

export function ruleShape(account: string, group: SecurityGroup, rule: Rule): RuleShape {
  const { source } = rule;
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: group.id,
    GroupOwnerId: account,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort ?? -1,
    ToPort: rule.toPort ?? -1,
    CidrIpv4: source.kind === 'cidr' ? source.value : undefined,
    CidrIpv6: source.kind === 'cidr6' ? source.value : undefined,
    PrefixListId: source.kind === 'list' ? source.value : undefined,
    ReferencedGroupInfo:
      source.kind === 'group'
        ? { GroupId: source.value, UserId: source.account ?? account, VpcId: source.vpcId }
        : undefined,
    Description: rule.description,
    Tags: tagShapes(rule.tags),
  };
}

export function interfaceShape(account: string, region: Region, eni: NetworkInterface): InterfaceShape {
  const address = [...networkIn(region).addresses.values()].find(
    ({ association }) => association?.interfaceId === eni.id,
  );
  const { instanceId } = eni;
  return {
    NetworkInterfaceId: eni.id,
    Description: eni.description,
    InterfaceType: 'interface',
    OwnerId: account,
    RequesterId: eni.requesterId,
    RequesterManaged: eni.requesterId !== undefined,
    Status: instanceId === undefined && eni.requesterId === undefined ? 'available' : 'in-use',
    AvailabilityZone: eni.zone,
    SubnetId: eni.subnetId,
    VpcId: eni.vpcId,
    PrivateIpAddress: eni.privateIp,
    SourceDestCheck: true,
    Groups: groupShapes(region, eni.groupIds),
    Attachment: instanceId
      ? {
          AttachmentId: eni.id.replace('eni-', 'eni-attach-'),
          DeviceIndex: 0,
          InstanceId: instanceId,
          Status: 'attached',
        }
      : undefined,
    Association: address
      ? { AllocationId: address.id, AssociationId: address.association?.id, PublicIp: address.publicIp }
      : undefined,
    TagSet: tagShapes(eni.tags),
  };
}

export function addressShape(account: string, region: Region, address: Address): AddressShape {
  const { association } = address;
  const eni = association && networkIn(region).networkInterfaces.get(association.interfaceId);
  return {
    AllocationId: address.id,
    PublicIp: address.publicIp,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: region.name,
    AssociationId: association?.id,
    NetworkInterfaceId: eni?.id,
    NetworkInterfaceOwnerId: eni ? account : undefined,
    InstanceId: eni?.instanceId,
    PrivateIpAddress: eni?.privateIp,
    Tags: tagShapes(address.tags),
  };
}
