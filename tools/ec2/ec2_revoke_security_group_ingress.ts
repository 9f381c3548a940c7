import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { type Caller, defineChangeTool } from '../define.ts';
import { Reason, Region, SecurityGroupId } from '../fields.ts';
import type { RuleForm, SecurityGroupRule } from '../ports/ec2-network.ts';
import { notFound } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import {
  type ExaminedGroup,
  examineGroup,
  groupGuard,
  groupTargets,
  membersText,
  StoredRules,
  sourceMembers,
} from './network/examined-group.ts';
import { covers, identityOf, sourceText, trafficText } from './network/ingress-rule.ts';
import { IngressRules, RuleIds, ruleForm } from './network/ingress-rule-input.ts';
import { observeRules } from './network/observe-rules.ts';
import { calledBy, ec2Arn, quoted, stackNote, typeOf } from './network/target.ts';
import { anyOf } from './permits.ts';
import { addAgain, rulesBack } from './undo/rules-back.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_revoke_security_group_ingress',
  title: 'Remove ingress rules',
  description:
    'Remove inbound rules from a security group, by rule id or by what they say. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:RevokeSecurityGroupIngress',
  reads: [
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSecurityGroupRules',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeInstances',
  ],
  effects: ['disrupt'],
  refusals: {
    not_found: 'the group does not exist, or has no such inbound rule',
    invalid_input: 'neither rule ids nor rules are given, or both',
  },
  input: z.strictObject({
    group_id: SecurityGroupId,
    security_group_rule_ids: RuleIds.optional(),
    rules: IngressRules.optional().describe('Instead of ids'),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { group_id: 'shown', security_group_rule_ids: 'shown', rules: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({
    group_id: z.string(),
    security_group_rule_ids: z.array(z.string()).exactOptional(),
    rules: StoredRules.exactOptional(),
  }),
  guard: z.looseObject({ revoked: z.array(z.string()), again: StoredRules }),
  record: ({ group_id, security_group_rule_ids, rules }) => ({
    group_id,
    ...(security_group_rule_ids ? { security_group_rule_ids: [...security_group_rule_ids].sort() } : {}),
    ...(rules ? { rules: rules.map(ruleForm) } : {}),
  }),

  async plan({ group_id, security_group_rule_ids, rules }, readers) {
    if ((security_group_rule_ids === undefined) === (rules === undefined)) {
      const how = 'give either security_group_rule_ids or rules; see ec2_describe_security_groups';
      const what = rules ? 'rule ids and rules are both given' : 'it is not said which rules are to go';
      throw new HoldshortError('invalid_input', what, how);
    }
    let gone: readonly SecurityGroupRule[] = [];
    const examined = await examineGroup(group_id, readers, (ingress) => {
      gone = security_group_rule_ids
        ? security_group_rule_ids.map((id) => byId(id, group_id, ingress))
        : (rules ?? []).map((rule) => byForm(rule, group_id, ingress));
      return gone.flatMap(({ form }) => form.source_group_id ?? []);
    });
    const ids = gone.map(({ security_group_rule_id }) => security_group_rule_id);
    const left = examined.ingress.length - gone.length;
    const impact = gone.map((rule) => lineOf(rule, ids, left, examined, readers.caller));
    const { again, lost } = await rulesBack(ec2Arn(group_id, readers.caller), gone, readers);
    return {
      summary: `close ${gone.length} of the ${examined.ingress.length} inbound rules of security group ${calledBy(group_id, examined.group.group_name)}`,
      targets: groupTargets(examined, readers),
      impact,
      ...undoOf(impact, { calls: addAgain(group_id, again), lost }),
      guard: { ...groupGuard(examined), revoked: ids, again },
    };
  },

  async keep({ arguments: { group_id }, guard }, { ec2 }) {
    return { calls: addAgain(group_id, guard.again), as_it_was: await ec2.rules(group_id) };
  },

  permits(plan) {
    const place = placeOf(plan);
    const resources = [ec2Arn(plan.arguments.group_id, place), anyOf('security-group-rule', place)];
    return { permissions: [{ actions: ['ec2:RevokeSecurityGroupIngress'], resources }] };
  },

  // By id, whatever the call said: in a default VPC AWS says yes to a rule that isn't there.
  async execute({ arguments: { group_id }, guard }, { ec2 }) {
    await ec2.revokeSecurityGroupIngress({
      group_id,
      security_group_rule_ids: guard.revoked,
    });
  },

  observe: (plan, readers) =>
    observeRules(plan.arguments.group_id, readers, 'gone', (now) => {
      const there = new Set(now.map(({ security_group_rule_id }) => security_group_rule_id));
      return plan.guard.revoked.map((rule) => ({ rule, done: !there.has(rule) }));
    }),
});

function byId(id: string, groupId: string, ingress: readonly SecurityGroupRule[]): SecurityGroupRule {
  const found = ingress.find(({ security_group_rule_id }) => security_group_rule_id === id);
  if (found) return found;
  throw missing(`${groupId} has no inbound rule ${id}`);
}

function byForm(rule: RuleForm, groupId: string, ingress: readonly SecurityGroupRule[]): SecurityGroupRule {
  const found = ingress.find(({ form }) => identityOf(form) === identityOf(rule));
  if (found) return found;
  throw missing(`${groupId} has no inbound rule for ${trafficText(rule)} from ${sourceText(rule)}`);
}

function missing(what: string): HoldshortError {
  return notFound(what, 'look at its rules with ec2_describe_security_groups');
}

function lineOf(
  { security_group_rule_id, source_owner_id, form }: SecurityGroupRule,
  revoked: readonly string[],
  left: number,
  examined: ExaminedGroup,
  caller: Caller,
): Impact {
  const { group, ingress } = examined;
  const other = ingress.find((rule) => !revoked.includes(rule.security_group_rule_id) && covers(rule.form, form));
  const kept = other ? `; ${other.security_group_rule_id} still lets that in` : '';
  const foreign = source_owner_id === caller.account ? undefined : source_owner_id;
  const last = left === 0 ? '; no inbound rule is left: by this group nothing gets in any more' : '';
  const note = form.description === undefined ? '' : `; described as ${quoted(form.description)}`;
  return {
    resource: ec2Arn(group.group_id, caller),
    type: typeOf(group.group_id),
    effect: 'disrupt',
    detail: `ends ${trafficText(form)} from ${sourceText(form)}${sourceMembers(form, examined, foreign)} ${membersText(examined)} (${security_group_rule_id})${kept}${last}${stackNote(group.tags)}${note}`,
    recoverable: true,
  };
}
