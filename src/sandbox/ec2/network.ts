/** What every region has from the start: https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html */
import { createHash } from 'node:crypto';
import type { Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import type { Instance } from './model.ts';
import type { Network, NetworkInterface, Rule, SecurityGroup } from './network-model.ts';

const ZONES = ['a', 'b', 'c'] as const;
const DEFAULT_RANGE = '172.31.0.0/16';

/** Always the same for one region and purpose. */
function fixedId(region: string, prefix: string, purpose: string): string {
  const digest = createHash('sha256').update(`${purpose} ${region}`).digest('hex');
  return `${prefix}-0${digest.slice(0, 16)}`;
}

export function defaultVpcId(region: string): string {
  return fixedId(region, 'vpc', 'vpc');
}

export function defaultGroupId(region: string): string {
  return fixedId(region, 'sg', 'sg');
}

/** Where there is no zone of that name, the subnet of the first zone. */
export function defaultSubnetId(region: string, zone: string): string {
  const letter = ZONES.find((one) => zone === `${region}${one}`) ?? 'a';
  return fixedId(region, 'subnet', letter === 'a' ? 'subnet' : `subnet ${letter}`);
}

export function defaultNetwork(region: string): Network {
  const vpcId = defaultVpcId(region);
  const subnets = ZONES.map((zone, at) => ({
    id: defaultSubnetId(region, `${region}${zone}`),
    vpcId,
    zone: `${region}${zone}`,
    cidr: `172.31.${at * 16}.0/20`,
    isDefault: true,
    tags: new Map(),
  }));
  const group = defaultGroup(defaultGroupId(region), vpcId);
  return {
    vpcs: new Map([[vpcId, { id: vpcId, cidr: DEFAULT_RANGE, isDefault: true, tags: new Map() }]]),
    subnets: new Map(subnets.map((subnet) => [subnet.id, subnet])),
    securityGroups: new Map([[group.id, group]]),
    networkInterfaces: new Map(),
    addresses: new Map(),
  };
}

/**
 * Lets in its own members, and everything out:
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
 */
export function defaultGroup(id: string, vpcId: string): SecurityGroup {
  const own: Rule = { ...openEgress(), id: ec2Id('sgr'), egress: false, source: { kind: 'group', value: id, vpcId } };
  const description = 'default VPC security group';
  return { id, name: 'default', description, vpcId, rules: [own, openEgress()], tags: new Map() };
}

/**
 * What AWS gives every new group: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 */
export function openEgress(): Rule {
  return {
    id: ec2Id('sgr'),
    egress: true,
    protocol: '-1',
    fromPort: undefined,
    toPort: undefined,
    source: { kind: 'cidr', value: '0.0.0.0/0' },
    description: undefined,
    tags: new Map(),
  };
}

/** All interfaces, those that instances have included. An instance's goes with it. */
export function interfacesOf({ network, instances }: Region): readonly NetworkInterface[] {
  const { networkInterfaces } = network;
  for (const instance of instances.values()) {
    const id = primaryInterfaceId(instance.id);
    if (instance.state === 'terminated') networkInterfaces.delete(id);
    else if (!networkInterfaces.has(id)) networkInterfaces.set(id, primaryInterface(network, id, instance));
  }
  for (const { id, instanceId } of networkInterfaces.values())
    if (instanceId !== undefined && !instances.has(instanceId)) networkInterfaces.delete(id);
  for (const address of network.addresses.values())
    if (address.association && !networkInterfaces.has(address.association.interfaceId)) address.association = undefined;
  return [...networkInterfaces.values()];
}

export function primaryInterfaceId(instanceId: string): string {
  return fixedId('', 'eni', instanceId);
}

function primaryInterface(network: Network, id: string, instance: Instance): NetworkInterface {
  const { subnetId, zone, privateIp } = instance;
  const vpcId = network.subnets.get(subnetId)?.vpcId ?? [...network.vpcs.keys()][0] ?? '';
  return {
    id,
    subnetId,
    vpcId,
    zone,
    privateIp,
    description: '',
    requesterId: undefined,
    instanceId: instance.id,
    get groupIds() {
      return instance.securityGroupIds;
    },
    tags: new Map(),
  };
}

/** The Elastic IP address that an instance is reached at. */
export function publicIpOf(region: Region, instanceId: string): string | undefined {
  const interfaceId = primaryInterfaceId(instanceId);
  const addresses = [...region.network.addresses.values()];
  return addresses.find(({ association }) => association?.interfaceId === interfaceId)?.publicIp;
}
