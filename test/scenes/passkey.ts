import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { keyIdOf, type Signed, signedBytes, statementText } from '../../src/kernel/statement.ts';
import { challengeOf, type Passkey, passkeyText } from '../../src/kernel/webauthn.ts';

/** An authenticator by hand, so that each part of what it says can be wrong. */
interface Authenticator {
  readonly publicKey: string;
  assert(message: Buffer, how?: How): string;
}

interface How {
  readonly type?: string;
  readonly origin?: string;
  readonly rpId?: string;
  readonly flags?: number;
  readonly more?: Record<string, unknown>;
}

const ORIGIN = 'http://localhost:4141';

export function authenticator(kind: 'ec' | 'ed25519' | 'rsa' = 'ec', enrolled: Partial<Passkey> = {}): Authenticator {
  const { publicKey, privateKey } = pairOf(kind);
  const passkey: Passkey = {
    format: 'holdshort/passkey/v1',
    credential_id: 'Y3JlZGVudGlhbA',
    spki: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    origin: ORIGIN,
    rp_id: 'localhost',
    ...enrolled,
  };
  return {
    publicKey: passkeyText(passkey),
    assert(message, { type = 'webauthn.get', origin = ORIGIN, rpId = 'localhost', flags = 5, more = {} } = {}) {
      const challenge = challengeOf(message);
      const clientData = Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...more }));
      const hash = (data: Buffer | string) => createHash('sha256').update(data).digest();
      const data = Buffer.concat([hash(rpId), Buffer.of(flags), Buffer.from([0, 0, 0, 1])]);
      const signature = sign(kind === 'ed25519' ? null : 'sha256', Buffer.concat([data, hash(clientData)]), privateKey);
      return JSON.stringify({
        authenticator_data: data.toString('base64url'),
        client_data: clientData.toString('base64url'),
        signature: signature.toString('base64url'),
      });
    },
  };
}

/** A request for a passkey to be enrolled, signed by itself. */
export function passkeyRequest(name: string, passkey: Authenticator, origin = ORIGIN): { key: string; signed: Signed } {
  const key = keyIdOf(passkey.publicKey);
  const statement = statementText({
    kind: 'request',
    name,
    public_key: passkey.publicKey,
    public_key_id: key,
    nonce: randomBytes(16).toString('hex'),
    signed_at: new Date().toISOString(),
    key,
    by: name,
  });
  return { key, signed: { statement, signature: passkey.assert(signedBytes(statement), { origin }) } };
}

function pairOf(kind: 'ec' | 'ed25519' | 'rsa'): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (kind) {
    case 'ec':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}
