import { describe, expect, test } from 'vitest';
import { isOperator } from '../../src/kernel/bindings.ts';
import { checkDecision, clear, countDecisions, provenDecision } from '../../src/kernel/decisions.ts';
import { keyIdOf, type Signed, signedBytes, statementText } from '../../src/kernel/statement.ts';
import {
  decision,
  enroll,
  enrolled,
  halt,
  LATER,
  logged,
  membership,
  NOW,
  person,
  revoke,
  workingFor,
} from '../scenes/people.ts';
import { sshPerson } from '../scenes/ssh-signer.ts';

const alice = person('alice');
const bob = person('bob');
const mallory = person('mallory');
const ticket = { ticket: 'tkt_00000000000000000000', digest: 'a'.repeat(64) };
const plan = {
  operators: workingFor('otto'),
  requirement: { approvals: 1, assurance: 'key' as const, operator_may_approve: false },
};
const soon = new Date(Date.parse(NOW) + 60_000).toISOString();

/** @param people recorded before; the decisions follow */
function counted(
  decisions: readonly Signed[],
  people: readonly Signed[] = [enroll(alice, alice), enroll(bob, alice)],
  now = NOW,
) {
  const about = { ...ticket, opened: 1, registry: enrolled(people, alice), now, logins: undefined };
  return { ...countDecisions(logged(decisions, people.length + 1), about), about };
}

const nonce = 'c'.repeat(32);
const unsignedBy = { statement: decision(alice, ticket).statement, signature: 'AAAA' };

test.each<[string, Signed, string]>([
  ['no statement', { statement: '{}', signature: 'AAAA' }, 'not_a_decision'],
  ['no JSON', { statement: 'approve', signature: 'AAAA' }, 'not_a_decision'],
  ['a halt', halt(alice), 'not_a_decision'],
  ['one about another ticket', decision(alice, { ...ticket, ticket: 'tkt_1' }), 'other_ticket'],
  ['one about another plan', decision(alice, { ...ticket, digest: 'b'.repeat(64) }), 'other_digest'],
  ['one by a key that nobody enrolled', decision(mallory, ticket), 'unknown_key'],
  ["one in another's name", decision({ ...bob, name: 'alice' }, ticket), 'wrong_person'],
  ['one that nobody signed', unsignedBy, 'bad_signature'],
  [
    "one under another's signature",
    { ...decision(alice, ticket), signature: decision(bob, ticket).signature },
    'bad_signature',
  ],
  [
    'one that claims more than its key is good for',
    decision(alice, ticket, { assurance: 'presence' }),
    'assurance_too_high',
  ],
  ['one that is over', decision(alice, ticket, { expires_at: NOW }), 'expired'],
  [
    'glass broken without a reason',
    decision(alice, ticket, { break_glass: true, expires_at: soon }),
    'glass_out_of_order',
  ],
])('%s does not count, and is said to be that', (_, signed, why) => {
  const { rejected, approvals, denials, about } = counted([signed]);
  expect(rejected).toEqual([{ signed: { ...signed, seq: 3, at: NOW }, why }]);
  expect(approvals).toEqual([]);
  expect(denials).toEqual([]);
  expect(checkDecision({ ...signed, seq: 3, at: NOW }, about)).toEqual({ why });
});

test('a good one counts, alone and among others', () => {
  const signed = decision(alice, ticket);
  const { approvals, rejected, about } = counted([signed]);
  expect(approvals).toEqual([{ person: 'alice', assurance: 'key', groups: [] }]);
  expect(rejected).toEqual([]);
  expect(checkDecision({ ...signed, seq: 3, at: NOW }, about)).toEqual({ statement: JSON.parse(signed.statement) });
  // Its key was enrolled at that very place, or later; revoked at that very place, or before.
  expect(provenDecision({ ...signed, seq: 1 }, about)).toEqual({ why: 'unknown_key' });
  const revoked = counted([], [enroll(alice, alice), enroll(bob, alice), revoke(alice, alice)]).about;
  expect(provenDecision({ ...signed, seq: 3 }, revoked)).toEqual({ why: 'revoked_key' });
  expect(provenDecision({ ...signed, seq: 2 }, revoked)).toHaveProperty('statement');
});

