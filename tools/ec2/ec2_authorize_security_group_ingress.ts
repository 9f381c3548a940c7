import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { KitCall } from '../../src/kernel/kit.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { defineChangeTool, type Readers } from '../define.ts';
import { Reason, Region, SecurityGroupId } from '../fields.ts';
import type { RuleForm } from '../ports/ec2-network.ts';
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
import { ingressEffect, type Surroundings, widthOf } from './network/ingress-effect.ts';
import { covers, identityOf, sourceText, trafficText } from './network/ingress-rule.ts';
import { IngressRules, ruleForm } from './network/ingress-rule-input.ts';
import { observeRules } from './network/observe-rules.ts';
import { calledBy, ec2Arn, quoted, stackNote, typeOf } from './network/target.ts';
import { anyOf } from './permits.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_authorize_security_group_ingress',
  title: 'Add ingress rules',
  description:
    'Add inbound rules to a security group: which traffic, from one source each. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:AuthorizeSecurityGroupIngress',
  reads: [
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSecurityGroupRules',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeInstances',
    'ec2:DescribeVpcs',
  ],
  effects: ['expose', 'modify'],
  refusals: {
    not_found: 'the group, or a group named as a source, does not exist',
    no_changes: 'the group has one of the rules already',
  },
  input: z.strictObject({
    group_id: SecurityGroupId,
    rules: IngressRules,
    region: Region.optional(),
    reason: Reason,
  }),
  log: { group_id: 'shown', rules: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ group_id: z.string(), rules: StoredRules }),
  record: ({ group_id, rules }) => ({ group_id, rules: rules.map(ruleForm) }),

  async plan({ group_id, rules }, readers) {
    const named = [...new Set(rules.flatMap(({ source_group_id }) => source_group_id ?? []))].sort();
    const examined = await examineGroup(group_id, readers, () => named);
    refuseKnown(rules, examined);
    const around = await surroundings(examined, named, readers);
    const widest = rules.toSorted((a, b) => widthOf(b) - widthOf(a));
    const impact = widest.map((rule) => lineOf(rule, examined, around, readers));
    return {
      summary: `let in ${widest.map(trafficText).slice(0, 3).join(', ')}${rules.length > 3 ? ` and ${rules.length - 3} more` : ''} by security group ${calledBy(group_id, examined.group.group_name)}`,
      targets: groupTargets(examined, readers),
      impact,
      ...undoOf(impact, { calls: closeAgain(group_id, rules), lost: [] }),
      guard: { ...groupGuard(examined), ...guardOf(around) },
    };
  },

  async keep({ arguments: { group_id, rules } }, { ec2 }) {
    return { calls: closeAgain(group_id, rules), as_it_was: await ec2.rules(group_id) };
  },

  permits(plan) {
    const place = placeOf(plan);
    const resources = [ec2Arn(plan.arguments.group_id, place), anyOf('security-group-rule', place)];
    return { permissions: [{ actions: ['ec2:AuthorizeSecurityGroupIngress'], resources }] };
  },

  async execute({ arguments: { group_id, rules } }, { ec2 }) {
    await ec2.authorizeSecurityGroupIngress({ group_id, rules });
  },

  observe: (plan, readers) =>
    observeRules(plan.arguments.group_id, readers, 'there', (now) => {
      const identities = new Set(now.map(({ form }) => identityOf(form)));
      return plan.arguments.rules.map((rule) => ({
        rule: `${trafficText(rule)} from ${sourceText(rule)}`,
        done: identities.has(identityOf(rule)),
      }));
    }),
});

/** Which rules they are, their descriptions don't tell. */
function closeAgain(group_id: string, rules: readonly RuleForm[]): readonly KitCall[] {
  const named = rules.map(({ description: _description, ...rule }) => rule);
  return [{ tool: 'ec2_revoke_security_group_ingress', arguments: { group_id, rules: named } }];
}

/** AWS refuses the whole request when it has one of the rules (InvalidPermission.Duplicate). */
function refuseKnown(rules: readonly RuleForm[], { group, ingress }: ExaminedGroup): void {
  for (const rule of rules) {
    const known = ingress.find(({ form }) => identityOf(form) === identityOf(rule));
    if (!known) continue;
    throw new HoldshortError(
      'no_changes',
      `${group.group_id} lets in ${trafficText(rule)} from ${sourceText(rule)} already (${known.security_group_rule_id})`,
      'leave that rule out; without others, go on without this call',
    );
  }
}

async function surroundings(
  { group: { vpc_id } }: ExaminedGroup,
  named: readonly string[],
  { ec2 }: Readers,
): Promise<Surroundings> {
  const [vpc] = vpc_id === '' ? [] : await ec2.vpcsById([vpc_id]);
  const sources = await ec2.securityGroupsById(named);
  return {
    vpc_id,
    vpc_cidrs: [...(vpc?.cidr_blocks ?? [])].sort(),
    source_vpcs: new Map(sources.map((source) => [source.group_id, source.vpc_id])),
  };
}

function guardOf({ vpc_cidrs, source_vpcs }: Surroundings) {
  return { vpc_cidr_blocks: vpc_cidrs, source_groups: [...source_vpcs].map(([id, vpc]) => `${id} in ${vpc}`) };
}

function lineOf(rule: RuleForm, examined: ExaminedGroup, around: Surroundings, { caller }: Readers): Impact {
  const { group, ingress } = examined;
  const wider = ingress.find(({ form }) => covers(form, rule));
  // Never milder for that: the wider rule may go, and this one stays.
  const covered = wider ? `; at present ${wider.security_group_rule_id} lets that in already` : '';
  const note = rule.description === undefined ? '' : `; described as ${quoted(rule.description)}`;
  return {
    resource: ec2Arn(group.group_id, caller),
    type: typeOf(group.group_id),
    effect: ingressEffect(rule, around),
    detail: `lets in ${trafficText(rule)} from ${sourceText(rule)}${sourceMembers(rule, examined, undefined)} ${membersText(examined)}${covered}${stackNote(group.tags)}${note}`,
    recoverable: true,
  };
}
