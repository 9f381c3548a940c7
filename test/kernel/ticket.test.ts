import fc from 'fast-check';
import { expect, test } from 'vitest';
import { registryOf } from '../../src/kernel/approvers.ts';
import { type Clearance, clear, countDecisions } from '../../src/kernel/decisions.ts';
import { isMet, leastTally, NO_APPROVALS, REQUIREMENTS, tally } from '../../src/kernel/requirement.ts';
import type { Signed } from '../../src/kernel/statement.ts';
import {
  type Command,
  decide,
  isTerminal,
  mayFollow,
  requestTokenFrom,
  sessionNameOf,
  TICKET_STATES,
  type TicketState,
  ticketIdFrom,
} from '../../src/kernel/ticket.ts';
import { bounded } from '../scenes/bounded.ts';
import { decision, enroll, enrolled, LATER, logged, NOW, person, revoke, workingFor } from '../scenes/people.ts';

const alice = person('alice');
const bob = person('bob');
const carol = person('carol');
const mallory = person('mallory');
const registry = enrolled([enroll(alice, alice), enroll(bob, alice), enroll(carol, alice, 'client')], alice);
const about = { ticket: 'tkt_00000000000000000000', digest: 'a'.repeat(64) };
const other = { ticket: about.ticket, digest: 'b'.repeat(64) };
const counting = { ...about, opened: 4, registry, now: NOW, logins: undefined };
const counted = (decisions: readonly Signed[], about = counting) => countDecisions(logged(decisions, 5), about);
const plan = {
  operators: workingFor('bob'),
  requirement: { approvals: 1, assurance: 'key' as const, operator_may_approve: false },
};

/** Decisions of every kind, good and bad, with whether each is an approval that counts for `plan`. */
const decisions: readonly { readonly signed: Signed; readonly counts: boolean }[] = [
  { signed: decision(alice, about), counts: true },
  { signed: decision(bob, about), counts: false },
  { signed: decision(carol, about, { assurance: 'client' }), counts: false },
  { signed: decision(carol, about, { assurance: 'key' }), counts: false },
  { signed: decision(alice, about, { assurance: 'hardware' }), counts: false },
  { signed: decision(alice, other), counts: false },
  { signed: decision(alice, { ...about, ticket: 'tkt_11111111111111111111' }), counts: false },
  { signed: decision(mallory, about), counts: false },
  { signed: decision({ ...mallory, id: alice.id, name: 'alice' }, about), counts: false },
  { signed: decision({ ...bob, name: 'alice' }, about), counts: false },
  { signed: decision(alice, about, { expires_at: NOW }), counts: false },
  { signed: { ...decision(alice, about), signature: 'AAAA' }, counts: false },
];

const commands = fc.oneof(
  fc.record({
    kind: fc.constant('planned' as const),
    verdict: fc.constantFrom('allow' as const, 'hold' as const, 'refuse' as const),
  }),
  fc.record({ kind: fc.constant('approve' as const), permitted: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom(
      'deny' as const,
      'withdraw' as const,
      'expire' as const,
      'mark_stale' as const,
      'resolve' as const,
    ),
  }),
  fc.record({
    kind: fc.constant('finish' as const),
    outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'unknown' as const),
  }),
);

test("no path reaches executing without policy's permit on the decisions that count", () => {
  const run = fc.record({
    before: fc.array(commands, { maxLength: 6 }),
    chosen: fc.uniqueArray(fc.nat(decisions.length - 1), { maxLength: 6 }),
    policyPermits: fc.boolean(),
    halted: fc.boolean(),
    now: fc.constantFrom(NOW, LATER),
  });
  fc.assert(
    fc.property(run, ({ before, chosen, policyPermits, halted, now }) => {
      let state: TicketState = 'planning';
      for (const command of before) {
        const verdict = decide({ state, expires_at: LATER }, command, NOW);
        if ('next' in verdict) state = verdict.next;
        expect(state).not.toBe('executing');
      }
      const used = chosen.flatMap((index) => decisions[index] ?? []);
      const clearance = clear(
        counted(
          used.map(({ signed }) => signed),
          { ...counting, now },
        ),
        plan,
        () => policyPermits,
      );
      const verdict = decide({ state, expires_at: LATER }, { kind: 'begin', clearance, halted }, now);
      const mayRun =
        state === 'approved' && policyPermits && !halted && now === NOW && used.some(({ counts }) => counts);
      expect('next' in verdict && verdict.next === 'executing').toBe(mayRun);
    }),
    { numRuns: bounded('generated decisions about a ticket', 2000, 300) },
  );
});

