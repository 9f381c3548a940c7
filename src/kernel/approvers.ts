import { ASSURANCES, type Assurance } from './requirement.ts';
import {
  keyIdOf,
  mostProvenBy,
  provenBy,
  type Role,
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
  readonly role: Role;
  readonly groups: readonly string[];
  readonly enrolledAt: string;
  readonly enrolledBy: string;
  readonly revokedAt?: string;
  /** Where among the statements, then. */
  readonly revokedIndex?: number;
}

export type Registry = ReadonlyMap<string, ApproverKey>;

/**
 * Who may decide, worked out from the signed enrolments and revocations in log order. The first enrolment signs itself and must be
 * the key that this installation pinned in a file when it was made; each later statement must be signed by a key that was enrolled,
 * not revoked and an admin's at that point. The attacker can insert, delete or reorder rows but holds no enrolled key: what doesn't verify is ignored.
 * @param rootKeyId fingerprint of the pinned first key; undefined when nobody was ever enrolled here
 */
export function registryOf(statements: readonly Signed[], rootKeyId: string | undefined): Registry {
  const keys = new Map<string, ApproverKey>();
  for (const [index, signed] of statements.entries()) {
    const statement = readStatement(signed);
    if (statement?.kind !== 'enroll' && statement?.kind !== 'revoke') continue;
    const isRoot = keys.size === 0 && isRootEnrolment(statement, rootKeyId);
    const signer = isRoot ? { name: statement.name, publicKey: statement.public_key } : activeKey(keys, statement.key);
    // A statement that names another signer than its key's owner was made to be misread.
    if (signer?.name !== statement.by) continue;
    const proven = provenBy(signed, signer.publicKey);
    if (proven === undefined || !(isRoot || mayManage(keys, statement, proven))) continue;
    if (statement.kind === 'revoke') {
      const key = keys.get(statement.public_key_id);
      if (key && !key.revokedAt) keys.set(key.id, { ...key, revokedAt: statement.signed_at, revokedIndex: index });
    } else if (isWellFormed(statement) && !keys.has(statement.public_key_id)) {
      keys.set(statement.public_key_id, {
        name: statement.name,
        id: statement.public_key_id,
        publicKey: statement.public_key,
        maxAssurance: statement.max_assurance,
        role: isRoot ? 'admin' : (statement.role ?? 'approver'),
        groups: statement.groups ?? [],
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

/**
 * May the owner of this active key make that statement? Admins may, and a person may give away rights of their own: revoke one of their
 * keys, or enroll one that is only good for a chat client. The attacker may hold an admin's key file: once an admin has a key that
 * proves more, no weaker one enrolls, or revokes, what would count for more than itself.
 */
export function mayManage(keys: Registry, statement: StatementOf<'enroll' | 'revoke'>, proven: Assurance): boolean {
  const signer = keys.get(statement.key);
  const subject = statement.kind === 'revoke' ? keys.get(statement.public_key_id) : undefined;
  const worth = statement.kind === 'revoke' ? subject?.maxAssurance : statement.max_assurance;
  if (!signer || worth === undefined) return false;
  const strongest = Math.max(...activeAdmins(keys).map(({ maxAssurance }) => ASSURANCES.indexOf(maxAssurance)));
  const level = ASSURANCES.indexOf(proven);
  if (level < ASSURANCES.indexOf(worth) && level < strongest) return false;
  if (signer.role === 'admin') return true;
  if (statement.kind === 'revoke') return subject?.name === signer.name;
  const plain = statement.role !== 'admin' && (statement.groups ?? []).length === 0;
  return statement.name === signer.name && statement.max_assurance === 'client' && plain;
}

/** The keys that may enroll, revoke and resume now. */
export function activeAdmins(keys: Registry): readonly ApproverKey[] {
  return [...keys.values()].filter(({ id, role }) => role === 'admin' && activeKey(keys, id));
}

/** The teams that a person belongs to, by any key of theirs that isn't revoked. */
export function groupsOf(keys: Registry, person: string): readonly string[] {
  return [...new Set([...keys.values()].flatMap((key) => (key.name === person && !key.revokedAt ? key.groups : [])))];
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
 * mustn't restart things); a resume needs an admin's key that is good today.
 */
export function haltOf(statements: readonly Signed[], registry: Registry): Halt | undefined {
  const halts = new Map<string, StatementOf<'halt'>>();
  const lifted = new Set<string>();
  for (const signed of statements) {
    const statement = readStatement(signed);
    if (statement?.kind !== 'halt' && statement?.kind !== 'resume') continue;
    const key = statement.kind === 'halt' ? registry.get(statement.key) : activeKey(registry, statement.key);
    if (statement.kind === 'resume' && key?.role !== 'admin') continue;
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
