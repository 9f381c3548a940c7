import { expect, test } from 'vitest';
import { EFFECTS, type Effect, worse } from '../../src/kernel/effects.ts';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { KNOWLEDGE } from '../../tools/cloudformation/knowledge/all.ts';
import type { Rules } from '../../tools/cloudformation/knowledge/language.ts';
import { added, modified, sight } from '../tools/resource-change.ts';
import { constantOf, isAlwaysWorse, isCalm, type Pair, pairsOf } from './pairs.ts';

/*
 * Every rule of every row, by changes made from it: that the engine says what the row says, wherever the rule stands,
 * and that no row is without a change that it calls worse and one that it doesn't. Whether the rows are true, the cases
 * in test/effects tell.
 */

/** What these do isn't in a change set: every change of theirs is `unknown`, whatever the row says. */
const OPAQUE =
  /^AWS::CloudFormation::(CustomResource|LambdaHook|Macro|Stack|StackSet|WaitCondition)$|^AWS::SSM::(Association|MaintenanceWindowTask)$/;

/** Judged together with all else that the resource says; by cases in test/effects and test/tools/network-rules. */
const TOGETHER = 'network';

/** What every `acts-as` may be. */
const ROLE = 'AWS::IAM::Role';

const ROWS = [...KNOWLEDGE].flatMap(([type, { properties }]) =>
  Object.entries(properties).map(([name, rules]) => ({ type, name, rules })),
);

const rank = (effect: Effect) => EFFECTS.indexOf(effect);
const isBetween = (effect: Effect, least: Effect, most: Effect) =>
  rank(effect) >= rank(least) && rank(effect) <= rank(most);

function verdictOn(type: string, name: string, { before, after, isNew, own, updates, stands }: Pair): Effect {
  const properties = (value: unknown) => (value === undefined ? {} : { [name]: value });
  const listed = [{ attribute: 'Properties', name, requires_recreation: 'Never' } as const];
  const change = isNew
    ? added(type, properties(after))
    : modified(type, properties(before), properties(after), { properties: listed });
  const policies = {
    ...{ type, ...(updates === undefined ? {} : { update_policy: { [updates]: true } }) },
    own_values: new Map(own === undefined ? [] : [[`/${name}${own}`, ['Mine']]]),
  };
  const more = own === undefined || stands ? {} : { added: new Set(['Mine']), resources: { Mine: { type: ROLE } } };
  return impactOf(change, sight(policies, policies, more)).effect;
}

/** What the pair allows, from the mildest to the worst. */
function allowed(type: string, pair: Pair): readonly [Effect, Effect] {
  if (OPAQUE.test(type)) return ['unknown', 'unknown'];
  if (pair.isNew) return ['create', impactOf(added(type), sight()).effect];
  return isCalm(pair) ? ['modify', 'modify'] : [pair.says, 'delete'];
}

/** What a property says of any change; undefined where that depends on the values. */
function constantOfAll(rules: Rules): Effect | undefined {
  const found = [rules].flat().map((rule) => constantOf(rule));
  return found.every((one) => one !== undefined) ? found.reduce(worse) : undefined;
}

test('a change made from a rule is judged as the rule says, at any depth', () => {
  let count = 0;
  const wrong = ROWS.flatMap(({ type, name, rules }) =>
    pairsOf(rules).flatMap((pair) => {
      count += 1;
      const verdict = verdictOn(type, name, pair);
      if (isBetween(verdict, ...allowed(type, pair))) return [];
      return [`${type} ${name} from ${JSON.stringify(pair.before)} to ${JSON.stringify(pair.after)}: ${verdict}`];
    }),
  );
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(15_000);
});

test('a property whose verdict is the same whatever the value has exactly that', () => {
  const constant = ROWS.filter(({ type, rules }) => !OPAQUE.test(type) && constantOfAll(rules) !== undefined);
  const wrong = constant.filter(({ type, name, rules }) => {
    const changes = [
      ['a', 'b'],
      [undefined, 1],
      [{ Any: true }, undefined],
    ] as const;
    const says = constantOfAll(rules);
    return changes.some(([before, after]) => verdictOn(type, name, { before, after, says: 'modify' }) !== says);
  });
  expect(wrong.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
  expect(constant.length).toBeGreaterThan(2_500);
});

test('no property with a condition is without a change on each side of it', () => {
  const without = ROWS.filter(({ rules }) => {
    const pairs = pairsOf(rules);
    const isOneSided = isAlwaysWorse(rules) || !pairs.some((pair) => !isCalm(pair));
    return (
      constantOfAll(rules) === undefined &&
      rules !== TOGETHER &&
      (pairs.length === 0 || !(isOneSided || pairs.some(isCalm)))
    );
  });
  expect(without.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
});
