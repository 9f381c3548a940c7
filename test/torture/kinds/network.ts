import * as sdk from '@aws-sdk/client-ec2';
import { type Kind, numbered, type There, times } from '../kind.ts';

/* Changes of security groups and addresses. */

const kind = (tool: string, action: string) => ({ name: tool, tool, actions: [action] });
const RULE = { ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ip: '10.0.0.0/8' };

/** All but the one that every VPC has. */
async function groupsIn({ ec2 }: There): Promise<readonly sdk.SecurityGroup[]> {
  const { SecurityGroups = [] } = await ec2.send(new sdk.DescribeSecurityGroupsCommand({}));
  return SecurityGroups.filter(({ GroupName }) => GroupName !== 'default');
}
const isOpen = ({ IpPermissions = [] }: sdk.SecurityGroup) => IpPermissions.some(({ FromPort }) => FromPort === 443);

const named = (count: number) => numbered('group', count).map((name) => ({ name }));
const opened = (count: number) =>
  named(count).map((group) => ({ ...group, ingress: [{ fromPort: RULE.from_port, cidr: RULE.cidr_ip }] }));

function ofGroups(
  { name, ...requests }: Pick<Kind, 'name' | 'tool' | 'actions'>,
  args: (id: string) => Record<string, unknown>,
  is: (group: sdk.SecurityGroup | undefined) => boolean,
  seeded = named,
): Kind {
  return {
    ...{ name, ...requests },
    seed: (count) => ({ securityGroups: seeded(count) }),
    prepare: async (there) => (await groupsIn(there)).map(({ GroupId: mark = '' }) => ({ mark, args: args(mark) })),
    async happened(there, subjects) {
      const known = new Map((await groupsIn(there)).map((one) => [one.GroupId, one]));
      return subjects.map(({ mark }) => times(is(known.get(mark))));
    },
  };
}

export const NETWORK: readonly Kind[] = [
  {
    ...kind('ec2_create_security_group', 'CreateSecurityGroup'),
    seed: () => ({ securityGroups: [{ name: 'other' }] }),
    async prepare(there, count) {
      const [other] = await groupsIn(there);
      const vpc_id = other?.VpcId;
      return numbered('fresh', count).map((group_name) => ({
        mark: group_name,
        args: { group_name, description: 'fresh', vpc_id },
      }));
    },
    async happened(there, subjects) {
      const names = (await groupsIn(there)).map(({ GroupName }) => GroupName);
      return subjects.map(({ mark }) => names.filter((name) => name === mark).length);
    },
  },
  ofGroups(
    kind('ec2_delete_security_group', 'DeleteSecurityGroup'),
    (group_id) => ({ group_id }),
    (group) => group === undefined,
  ),
  ofGroups(
    kind('ec2_authorize_security_group_ingress', 'AuthorizeSecurityGroupIngress'),
    (group_id) => ({ group_id, rules: [RULE] }),
    (group) => group !== undefined && isOpen(group),
  ),
  ofGroups(
    kind('ec2_revoke_security_group_ingress', 'RevokeSecurityGroupIngress'),
    (group_id) => ({ group_id, rules: [RULE] }),
    (group) => group !== undefined && !isOpen(group),
    opened,
  ),
  {
    ...kind('ec2_release_address', 'ReleaseAddress'),
    seed: (count) => ({ addresses: Array.from({ length: count }, () => ({ tags: { owner: 'ops' } })) }),
    async prepare({ ec2 }) {
      const { Addresses = [] } = await ec2.send(new sdk.DescribeAddressesCommand({}));
      return Addresses.map(({ AllocationId: mark = '' }) => ({ mark, args: { allocation_id: mark } }));
    },
    async happened({ ec2 }, subjects) {
      const { Addresses = [] } = await ec2.send(new sdk.DescribeAddressesCommand({}));
      const left = new Set(Addresses.map(({ AllocationId }) => AllocationId));
      return subjects.map(({ mark }) => times(!left.has(mark)));
    },
  },
];
