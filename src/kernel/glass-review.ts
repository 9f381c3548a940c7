import { countsFor, isActiveAt, type Registry } from './approvers.ts';
import { isGlassInOrder } from './break-glass.ts';
import { provenDecision } from './decisions.ts';
import { ASSURANCES, type Assurance } from './requirement.ts';
import { type Recorded, readStatement, type StatementOf } from './statement.ts';

interface About {
  readonly ticket: string;
  readonly digest: string;
  readonly registry: Registry;
}

/**
 * Every time the glass was broken on this plan, whatever has become of it since: time that is over, or a key that was
 * revoked right after, must not make it unseen. What no enrolled key signed is nobody's, and left out.
 */
export function brokenGlass(decisions: readonly Recorded[], about: About): readonly StatementOf<'decision'>[] {
  return decisions.flatMap((signed) => {
    const proven = provenDecision(signed, about);
    if ('why' in proven || !proven.statement.break_glass) return [];
    return isGlassInOrder(proven.statement, proven.statement.signed_at) ? [proven.statement] : [];
  });
}

/**
 * Those who have looked at it, by a review or a denial, without those who broke it. A review must prove a person as
 * well as breaking the glass did: the attacker may hold someone else's key file. It counts when its key was good at its
 * place in the log: someone who leaves doesn't take their reviews along, and a key that was revoked signs no new one.
 * @param decisions on the ticket
 * @param statements all, in log order
 */
export function reviewerOf(
  broken: readonly StatementOf<'decision'>[],
  decisions: readonly Recorded[],
  statements: readonly Recorded[],
  about: About,
): string | undefined {
  const { ticket, digest, registry } = about;
  for (const signed of decisions) {
    const denial = provenDecision(signed, about);
    if ('why' in denial || denial.statement.decision !== 'deny') continue;
    const { statement } = denial;
    const key = registry.keys.get(statement.key);
    const counts = key && isEnough(broken, key.maxAssurance) && isEnough(broken, statement.assurance);
    if (counts && isAnother(broken, statement.by)) return statement.by;
  }
  for (const signed of statements) {
    const statement = readStatement(signed);
    if (statement?.kind !== 'review' || statement.ticket !== ticket || statement.digest !== digest) continue;
    const key = registry.keys.get(statement.key);
    if (!key || key.name !== statement.by || !isActiveAt(key, signed.seq)) continue;
    const proven = countsFor(signed, key);
    if (proven !== undefined && mayReview(broken, statement.by, proven)) return statement.by;
  }
  return undefined;
}

/**
 * May this person say to have looked? Not one of those who broke it, nor a chat client, nor anyone who proves less than
 * they did.
 */
export function mayReview(broken: readonly StatementOf<'decision'>[], person: string, proven: Assurance): boolean {
  return broken.length > 0 && proven !== 'client' && isEnough(broken, proven) && isAnother(broken, person);
}

function isEnough(broken: readonly StatementOf<'decision'>[], proven: Assurance): boolean {
  return ASSURANCES.indexOf(proven) >= ASSURANCES.indexOf(reviewProof(broken));
}

function isAnother(broken: readonly StatementOf<'decision'>[], person: string): boolean {
  return broken.every(({ by }) => by !== person);
}

/** How well a review must prove a person: as well as the strongest of those who broke the glass did. */
export function reviewProof(broken: readonly StatementOf<'decision'>[]): Assurance {
  return ASSURANCES[Math.max(0, ...broken.map(({ assurance }) => ASSURANCES.indexOf(assurance)))] ?? 'hardware';
}
