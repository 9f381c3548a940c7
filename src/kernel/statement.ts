import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { ASSURANCES } from './requirement.ts';

/** Names of approvers and operators: lower case, so that two spellings are never two people. */
export const PersonName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@-]{0,63}$/, 'a name is 1 to 64 of a-z 0-9 . _ @ - and begins with a letter or digit');

const Nonce = z.string().regex(/^[0-9a-f]{32}$/);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const KeyId = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/);
const common = { nonce: Nonce, signed_at: z.iso.datetime(), key: KeyId, by: PersonName };

/**
 * What an approver's key signs. Every statement names its kind, its signer and a nonce; a decision also names the ticket, the exact
 * digest, the assurance it claims and until when it stands.
 */
export const Statement = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('decision'),
    ticket: z.string(),
    digest: Digest,
    decision: z.enum(['approve', 'deny', 'withdraw']),
    assurance: z.enum(ASSURANCES),
    reason: z.string().max(2000).optional(),
    expires_at: z.iso.datetime(),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('enroll'),
    name: PersonName,
    public_key: z.string(),
    public_key_id: KeyId,
    /** No decision by this key ever counts for more. */
    max_assurance: z.enum(ASSURANCES),
    ...common,
  }),
  z.strictObject({ kind: z.literal('revoke'), public_key_id: KeyId, reason: z.string().max(2000), ...common }),
  z.strictObject({ kind: z.literal('halt'), reason: z.string().max(2000), ...common }),
  /** `halts` are the nonces of the halts that it lifts. */
  z.strictObject({ kind: z.literal('resume'), halts: z.array(Nonce).min(1), ...common }),
]);

export type Statement = z.infer<typeof Statement>;
export type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** A statement's exact text with its Ed25519 signature in base64. */
export interface Signed {
  readonly statement: string;
  readonly signature: string;
}

const SIGNED_DOMAIN = 'holdshort/statement/v1\0';

export function signStatement(statement: Statement, privateKey: KeyObject): Signed {
  const text = JSON.stringify(Statement.parse(statement));
  return { statement: text, signature: sign(null, Buffer.from(SIGNED_DOMAIN + text), privateKey).toString('base64') };
}

/** Says only whether this key signed this text; whose key it is and whether it may is for others to say. */
export function isSignedBy({ statement, signature }: Signed, publicKeySpki: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKeySpki, 'base64'), format: 'der', type: 'spki' });
    // Another key type would choose another algorithm for the same call.
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, Buffer.from(SIGNED_DOMAIN + statement), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** The fingerprint of a public key (base64 SPKI), in the form that OpenSSH prints. */
export function keyIdOf(publicKeySpki: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(publicKeySpki, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

/** The statement inside, or undefined where it isn't one: the text comes from the database, which an attacker may have written. */
export function readStatement({ statement }: Signed): Statement | undefined {
  try {
    return Statement.parse(JSON.parse(statement));
  } catch {
    return undefined;
  }
}
