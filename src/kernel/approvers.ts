import type { Assurance } from './requirement.ts';
import { isSignedBy, keyIdOf, readStatement, type Signed } from './statement.ts';

/** An enrolled key and the person whom it speaks for. A person may have several keys. */
export interface ApproverKey {
  readonly name: string;
  readonly id: string;
  readonly publicKey: string;
  readonly maxAssurance: Assurance;
  readonly enrolledAt: string;
  readonly enrolledBy: string;
  readonly revokedAt?: string;
}

export type Registry = ReadonlyMap<string, ApproverKey>;

/**
 * Who may decide, worked out from the signed enrolments and revocations in log order. The first enrolment signs itself and must be
 * the key that this installation pinned in a file when it was made; each later statement must be signed by a key that was enrolled
 * and not revoked at that point. The attacker can insert, delete or reorder rows but holds no enrolled key: what doesn't verify is ignored.
 * @param rootKeyId fingerprint of the pinned first key; undefined when nobody was ever enrolled here
 */
export function registryOf(statements: readonly Signed[], rootKeyId: string | undefined): Registry {
  const keys = new Map<string, ApproverKey>();
  for (const signed of statements) {
    const statement = readStatement(signed);
    if (statement?.kind !== 'enroll' && statement?.kind !== 'revoke') continue;
    const isRoot =
      statement.kind === 'enroll' &&
      keys.size === 0 &&
      statement.public_key_id === rootKeyId &&
      statement.key === rootKeyId;
    const signer = isRoot ? statement.public_key : activeKey(keys, statement.key)?.publicKey;
    if (signer === undefined || !isSignedBy(signed, signer)) continue;
    if (statement.kind === 'revoke') {
      const key = keys.get(statement.public_key_id);
      if (key && !key.revokedAt) keys.set(key.id, { ...key, revokedAt: statement.signed_at });
    } else if (keyIdOf(statement.public_key) === statement.public_key_id && !keys.has(statement.public_key_id)) {
      keys.set(statement.public_key_id, {
        name: statement.name,
        id: statement.public_key_id,
        publicKey: statement.public_key,
        maxAssurance: statement.max_assurance,
        enrolledAt: statement.signed_at,
        enrolledBy: statement.by,
      });
    }
  }
  return keys;
}

/** A key that may still sign: enrolled, not revoked, and good for more than a chat client's answer. */
function activeKey(keys: Registry, id: string): ApproverKey | undefined {
  const key = keys.get(id);
  return key && !key.revokedAt && key.maxAssurance !== 'client' ? key : undefined;
}

/**
 * Is every change stopped? The last verified halt or resume says so. A halt by a key that was revoked later still stands (revoking
 * somebody mustn't restart things); a resume needs a key that is good today.
 */
export function haltOf(statements: readonly Signed[], registry: Registry): Halt | undefined {
  let halt: Halt | undefined;
  const seen = new Set<string>();
  for (const signed of statements) {
    const statement = readStatement(signed);
    if (statement?.kind !== 'halt' && statement?.kind !== 'resume') continue;
    const key = statement.kind === 'halt' ? registry.get(statement.key) : activeKey(registry, statement.key);
    if (!key || key.name !== statement.by || !isSignedBy(signed, key.publicKey)) continue;
    // An old resume, copied behind a new halt by whoever writes the database, is still well signed.
    if (seen.has(statement.nonce)) continue;
    seen.add(statement.nonce);
    halt =
      statement.kind === 'halt' ? { by: statement.by, reason: statement.reason, at: statement.signed_at } : undefined;
  }
  return halt;
}

export interface Halt {
  readonly by: string;
  readonly reason: string;
  /** ISO 8601 */
  readonly at: string;
}
