import { describe, expect, test } from 'vitest';
import { activeAdmins, adminProof, groupsOf, groupsSince, isActiveAt, mayManage } from '../../src/kernel/approvers.ts';
import { haltOf } from '../../src/kernel/halt.ts';
import { keyIdOf, type Signed, type StatementOf, signStatement } from '../../src/kernel/statement.ts';
import {
  accept,
  decision,
  enroll,
  enrolled,
  halt,
  logged,
  membership,
  NOW,
  person,
  resume,
  revoke,
} from '../scenes/people.ts';
import { sshPerson } from '../scenes/ssh-signer.ts';

const alice = person('alice');
const bob = person('bob');
const mallory = person('mallory');
const first = enroll(alice, alice);
const read = <K extends 'enroll' | 'revoke' | 'membership'>(signed: Signed) =>
  JSON.parse(signed.statement) as StatementOf<K>;
const strong = (name: string) => {
  const { publicKey } = sshPerson('ed25519', true);
  return { name, publicKey, id: keyIdOf(publicKey) };
};

describe('the pinned first key', () => {
  const by = (who: typeof alice, key: string, subject = who, id = subject.id) =>
    signStatement(
      {
        kind: 'enroll',
        name: who.name,
        public_key: subject.publicKey,
        public_key_id: id,
        max_assurance: 'key',
        nonce: 'd'.repeat(32),
        signed_at: NOW,
        key,
        by: who.name,
      },
      who.privateKey,
    );

  test.each<[string, Signed]>([
    ['another key that claims to be signed by it', by(mallory, alice.id)],
    ['another key under its fingerprint', by(mallory, alice.id, mallory, alice.id)],
    ['it, signed with another key', by(mallory, mallory.id, alice)],
    ['it, said to be signed with itself', by({ ...mallory, name: 'alice' }, alice.id, alice)],
    ['a revocation that it signs', revoke(alice, alice)],
    ['a team', membership('alice', alice, ['x'])],
    ['a decision', decision(alice, { ticket: 't', digest: 'a'.repeat(64) })],
    ['no statement', { statement: 'null', signature: '' }],
  ])('is not %s', (_, signed) => {
    const { keys, memberships } = enrolled([signed], alice);
    expect([keys.size, memberships.size]).toEqual([0, 0]);
    // And keeps it from nothing.
    expect([...enrolled([signed, first], alice).keys.keys()]).toEqual([alice.id]);
  });

  test('is the first once: nobody becomes it again', () => {
    const other = enroll(mallory, mallory, { role: 'admin' });
    expect([...enrolled([first, other], alice).keys.values()]).toMatchObject([{ name: 'alice', role: 'admin' }]);
    expect([...enrolled([first, other], mallory).keys.values()]).toMatchObject([{ name: 'mallory', role: 'admin' }]);
  });
});

test('an enrolment names the fingerprint of its own key', () => {
  const under = enroll({ ...bob, id: mallory.id }, alice);
  expect(enrolled([first, under], alice).keys.size).toBe(1);
  const none = enroll({ name: 'bob', publicKey: 'AAAA', id: keyIdOf('AAAA') }, alice, 'client');
  expect(enrolled([first, none], alice).keys.size).toBe(1);
});

test('a revocation counts once, of a key that is there', () => {
  const before = enrolled([first, revoke(bob, alice), enroll(bob, alice)], alice);
  expect(before.keys.get(bob.id)).not.toHaveProperty('revokedSeq');
  const twice = enrolled([first, enroll(bob, alice), revoke(bob, alice), revoke(bob, alice)], alice);
  expect(twice.keys.get(bob.id)).toMatchObject({ enrolledSeq: 2, revokedSeq: 3, revokedAt: NOW });
  expect(twice.keys.size).toBe(2);
});

test('A3: what was said about people once counts once, wherever a copy of it is put', () => {
  const [in_x, in_pay] = [membership('bob', alice, ['x']), membership('bob', alice, ['pay'])];
  const copied = enrolled([first, enroll(bob, alice), in_x, in_pay, in_x], alice);
  expect(groupsOf(copied, 'bob')).toEqual(['pay']);
  expect([...copied.counted]).toEqual([1, 2, 3, 4]);
});

test('places are exact: at its own place nothing counts yet, and nothing any more', () => {
  const key = enrolled([first, enroll(bob, alice), revoke(bob, alice)], alice).keys.get(bob.id)!;
  expect([1, 2, 2.5, 3, 4].map((place) => isActiveAt(key, place))).toEqual([false, false, true, false, false]);
  const registry = enrolled([first, membership('bob', alice, ['a']), membership('bob', alice, [])], alice);
  expect([2, 3, 4].map((place) => groupsSince(registry, 'bob', place))).toEqual([['a'], ['a'], []]);
});

test('active admins are admins whose key is good for more than a chat client', () => {
  const carol = person('carol');
  const client = { max_assurance: 'client', role: 'admin' } as const;
  const history = [
    first,
    enroll(bob, alice),
    enroll(carol, alice, { role: 'admin' }),
    enroll(mallory, alice, client),
    enroll(person('dave'), alice, { role: 'admin' }),
  ];
  const names = (...more: Signed[]) => activeAdmins(enrolled([...history, ...more], alice)).map(({ name }) => name);
  expect(names()).toEqual(['alice', 'carol', 'dave']);
  expect(names(revoke(carol, alice))).toEqual(['alice', 'dave']);
  // A chat key of an admin enrolls nobody.
  expect(enrolled([...history, enroll(person('erin'), mallory)], alice).keys.size).toBe(5);
});

