import { expect, test } from 'vitest';
import { problemList } from '../../src/audit/problems.ts';
import { signatureCheck } from '../../src/audit/signature-check.ts';
import { STATEMENT_EVENTS } from '../../src/audit/statement-events.ts';
import type { Signed, Statement } from '../../src/kernel/statement.ts';
import { accept, decision, enroll, halt, membership, NOW, person, resume, revoke } from '../kernel/people.ts';

const [alice, bob, chat] = [person('alice'), person('bob'), person('bob')];
const TICKET = { ticket: 'tkt_1', digest: 'a'.repeat(64) };
const PEOPLE = [enroll(alice, alice), enroll(bob, alice), enroll(chat, bob, 'client')];
const stopped = halt(alice);

/** What is found in a log of these, one after the other. */
function found(statements: readonly Signed[]): readonly string[] {
  const problems = problemList();
  const check = signatureCheck(problems, { rootKeyId: alice.id, recoveries: new Set() });
  for (const [index, { statement, signature }] of statements.entries()) {
    const { kind, by }: Statement = JSON.parse(statement);
    const type = kind === 'decision' ? 'decision.recorded' : STATEMENT_EVENTS[kind];
    const detail = { statement, signature };
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
    revoke(chat, bob),
  ];
  expect(found(all)).toEqual([]);
});

test.each<[string, readonly Signed[], string]>([
  ['a key that only approves lifts a halt', [stopped, resume(bob, stopped)], 'may not say that'],
  ['a key that only approves accepts a log', [accept(bob)], 'may not say that'],
  ["it revokes somebody else's key", [revoke(alice, bob)], 'may not say that'],
  ['it says who is in a team', [membership('bob', bob, [])], 'may not say that'],
  ['a chat client enrolls', [enroll(person('eve'), chat)], 'may not say that'],
  ['a decision claims more than its key proves', [decision(chat, TICKET)], 'claims key, which'],
  ['a revoked key halts', [revoke(bob, alice), halt(bob)], 'revoked already'],
  ['a key decides before it was enrolled', [decision({ ...person('eve') }, TICKET)], 'a key that nobody enrolled'],
])('A5: audit verify names it where %s', (_, more, said) => {
  expect(found([...PEOPLE, ...more])).toEqual([expect.stringContaining(said)]);
});
