import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { expect, test } from 'vitest';
import { EFFECTS, type Effect } from '../../src/kernel/effects.ts';
import { KNOWLEDGE } from '../../tools/cloudformation/knowledge/all.ts';
import { added, effectOf, modified } from '../tools/resource-change.ts';

/*
 * Nothing that nobody judged is milder than `unjudged`: every type and every top-level property that AWS publishes,
 * changed in place and new. A property of a newer specification without a rule fails nothing, and is unjudged.
 */

const TYPES = loadAwsServiceSpecSync()
  .all('resource')
  .map(({ cloudFormationType, properties }) => [cloudFormationType, Object.keys(properties)] as const);

const isMild = (effect: string) => EFFECTS.indexOf(effect as Effect) < EFFECTS.indexOf('unjudged');

test('a property without a rule is no milder than unjudged, changed in place and in a new resource', () => {
  expect(TYPES.length).toBeGreaterThan(1_500);
  const mild = TYPES.flatMap(([type, properties]) =>
    properties
      .filter((name) => !Object.hasOwn(KNOWLEDGE.get(type)?.properties ?? {}, name))
      .filter(
        (name) =>
          isMild(effectOf(modified(type, { [name]: 1 }, { [name]: 2 }))) ||
          isMild(effectOf(added(type, { [name]: 1 }))),
      )
      .map((name) => `${type} ${name}`),
  );
  expect(mild).toEqual([]);
});

test('so is a new resource of a type without a row', () => {
  const without = TYPES.filter(([type]) => !KNOWLEDGE.has(type)).map(([type]) => type);
  for (const properties of [{}, { Any: 1 }])
    expect(without.filter((type) => isMild(effectOf(added(type, properties))))).toEqual([]);
});

test('a property that no specification has is unjudged in each row', () => {
  const mild = [...KNOWLEDGE.keys()].filter((type) => isMild(effectOf(modified(type, { Future: 1 }, { Future: 2 }))));
  expect(mild).toEqual([]);
});
