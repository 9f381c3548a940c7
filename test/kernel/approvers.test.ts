import { describe, expect, test } from 'vitest';
import { type Registry, registryOf } from '../../src/kernel/approvers.ts';
import { haltOf as haltIn } from '../../src/kernel/halt.ts';
import { keyIdOf, provenBy, type Signed, signStatement } from '../../src/kernel/statement.ts';
import { enroll, enrolled, halt, logged, NOW, person, resume, revoke } from '../scenes/people.ts';
import { sshPerson } from '../scenes/ssh-signer.ts';

const alice = person('alice');
const bob = person('bob');
const mallory = person('mallory');

const keysOf = (...history: Parameters<typeof enrolled>) => enrolled(...history).keys;
/** The halt of what is said after everyone was enrolled. */
const haltOf = (statements: readonly Signed[], registry: Registry) => haltIn(logged(statements, 10), registry);

test('the first key signs itself and must be the pinned one', () => {
  expect([...keysOf([enroll(alice, alice)], alice).keys()]).toEqual([alice.id]);
  expect(
    registryOf(logged([enroll(alice, alice)]), { rootKeyId: undefined, recoveries: new Set() }, []).keys.size,
  ).toBe(0);
  expect(keysOf([enroll(mallory, mallory)], alice).size).toBe(0);
});

test('a key that no approver signed for is not enrolled', () => {
  const keys = keysOf([enroll(alice, alice), enroll(mallory, mallory)], alice);
  expect(keys.has(mallory.id)).toBe(false);
});

test('an admin enrolls another; a revoked one can not', () => {
  expect(keysOf([enroll(alice, alice), enroll(bob, alice)], alice).get(bob.id)).toMatchObject({
    name: 'bob',
    enrolledBy: 'alice',
  });
  const after = keysOf(
    [enroll(alice, alice), enroll(bob, alice, { role: 'admin' }), revoke(bob, alice), enroll(mallory, bob)],
    alice,
  );
  expect(after.get(bob.id)?.revokedAt).toBe(NOW);
  expect(after.has(mallory.id)).toBe(false);
});

test('a key that is only good for a chat client can not enroll anybody', () => {
  const keys = keysOf([enroll(alice, alice), enroll(bob, alice, 'client'), enroll(mallory, bob)], alice);
  expect(keys.has(bob.id)).toBe(true);
  expect(keys.has(mallory.id)).toBe(false);
});

test('a statement altered after signing is ignored', () => {
  const signed = enroll(bob, alice);
  const altered = {
    ...signed,
    statement: signed.statement.replace('"max_assurance":"key"', '"max_assurance":"hardware"'),
  };
  expect(keysOf([enroll(alice, alice), altered], alice).has(bob.id)).toBe(false);
});

test('a halt stands until an admin lifts it', () => {
  const carol = person('carol');
  const registry = enrolled([enroll(alice, alice), enroll(bob, alice, { role: 'admin' }), enroll(carol, alice)], alice);
  const halted = halt(carol);
  expect(haltOf([], registry)).toBeUndefined();
  expect(haltOf([halted], registry)).toMatchObject({ by: 'carol' });
  expect(haltOf([halted, resume(mallory, halted)], registry)).toMatchObject({ by: 'carol' });
  expect(haltOf([halted, resume(carol, halted)], registry)).toMatchObject({ by: 'carol' });
  expect(haltOf([halted, resume(bob, halted)], registry)).toBeUndefined();
});

test('a resume lifts only the halts that it names, wherever it is copied or moved to', () => {
  const registry = enrolled([enroll(alice, alice)], alice);
  const [first, second] = [halt(alice), halt(alice)];
  const lifted = resume(alice, first);
  for (const order of [
    [first, lifted, second],
    [first, lifted, second, lifted],
    [first, second, lifted],
    [second, first, lifted],
  ])
    expect(haltOf(order, registry)).toMatchObject({ by: 'alice' });
  expect(haltOf([first, second, resume(alice, first, second)], registry)).toBeUndefined();
});

test('revoking whoever halted does not restart anything', () => {
  const statements = [enroll(alice, alice), enroll(bob, alice), halt(bob), revoke(bob, alice)];
  expect(haltIn(logged(statements), enrolled(statements, alice))).toMatchObject({ by: 'bob' });
});

