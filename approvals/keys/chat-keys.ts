import { createHmac, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Registry } from '../../src/kernel/approvers.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { keyIdOf, signText } from '../../src/kernel/statement.ts';
import type { Enrolled } from '../desk.ts';
import type { Signer } from './keys.ts';

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The keys with which hubs sign what people answer in their chat clients through them: one for each person, made of a
 * secret that the hubs share. None counts before its person has signed, with a key that hubs don't have, that it is
 * theirs (`chatKeyEnrolment`); and then for `client`, as any key without a passphrase. A revoked one gives way to
 * another.
 */
export interface ChatKeys {
  /** The one that this person has, or may enroll. */
  readonly of: (registry: Registry, name: string) => Signer;
  /** The same, where it counts. @throws not_enrolled */
  readonly enrolled: (enrolled: Enrolled, name: string) => Promise<Signer>;
}

/** @param secret of 32 bytes, asked for at the first use */
export function chatKeysOf(secret: () => Uint8Array): ChatKeys {
  const of = ({ keys }: Registry, name: string): Signer => {
    for (let at = 0; ; at++) {
      const signer = signerOf(secret(), name, at);
      const known = keys.get(signer.id);
      if (!known || (known.name === name && !known.revokedAt)) return signer;
    }
  };
  return {
    of,
    async enrolled({ registry }, name) {
      const signer = of(registry, name);
      if (registry.keys.has(signer.id)) return signer;
      throw new HoldshortError(
        'not_enrolled',
        `${name} has not let answers in a chat client count on this hub`,
        'do so with a passkey, where passkeys are registered (the second address that `holdshort web` prints); where that is done already, this hub has another keys/companion.key than its fellows',
      );
    },
  };
}

function signerOf(secret: Uint8Array, name: string, at: number): Signer {
  const seed = createHmac('sha256', secret).update(`holdshort/chat-key/v1\0${name}\0${at}`).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  return { name, id: keyIdOf(publicKey), publicKey, sign: async (statement) => signText(statement, privateKey) };
}