test('D28: a further step begins only of what is executing, within its time, cleared and not halted', () => {
  for (const state of TICKET_STATES)
    for (const now of [NOW, LATER])
      for (const cleared of [true, false])
        for (const halted of [true, false]) {
          const command = { kind: 'next_step', clearance: { cleared }, halted } as const;
          const may = state === 'executing' && now === NOW && cleared && !halted;
          expect('next' in decide({ state, expires_at: LATER }, command, now)).toBe(may);
        }
});

test("B10: a person's word settles what is unknown and nothing else, and never as AWS's own yes or no", () => {
  for (const state of TICKET_STATES)
    for (const now of [NOW, LATER]) {
      const verdict = decide({ state, expires_at: LATER }, { kind: 'resolve' }, now);
      expect(verdict).toEqual(state === 'unknown' ? { next: 'resolved' } : { refused: 'conflict' });
    }
});

test('no terminal state is left', () => {
  const clearance: Clearance = {
    cleared: true,
    broken_by: [],
    counted: { approvals: [], glass: [], denials: [], withdrawn: [], rejected: [], unverified: [] },
    tally: NO_APPROVALS,
  };
  const every = fc.oneof(
    commands,
    fc.record({ kind: fc.constant('begin' as const), clearance: fc.constant(clearance), halted: fc.boolean() }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...TICKET_STATES.filter(isTerminal)),
      every,
      fc.constantFrom(NOW, LATER),
      (state, command: Command, now) => {
        expect(decide({ state, expires_at: LATER }, command, now)).not.toHaveProperty('next');
      },
    ),
  );
});

test('every step that decide makes stands in the table', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TICKET_STATES), commands, (state, command) => {
      const verdict = decide({ state, expires_at: LATER }, command, NOW);
      if ('next' in verdict && verdict.next !== state) expect(mayFollow(state, verdict.next)).toBe(true);
    }),
  );
});

test('a decision for another digest, ticket, key or person never counts', () => {
  for (const { signed, counts } of decisions) {
    const clearance = clear(counted([signed]), plan, () => true);
    expect(clearance.cleared, signed.statement).toBe(counts);
  }
});

test('a denial wins over approvals, before and after it', () => {
  const denial = decision(bob, about, { decision: 'deny' });
  for (const order of [
    [denial, decision(alice, about)],
    [decision(alice, about), denial],
  ]) {
    expect(clear(counted(order), plan, () => true)).toMatchObject({ cleared: false, why: 'denied' });
  }
});

test('an approval that was taken back does not count; a new one does', () => {
  const back = decision(alice, about, { decision: 'withdraw' });
  expect(counted([decision(alice, about), back]).approvals).toEqual([]);
  expect(counted([decision(alice, about), back, decision(alice, about)]).approvals).toHaveLength(1);
});

test('the same signed decision twice is one decision', () => {
  const once = decision(alice, about);
  const back = decision(alice, about, { decision: 'withdraw' });
  expect(counted([once, back, once])).toMatchObject({
    approvals: [],
    rejected: [{ why: 'repeated' }],
  });
});

test('revoking a key voids its approvals', () => {
  const statements = [enroll(alice, alice), enroll(bob, alice, { role: 'admin' }), revoke(alice, bob)];
  const registry = registryOf(
    logged(statements).map((one) => ({ ...one, seq: 3 * one.seq })),
    { rootKeyId: alice.id, recoveries: new Set() },
    [],
  );
  expect(counted([decision(alice, about)], { ...counting, registry })).toMatchObject({
    approvals: [],
    rejected: [{ why: 'revoked_key' }],
  });
});

test('people are counted, not keys or decisions', () => {
  const total = tally(
    [
      { person: 'alice', assurance: 'client' },
      { person: 'alice', assurance: 'key' },
      { person: 'bob', assurance: 'client' },
    ],
    'bob',
  );
  expect(total.all).toEqual({ client: 2, key: 1, presence: 0, hardware: 0 });
  expect(total.without_operator).toEqual({ client: 1, key: 1, presence: 0, hardware: 0 });
});

test('the poorest tally that policy is asked about meets the requirement that people see', () => {
  for (const requirement of REQUIREMENTS) expect(isMet(requirement, leastTally(requirement))).toBe(true);
});

test('ids and tokens have the form that AWS takes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (random) => {
      const id = ticketIdFrom(random);
      for (const token of [sessionNameOf(id), requestTokenFrom(random)])
        expect(token).toMatch(/^[a-zA-Z][-a-zA-Z0-9]{0,63}$/);
    }),
  );
});
