import { expect, test } from 'vitest';
import { problemList } from '../../src/audit/problems.ts';
import { signatureCheck } from '../../src/audit/signature-check.ts';
import { STATEMENT_EVENTS } from '../../src/audit/statement-events.ts';
import { loginNonce } from '../../src/kernel/login.ts';
import type { Pinned } from '../../src/kernel/pinned.ts';
import type { Signed, SignedDecision, Statement } from '../../src/kernel/statement.ts';
import {
  accept,
  bind,
  decision,
  enroll,
  halt,
  membership,
  NOW,
  person,
  resume,
  review,
  revoke,
} from '../scenes/people.ts';

const [alice, bob, chat] = [person('alice'), person('bob'), person('bob')];
const TICKET = { ticket: 'tkt_1', digest: 'a'.repeat(64) };
const PEOPLE = [enroll(alice, alice), enroll(bob, alice), enroll(chat, bob, 'client')];
const PINNED: Pinned = { rootKeyId: alice.id, recoveries: new Set() };
const stopped = halt(alice);
const desk = person('alice');
const SOON = new Date(Date.parse(NOW) + 900_000).toISOString();
const breaks = (by: typeof alice) => decision(by, TICKET, { break_glass: true, reason: 'it burns', expires_at: SOON });

/** What is found in a log of these, one after the other. */
function found(statements: readonly SignedDecision[], pinned: Pinned = PINNED): readonly string[] {
  const problems = problemList();
  const check = signatureCheck(problems, pinned);
  for (const [index, { statement, signature, login }] of statements.entries()) {
    const { kind, by }: Statement = JSON.parse(statement);
    const type =
      kind === 'decision' ? 'decision.recorded' : kind === 'resolve' ? 'ticket.resolved' : STATEMENT_EVENTS[kind];
    const detail = { statement, signature, ...(login !== undefined && { login }) };
    check.read(index + 1, { seq: index + 1, at: NOW, type, actor: `approver:${by}`, ticket: TICKET.ticket, detail });
  }
  check.end();
  return problems.found().list.map(({ message }) => message);
}

test('A5: what keys may say passes', () => {
  const all = [
    ...PEOPLE,
    membership('bob', alice, ['x']),
    stopped,
    decision(bob, TICKET),
    resume(alice, stopped),
    accept(alice),
    breaks(bob),
    review(alice, TICKET),
    revoke(chat, bob),
  ];
  expect(found(all)).toEqual([]);
});

test.each<[string, readonly Signed[], string]>([
  ['a key that only approves lifts a halt', [stopped, resume(bob, stopped)], 'may not say that'],
  ['a key that only approves accepts a log', [accept(bob)], 'may not say that'],
  [
    "an admin's key for a chat client accepts a log",
    [enroll(desk, alice, { max_assurance: 'client', role: 'admin' }), accept(desk)],
    'may not say that',
  ],
  ['somebody reviews what they broke themselves', [breaks(bob), review(bob, TICKET)], 'may not say that'],
  ["a chat client's key reviews what somebody broke", [breaks(alice), review(chat, TICKET)], 'may not say that'],
  ['somebody reviews what nobody broke', [decision(alice, TICKET), review(bob, TICKET)], 'may not say that'],
  [
    'somebody reviews another plan',
    [breaks(alice), review(bob, { ...TICKET, digest: 'b'.repeat(64) })],
    'may not say that',
  ],
  ["it revokes somebody else's key", [revoke(alice, bob)], 'may not say that'],
  ['it says who is in a team', [membership('bob', bob, [])], 'may not say that'],
  ['a chat client enrolls', [enroll(person('eve'), chat)], 'may not say that'],
  ['a decision claims more than its key proves', [decision(chat, TICKET)], 'claims key, which'],
  ['a revoked key halts', [revoke(bob, alice), halt(bob)], 'revoked already'],
  ['a key decides before it was enrolled', [decision({ ...person('eve') }, TICKET)], 'a key that nobody enrolled'],
])('A5: audit verify names it where %s', (_, more, said) => {
  expect(found([...PEOPLE, ...more])).toEqual([expect.stringContaining(said)]);
});

test('A5: who was who is worked out a few times for a log, however often people and decisions alternate', () => {
  let looks = 0;
  const pinned: Pinned = {
    ...PINNED,
    // Asked once each time that the registry is worked out, and once for what waits.
    get rootKeyId() {
      looks += 1;
      return alice.id;
    },
  };
  const teams = Array.from({ length: 2000 }, (_, at) => [
    membership('bob', alice, [`team-${at}`]),
    decision(bob, TICKET),
  ]);
  const last = decision(person('eve'), TICKET);
  expect(found([...PEOPLE, ...teams.flat(), last], pinned)).toEqual([expect.stringContaining('that nobody enrolled')]);
  expect(looks).toBeLessThan(30);
});

test("a login in the log that is not for the decision beside it, or was not its signer's, is found", () => {
  const login = { issuer: 'https://login.example.com', subject: 'b-1' };
  const approved = decision(bob, TICKET);
  const at = Date.parse(NOW) / 1_000;
  const token = (more: object = {}) => {
    const times = { iat: at, exp: at + 60, auth_time: at };
    const claims = {
      iss: login.issuer,
      sub: 'b-1',
      aud: 'x',
      nonce: loginNonce(approved.statement),
      ...times,
      ...more,
    };
    return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
  };
  const log = (text: string) => found([...PEOPLE, bind('bob', login, alice), { ...approved, login: text }]);
  expect(log(token())).toEqual([]);
  expect(log(token({ nonce: 'x' }))).toEqual(['entry 5 carries a login that was for something else']);
  expect(log(token({ sub: 'a-1' }))).toEqual(['entry 5 carries a login that was not bound to bob then']);
  expect(log(token({ exp: at - 3_600 }))).toEqual([
    'entry 5 carries a login that was over, or not valid yet, when it was recorded',
  ]);
  expect(log('x')).toEqual(['entry 5 carries a login that is no ID token']);
});
