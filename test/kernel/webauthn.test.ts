import { describe, expect, test } from 'vitest';
import { mostProvenBy, provenBy, signedBytes } from '../../src/kernel/statement.ts';
import { authenticator } from '../scenes/passkey.ts';
import { NOW } from '../scenes/people.ts';

const statement = '{"kind":"a statement"}';
const message = signedBytes(statement);

describe.each(['ec', 'ed25519', 'rsa'] as const)('a passkey, %s', (kind) => {
  const key = authenticator(kind);
  const proven = (how?: Parameters<typeof key.assert>[1]) =>
    provenBy({ statement, signature: key.assert(message, how) }, key.publicKey, []);

  test('proves presence', () => {
    expect(proven()).toBe('presence');
    expect(mostProvenBy(key.publicKey, [], NOW)).toBe('presence');
  });

  test.each([
    ['user verification off', { flags: 1 }],
    ['nobody present', { flags: 4 }],
    ['neither', { flags: 0 }],
    ['another port of this machine', { origin: 'http://localhost:4142' }],
    ['another scheme', { origin: 'https://localhost:4141' }],
    ['another host', { origin: 'http://localhost.example:4141' }],
    ['another relying party', { rpId: 'example.com' }],
    ['a registration', { type: 'webauthn.create' }],
    ['a page in a frame', { more: { crossOrigin: true } }],
    ['a page in a frame, told otherwise', { more: { topOrigin: 'http://localhost:9' } }],
    ['another challenge', { more: { challenge: 'AAAA' } }],
  ])('proves nothing with %s', (_, how) => {
    expect(proven(how)).toBeUndefined();
  });

  test('proves nothing about another statement, and nothing for another key', () => {
    const signature = key.assert(message);
    expect(provenBy({ statement: `${statement} `, signature }, key.publicKey, [])).toBeUndefined();
    expect(provenBy({ statement, signature }, authenticator(kind).publicKey, [])).toBeUndefined();
    for (const broken of ['', '{}', 'null', `${signature}x`, signature.replace('"signature":"', '"signature":"AA')])
      expect(provenBy({ statement, signature: broken }, key.publicKey, []), broken.slice(0, 20)).toBeUndefined();
  });
});

test('a passkey has one spelling', () => {
  const { publicKey } = authenticator();
  for (const other of [
    `${publicKey} `,
    publicKey.replace('{', '{ '),
    publicKey.replace('"rp_id"', '"rp\\u005fid"'),
    '{}',
  ])
    expect(mostProvenBy(other, [], NOW), other.slice(0, 30)).toBeUndefined();
});