test('a security key that was only touched proves no presence, whatever it was enrolled for', () => {
  const { publicKey, sign } = sshPerson('ed25519', true);
  const ida = { name: 'ida', publicKey, id: keyIdOf(publicKey) };
  const people = [enroll(alice, alice), enroll(ida, alice, 'presence')];
  const made = (flags: number) => {
    const statement = statementText({
      kind: 'decision',
      decision: 'approve',
      assurance: 'presence',
      expires_at: LATER,
      ...ticket,
      nonce,
      signed_at: NOW,
      key: ida.id,
      by: 'ida',
    });
    return { statement, signature: sign(signedBytes(statement), { flags }) };
  };
  expect(counted([made(5)], people).approvals).toMatchObject([{ assurance: 'presence' }]);
  expect(counted([made(1)], people).rejected).toMatchObject([{ why: 'assurance_too_high' }]);
  expect(counted([made(0)], people).rejected).toMatchObject([{ why: 'bad_signature' }]);
});

describe('of one person', () => {
  const strong = decision(alice, ticket);
  const weak = decision(alice, ticket, { assurance: 'client' });

  test('the strongest approval counts, in any order', () => {
    for (const order of [
      [strong, weak],
      [weak, strong],
    ])
      expect(counted(order).approvals).toMatchObject([{ person: 'alice', assurance: 'key' }]);
  });

  test('who approves again has not taken it back', () => {
    const back = decision(alice, ticket, { decision: 'withdraw' });
    expect(counted([strong, back]).withdrawn).toEqual(['alice']);
    expect(counted([strong, back, weak]).withdrawn).toEqual([]);
    expect(counted([back]).withdrawn).toEqual([]);
  });

  test('who takes it back, breaks no glass any more', () => {
    const glass = decision(alice, ticket, { break_glass: true, reason: 'down', expires_at: soon });
    const back = decision(alice, ticket, { decision: 'withdraw' });
    expect(counted([glass]).glass).toEqual([{ person: 'alice', assurance: 'key' }]);
    expect(counted([glass, back]).glass).toEqual([]);
    expect(counted([glass, back, strong])).toMatchObject({ glass: [], approvals: [{ person: 'alice' }] });
  });
});

test('the operator is a person, or a team', () => {
  expect(isOperator({ person: 'otto', groups: [] }, workingFor('otto'))).toBe(true);
  expect(isOperator({ person: 'bob', groups: ['search', 'otto'] }, workingFor('otto'))).toBe(true);
  expect(isOperator({ person: 'bob', groups: ['search'] }, workingFor('otto'))).toBe(false);
  const people = [enroll(alice, alice), enroll(bob, alice), membership('bob', alice, ['otto'])];
  const both = counted([decision(alice, ticket), decision(bob, ticket)], people);
  const { tally } = clear(both, plan, () => true);
  expect([tally.all.key, tally.without_operator.key]).toEqual([2, 1]);
});

describe('what clears', () => {
  const yes = () => true;
  const no = () => false;

  test('is asked of what counts, and says why not', () => {
    const none = counted([]);
    expect(clear(none, plan, yes)).toMatchObject({ cleared: false, why: 'requirement', counted: none });
    const met = counted([decision(alice, ticket)]);
    expect(clear(met, plan, yes)).toEqual({
      cleared: true,
      broken_by: [],
      counted: met,
      tally: expect.objectContaining({ all: { client: 1, key: 1, presence: 0, hardware: 0 } }),
    });
    expect(clear(met, plan, no)).toMatchObject({
      cleared: false,
      why: 'policy',
      counted: met,
      tally: { all: { key: 1 } },
    });
    const denied = counted([decision(alice, ticket), decision(bob, ticket, { decision: 'deny' })]);
    expect(clear(denied, plan, yes)).toMatchObject({ cleared: false, why: 'denied', counted: denied });
  });

  test('is broken glass only where policy names somebody who broke it', () => {
    const glass = counted([decision(alice, ticket, { break_glass: true, reason: 'down', expires_at: soon })]);
    const two = { ...plan, requirement: { ...plan.requirement, approvals: 2 } };
    const asked: string[] = [];
    const permits = (_: unknown, broken: { readonly key: readonly string[] }) => {
      asked.push(broken.key.join());
      return broken.key.includes('alice');
    };
    expect(clear(glass, two, permits)).toMatchObject({ cleared: true, broken_by: ['alice'] });
    // What the plan promised isn't met, so policy isn't asked for the plain yes.
    expect(asked).toEqual(['alice']);
    expect(clear(glass, plan, permits)).toMatchObject({ broken_by: ['alice'] });
    expect(asked).toEqual(['alice', '', 'alice']);
    expect(clear(glass, two, no)).toMatchObject({ cleared: false, why: 'requirement' });
    expect(clear(counted([]), two, yes)).toMatchObject({ cleared: false });
  });
});