describe('who may manage', () => {
  const registry = enrolled([first, enroll(bob, alice), enroll(mallory, alice)], alice);
  const may = (signed: Signed, proven: 'key' | 'client' = 'key', where = registry) =>
    mayManage(where, read(signed), proven);

  test('only whose key is known, about what is there', () => {
    const stranger = person('stranger');
    expect(may(enroll(bob, stranger))).toBe(false);
    expect(may(revoke(stranger, alice))).toBe(false);
    expect(may(revoke(stranger, stranger))).toBe(false);
    expect(may(revoke(bob, alice))).toBe(true);
    expect(may(revoke(bob, bob))).toBe(true);
    expect(may(revoke(mallory, bob))).toBe(false);
    expect(may(membership('bob', bob, []))).toBe(false);
    expect(may(membership('bob', alice, []))).toBe(true);
  });

  test('with what is proven, and no more than the key is good for', () => {
    expect(may(enroll(person('x'), alice), 'client')).toBe(false);
    const ida = strong('ida');
    const less = enrolled([first, enroll(strong('alice'), alice, { max_assurance: 'presence', role: 'admin' })], alice);
    expect(mayManage(less, read(enroll(ida, alice, 'presence')), 'presence')).toBe(false);
  });

  test('the strongest key of a person who is an admin counts, whatever its role; that of others does not', () => {
    const ida = strong('ida');
    const approver = enrolled([first, enroll(ida, alice, 'presence')], alice);
    expect(adminProof(approver)).toBe('key');
    expect(may(enroll(strong('tom'), alice, 'presence'), 'key', approver)).toBe(true);
    const own = enrolled([first, enroll(strong('alice'), alice, 'presence')], alice);
    expect(adminProof(own)).toBe('presence');
    expect(may(enroll(strong('tom'), alice, 'presence'), 'key', own)).toBe(false);
  });

  test("A2: a weaker key revokes a stronger one of its own owner, and nobody else's", () => {
    const [bobs, alices, tom] = [strong('bob'), strong('alice'), strong('tom')];
    const all = [bobs, alices, tom].map((key) => enroll(key, alice, 'presence'));
    const bar = enrolled([first, ...all, enroll(bob, alice)], alice);
    expect(adminProof(bar)).toBe('presence');
    expect(may(revoke(bobs, bob), 'key', bar)).toBe(true);
    expect(may(revoke(alices, alice), 'key', bar)).toBe(true);
    for (const key of [bobs, tom]) expect(may(revoke(key, alice), 'key', bar)).toBe(false);
    expect(may(revoke(alices, bob), 'key', bar)).toBe(false);
    const after = enrolled([first, ...all, revoke(alices, alice)], alice);
    expect(adminProof(after)).toBe('presence');
    expect(may(enroll(strong('alice'), alice, 'presence'), 'key', after)).toBe(false);
  });

  test('a weaker key adds teams and takes none away', () => {
    const history = [first, membership('bob', alice, ['a', 'b']), enroll(strong('alice'), alice, 'presence')];
    const bar = enrolled(history, alice);
    expect(may(membership('bob', alice, ['a', 'b', 'c']), 'key', bar)).toBe(true);
    expect(may(membership('bob', alice, ['b', 'a']), 'key', bar)).toBe(true);
    expect(may(membership('bob', alice, ['a']), 'key', bar)).toBe(false);
    expect(may(membership('bob', alice, ['c']), 'key', bar)).toBe(false);
    expect(may(membership('bob', alice, []), 'key', bar)).toBe(false);
    expect(may(membership('new', alice, []), 'key', bar)).toBe(true);
    expect(may(membership('new', alice, []), 'client', bar)).toBe(false);
  });
});

describe('halts', () => {
  const registry = enrolled([first, enroll(bob, alice)], alice);
  const halts = (...statements: Signed[]) => haltOf(logged(statements, 10), registry);

  test('are told with the nonces of all that stand', () => {
    const [one, two] = [halt(alice), halt(bob)];
    const nonces = [one, two].map(({ statement }) => JSON.parse(statement).nonce);
    expect(halts(one, two)).toEqual({ by: 'bob', reason: 'something is wrong', at: NOW, nonces });
    expect(halts(one, two, resume(alice, two))).toMatchObject({ by: 'alice', nonces: [nonces[0]] });
  });

  test('and resumes are signed by whom they name, and are what they are', () => {
    const stop = halt(alice);
    for (const bad of [
      { statement: 'null', signature: '' },
      halt({ ...bob, name: 'alice' }),
      { ...stop, signature: 'AAAA' },
      decision(alice, { ticket: 't', digest: 'a'.repeat(64) }),
    ])
      expect(halts(bad)).toBeUndefined();
    for (const bad of [
      { ...resume(alice, stop), signature: 'AAAA' },
      resume({ ...alice, name: 'bob' }, stop),
      resume(bob, stop),
    ])
      expect(halts(stop, bad)).toMatchObject({ by: 'alice' });
  });
});

test('A6: of accepted logs those are told that an admin accepted whose key was good there, and each once', () => {
  const accepted = accept(alice);
  const forged = { ...accept(alice), signature: accept(mallory).signature };
  const history = [first, enroll(bob, alice), accept(bob), forged, accepted, accepted, accept(mallory)];
  const { by, reason, size } = { by: 'alice', reason: 'a new machine', size: 1 };
  expect(enrolled(history, alice).accepted).toEqual([{ seq: 5, by, size, reason, at: NOW }]);
  expect(enrolled([first, revoke(alice, alice), accepted], alice).accepted).toEqual([]);
});
