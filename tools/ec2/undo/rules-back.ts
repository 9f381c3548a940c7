import type { KitCall } from '../../../src/kernel/kit.ts';
import type { Lost } from '../../../src/kernel/undo.ts';
import type { Readers } from '../../define.ts';
import type { RuleForm, SecurityGroupRule } from '../../ports/ec2-network.ts';
import { isMasked } from '../../ports/masks.ts';
import { every } from '../../ports/pages.ts';
import { sourceText, trafficText } from '../network/ingress-rule.ts';
import { IngressRules } from '../network/ingress-rule-input.ts';
import { counted } from '../network/target.ts';
import { MADE } from './way-back.ts';

/** The most rules of one call. */
const AT_ONCE = 20;

/** Rules that go, as far as a call adds them again, and what of them doesn't come back. */
export interface RulesBack {
  readonly again: readonly RuleForm[];
  readonly lost: readonly Lost[];
}

/**
 * What of these inbound rules can be asked for again. A rule that no call takes as it is doesn't come back at all:
 * nearly the same rule may let in others.
 * @param resource the group's ARN
 */
export async function rulesBack(
  resource: string,
  gone: readonly SecurityGroupRule[],
  readers: Readers,
): Promise<RulesBack> {
  if (gone.length === 0) return { again: [], lost: [] };
  const there = await sourcesThere(gone, readers);
  const again: RuleForm[] = [];
  const lines: string[] = [];
  for (const { form, source_owner_id, tags } of gone) {
    const name = `${trafficText(form)} from ${sourceText(form)}`;
    const { description, ...bare } = form;
    const taken = (rule: RuleForm) => IngressRules.safeParse([rule]).success;
    const foreign = source_owner_id !== undefined && source_owner_id !== readers.caller.account;
    const { source_group_id: source } = form;
    const why = foreign
      ? `its source is of account ${source_owner_id}`
      : source !== undefined && !there.has(source)
        ? 'its source is not there any more'
        : taken(bare)
          ? undefined
          : 'no call takes it as it is';
    if (why !== undefined) {
      lines.push(`the rule for ${name}: ${why}`);
      continue;
    }
    const told = description === undefined || (!isMasked(description) && taken(form));
    again.push(told ? form : bare);
    if (!told) lines.push(`the description of the rule for ${name}: no call takes it`);
    const keys = Object.keys(tags).sort();
    if (keys.length > 0) lines.push(`${counted('tag', keys)} of the rule for ${name}`);
  }
  if (again.length > 0) lines.unshift('the ids of its rules: those that come back have new ones');
  return { again, lost: lines.map((why) => ({ resource, type: 'AWS::EC2::SecurityGroup', why })) };
}

const ADD = 'ec2_authorize_security_group_ingress';

/** The calls that add them. */
export function addAgain(group_id: string, rules: readonly RuleForm[]): readonly KitCall[] {
  return inCalls(rules).map((some) => ({ tool: ADD, arguments: { group_id, rules: some } }));
}

/** The calls that add them to the group that a part makes; those that let in the old group let in the new one. */
export function addToMade(part: number, old: string, rules: readonly RuleForm[]): readonly KitCall[] {
  return inCalls(rules).map((some) => {
    const own = some.flatMap(({ source_group_id }, at) => (source_group_id === old ? [at] : []));
    const places = [['group_id'], ...own.map((at) => ['rules', at, 'source_group_id'])];
    return {
      tool: ADD,
      arguments: {
        rules: some.map(({ source_group_id: of, ...rule }) =>
          of === undefined || of === old ? rule : { ...rule, source_group_id: of },
        ),
      },
      made: places.map((at) => ({ at, part, ...MADE.group })),
    };
  });
}

/** As many as one call takes. */
function inCalls(rules: readonly RuleForm[]): readonly RuleForm[][] {
  return Array.from({ length: Math.ceil(rules.length / AT_ONCE) }, (_, at) =>
    rules.slice(at * AT_ONCE, (at + 1) * AT_ONCE).map((rule) => ({ ...rule })),
  );
}

/** A rule may outlive the group that it names, where that is of a peer. */
async function sourcesThere(gone: readonly SecurityGroupRule[], { ec2 }: Readers): Promise<ReadonlySet<string>> {
  const named = [...new Set(gone.flatMap(({ form }) => form.source_group_id ?? []))].sort();
  if (named.length === 0) return new Set();
  const filters = [{ name: 'group-id', values: named }];
  const found = await every('DescribeSecurityGroups', (cursor) =>
    ec2.securityGroups({ filters, limit: 1_000, ...(cursor === undefined ? {} : { cursor }) }),
  );
  return new Set(found.map(({ group_id }) => group_id));
}