test('a signature of one key does not verify with another, nor with a key of another type', () => {
  const signed = signStatement(
    { kind: 'halt', reason: 'x', by: 'alice', key: alice.id, nonce: '0'.repeat(32), signed_at: NOW },
    alice.privateKey,
  );
  expect(provenBy(signed, alice.publicKey, [])).toBe('key');
  expect(provenBy(signed, bob.publicKey, [])).toBeUndefined();
  expect(provenBy(signed, 'not a key', [])).toBeUndefined();
  expect(provenBy({ ...signed, signature: '' }, alice.publicKey, [])).toBeUndefined();
});

test('no enrolment makes a key file worth more than a key', () => {
  for (const max of ['presence', 'hardware'] as const) {
    expect(keysOf([enroll(alice, alice), enroll(bob, alice, max)], alice).has(bob.id)).toBe(false);
    expect(keysOf([enroll(alice, alice, max)], alice).size).toBe(0);
  }
});

test('an enrolment that names another signer than the key that signed it is ignored', () => {
  const forged = enroll(bob, { ...alice, name: 'carol' });
  expect(keysOf([enroll(alice, alice), forged], alice).has(bob.id)).toBe(false);
});

describe('an approver who is no admin', () => {
  const carol = person('carol');
  const before = [enroll(alice, alice), enroll(bob, alice)];
  const joined = (...statements: readonly Signed[]) => keysOf([...before, ...statements], alice);

  test.each([
    ['somebody else', enroll(carol, bob)],
    ['another key of their own', enroll({ ...carol, name: 'bob' }, bob)],
    ['themselves as an admin', enroll({ ...carol, name: 'bob' }, bob, { max_assurance: 'client', role: 'admin' })],
    ['themselves into a team', enroll({ ...carol, name: 'bob' }, bob, { max_assurance: 'client', groups: ['team'] })],
    ['a chat key of somebody else', enroll({ ...carol, name: 'alice' }, bob, 'client')],
  ])('enrolls not %s', (_, statement) => {
    expect(joined(statement).has(carol.id)).toBe(false);
  });

  test('enrolls a chat key of their own', () => {
    expect(joined(enroll({ ...carol, name: 'bob' }, bob, 'client')).get(carol.id)).toMatchObject({
      name: 'bob',
      role: 'approver',
    });
  });

  test('revokes keys of their own, and of nobody else', () => {
    expect(joined(revoke(bob, bob)).get(bob.id)?.revokedAt).toBe(NOW);
    expect(joined(revoke(alice, bob)).get(alice.id)?.revokedAt).toBeUndefined();
  });

  test('becomes an admin only by an admin', () => {
    expect(joined().get(bob.id)?.role).toBe('approver');
    const second = enroll({ ...carol, name: 'bob' }, alice, { role: 'admin' });
    expect(joined(second).get(carol.id)?.role).toBe('admin');
  });
});

describe('once an admin has a stronger key', () => {
  const touched = sshPerson('ed25519', true);
  const strong = { name: 'alice', publicKey: touched.publicKey, id: keyIdOf(touched.publicKey) };
  const other = sshPerson('ecdsa', true);
  const forged = { name: 'mallory', publicKey: other.publicKey, id: keyIdOf(other.publicKey) };
  const registry = (...statements: readonly Signed[]) => keysOf([enroll(alice, alice), ...statements], alice);
  const presence = { max_assurance: 'presence', role: 'admin' } as const;

  test('a key file enrolls none that counts for more than itself', () => {
    expect(registry(enroll(forged, alice, 'presence')).has(forged.id)).toBe(true);
    const statements = [enroll(strong, alice, presence), enroll(forged, alice, 'presence')];
    expect(registry(...statements).has(forged.id)).toBe(false);
    expect(registry(...statements, enroll(bob, alice)).has(bob.id)).toBe(true);
  });

  test("a key file revokes its own owner's, and is not the strongest again by it", () => {
    const statements = [enroll(strong, alice, presence), revoke(strong, alice), enroll(forged, alice, 'presence')];
    const after = registry(...statements);
    expect(after.get(strong.id)?.revokedAt).toBeDefined();
    expect(after.has(forged.id)).toBe(false);
  });

  test("another admin's key file does not revoke it", () => {
    const statements = [enroll(bob, alice, { role: 'admin' }), enroll(strong, alice, presence), revoke(strong, bob)];
    expect(registry(...statements).get(strong.id)?.revokedAt).toBeUndefined();
  });
});
