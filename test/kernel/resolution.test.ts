import { expect, test } from 'vitest';
import type { Assurance } from '../../src/kernel/requirement.ts';
import {
  checkResolution,
  evidenceOf,
  isTooEarly,
  resolutionIn,
  resolutionProof,
  resolutionText,
} from '../../src/kernel/resolution.ts';
import type { Signed } from '../../src/kernel/statement.ts';
import {
  bind,
  decision,
  enroll,
  enrolled,
  LATER,
  logged,
  membership,
  NOW,
  person,
  resolution,
  revoke,
  unbind,
} from '../scenes/people.ts';

const alice = person('alice');
const bob = person('bob');
const carol = person('carol');
const dora = person('dora');
const gone = person('gone');
const mallory = person('mallory');
const registry = enrolled(
  [
    enroll(alice, alice),
    enroll(bob, alice),
    enroll(carol, alice, 'client'),
    enroll(dora, alice, { groups: ['team'] }),
    enroll(gone, alice),
    revoke(gone, alice),
    membership('dora', alice, []),
  ],
  alice,
);
const result = { detail: 'the answer was lost', resources: [] };
const seen = evidenceOf(result);
const plan = { operator: 'bob', requirement: { approvals: 1, assurance: 'key', operator_may_approve: true } } as const;
const EARLIER = '2026-11-22T11:59:00.000Z';
const about = { ticket: 'tkt_00000000000000000000', digest: 'a'.repeat(64) };
const base = { ...about, opened: 5, registry, plan, seen, arrives_until: EARLIER };
const said = { ...about, seen };
const heard = (signed: Signed, more: Partial<Parameters<typeof checkResolution>[1]> = {}, place = 9) => {
  const checked = checkResolution(logged([signed], place)[0]!, { ...base, ...more });
  return 'why' in checked ? checked.why : 'heard';
};

test('B10: the word of an approver counts whom the agent does not work for, whatever they say', () => {
  for (const happened of [true, false]) expect(heard(resolution(alice, { ...said, happened }))).toBe('heard');
});

test.each<[string, () => string, string]>([
  ['the operator, also where their approval would count', () => heard(resolution(bob, said)), 'operator_excluded'],
  [
    "one of the operator's team, also after leaving it",
    () => heard(resolution(dora, said), { plan: { ...plan, operator: 'team' } }),
    'operator_excluded',
  ],
  ["a chat client's key", () => heard(resolution(carol, said)), 'assurance_too_low'],
  [
    'a key that proves less than the plan asked for',
    () =>
      heard(resolution(alice, said), {
        plan: { ...plan, requirement: { ...plan.requirement, assurance: 'presence' } },
      }),
    'assurance_too_low',
  ],
  ['a key that nobody enrolled', () => heard(resolution(mallory, said)), 'unknown_key'],
  ['a key that was not enrolled yet', () => heard(resolution(bob, said), {}, 2), 'unknown_key'],
  ['a key that is revoked', () => heard(resolution(gone, said)), 'revoked_key'],
  ["a key that is not the signer's", () => heard(resolution({ ...bob, name: 'alice' }, said)), 'wrong_person'],
  ['no key at all', () => heard({ ...resolution(alice, said), signature: 'AAAA' }), 'bad_signature'],
  ['another ticket', () => heard(resolution(alice, { ...said, ticket: 'tkt_11111111111111111111' })), 'other_ticket'],
  ['another plan', () => heard(resolution(alice, { ...said, digest: 'b'.repeat(64) })), 'other_digest'],
  [
    'something else that was known',
    () => heard(resolution(alice, { ...said, seen: 'c'.repeat(64) })),
    'other_evidence',
  ],
  ['a decision', () => heard(decision(alice, about)), 'not_a_resolution'],
])('B10: a word does not count that is by, or about, %s', (_, what, why) => {
  expect(what()).toBe(why);
});

test('B10: a word that counted goes on counting, whatever team its signer joins later', () => {
  const later = enrolled([enroll(alice, alice), enroll(bob, alice), membership('alice', alice, ['team'])], alice);
  const of = { registry: later, plan: { ...plan, operator: 'team' }, opened: 2 };
  expect(heard(resolution(alice, said), of, 2)).toBe('heard');
  expect(heard(resolution(alice, said), of, 4)).toBe('operator_excluded');
});

test('B10: of a login that nobody was bound to only an admin speaks to whom it never was, with as strong a key as any', () => {
  const identity = { issuer: 'https://login.example.com', subject: 'mara-1' };
  const passkeyed = person('zoe');
  const before = [enroll(alice, alice), enroll(bob, alice), enroll(dora, alice, { role: 'admin' })];
  const of = (statements: Signed[], place: number, word = resolution(alice, said), opened = 4) =>
    heard(
      word,
      { registry: enrolled(statements, alice), plan: { ...plan, operator: 'unbound-x', identity }, opened },
      place,
    );
  expect(of(before, 9)).toBe('heard');
  expect(of(before, 9, resolution(bob, said))).toBe('operator_unknown');
  // Not whom it was bound to before, since, or until it was taken back.
  const bound = [...before, bind('dora', identity, alice)];
  expect(of(bound, 9, resolution(dora, said))).toBe('operator_excluded');
  expect(of(bound, 9)).toBe('heard');
  const taken = [...bound, unbind('dora', identity, alice)];
  expect(of(taken, 9, resolution(dora, said), 6)).toBe('operator_excluded');
  expect(of(taken, 9, resolution(alice, said), 6)).toBe('heard');
  expect(of(taken, 9, resolution(bob, said), 6)).toBe('operator_unknown');
  // What is said of people later changes no word that counted, also that an admin got a stronger key.
  const later = [...before, bind('alice', identity, alice), enroll(passkeyed, alice, { role: 'admin' })];
  expect(of(later, 4)).toBe('heard');
  expect(of(later, 9)).toBe('operator_excluded');
});

test('B10: that it did not happen can be said when AWS takes its request no more, that it did at any time', () => {
  const not = resolution(alice, { ...said, happened: false });
  expect(heard(not, { arrives_until: LATER })).toBe('may_still_arrive');
  expect(heard(not, { arrives_until: NOW })).toBe('heard');
  expect(heard(not, { arrives_until: 'no time' })).toBe('may_still_arrive');
  expect(heard(not, { arrives_until: undefined })).toBe('may_still_arrive');
  expect(heard(resolution(alice, said), { arrives_until: LATER })).toBe('heard');
  expect(heard(resolution(alice, said), { arrives_until: undefined })).toBe('heard');
  expect(isTooEarly({ happened: false }, NOW, 'no time')).toBe(true);
});

test('B10: never less than a key, and never less than the plan asked for', () => {
  const least = (approvals: number, assurance: Assurance) =>
    resolutionProof({ approvals, assurance, operator_may_approve: true });
  expect(least(0, 'hardware')).toBe('key');
  expect(least(1, 'client')).toBe('key');
  expect(least(2, 'presence')).toBe('presence');
});

test('it is said as a word, by whom, and never as known from AWS', () => {
  const word = resolutionIn(logged([resolution(alice, { ...said, happened: false, reason: 'it runs' })])[0]);
  expect(word).toEqual({ happened: false, by: 'alice', at: NOW, reason: 'it runs' });
  expect(resolutionText(word!)).toBe('alice says that it did not happen (not known from AWS): it runs');
  expect(resolutionIn(logged([decision(alice, about)])[0])).toBeUndefined();
});
