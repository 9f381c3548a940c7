import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BREAK_GLASS_MS, glassOf, isGlassInOrder, NO_GLASS } from '../../src/kernel/break-glass.ts';
import { clear, countDecisions } from '../../src/kernel/decisions.ts';
import { reviewerOf } from '../../src/kernel/glass-review.ts';
import { ASSURANCES } from '../../src/kernel/requirement.ts';
import { signStatement } from '../../src/kernel/statement.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { ACTIONS, change } from '../policy/actions.ts';
import { decision, enroll, enrolled, logged, NOW, person, workingFor } from '../scenes/people.ts';

const policy = await loadPolicy({
  source: 'test',
  actions: ACTIONS,
  text: `permit (principal, action, resource) when { context.approvals.without_operator.key >= 2 };
permit (principal, action, resource) when { context.break_glass.key.contains("alice") };`,
});
const question = change('production', ['delete']);
const plan = {
  operators: workingFor('bob'),
  requirement: { approvals: 2, assurance: 'key' as const, operator_may_approve: false },
};

const people = ['alice', 'bob', 'carol', 'dave'].map(person);
const [alice] = people;
const registry = enrolled(
  people.map((one) => enroll(one, alice!)),
  alice!,
);
const about = { ticket: 'tkt_00000000000000000000', digest: 'a'.repeat(64) };
const soon = new Date(Date.parse(NOW) + BREAK_GLASS_MS).toISOString();
const approvals = people.flatMap((one) => [
  decision(one, about),
  decision(one, about, { break_glass: true, reason: 'down', expires_at: soon }),
]);
const cleared = (chosen: readonly number[]) => {
  const counted = countDecisions(
    logged(
      chosen.flatMap((index) => approvals[index] ?? []),
      10,
    ),
    { ...about, opened: 9, registry, now: NOW, logins: undefined },
  );
  return clear(counted, plan, (tally, glass) => policy.permits(question, tally, glass));
};
const some = fc.uniqueArray(fc.nat(approvals.length - 1));

test('one more approval, broken glass or not, never turns a yes into a no', () => {
  fc.assert(
    fc.property(some, fc.nat(approvals.length - 1), (chosen, extra) => {
      fc.pre(cleared(chosen).cleared);
      return cleared([...chosen, extra]).cleared;
    }),
  );
});

test('what two others clear is not called broken glass, and only whom policy names clears it alone', () => {
  fc.assert(
    fc.property(some, (chosen) => {
      const who = new Set(chosen.map((index) => Math.floor(index / 2)));
      const others = [...who].filter((index) => index !== 1).length;
      const result = cleared(chosen);
      expect(result.cleared).toBe(others >= 2 || chosen.includes(1));
      if (result.cleared) expect(result.broken_by.includes('alice')).toBe(others < 2);
    }),
  );
});

test('a requirement never rests on it', () => {
  expect(policy.requirement(question)).toMatchObject({ approvals: 2, assurance: 'key' });
});

test('each set has its level and the ones above', () => {
  const broken = ASSURANCES.map((assurance) => ({ person: assurance, assurance }));
  expect(glassOf(broken)).toEqual({
    client: ['client', 'hardware', 'key', 'presence'],
    key: ['hardware', 'key', 'presence'],
    presence: ['hardware', 'presence'],
    hardware: ['hardware'],
  });
});

test('whoever reviews it must prove a person as well as whoever broke it did', () => {
  const [, bob, carol] = people;
  const broken = (assurance: 'key' | 'presence') =>
    [{ ...JSON.parse(approvals[1]!.statement), assurance }] as Parameters<typeof reviewerOf>[0];
  const statement = {
    kind: 'review',
    ...about,
    nonce: 'f'.repeat(32),
    signed_at: NOW,
    key: carol!.id,
    by: 'carol',
  } as const;
  const review = logged([signStatement(statement, carol!.privateKey)], 11);
  const denial = logged([decision(bob!, about, { decision: 'deny', reason: 'no' })], 10);
  const seen = { ...about, registry };
  expect(reviewerOf(broken('key'), [], review, seen)).toBe('carol');
  expect(reviewerOf(broken('key'), denial, [], seen)).toBe('bob');
  expect(reviewerOf(broken('presence'), denial, review, seen)).toBeUndefined();
});

test('nobody has broken it where nobody did', () => {
  expect(NO_GLASS).toEqual({ client: [], key: [], presence: [], hardware: [] });
});

test('it is in order as an approval, with a reason, for 15 minutes at most, and not from a time to come', () => {
  const later = (ms: number, from = NOW) => new Date(Date.parse(from) + ms).toISOString();
  const order = (more: Partial<Parameters<typeof isGlassInOrder>[0]>, now = NOW) => {
    const made = { break_glass: true, reason: 'down', expires_at: soon, ...more } as const;
    return isGlassInOrder({ ...JSON.parse(decision(alice!, about, made).statement), ...more }, now);
  };
  expect(order({})).toBe(true);
  for (const decision of ['deny', 'withdraw'] as const) expect(order({ decision })).toBe(false);
  for (const reason of [undefined, '', ' \n\t']) expect(order({ reason })).toBe(false);
  expect(order({ expires_at: later(BREAK_GLASS_MS + 1) })).toBe(false);
  expect(order({ expires_at: later(BREAK_GLASS_MS) })).toBe(true);
  // A minute is how far two clocks may be apart.
  const ahead = (ms: number) => order({ signed_at: later(ms), expires_at: later(ms + 1000) });
  expect([ahead(60_000), ahead(60_001)]).toEqual([true, false]);
  expect(order({}, later(-60_001))).toBe(false);
});
