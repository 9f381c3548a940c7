import { describe, expect, test } from 'vitest';
import { groupsOf, groupsSince } from '../../src/kernel/approvers.ts';
import { clear, countDecisions } from '../../src/kernel/decisions.ts';
import { haltOf } from '../../src/kernel/halt.ts';
import { readStatement, type Signed } from '../../src/kernel/statement.ts';
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
  resume,
  revoke,
  workingFor,
} from '../scenes/people.ts';

const alice = person('alice');
const bob = person('bob');
const bobs = { ...person('spare'), name: 'bob' };
const carol = person('carol');
const about = { ticket: 'tkt_00000000000000000000', digest: 'a'.repeat(64) };
const plan = {
  operators: workingFor('payments'),
  requirement: { approvals: 1, assurance: 'key' as const, operator_may_approve: false },
};
const people = [enroll(alice, alice), enroll(bob, alice), enroll(bobs, alice), enroll(carol, alice, { role: 'admin' })];

/** What a history in one log comes to, for a ticket that was opened after that many of its entries. */
function story(history: readonly Signed[], { opened = people.length, now = NOW } = {}) {
  const log = logged([...people, ...history]);
  const registry = enrolled([...people, ...history], alice);
  const decisions = log.filter((signed) => readStatement(signed)?.kind === 'decision');
  const counted = countDecisions(decisions, { ...about, opened: opened + 0.5, registry, now, logins: undefined });
  return { counted, registry, clearance: clear(counted, plan, () => true), halt: haltOf(log, registry) };
}

const approved = decision(bob, about);

describe('A1: what stops counts by the keys that were good where it stands', () => {
  const withdrawn = decision(bobs, about, { decision: 'withdraw' });
  const denied = decision(bobs, about, { decision: 'deny' });

  test('A1: an approval that was withdrawn with a key that is revoked later stays withdrawn', () => {
    expect(story([approved]).clearance.cleared).toBe(true);
    expect(story([approved, withdrawn, revoke(bobs, alice)])).toMatchObject({
      clearance: { cleared: false },
      counted: { withdrawn: ['bob'] },
    });
  });

  test('A1: a denial by a key that is revoked later still denies', () => {
    expect(story([denied, approved, revoke(bobs, bob)]).clearance).toMatchObject({ cleared: false, why: 'denied' });
  });

  test('A1: a denial or withdrawal outlives its own expiry', () => {
    const short = { expires_at: NOW };
    const late = story([approved, decision(bobs, about, { decision: 'withdraw', ...short })]);
    expect(late.clearance.cleared).toBe(false);
    const denial = story([decision(bobs, about, { decision: 'deny', ...short }), approved]);
    expect(denial.clearance).toMatchObject({ why: 'denied' });
  });

  test('A1: a denial that claims to break the glass is a denial', () => {
    const odd = decision(bobs, about, { decision: 'deny', break_glass: true });
    expect(story([odd, approved]).clearance).toMatchObject({ why: 'denied' });
  });

  test('A1: a key that was revoked before stops nothing', () => {
    expect(story([revoke(bobs, alice), denied, withdrawn, halt(bobs), approved])).toMatchObject({
      clearance: { cleared: true },
      halt: undefined,
      counted: { rejected: [{ why: 'revoked_key' }, { why: 'revoked_key' }] },
    });
  });
});

describe('A1: what lets run counts only by a key that was good there and is good now', () => {
  const dave = person('dave');

  test('A1: an approval before its key was enrolled', () => {
    const early = decision(dave, about);
    expect(story([early, enroll(dave, alice)])).toMatchObject({
      clearance: { cleared: false },
      counted: { rejected: [{ why: 'unknown_key' }] },
    });
    expect(story([enroll(dave, alice), early]).clearance.cleared).toBe(true);
  });

  test('A1: an approval whose key was revoked after it', () => {
    expect(story([approved, revoke(bob, alice)])).toMatchObject({
      clearance: { cleared: false },
      counted: { rejected: [{ why: 'revoked_key' }] },
    });
  });

  test('A1: an old approval that is brought again, whatever kept it from counting before', () => {
    const withdrawn = decision(bob, about, { decision: 'withdraw' });
    expect(story([approved, withdrawn, approved])).toMatchObject({
      clearance: { cleared: false },
      counted: { rejected: [{ why: 'repeated' }] },
    });
    const future = { reason: 'down', signed_at: '2026-11-22T12:30:00.000Z', expires_at: '2026-11-22T12:40:00.000Z' };
    const early = decision(bob, about, { break_glass: true, ...future });
    expect(story([early, early], { now: LATER }).counted.rejected).toMatchObject([
      { why: 'expired' },
      { why: 'repeated' },
    ]);
  });
});

