import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';

/*
 * A private key under a passphrase: scrypt (RFC 7914; the parameters are OWASP's first choice for it) and AES-256-GCM.
 * The thief holds the file and all the time in the world: each guess costs 128 MiB and some tenths of a second.
 */

const COST = { n: 2 ** 17, r: 8, p: 1 } as const;

export const SHORTEST_PASSPHRASE = 8;

/** A locked private key. The parameters are fixed, so a forged file can't ask for a cheap or a ruinous derivation. */
export const Sealed = z.strictObject({
  kdf: z.literal('scrypt'),
  n: z.literal(COST.n),
  r: z.literal(COST.r),
  p: z.literal(COST.p),
  salt: z.base64().length(24),
  cipher: z.literal('aes-256-gcm'),
  iv: z.base64().length(16),
  tag: z.base64().length(24),
  data: z.base64().max(4096),
});
export type Sealed = z.infer<typeof Sealed>;

/** @param bound what the ciphertext is tied to besides the passphrase */
export async function lock(secret: Uint8Array, passphrase: string, bound: string): Promise<Sealed> {
  if (passphrase.length < SHORTEST_PASSPHRASE)
    throw new HoldshortError(
      'usage',
      `the passphrase has ${passphrase.length} characters`,
      `use at least ${SHORTEST_PASSPHRASE}, or say --no-passphrase`,
    );
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await derive(passphrase, salt), iv).setAAD(Buffer.from(bound));
  const data = Buffer.concat([cipher.update(secret), cipher.final()]);
  const base64 = (bytes: Buffer) => bytes.toString('base64');
  return {
    kdf: 'scrypt',
    ...COST,
    salt: base64(salt),
    cipher: 'aes-256-gcm',
    iv: base64(iv),
    tag: base64(cipher.getAuthTag()),
    data: base64(data),
  };
}

/** @throws key_invalid for a wrong passphrase or an altered file; the two can't be told apart */
export async function unlock(sealed: Sealed, passphrase: string, bound: string, path: string): Promise<Buffer> {
  const key = await derive(passphrase, Buffer.from(sealed.salt, 'base64'));
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64'), { authTagLength: 16 })
    .setAAD(Buffer.from(bound))
    .setAuthTag(Buffer.from(sealed.tag, 'base64'));
  try {
    return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]);
  } catch (cause) {
    throw new HoldshortError(
      'key_invalid',
      `${path} does not open with this passphrase`,
      'try again; a lost passphrase means revoking the key and enrolling a new one',
      cause,
    );
  }
}

function derive(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  // Node refuses more than 32 MiB unless told; scrypt needs 128 * N * r bytes.
  const options: ScryptOptions = { N: COST.n, r: COST.r, p: COST.p, maxmem: 192 * COST.n * COST.r };
  return new Promise((resolve, reject) => {
    // NFC: the same passphrase typed on two systems is the same bytes.
    scrypt(passphrase.normalize('NFC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
