import type { Json } from '../../../../../src/kernel/digest.ts';
import { operationRules } from '../../../knowledge/apigateway/definition.ts';
import { isServiceLinkedRole } from '../../../knowledge/identity/service-linked.ts';
import type { Rule, Rules } from '../../../knowledge/language.ts';
import { codeIn } from './code-origins.ts';
import { isAddress, looksIn, type Named, namesIn, type Own } from './named-things.ts';
import { operationsAt } from './open-api.ts';
import { entriesIn, linesIn, membersIn } from './reading.ts';
import { entryRules } from './structures.ts';

/** What a value names that isn't the template's own, and that it acts on, acts as, reads or runs code from. */
export interface ReachedValue {
  /** Absent where it can't be read. */
  readonly name?: string;
  readonly steps: readonly string[];
  readonly how: 'acts on' | 'acts as' | 'reads' | 'runs code from';
}

/**
 * All that a value reaches by its rules, whatever changes in it. Where nobody wrote down what a value does, all that
 * looks like the name of a thing counts.
 */
export function reachedIn(
  rules: Rules | undefined,
  value: Json | undefined,
  steps: readonly string[],
  own: Own,
): readonly ReachedValue[] {
  if (value === undefined || value === null) return [];
  if (rules === undefined) return foreign(looksIn(value, steps, own), 'acts on');
  return [rules].flat().flatMap((rule) => byRule(rule as Rule, value, steps, own));
}

/**
 * Last names of what no code runs as: a group whose members are let in, what it signs in elsewhere with, a role that
 * pulls its image, and code itself. Any other name counts.
 */
const NO_IDENTITY =
  /(SecurityGroups?(Ids)?|(Secret|SecretManager|Connection|Provider|Function)(Arn|ARN)|ConnectionName)$|^(AccessRoleArn|GroupSet|Groups|URI|Credential|CredentialsParameter|Connections)$/;

/** Of all that a value names: as whom it acts, or its code runs. A service's own role AWS alone can write to. */
export function identitiesIn(
  rules: Rules | undefined,
  value: Json | undefined,
  steps: readonly string[],
  own: Own,
): readonly ReachedValue[] {
  return reachedIn(rules, value, steps, own).filter(
    (one) =>
      one.how === 'acts as' &&
      !isServiceLinkedRole(one.name ?? '') &&
      !NO_IDENTITY.test(one.steps.findLast((step) => !/^\d+$/.test(step)) ?? ''),
  );
}

function byRule(rule: Rule, value: Json, steps: readonly string[], own: Own): readonly ReachedValue[] {
  if (rule === 'acts' || rule === 'takes' || rule === 'notifies') return foreign(namesIn(value, steps, own), 'acts on');
  if (rule === 'tells') return foreign(namesIn(value, steps, own), 'acts on').filter(({ name }) => !isAddress(name));
  if (rule === 'acts-as') return foreign(namesIn(value, steps, own), 'acts as');
  if (rule === 'reads') return foreign(namesIn(value, steps, own), 'reads');
  if (rule === 'code' || rule === 'serves' || rule === 'guards')
    return foreign(codeIn(value, steps, own), 'runs code from');
  if (rule === 'openapi')
    return [
      ...foreign(looksIn(value, steps, own), 'acts on'),
      ...operationsAt(value).flatMap((one) =>
        reachedIn(operationRules(true, true), one.value, [...steps, ...one.steps], own),
      ),
    ];
  if (rule === 'may-act') return foreign(looksIn(value, steps, own), 'acts on');
  if (typeof rule !== 'object') return [];
  if ('standing' in rule) return reachedIn(rule.standing, value, steps, own);
  if ('given' in rule) return [rule.is, rule.otherwise].flatMap((rules) => reachedIn(rules, value, steps, own));
  if ('among' in rule || 'unless_changed' in rule) return reachedIn(rule.otherwise, value, steps, own);
  if ('lasting' in rule) return reachedIn(rule.lasting, value, steps, own);
  if ('stated' in rule) return reachedIn(rule.stated, value, steps, own);
  if ('shared' in rule)
    return typeof value === 'string' && rule.shared.includes(value) ? [] : reachedIn(rule.other, value, steps, own);
  if ('acting' in rule) return reachedIn(rule.acting, value, steps, own);
  if ('lines' in rule) return reachedIn(rule.lines, linesIn(undefined, value)[1], steps, own);
  if ('unordered' in rule) return reachedIn(rule.unordered, value, steps, own);
  if ('members' in rule) return inMembers(rule, value, steps, own);
  if ('each' in rule)
    return (entriesIn(value) ?? [value]).flatMap((entry, at) =>
      reachedIn(entryRules(rule, entry), entry, Array.isArray(value) ? [...steps, String(at)] : steps, own),
    );
  if ('keys' in rule)
    return Object.entries(membersIn(value) ?? { '*': value }).flatMap(([key, inner]) =>
      reachedIn(rule.keys, inner, [...steps, key], own),
    );
  return [];
}

/** Of what should be a document and can't be read as one, each member may be it. */
function inMembers(
  { members, others }: Extract<Rule, { readonly members: unknown }>,
  value: Json,
  steps: readonly string[],
  own: Own,
): readonly ReachedValue[] {
  const read = membersIn(value);
  if (!read)
    return [...Object.values(members), ...(others ? [others] : [])].flatMap((rules) =>
      reachedIn(rules, value, steps, own),
    );
  return Object.entries(read).flatMap(([key, inner]) =>
    reachedIn(Object.hasOwn(members, key) ? members[key] : others, inner, [...steps, key], own),
  );
}

function foreign(found: readonly Named[], how: ReachedValue['how']): readonly ReachedValue[] {
  return found.flatMap(({ isOwn, ...one }) => (isOwn ? [] : [{ ...one, how }]));
}
