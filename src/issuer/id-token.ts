import { compactVerify, errors } from 'jose';
import type { LoginProof } from '../kernel/login.ts';
import { LONGEST_LOGIN } from '../kernel/longest.ts';
import { ALGORITHMS } from './algorithms.ts';
import { type Issuer, IssuerUnavailable } from './issuer.ts';

/** An access token or a logout token of the same issuer says so in its header. */
const TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'jwt']);

/**
 * Did the issuer sign this ID token, by a key that was fetched from it? The attacker writes tokens of their own, also
 * into the database: with `none`, with the public key as a secret, with a key of theirs in the header. What it says is
 * looked at elsewhere (`login.ts`), by the time at which its decision was recorded: by now it may be long over.
 */
export async function proofOf(token: string, { keys }: Pick<Issuer, 'keys'>): Promise<LoginProof> {
  if (token.length > LONGEST_LOGIN) return { kind: 'refused' };
  try {
    const { payload, protectedHeader } = await compactVerify(token, keys, { algorithms: ALGORITHMS });
    if (!TYPES.has(protectedHeader.typ)) return { kind: 'refused' };
    return { kind: 'signed', claims: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) };
  } catch (error) {
    if (error instanceof IssuerUnavailable)
      return { kind: 'unknown', because: `the issuer can't be asked: ${error.message}` };
    // The key may be so new that it isn't known here yet, or so old that the issuer has taken it out.
    if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
      return { kind: 'unknown', because: 'the issuer lists no such key now' };
    return { kind: 'refused' };
  }
}
