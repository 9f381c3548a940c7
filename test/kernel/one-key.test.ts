import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bareKeyOf, keyIdOf, mostProvenBy, provenBy, signStatement } from '../../src/kernel/statement.ts';
import { passkeyText } from '../../src/kernel/webauthn.ts';
import { enroll, enrolled, NOW, type Person, person, revoke } from '../scenes/people.ts';

const alice = person('alice');
const bob = person('bob');
const der = Buffer.from(bob.publicKey, 'base64');

/** Algorithm parameters that RFC 8410 forbids: NULL after the OID. */
const withParameters = Buffer.concat([
  Buffer.of(0x30, 0x2c, 0x30, 0x07),
  der.subarray(4, 9),
  Buffer.of(0x05, 0x00),
  der.subarray(9),
]);
const spellings: Record<string, string> = {
  'bytes after the DER': Buffer.concat([der, Buffer.of(0)]).toString('base64'),
  'many bytes after the DER': Buffer.concat([der, Buffer.alloc(300, 1)]).toString('base64'),
  'a parameter of the algorithm': withParameters.toString('base64'),
  'a length in the long form': Buffer.concat([Buffer.of(0x30, 0x81), der.subarray(1)]).toString('base64'),
  'base64 for addresses': der.toString('base64url'),
  'no padding': bob.publicKey.replace(/=+$/, ''),
  'more padding': `${bob.publicKey}=`,
  'a line break': `${bob.publicKey.slice(0, 20)}\n${bob.publicKey.slice(20)}`,
  'a tab at the end': `${bob.publicKey}\t`,
  'a sign that is no base64': `${bob.publicKey.slice(0, 20)}!${bob.publicKey.slice(20)}`,
};

describe('C22: one key has one text and one fingerprint', () => {
  test.each(Object.entries(spellings))('C22: not %s', (_, publicKey) => {
    expect(publicKey).not.toBe(bob.publicKey);
    const other: Person = { ...bob, publicKey, id: keyIdOf(publicKey) };
    expect(mostProvenBy(publicKey, [], NOW)).toBeUndefined();
    expect(bareKeyOf(publicKey)).toBeUndefined();
    expect(enrolled([enroll(alice, alice), enroll(other, alice)], alice).keys.size).toBe(1);
    const halt = { kind: 'halt', reason: 'x', by: 'bob', key: bob.id, nonce: '0'.repeat(32), signed_at: NOW } as const;
    expect(provenBy(signStatement(halt, bob.privateKey), publicKey, [])).toBeUndefined();
  });

  test('C22: what is no Ed25519 key is no key of a file', () => {
    for (const { publicKey } of [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('x25519'),
    ])
      expect(
        mostProvenBy(publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), [], NOW),
      ).toBeUndefined();
    for (const text of ['', 'AAAA', 'key', bob.publicKey.slice(4)]) expect(mostProvenBy(text, [], NOW)).toBeUndefined();
  });

  test('C22: a passkey has its key in one text too', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    const passkey = (text: string) =>
      passkeyText({
        format: 'holdshort/passkey/v1',
        credential_id: 'AAAA',
        spki: text,
        origin: 'http://localhost',
        rp_id: 'localhost',
      });
    expect(mostProvenBy(passkey(spki.toString('base64')), [], NOW)).toBe('presence');
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const parity = (Buffer.from(y, 'base64url').at(-1) ?? 0) % 2;
    const point = Buffer.concat([Buffer.of(2 + parity), Buffer.from(x, 'base64url')]);
    const compressed = Buffer.concat([Buffer.of(0x30, 0x39), spki.subarray(2, 23), Buffer.of(0x03, 0x22, 0x00), point]);
    // The same key to anyone who only decodes it.
    expect(createPublicKey({ key: compressed, format: 'der', type: 'spki' }).equals(publicKey)).toBe(true);
    for (const other of [compressed, Buffer.concat([spki, Buffer.of(0)])])
      expect(mostProvenBy(passkey(other.toString('base64')), [], NOW)).toBeUndefined();
    expect(mostProvenBy(passkey(`${spki.toString('base64')}=`), [], NOW)).toBeUndefined();
  });

  test('C22: a key of a file is the same key as an SSH key and as a passkey, and is enrolled once', () => {
    const text = (value: Buffer | string) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(value.length);
      return Buffer.concat([length, Buffer.from(value)]);
    };
    const raw = der.subarray(-32);
    const ssh = `ssh-ed25519 ${Buffer.concat([text('ssh-ed25519'), text(raw)]).toString('base64')}`;
    const web = passkeyText({
      format: 'holdshort/passkey/v1',
      credential_id: 'AAAA',
      spki: bob.publicKey,
      origin: 'http://localhost',
      rp_id: 'localhost',
    });
    for (const publicKey of [ssh, web]) {
      expect(bareKeyOf(publicKey)).toBe(bob.publicKey);
      const again = { name: 'bob', publicKey, id: keyIdOf(publicKey) };
      expect(enrolled([enroll(alice, alice), enroll(again, alice)], alice).keys.has(again.id)).toBe(true);
      const history = [enroll(alice, alice), enroll(bob, alice), revoke(bob, alice), enroll(again, alice)];
      expect([...enrolled(history, alice).keys.keys()]).toEqual([alice.id, bob.id]);
    }
  });
});
