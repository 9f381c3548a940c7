/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html */

import type {
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { applyFilters } from './filters.ts';
import { interfacesOf } from './interfaces.ts';
import { find, stopAtDryRun } from './lookup.ts';
import { tagMap, tagShapes } from './model.ts';
import { defaultVpcId, openEgress } from './network.ts';
import { GROUP_FILTERS, RULE_FILTERS } from './network-filters.ts';
import { networkPage, requireMember, tagsFor, vpcsById } from './network-lookup.ts';
import type { SecurityGroup } from './network-model.ts';
import { groupShape, ruleShape } from './network-shapes.ts';
import { networkIn } from './state.ts';

/** @throws ApiFailure InvalidGroupId.Malformed, InvalidGroup.NotFound */
export function securityGroupsById(region: Region, ids: readonly string[]): SecurityGroup[] {
  const malformed = ids.find((id) => !/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed !== undefined) throw new ApiFailure('InvalidGroupId.Malformed', `Invalid id: "${malformed}"`);
  return find(networkIn(region).securityGroups, ids, { prefix: 'sg', code: 'InvalidGroup', noun: 'security group' });
}

export function describeSecurityGroups(
  input: DescribeSecurityGroupsRequest,
  { cloud, region }: Context,
): DescribeSecurityGroupsResult {
  const { GroupIds = [], GroupNames = [] } = input;
  const all = [...networkIn(region).securityGroups.values()];
  const inDefault = all.filter(({ vpcId }) => vpcId === defaultVpcId(region.name));
  const unknown = GroupNames.find((name) => !inDefault.some((group) => group.name === name));
  if (unknown !== undefined)
    throw new ApiFailure('InvalidGroup.NotFound', `The security group '${unknown}' does not exist in default VPC`);
  const named = [...securityGroupsById(region, GroupIds), ...inDefault.filter(({ name }) => GroupNames.includes(name))];
  const chosen = GroupIds.length + GroupNames.length > 0 ? [...new Set(named)] : all;
  const found = applyFilters(chosen, input.Filters, GROUP_FILTERS.values, GROUP_FILTERS.known);
  const { items, NextToken } = networkPage(found, input, GroupIds);
  stopAtDryRun(input);
  return { SecurityGroups: items.map((group) => groupShape(cloud.accountId, region, group)), NextToken };
}

/** A group that isn't there has no rules: the filter finds nothing, as any filter. */
export function describeSecurityGroupRules(
  input: DescribeSecurityGroupRulesRequest,
  { cloud, region }: Context,
): DescribeSecurityGroupRulesResult {
  const groups = [...networkIn(region).securityGroups.values()];
  const all = groups.flatMap((group) => group.rules.map((rule) => ({ ...rule, groupId: group.id, group, rule })));
  const ids = input.SecurityGroupRuleIds ?? [];
  const byId = new Map(all.map((entry) => [entry.id, entry]));
  const named = find(byId, ids, { prefix: 'sgr', code: 'InvalidSecurityGroupRuleId', noun: 'security group rule' });
  const chosen = ids.length > 0 ? named : all;
  const found = applyFilters(chosen, input.Filters, RULE_FILTERS.values, RULE_FILTERS.known);
  const { items, NextToken } = networkPage(found, input, ids);
  stopAtDryRun(input);
  return { SecurityGroupRules: items.map(({ group, rule }) => ruleShape(cloud.accountId, group, rule)), NextToken };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
export function createSecurityGroup(
  input: CreateSecurityGroupRequest,
  { cloud, region }: Context,
): CreateSecurityGroupResult {
  const name = requireMember(input.GroupName, 'groupName');
  const description = requireMember(input.Description, 'groupDescription');
  const vpcId = input.VpcId ?? defaultVpcId(region.name);
  vpcsById(region, [vpcId]);
  for (const text of [name, description]) {
    if (/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(text)) continue;
    throw new ApiFailure('InvalidParameterValue', `Value (${text}) for parameter GroupName is invalid.`);
  }
  if (name === 'default')
    throw new ApiFailure('InvalidParameterValue', `Cannot use reserved security group name: ${name}`);
  if (/^sg-/.test(name))
    throw new ApiFailure(
      'InvalidParameterValue',
      `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
    );
  const groups = [...networkIn(region).securityGroups.values()];
  if (groups.some((group) => group.vpcId === vpcId && group.name === name))
    throw new ApiFailure('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`);
  stopAtDryRun(input);
  const id = ec2Id('sg');
  const tags = tagMap(tagsFor(input.TagSpecifications, 'security-group'));
  networkIn(region).securityGroups.set(id, { id, name, description, vpcId, rules: [openEgress()], tags });
  const SecurityGroupArn = `arn:aws:ec2:${region.name}:${cloud.accountId}:security-group/${id}`;
  return { GroupId: id, SecurityGroupArn, Tags: tagShapes(tags) };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html */
export function deleteSecurityGroup(input: DeleteSecurityGroupRequest, { region }: Context): DeleteSecurityGroupResult {
  const { securityGroups } = networkIn(region);
  const byName = [...securityGroups.values()].find(
    ({ name, vpcId }) => name === input.GroupName && vpcId === defaultVpcId(region.name),
  );
  const [group] = securityGroupsById(region, [requireMember(input.GroupId ?? byName?.id, 'groupId')]);
  if (!group) return { Return: false };
  if (group.name === 'default')
    throw new ApiFailure(
      'CannotDelete',
      `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
    );
  const used = interfacesOf(region).some(({ groupIds }) => groupIds.includes(group.id));
  const named = [...securityGroups.values()].some(
    (other) =>
      other.id !== group.id && other.rules.some(({ source }) => source.kind === 'group' && source.value === group.id),
  );
  if (used || named) throw new ApiFailure('DependencyViolation', `resource ${group.id} has a dependent object`);
  stopAtDryRun(input);
  securityGroups.delete(group.id);
  return { Return: true, GroupId: group.id };
}
