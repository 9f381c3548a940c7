/** What every region has from the start: https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html */

import { createHash } from 'node:crypto';
import { ec2Id } from '../ids.ts';
import type { Network, Rule, SecurityGroup } from './network-model.ts';

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

export function primaryInterfaceId(instanceId: string): string {
  return fixedId('', 'eni', instanceId);
}
