import { z } from 'zod';
import type { Region } from './cloud.ts';
import { addAddress } from './ec2/addresses.ts';
import { tagMap } from './ec2/model.ts';
import { defaultSubnetId, defaultVpcId, openEgress } from './ec2/network.ts';
import type { Rule, SecurityGroup } from './ec2/network-model.ts';
import { addInterface } from './ec2/networks.ts';
import { networkIn } from './ec2/state.ts';
import { ec2Id } from './ids.ts';

const Tags = z.record(z.string(), z.string()).optional();

export const SeedNetwork = {
  securityGroups: z
    .array(
      z.strictObject({
        name: z.string(),
        description: z.string().optional(),
        tags: Tags,
        ingress: z
          .array(
            z.strictObject({
              protocol: z.string().optional(),
              fromPort: z.int().optional(),
              toPort: z.int().optional(),
              cidr: z.string().optional(),
              /** The name of a group that comes before it, or its own. */
              group: z.string().optional(),
              /** A group of a peer in another account. */
              peer: z.strictObject({ group: z.string(), vpc: z.string(), account: z.string() }).optional(),
              description: z.string().optional(),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
  /** Those that services of AWS make: an instance's are its own. */
  networkInterfaces: z
    .array(
      z.strictObject({
        securityGroups: z.array(z.string()),
        description: z.string().optional(),
        requesterId: z.string().optional(),
        tags: Tags,
      }),
    )
    .optional(),
  addresses: z.array(z.strictObject({ tags: Tags })).optional(),
};

type Network = { [K in keyof typeof SeedNetwork]?: z.infer<(typeof SeedNetwork)[K]> };

const shapes = (tags: Record<string, string> = {}) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The ids of the default VPC's groups of these names. @throws Error naming the first that isn't there */
export function groupIds(region: Region, names: readonly string[] | undefined): string[] | undefined {
  return names?.map((name) => {
    const { securityGroups, vpcs: networks } = networkIn(region);
    const vpcs = [...securityGroups.values()].filter(({ vpcId }) => networks.get(vpcId)?.isDefault);
    const found = vpcs.find((group) => group.name === name);
    if (found) return found.id;
    throw new Error(`sandbox seed: there is no security group ${name}; groups come before what names them`);
  });
}

/** All in the default VPC. */
export function seedNetwork(
  region: Region,
  { securityGroups = [], networkInterfaces = [], addresses = [] }: Network,
): void {
  const vpcId = defaultVpcId(region.name);
  for (const { name, description, tags, ingress = [] } of securityGroups) {
    const rules: Rule[] = [openEgress()];
    const group: SecurityGroup = {
      id: ec2Id('sg'),
      name,
      description: description ?? name,
      vpcId,
      rules,
      tags: tagMap(shapes(tags)),
    };
    networkIn(region).securityGroups.set(group.id, group);
    for (const rule of ingress) {
      const [source] = groupIds(region, rule.group === undefined ? [] : [rule.group]) ?? [];
      rules.push({
        id: ec2Id('sgr'),
        egress: false,
        protocol: rule.protocol ?? 'tcp',
        fromPort: rule.fromPort,
        toPort: rule.toPort ?? rule.fromPort,
        source: rule.peer
          ? { kind: 'group', value: rule.peer.group, vpcId: rule.peer.vpc, account: rule.peer.account }
          : source
            ? { kind: 'group', value: source, vpcId }
            : { kind: 'cidr', value: rule.cidr ?? '0.0.0.0/0' },
        description: rule.description,
        tags: new Map(),
      });
    }
  }
  const subnet = networkIn(region).subnets.get(defaultSubnetId(region.name, `${region.name}a`));
  for (const { securityGroups: names, tags, ...eni } of networkInterfaces) {
    if (subnet) addInterface(region, { ...eni, subnet, groupIds: groupIds(region, names) ?? [], tags: shapes(tags) });
  }
  for (const { tags } of addresses) addAddress(region, shapes(tags));
}
