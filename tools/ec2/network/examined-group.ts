import { z } from 'zod';
import type { Guard } from '../../../src/kernel/plan.ts';
import type { Target } from '../../../src/kernel/target.ts';
import type { Readers } from '../../define.ts';
import type { RuleForm, SecurityGroup, SecurityGroupRule } from '../../ports/ec2-network.ts';
import { theOne } from '../asking.ts';
import { instanceTarget } from '../instances/target.ts';
import { interfacesIn, type Users, usersOf, usersText } from './group-users.ts';
import { identityOf } from './ingress-rule.ts';
import { ec2Target } from './target.ts';

/** A security group with its rules, what is behind it, and what is behind the groups that its rules let in. */
export interface ExaminedGroup {
  readonly group: SecurityGroup;
  readonly ingress: readonly SecurityGroupRule[];
  readonly users: Users;
}

/**
 * @throws not_found
 * @param sources groups that a rule names, whose members are to be known too
 */
export async function examineGroup(
  groupId: string,
  readers: Readers,
  sources: (ingress: readonly SecurityGroupRule[]) => readonly string[],
): Promise<ExaminedGroup> {
  const group = theOne(await readers.ec2.securityGroupsById([groupId]), groupId);
  const rules = await readers.ec2.securityGroupRules([groupId]);
  const ingress = rules
    .filter(({ is_egress }) => !is_egress)
    .sort((a, b) => (a.security_group_rule_id < b.security_group_rule_id ? -1 : 1));
  return { group, ingress, users: await usersOf([...new Set([groupId, ...sources(ingress)])].sort(), readers) };
}

/** `on 2 instances (…)`, for what a rule of the group opens or closes. */
export function membersText({ group, users }: ExaminedGroup): string {
  const text = usersText(interfacesIn(group.group_id, users), users);
  return text === undefined ? 'on whatever joins the group (nothing uses it now)' : `on ${text}`;
}

/**
 * Who is meant by a group as a source; empty for other sources.
 * @param foreign the account of a group that isn't ours, whose members can't be seen
 */
export function sourceMembers(
  { source_group_id }: RuleForm,
  { users }: ExaminedGroup,
  foreign: string | undefined,
): string {
  if (source_group_id === undefined) return '';
  if (foreign !== undefined) return ` (of account ${foreign}, whose members can't be seen from here)`;
  return ` (${usersText(interfacesIn(source_group_id, users), users) ?? 'which nothing uses now'})`;
}

/**
 * The group and the instances behind it. A rule reaches the instances, so their tags count for the environment too: a
 * group that is tagged as development may be on a production instance.
 */
export function groupTargets({ group, users }: ExaminedGroup, { caller }: Readers): readonly Target[] {
  const ids = new Set(interfacesIn(group.group_id, users).flatMap(({ instance_id }) => instance_id ?? []));
  const instances = [...ids].sort().flatMap((id) => users.instances.get(id) ?? []);
  return [
    ec2Target(group.group_id, group.tags, caller),
    ...instances.map((instance) => instanceTarget(instance, caller)),
  ];
}

/**
 * What a plan about rules rests on: the group, its ingress rules, and which interfaces are in it and in the groups that
 * it lets in.
 */
export function groupGuard({ group, ingress, users }: ExaminedGroup): Guard {
  return {
    group_id: group.group_id,
    vpc_id: group.vpc_id,
    tags: { ...group.tags },
    ingress_rules: ingress.map((rule) => `${rule.security_group_rule_id} ${identityOf(rule.form)}`),
    network_interfaces: users.interfaces.map((eni) => `${eni.network_interface_id} ${eni.instance_id ?? ''}`.trim()),
  };
}

/** A rule of stored arguments. */
export const StoredRules = z.array(
  z.strictObject({
    ip_protocol: z.string(),
    from_port: z.number().exactOptional(),
    to_port: z.number().exactOptional(),
    cidr_ip: z.string().exactOptional(),
    cidr_ipv6: z.string().exactOptional(),
    source_group_id: z.string().exactOptional(),
    prefix_list_id: z.string().exactOptional(),
    description: z.string().exactOptional(),
  }),
);
