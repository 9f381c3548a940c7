import { createPublicKey, type KeyObject } from 'node:crypto';

/**
 * The one SPKI text of a public key, whatever it was read from: base64 of the DER that RFC 5280 and RFC 8410 describe.
 * By way of JWK, which has no room for a compressed point or other parameters.
 * @throws Error for a kind of key that JWK doesn't know
 */
export function spkiText(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' });
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' }).toString('base64');
}

/** Keys that were read, by their whole text: who weighs a decision reads those of all people, each time. */
const known = new Map<string, KeyObject>();
const MOST_KNOWN = 1_000;

/**
 * The key in an SPKI text; undefined unless it is the one text of that key. Decoders overlook bytes after the DER,
 * other parameters and characters that aren't base64: the attacker would enroll one key under many fingerprints, and a
 * revoked one again.
 */
export function readSpki(text: string): KeyObject | undefined {
  const key = known.get(text) ?? keyIn(text);
  if (!key) return undefined;
  known.set(text, key);
  const [oldest = text] = known.keys();
  if (known.size > MOST_KNOWN) known.delete(oldest);
  return key;
}

function keyIn(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return spkiText(key) === text ? key : undefined;
  } catch {
    return undefined;
  }
}
