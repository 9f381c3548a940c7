import { expect, test } from 'vitest';
import { haltOf, registryOf } from '../../src/kernel/approvers.ts';
import { isSignedBy, signStatement } from '../../src/kernel/statement.ts';
import { enroll, halt, NOW, person, resume, revoke } from './people.ts';

const alice = person('alice');
const bob = person('bob');
const mallory = person('mallory');

test('the first key signs itself and must be the pinned one', () => {
  expect([...registryOf([enroll(alice, alice)], alice.id).keys()]).toEqual([alice.id]);
  expect(registryOf([enroll(alice, alice)], undefined).size).toBe(0);
  expect(registryOf([enroll(mallory, mallory)], alice.id).size).toBe(0);
});

test('a key that no approver signed for is not enrolled', () => {
  const registry = registryOf([enroll(alice, alice), enroll(mallory, mallory)], alice.id);
  expect(registry.has(mallory.id)).toBe(false);
});

test('an approver enrolls another; a revoked one can not', () => {
  expect(registryOf([enroll(alice, alice), enroll(bob, alice)], alice.id).get(bob.id)).toMatchObject({
    name: 'bob',
    enrolledBy: 'alice',
  });
  const after = registryOf(
    [enroll(alice, alice), enroll(bob, alice), revoke(bob, alice), enroll(mallory, bob)],
    alice.id,
  );
  expect(after.get(bob.id)?.revokedAt).toBe(NOW);
  expect(after.has(mallory.id)).toBe(false);
});

test('a key that is only good for a chat client can not enroll anybody', () => {
  const registry = registryOf([enroll(alice, alice), enroll(bob, alice, 'client'), enroll(mallory, bob)], alice.id);
  expect(registry.has(bob.id)).toBe(true);
  expect(registry.has(mallory.id)).toBe(false);
});

test('a statement altered after signing is ignored', () => {
  const signed = enroll(bob, alice);
  const altered = {
    ...signed,
    statement: signed.statement.replace('"max_assurance":"key"', '"max_assurance":"hardware"'),
  };
  expect(registryOf([enroll(alice, alice), altered], alice.id).has(bob.id)).toBe(false);
});

test('a halt stands until somebody with a good key lifts it', () => {
  const registry = registryOf([enroll(alice, alice), enroll(bob, alice)], alice.id);
  expect(haltOf([], registry)).toBeUndefined();
  expect(haltOf([halt(alice)], registry)).toMatchObject({ by: 'alice' });
  expect(haltOf([halt(alice), resume(mallory)], registry)).toMatchObject({ by: 'alice' });
  expect(haltOf([halt(alice), resume(bob)], registry)).toBeUndefined();
});

test('revoking whoever halted does not restart anything', () => {
  const statements = [enroll(alice, alice), enroll(bob, alice), halt(bob), revoke(bob, alice)];
  expect(haltOf(statements, registryOf(statements, alice.id))).toMatchObject({ by: 'bob' });
});

test('a signature of one key does not verify with another, nor with a key of another type', () => {
  const signed = signStatement(
    { kind: 'resume', by: 'alice', key: alice.id, nonce: '0'.repeat(32), signed_at: NOW },
    alice.privateKey,
  );
  expect(isSignedBy(signed, alice.publicKey)).toBe(true);
  expect(isSignedBy(signed, bob.publicKey)).toBe(false);
  expect(isSignedBy(signed, 'not a key')).toBe(false);
  expect(isSignedBy({ ...signed, signature: '' }, alice.publicKey)).toBe(false);
});

test('a resume that was used once does not lift a later halt', () => {
  const registry = registryOf([enroll(alice, alice)], alice.id);
  const lifted = resume(alice);
  expect(haltOf([halt(alice), lifted, halt(alice), lifted], registry)).toMatchObject({ by: 'alice' });
});
