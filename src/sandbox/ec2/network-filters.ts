/**
 * The filters of each Describe operation of the network:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
 */
import { tagValues, type Values } from './filters.ts';
import type { Tags } from './model.ts';
import type { Address, NetworkInterface, Rule, SecurityGroup, Subnet, Vpc } from './network-model.ts';

type Table<T> = Readonly<Record<string, (item: T) => readonly (string | undefined)[]>>;

/** A table of filters, as `applyFilters` takes it. */
function byTable<T extends { readonly tags: Tags }>(table: Table<T>) {
  const values: Values<T> = (item, name) => {
    const found = Object.hasOwn(table, name) ? table[name] : undefined;
    return found ? found(item).filter((value) => value !== undefined) : tagValues(item.tags, name);
  };
  return { values, known: new Set(Object.keys(table)) };
}

const sourcesOf = (group: SecurityGroup, egress: boolean, kind: Rule['source']['kind']) =>
  group.rules.flatMap((rule) => (rule.egress === egress && rule.source.kind === kind ? [rule.source.value] : []));

export const GROUP_FILTERS = byTable<SecurityGroup>({
  description: (group) => [group.description],
  'egress.ip-permission.cidr': (group) => sourcesOf(group, true, 'cidr'),
  'egress.ip-permission.group-id': (group) => sourcesOf(group, true, 'group'),
  'group-id': (group) => [group.id],
  'group-name': (group) => [group.name],
  'ip-permission.cidr': (group) => sourcesOf(group, false, 'cidr'),
  'ip-permission.group-id': (group) => sourcesOf(group, false, 'group'),
  'vpc-id': (group) => [group.vpcId],
});

export const RULE_FILTERS = byTable<Rule & { readonly groupId: string }>({
  'group-id': (rule) => [rule.groupId],
  'security-group-rule-id': (rule) => [rule.id],
});

export const VPC_FILTERS = byTable<Vpc>({
  cidr: (vpc) => [vpc.cidr],
  'is-default': (vpc) => [String(vpc.isDefault)],
  state: () => ['available'],
  'vpc-id': (vpc) => [vpc.id],
});

export const SUBNET_FILTERS = byTable<Subnet>({
  'availability-zone': (subnet) => [subnet.zone],
  'cidr-block': (subnet) => [subnet.cidr],
  'default-for-az': (subnet) => [String(subnet.isDefault)],
  state: () => ['available'],
  'subnet-id': (subnet) => [subnet.id],
  'vpc-id': (subnet) => [subnet.vpcId],
});

export const INTERFACE_FILTERS = byTable<NetworkInterface>({
  'attachment.instance-id': (eni) => [eni.instanceId],
  description: (eni) => [eni.description],
  'group-id': (eni) => eni.groupIds,
  'network-interface-id': (eni) => [eni.id],
  'private-ip-address': (eni) => [eni.privateIp],
  'requester-id': (eni) => [eni.requesterId],
  'subnet-id': (eni) => [eni.subnetId],
  'vpc-id': (eni) => [eni.vpcId],
});

export const ADDRESS_FILTERS = byTable<Address & { readonly instanceId: string | undefined }>({
  'allocation-id': (address) => [address.id],
  'association-id': (address) => [address.association?.id],
  'instance-id': (address) => [address.instanceId],
  'network-interface-id': (address) => [address.association?.interfaceId],
  'public-ip': (address) => [address.publicIp],
});

export interface TagEntry {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly value: string;
  readonly tags: Tags;
}

export const TAG_FILTERS = byTable<TagEntry>({
  key: ({ key }) => [key],
  'resource-id': ({ id }) => [id],
  'resource-type': ({ type }) => [type],
  value: ({ value }) => [value],
});
