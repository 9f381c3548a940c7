import type { Registry } from './approvers.ts';
import { isGlassInOrder } from './break-glass.ts';
import { provenDecision } from './decisions.ts';
import { provenBy, readStatement, type Signed, type StatementOf } from './statement.ts';

interface About {
  readonly ticket: string;
  readonly digest: string;
  readonly registry: Registry;
}

/**
 * Every time the glass was broken on this plan, whatever has become of it since: time that is over, or a key that was revoked right
 * after, must not make it unseen. What no enrolled key signed is nobody's, and left out.
 */
export function brokenGlass(decisions: readonly Signed[], about: About): readonly StatementOf<'decision'>[] {
  return decisions.flatMap((signed) => {
    const proven = provenDecision(signed, about);
    if ('why' in proven || !proven.statement.break_glass) return [];
    return isGlassInOrder(proven.statement, proven.statement.signed_at) ? [proven.statement] : [];
  });
}

/**
 * Who has looked at it, other than those who broke it: by a review, or by a denial. A review counts when its key was good where it stands
 * in the log: somebody who leaves doesn't take their reviews along, and a key that was revoked signs no new one.
 * @param statements all, in log order
 */
export function reviewerOf(
  broken: readonly StatementOf<'decision'>[],
  denials: readonly StatementOf<'decision'>[],
  statements: readonly Signed[],
  { ticket, digest, registry }: About,
): string | undefined {
  const isAnother = (person: string) => broken.every(({ by }) => by !== person);
  const denied = denials.find(({ by }) => isAnother(by));
  if (denied) return denied.by;
  for (const [index, signed] of statements.entries()) {
    const statement = readStatement(signed);
    if (statement?.kind !== 'review' || statement.ticket !== ticket || statement.digest !== digest) continue;
    const key = registry.get(statement.key);
    if (!key || key.name !== statement.by || index >= (key.revokedIndex ?? Number.POSITIVE_INFINITY)) continue;
    if (key.maxAssurance === 'client' || provenBy(signed, key.publicKey) === undefined) continue;
    if (isAnother(statement.by)) return statement.by;
  }
  return undefined;
}
