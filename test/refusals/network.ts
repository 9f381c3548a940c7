import * as sdk from '@aws-sdk/client-ec2';
import type { Scene } from '../scenes/whole.ts';
import type { RefusalCase } from './case.ts';
import { runningInstance } from './instances.ts';

const GROUP = { group_id: 'sg-0123456789abcdef0' };
const VPC = { vpc_id: 'vpc-0123456789abcdef0' };
const HTTPS = { ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ip: '203.0.113.0/24' };
const SENT = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: HTTPS.cidr_ip }] }];

async function defaultGroup({ ec2 }: Scene): Promise<sdk.SecurityGroup> {
  const Filters = [{ Name: 'group-name', Values: ['default'] }];
  return (await ec2.send(new sdk.DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups?.[0] ?? {};
}

/** A new group of the default VPC that nothing uses. */
async function newGroup(scene: Scene, GroupName: string): Promise<string> {
  const { VpcId } = await defaultGroup(scene);
  const asked = { GroupName, Description: GroupName, VpcId };
  return (await scene.ec2.send(new sdk.CreateSecurityGroupCommand(asked))).GroupId ?? '';
}

async function letIn({ ec2 }: Scene, GroupId: string, IpPermissions: sdk.IpPermission[]): Promise<void> {
  await ec2.send(new sdk.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
}

async function runningTagged(scene: Scene): Promise<readonly string[]> {
  const Tags = [{ Key: 'env', Value: 'dev' }];
  return [await runningInstance(scene, { TagSpecifications: [{ ResourceType: 'instance', Tags }] })];
}

const ruleCases: readonly RefusalCase[] = [
  {
    tool: 'ec2_authorize_security_group_ingress',
    code: 'not_found',
    when: 'there is no such group',
    args: () => ({ ...GROUP, rules: [HTTPS] }),
  },
  {
    tool: 'ec2_authorize_security_group_ingress',
    code: 'not_found',
    when: 'there is no such group as a source',
    args: async (scene) => ({
      group_id: await newGroup(scene, 'without source'),
      rules: [{ ip_protocol: 'tcp', from_port: 443, to_port: 443, source_group_id: GROUP.group_id }],
    }),
  },
  {
    tool: 'ec2_authorize_security_group_ingress',
    code: 'no_changes',
    when: 'the group has the rule already',
    args: async (scene) => {
      const group_id = await newGroup(scene, 'open already');
      await letIn(scene, group_id, SENT);
      return { group_id, rules: [{ ...HTTPS, from_port: 22, to_port: 22 }, HTTPS] };
    },
  },
  {
    tool: 'ec2_revoke_security_group_ingress',
    code: 'not_found',
    when: 'there is no such group',
    args: () => ({ ...GROUP, rules: [HTTPS] }),
  },
  {
    tool: 'ec2_revoke_security_group_ingress',
    code: 'not_found',
    when: 'it has no such rule',
    args: async (scene) => ({ group_id: await newGroup(scene, 'closed already'), rules: [HTTPS] }),
  },
  {
    tool: 'ec2_revoke_security_group_ingress',
    code: 'not_found',
    when: 'it has no rule of that id',
    args: async (scene) => ({
      group_id: await newGroup(scene, 'without rules'),
      security_group_rule_ids: ['sgr-0123456789abcdef0'],
    }),
  },
  {
    tool: 'ec2_revoke_security_group_ingress',
    code: 'invalid_input',
    when: 'no rule is named',
    args: async (scene) => ({ group_id: (await defaultGroup(scene)).GroupId }),
  },
  {
    tool: 'ec2_revoke_security_group_ingress',
    code: 'invalid_input',
    when: 'rules are named both ways',
    args: async (scene) => ({
      group_id: (await defaultGroup(scene)).GroupId,
      security_group_rule_ids: ['sgr-0123456789abcdef0'],
      rules: [HTTPS],
    }),
  },
];

const groupCases: readonly RefusalCase[] = [
  {
    tool: 'ec2_create_security_group',
    code: 'not_found',
    when: 'there is no such VPC',
    args: () => ({ ...VPC, group_name: 'nowhere', description: 'nowhere' }),
  },
  {
    tool: 'ec2_create_security_group',
    code: 'wrong_state',
    when: 'the VPC has one of that name',
    args: async (scene) => {
      await newGroup(scene, 'taken');
      return { vpc_id: (await defaultGroup(scene)).VpcId, group_name: 'taken', description: 'a second one' };
    },
  },
  { tool: 'ec2_delete_security_group', code: 'not_found', when: 'there is no such group', args: () => GROUP },
  {
    tool: 'ec2_delete_security_group',
    code: 'protected',
    when: 'it is the default group',
    args: async (scene) => ({ group_id: (await defaultGroup(scene)).GroupId }),
  },
  {
    tool: 'ec2_delete_security_group',
    code: 'in_use',
    when: 'an instance is in it',
    args: async (scene) => {
      const group_id = await newGroup(scene, 'with an instance');
      await runningInstance(scene, { SecurityGroupIds: [group_id] });
      return { group_id };
    },
  },
  {
    tool: 'ec2_delete_security_group',
    code: 'in_use',
    when: 'a rule of another group names it',
    args: async (scene) => {
      const group_id = await newGroup(scene, 'a source');
      const UserIdGroupPairs = [{ GroupId: group_id }];
      const rule = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs };
      await letIn(scene, await newGroup(scene, 'behind the source'), [rule]);
      return { group_id };
    },
  },
];

const addressCases: readonly RefusalCase[] = [
  {
    tool: 'ec2_release_address',
    code: 'not_found',
    when: 'there is no such address',
    args: () => ({ allocation_id: 'eipalloc-0123456789abcdef0' }),
  },
  {
    tool: 'ec2_release_address',
    code: 'in_use',
    when: 'an instance has it',
    args: async (scene) => {
      const { AllocationId } = await scene.ec2.send(new sdk.AllocateAddressCommand({}));
      const InstanceId = await runningInstance(scene);
      await scene.ec2.send(new sdk.AssociateAddressCommand({ AllocationId, InstanceId }));
      return { allocation_id: AllocationId };
    },
  },
];

const tagCases: readonly RefusalCase[] = [
  {
    tool: 'ec2_create_tags',
    code: 'not_found',
    when: 'one of the resources is not there',
    args: async (scene) => ({
      resources: [...(await runningTagged(scene)), 'vol-0123456789abcdef0'],
      tags: { env: 'test' },
    }),
  },
  {
    tool: 'ec2_create_tags',
    code: 'no_changes',
    when: 'they are as asked already',
    args: async (scene) => ({ resources: await runningTagged(scene), tags: { env: 'dev' } }),
  },
  {
    tool: 'ec2_delete_tags',
    code: 'not_found',
    when: 'one of the resources is not there',
    args: async (scene) => ({ resources: [...(await runningTagged(scene)), GROUP.group_id], tag_keys: ['env'] }),
  },
  {
    tool: 'ec2_delete_tags',
    code: 'no_changes',
    when: 'they have no such tag',
    args: async (scene) => ({ resources: await runningTagged(scene), tag_keys: ['owner'] }),
  },
];

export const networkCases: readonly RefusalCase[] = [...ruleCases, ...groupCases, ...addressCases, ...tagCases];
