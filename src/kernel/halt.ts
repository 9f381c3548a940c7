import { activeKey, isActiveAt, type Registry } from './approvers.ts';
import { claimedBy, type Recorded, readStatement, type StatementOf } from './statement.ts';

/**
 * Is every change stopped? A halt stands until a resume names it, whatever their order: one that was copied, or moved
 * behind a newer halt, by anyone who writes the database lifts nothing new. Each must be signed by a key that was good
 * where it is. A halt by a key that was revoked later still stands (revoking someone mustn't restart things); a resume
 * needs an admin's key that is good today, too.
 */
export function haltOf(statements: readonly Recorded[], registry: Registry): Halt | undefined {
  const halts = new Map<string, StatementOf<'halt'>>();
  const lifted = new Set<string>();
  for (const signed of statements) {
    const statement = readStatement(signed);
    if (statement?.kind !== 'halt' && statement?.kind !== 'resume') continue;
    const key = registry.keys.get(statement.key);
    if (!key || !isActiveAt(key, signed.seq) || key.name !== statement.by) continue;
    if (claimedBy(signed, key.publicKey) === undefined) continue;
    if (statement.kind === 'halt') halts.set(statement.nonce, statement);
    else if (key.role === 'admin' && activeKey(registry, key.id))
      for (const nonce of statement.halts) lifted.add(nonce);
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
  /** The nonces of every halt in force: a resume has to name them. */
  readonly nonces: readonly string[];
}
