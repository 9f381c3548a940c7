import { z } from 'zod';
import type { Json } from '../../src/kernel/digest.ts';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, Region, SecurityGroupId, uniqueList, VpcId } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import type { NetworkInterface, SecurityGroup, SecurityGroupRule } from '../ports/ec2-network.ts';
import { byIdsOrFilters, filtersOf, TagFilter } from './asking.ts';

/** Groups come with their rules and users: more of them would not fit an answer anyway. */
const GROUPS = 50;
/**
 * AWS's default quota of rules in one direction:
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
const RULES = 60;
const USERS = 20;

export default defineReadTool({
  name: 'ec2_describe_security_groups',
  title: 'Describe security groups',
  description:
    'Show security groups: rules with ids, network interfaces and instances in them, and groups whose rules name them.',
  toolset: 'ec2',
  actions: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules', 'ec2:DescribeNetworkInterfaces'],
  input: z.strictObject({
    group_ids: uniqueList(SecurityGroupId, GROUPS).optional(),
    group_name: FilterValue.optional(),
    vpc_id: VpcId.optional(),
    tags: TagFilter,
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: { group_ids: 'shown', group_name: 'shown', vpc_id: 'shown', tags: 'shown', cursor: 'shown', region: 'shown' },
  async read({ group_ids, group_name, vpc_id, tags, cursor }, { ec2, caller }) {
    const place = placeOf(cursor);
    const asked = {
      argument: 'group_ids',
      ids: group_ids,
      filters: filtersOf({ 'group-name': group_name, 'vpc-id': vpc_id }, tags),
      limit: GROUPS,
      named: ec2.securityGroupsById,
      page: ec2.securityGroups,
    };
    const found = await byIdsOrFilters(asked, place.token);
    const ids = found.items.slice(place.skip).map((group) => group.group_id);
    const rules = await ec2.securityGroupRules(ids);
    const interfaces = await ec2.networkInterfacesOf(ids);
    const references = await ec2.referencing(ids);
    const plain = found.items.map((group) => shown(group, rules, interfaces, references.get(group.group_id) ?? []));
    const { items, ...rest } = pageOf(place, plain, found.cursor);
    return { region: caller.region, security_groups: items, ...rest };
  },
});

function shown(
  group: SecurityGroup,
  rules: readonly SecurityGroupRule[],
  interfaces: readonly NetworkInterface[],
  references: readonly string[],
): Json {
  const own = rules.filter((rule) => rule.group_id === group.group_id);
  const users = interfaces.filter(({ security_group_ids }) => security_group_ids.includes(group.group_id));
  return {
    ...group,
    ...some('ingress', own.filter(({ is_egress }) => !is_egress).map(ruleShown), RULES),
    ...some('egress', own.filter(({ is_egress }) => is_egress).map(ruleShown), RULES),
    ...some('network_interfaces', users.map(userShown), USERS),
    ...some('referenced_by', references, RULES),
  };
}

function ruleShown({ security_group_rule_id, source_owner_id, form }: SecurityGroupRule): Json {
  return { security_group_rule_id, ...form, ...(source_owner_id === undefined ? {} : { source_owner_id }) };
}

function userShown({ security_group_ids: _, requester_managed: __, ...eni }: NetworkInterface): Json {
  return { ...eni };
}

/** The first of a list, and how many more there are. */
function some(name: string, list: readonly Json[], limit: number): { readonly [key: string]: Json } {
  const left = list.length - limit;
  return { [name]: list.slice(0, limit), ...(left > 0 ? { [`${name}_left_out`]: left } : {}) };
}
