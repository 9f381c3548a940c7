import { expect, test } from 'vitest';
import { haltOf, registryOf } from '../../src/kernel/approvers.ts';
import { provenBy, signStatement } from '../../src/kernel/statement.ts';
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
  const halted = halt(alice);
  expect(haltOf([], registry)).toBeUndefined();
  expect(haltOf([halted], registry)).toMatchObject({ by: 'alice' });
  expect(haltOf([halted, resume(mallory, halted)], registry)).toMatchObject({ by: 'alice' });
  expect(haltOf([halted, resume(bob, halted)], registry)).toBeUndefined();
});

test('a resume lifts only the halts that it names, wherever it is copied or moved to', () => {
  const registry = registryOf([enroll(alice, alice)], alice.id);
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
  expect(haltOf(statements, registryOf(statements, alice.id))).toMatchObject({ by: 'bob' });
});

test('a signature of one key does not verify with another, nor with a key of another type', () => {
  const signed = signStatement(
    { kind: 'halt', reason: 'x', by: 'alice', key: alice.id, nonce: '0'.repeat(32), signed_at: NOW },
    alice.privateKey,
  );
  expect(provenBy(signed, alice.publicKey)).toBe('key');
  expect(provenBy(signed, bob.publicKey)).toBeUndefined();
  expect(provenBy(signed, 'not a key')).toBeUndefined();
  expect(provenBy({ ...signed, signature: '' }, alice.publicKey)).toBeUndefined();
});

test('no enrolment makes a key file worth more than a key', () => {
  for (const max of ['presence', 'hardware'] as const) {
    expect(registryOf([enroll(alice, alice), enroll(bob, alice, max)], alice.id).has(bob.id)).toBe(false);
    expect(registryOf([enroll(alice, alice, max)], alice.id).size).toBe(0);
  }
});

test('an enrolment that names another signer than the key that signed it is ignored', () => {
  const forged = enroll(bob, { ...alice, name: 'carol' });
  expect(registryOf([enroll(alice, alice), forged], alice.id).has(bob.id)).toBe(false);
});
