import { expect, test } from 'vitest';
import { adminProof, countsFor, groupsOf, registryOf } from '../../src/kernel/approvers.ts';
import { recoveryDigest } from '../../src/kernel/pinned.ts';
import { keyIdOf, type Signed, signedBytes, signStatement, statementText } from '../../src/kernel/statement.ts';
import { decision, enroll, halt, logged, membership, NOW, type Person, person, revoke } from '../scenes/people.ts';
import { sshPerson } from '../scenes/ssh-signer.ts';

const [alice, bob] = [person('alice'), person('bob')];
const nonces = ['1', '2', '3'].map((digit) => digit.repeat(32));

/** A security key of alice's, which proves more than her key file. */
function securityKey() {
  const { publicKey, sign } = sshPerson('ed25519', true);
  return { name: 'alice', publicKey, id: keyIdOf(publicKey), sign };
}
const [lost, next] = [securityKey(), securityKey()];

function recovery(by: Person): Signed {
  const { publicKey: public_key, id: public_key_id } = next;
  const about = { public_key, public_key_id, lost: [lost.id], reason: 'at sea' };
  const common = { by: by.name, key: by.id, nonce: nonces[0]!, signed_at: NOW };
  return signStatement({ kind: 'recover', max_assurance: 'presence', ...about, ...common }, by.privateKey);
}

const people = [
  enroll(alice, alice),
  enroll(lost, alice, 'presence'),
  enroll(bob, alice),
  membership('alice', alice, ['payments']),
];
const registryWith = (statements: readonly Signed[], ...recoveries: readonly Signed[]) => {
  const digests = new Set(recoveries.map(({ statement }) => recoveryDigest(statement)));
  return registryOf(logged(statements), { rootKeyId: alice.id, recoveries: digests }, []);
};
const told = { seq: 5, by: 'alice', key: next.id, lost: [lost.id], reason: 'at sea', at: NOW };

test("32: a recovery that is pinned here enrolls an admin's key for what it proves, and revokes what was lost", () => {
  const recover = recovery(alice);
  const { keys, recoveries, counted } = registryWith([...people, recover], recover);
  expect(keys.get(next.id)).toMatchObject({
    ...{ name: 'alice', role: 'admin', enrolledBy: 'alice', enrolledSeq: 5 },
    ...{ enrolledFor: 'presence', maxAssurance: 'presence' },
  });
  expect(keys.get(lost.id)).toMatchObject({ revokedSeq: 5, revokedAt: NOW });
  expect(keys.get(alice.id)?.revokedSeq).toBeUndefined();
  expect(recoveries).toEqual([{ ...told, pinned: true }]);
  expect([...counted]).toEqual([1, 2, 3, 4, 5]);
});

test('32: one that is not pinned here revokes all the same, and gives its key no more than the one that signed', () => {
  const { keys, recoveries } = registryWith([...people, recovery(alice)]);
  expect(keys.get(next.id)).toMatchObject({ role: 'admin', enrolledFor: 'presence', maxAssurance: 'key' });
  expect(keys.get(lost.id)?.revokedSeq).toBe(5);
  expect(recoveries).toEqual([{ ...told, pinned: false }]);
});

test('32: a recovery makes nothing harder: who could revoke before revokes its key, pinned or not', () => {
  const [recover, taken] = [recovery(alice), revoke(next, bob)];
  const few = [enroll(alice, alice), enroll(bob, alice, { role: 'admin' })];
  for (const pinned of [[], [recover]]) {
    const before = registryWith([...few, recover], ...pinned);
    expect([adminProof(before), before.keys.get(next.id)?.weighs]).toEqual(['key', 'key']);
    expect(registryWith([...few, recover, taken], ...pinned).keys.get(next.id)?.revokedSeq).toBe(4);
  }
});

test('A3: an entry with the nonce of a statement that it does not sign keeps nobody from making it', () => {
  const said = membership('bob', alice, ['x']);
  const unsigned = { ...said, signature: revoke(bob, alice).signature };
  const registry = registryWith([enroll(alice, alice), enroll(bob, alice), unsigned, said]);
  expect(groupsOf(registry, 'bob')).toEqual(['x']);
});

test('32: who is no admin recovers nothing, whatever is pinned', () => {
  const recover = recovery(bob);
  const { keys, recoveries, counted } = registryWith([...people, recover], recover);
  expect([keys.has(next.id), keys.get(lost.id)?.revokedSeq, recoveries]).toEqual([false, undefined, []]);
  expect(counted.has(5)).toBe(false);
});

test('only what is about people counts as that', () => {
  const stop = halt(alice);
  const said = decision(alice, { ticket: 'tkt_00000000000000000000', digest: 'a'.repeat(64) });
  const { counted } = registryWith([...people, stop, said]);
  expect([...counted]).toEqual([1, 2, 3, 4]);
});

test('the pinned first key does not enroll itself again, once it was revoked', () => {
  const carol = person('carol');
  const gone = [enroll(carol, alice, { role: 'admin' }), revoke(alice, carol)];
  const { counted, keys } = registryWith([...people, ...gone, enroll(alice, alice)]);
  expect([counted.has(7), keys.get(alice.id)?.revokedSeq]).toEqual([false, 6]);
});

test('the pinned first key names itself as the one that signs', () => {
  const { name, publicKey: public_key, id: public_key_id } = alice;
  const by = { by: 'alice', key: bob.id, nonce: nonces[1]!, signed_at: NOW };
  const other = signStatement(
    { kind: 'enroll', name, public_key, public_key_id, max_assurance: 'key', ...by },
    alice.privateKey,
  );
  expect(registryWith([other]).keys.size).toBe(0);
});

test('what a signature proves counts for no more than its key was enrolled for, and the other way round', () => {
  const { keys } = registryWith([...people, enroll(next, alice, 'key')]);
  const about = { kind: 'halt', reason: 'stop', by: 'alice', nonce: nonces[2]!, signed_at: NOW } as const;
  const by = (key: ReturnType<typeof securityKey>): Signed => {
    const statement = statementText({ ...about, key: key.id });
    return { statement, signature: key.sign(signedBytes(statement)) };
  };
  expect(countsFor(by(lost), keys.get(lost.id)!)).toBe('presence');
  expect(countsFor(by(next), keys.get(next.id)!)).toBe('key');
  expect(countsFor(by(lost), keys.get(next.id)!)).toBeUndefined();
});
