import type { Registry } from './approvers.ts';
import { type Approval, ASSURANCES, isMet, type Requirement, type Tally, tally } from './requirement.ts';
import { provenBy, readStatement, type Signed, type StatementOf } from './statement.ts';

/** Why a decision doesn't count. */
export type Rejection =
  | 'not_a_decision'
  | 'other_ticket'
  | 'other_digest'
  | 'unknown_key'
  | 'revoked_key'
  | 'wrong_person'
  | 'bad_signature'
  | 'assurance_too_high'
  | 'expired'
  | 'repeated';

export interface Counted {
  readonly approvals: readonly Approval[];
  readonly denials: readonly StatementOf<'decision'>[];
  readonly rejected: readonly { readonly signed: Signed; readonly why: Rejection }[];
}

interface About {
  readonly ticket: string;
  readonly digest: string;
  readonly registry: Registry;
  /** ISO 8601 */
  readonly now: string;
}

/**
 * Which decisions count: verified against an enrolled key, about exactly this ticket and digest, not expired, not withdrawn, not a
 * replay of one that is already there. Order is the log's. A denial counts whatever follows it, and is never undone by time.
 */
export function countDecisions(decisions: readonly Signed[], about: About): Counted {
  const approvals = new Map<string, Approval>();
  const denials: StatementOf<'decision'>[] = [];
  const rejected: { signed: Signed; why: Rejection }[] = [];
  const seen = new Set<string>();
  for (const signed of decisions) {
    const checked = checkDecision(signed, about);
    if ('why' in checked) {
      rejected.push({ signed, why: checked.why });
      continue;
    }
    const { statement } = checked;
    if (seen.has(statement.nonce)) {
      rejected.push({ signed, why: 'repeated' });
      continue;
    }
    seen.add(statement.nonce);
    if (statement.decision === 'deny') denials.push(statement);
    if (statement.decision === 'withdraw') approvals.delete(statement.by);
    if (statement.decision === 'approve')
      approvals.set(
        statement.by,
        stronger(approvals.get(statement.by), { person: statement.by, assurance: statement.assurance }),
      );
  }
  return { approvals: [...approvals.values()], denials, rejected };
}

/** One decision on its own: the statement if it may count, otherwise why not. */
export function checkDecision(
  signed: Signed,
  about: About,
): { readonly statement: StatementOf<'decision'> } | { readonly why: Rejection } {
  const statement = readStatement(signed);
  if (statement?.kind !== 'decision') return { why: 'not_a_decision' };
  if (statement.ticket !== about.ticket) return { why: 'other_ticket' };
  if (statement.digest !== about.digest) return { why: 'other_digest' };
  const key = about.registry.get(statement.key);
  if (!key) return { why: 'unknown_key' };
  if (key.revokedAt) return { why: 'revoked_key' };
  // Identity comes from the enrolled key; a statement that claims another name was made to be misread.
  if (key.name !== statement.by) return { why: 'wrong_person' };
  const proven = provenBy(signed, key.publicKey);
  if (proven === undefined) return { why: 'bad_signature' };
  const claims = ASSURANCES.indexOf(statement.assurance);
  if (claims > ASSURANCES.indexOf(key.maxAssurance) || claims > ASSURANCES.indexOf(proven))
    return { why: 'assurance_too_high' };
  if (statement.decision === 'approve' && Date.parse(about.now) >= Date.parse(statement.expires_at))
    return { why: 'expired' };
  return { statement };
}

function stronger(a: Approval | undefined, b: Approval): Approval {
  return a && ASSURANCES.indexOf(a.assurance) > ASSURANCES.indexOf(b.assurance) ? a : b;
}

/** Whether a change may run, as far as people and policy are concerned. */
export type Clearance =
  | { readonly cleared: true; readonly counted: Counted; readonly tally: Tally }
  | {
      readonly cleared: false;
      readonly why: 'denied' | 'policy' | 'requirement';
      readonly counted: Counted;
      readonly tally: Tally;
    };

/**
 * The one gate in front of every effect. Cleared only when nobody's denial counts, policy as it is now permits with what really
 * counts, and what the plan itself promised its readers is met too: the stricter of then and now.
 * @param permits policy's answer for a tally, today
 */
export function clear(
  counted: Counted,
  plan: { readonly operator: string; readonly requirement: Requirement },
  permits: (tally: Tally) => boolean,
): Clearance {
  const total = tally(counted.approvals, plan.operator);
  const result = { counted, tally: total };
  if (counted.denials.length > 0) return { cleared: false, why: 'denied', ...result };
  if (!isMet(plan.requirement, total)) return { cleared: false, why: 'requirement', ...result };
  if (!permits(total)) return { cleared: false, why: 'policy', ...result };
  return { cleared: true, ...result };
}