describe('A1: halts', () => {
  const stopped = halt(bob);

  test('A1: revoking who halted restarts nothing; who was revoked before, or enrolled later, halts nothing', () => {
    expect(story([stopped, revoke(bob, alice)]).halt).toMatchObject({ by: 'bob' });
    expect(story([revoke(bob, alice), stopped]).halt).toBeUndefined();
    const dave = person('dave');
    expect(story([halt(dave), enroll(dave, alice)]).halt).toBeUndefined();
  });

  test('A1: a resume needs an admin whose key was good there and is good now', () => {
    const lifted = resume(carol, stopped);
    expect(story([stopped, lifted]).halt).toBeUndefined();
    expect(story([stopped, revoke(carol, alice), lifted]).halt).toMatchObject({ by: 'bob' });
    expect(story([stopped, lifted, revoke(carol, alice)]).halt).toMatchObject({ by: 'bob' });
    const dave = person('dave');
    expect(story([stopped, resume(dave, stopped), enroll(dave, alice, { role: 'admin' })]).halt).toBeDefined();
  });
});

describe('A3: teams belong to the person', () => {
  const team = { groups: ['payments'] };
  const third = { ...person('third'), name: 'bob' };

  test('A3: revoking the key with which a team was given leaves nobody out of it', () => {
    const { registry, clearance } = story([enroll(third, alice, team), revoke(third, bob), approved], { opened: 6 });
    expect(groupsOf(registry, 'bob')).toEqual(['payments']);
    expect(clearance.cleared).toBe(false);
    expect(story([approved]).clearance.cleared).toBe(true);
  });

  test('A3: an enrolment adds teams and takes none away', () => {
    const fourth = { ...person('fourth'), name: 'bob' };
    const { registry } = story([enroll(third, alice, team), enroll(fourth, alice, { groups: ['search'] })]);
    expect(groupsOf(registry, 'bob')).toEqual(['payments', 'search']);
    expect(groupsOf(registry, 'alice')).toEqual([]);
  });

  test('A3: only an admin says who is in which team', () => {
    const joined = membership('bob', alice, ['payments', 'search']);
    expect(groupsOf(story([joined, membership('bob', bob, [])]).registry, 'bob')).toEqual(['payments', 'search']);
    expect(groupsOf(story([joined, membership('bob', alice, ['search'])]).registry, 'bob')).toEqual(['search']);
    const { registry } = story([joined, revoke(carol, alice), membership('bob', carol, [])]);
    expect(groupsOf(registry, 'bob')).toEqual(['payments', 'search']);
  });

  test('A3: a team is left for tickets that are opened later', () => {
    const history = [membership('bob', alice, ['payments']), membership('bob', alice, []), approved];
    expect(story(history, { opened: 5 }).clearance.cleared).toBe(false);
    expect(story(history, { opened: 6 }).clearance.cleared).toBe(true);
  });

  test('A3: a team that is joined while the ticket is open counts as well', () => {
    expect(story([approved, membership('bob', alice, ['payments'])]).clearance.cleared).toBe(false);
    const { registry } = story([membership('bob', alice, ['a']), membership('bob', alice, ['b'])]);
    expect(groupsSince(registry, 'bob', 0)).toEqual(['a', 'b']);
  });
});

describe("A1: with a key go the chat clients' keys that it enrolled, from its revocation on", () => {
  const thiefs = { ...person('thief'), name: 'carol' };
  const own = { ...person('chat'), name: 'bob' };
  const asked = { ...plan, requirement: { ...plan.requirement, assurance: 'client' as const } };
  const says = (by: typeof own, decision_: 'approve' | 'deny') =>
    decision(by, about, { decision: decision_, assurance: 'client' });
  const made = [enroll(own, bob, 'client'), enroll(thiefs, alice, 'client')];
  const counts = (...history: readonly Signed[]) => {
    const { counted, registry } = story([...made, ...history]);
    return { ...clear(counted, asked, () => true), registry };
  };

  test('A1: what they approve, before or after, counts no more', () => {
    const [bobs, thief] = [says(own, 'approve'), says(thiefs, 'approve')];
    expect(counts(bobs).cleared).toBe(true);
    expect(counts(bobs, revoke(bob, alice)).cleared).toBe(false);
    expect(counts(revoke(bob, bob), bobs).cleared).toBe(false);
    // In someone else's name, too, and brought again after the revocation.
    expect(counts(thief, revoke(alice, carol), ...made).cleared).toBe(false);
  });

  test('A1: what they denied stays denied, and another key takes nothing of theirs', () => {
    expect(counts(says(own, 'deny'), revoke(bob, alice))).toMatchObject({ cleared: false, why: 'denied' });
    const { keys } = counts(revoke(bobs, alice)).registry;
    expect([own, thiefs].map(({ id }) => keys.get(id)?.revokedSeq)).toEqual([undefined, undefined]);
    // Nor does the key that was revoked take an enrolment that isn't a chat client's.
    expect(counts(revoke(alice, carol)).registry.keys.get(bob.id)?.revokedSeq).toBeUndefined();
  });
});
