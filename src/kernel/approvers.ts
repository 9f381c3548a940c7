import { ASSURANCES, type Assurance } from './requirement.ts';
import {
  keyIdOf,
  mostProvenBy,
  provenBy,
  readStatement,
  type Signed,
  type Statement,
  type StatementOf,
} from './statement.ts';

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
    const isRoot = keys.size === 0 && isRootEnrolment(statement, rootKeyId);
    const signer = isRoot ? { name: statement.name, publicKey: statement.public_key } : activeKey(keys, statement.key);
    // A statement that names another signer than its key's owner was made to be misread.
    if (!signer || signer.name !== statement.by || provenBy(signed, signer.publicKey) === undefined) continue;
    if (statement.kind === 'revoke') {
      const key = keys.get(statement.public_key_id);
      if (key && !key.revokedAt) keys.set(key.id, { ...key, revokedAt: statement.signed_at });
    } else if (isWellFormed(statement) && !keys.has(statement.public_key_id)) {
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

function isRootEnrolment(statement: Statement, rootKeyId: string | undefined): statement is StatementOf<'enroll'> {
  return statement.kind === 'enroll' && statement.public_key_id === rootKeyId && statement.key === rootKeyId;
}

/** A key in a file proves possession of the file and no more, whatever its enrolment says; so for the other kinds. */
function isWellFormed({ public_key, public_key_id, max_assurance }: StatementOf<'enroll'>): boolean {
  const most = mostProvenBy(public_key);
  return (
    most !== undefined &&
    keyIdOf(public_key) === public_key_id &&
    ASSURANCES.indexOf(max_assurance) <= ASSURANCES.indexOf(most)
  );
}

/** A key that may still sign: enrolled, not revoked, and good for more than a chat client's answer. */
function activeKey(keys: Registry, id: string): ApproverKey | undefined {
  const key = keys.get(id);
  return key && !key.revokedAt && key.maxAssurance !== 'client' ? key : undefined;
}

/**
 * Is every change stopped? A halt stands until a resume names it, whatever their order: one that was copied, or moved behind a newer
 * halt, by whoever writes the database lifts nothing new. A halt by a key that was revoked later still stands (revoking somebody
 * mustn't restart things); a resume needs a key that is good today.
 */
export function haltOf(statements: readonly Signed[], registry: Registry): Halt | undefined {
  const halts = new Map<string, StatementOf<'halt'>>();
  const lifted = new Set<string>();
  for (const signed of statements) {
    const statement = readStatement(signed);
    if (statement?.kind !== 'halt' && statement?.kind !== 'resume') continue;
    const key = statement.kind === 'halt' ? registry.get(statement.key) : activeKey(registry, statement.key);
    if (!key || key.name !== statement.by || provenBy(signed, key.publicKey) === undefined) continue;
    if (statement.kind === 'halt') halts.set(statement.nonce, statement);
    else for (const nonce of statement.halts) lifted.add(nonce);
  }
  const standing = [...halts.values()].filter(({ nonce }) => !lifted.has(nonce));
  const last = standing.at(-1);
  return last && { by: last.by, reason: last.reason, at: last.signed_at, nonces: standing.map(({ nonce }) => nonce) };
}

export interface Halt {
  readonly by: string;
  readonly reason: string;
  /** ISO 8601 */
  readonly at: string;
  /** Of every halt that stands: what a resume has to name. */
  readonly nonces: readonly string[];
}
