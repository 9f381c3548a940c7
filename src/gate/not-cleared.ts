import type { Clearance, Counted } from '../kernel/decisions.ts';
import { sha256 } from '../kernel/digest.ts';
import { HoldshortError, type Refusal } from '../kernel/errors.ts';
import type { Logins } from '../kernel/login.ts';
import { quotedText } from '../kernel/safe-text.ts';
import { readStatement } from '../kernel/statement.ts';
import type { PolicyEngine, PolicyQuestion } from '../policy/engine.ts';
import { refusalBy } from '../policy/refusal.ts';

/**
 * That the issuer can't be asked is no fault of those who approved, and passes: nothing runs meanwhile, and nothing
 * ends.
 * @param people whose logins could not be verified
 */
export function notVerified(people: readonly string[], logins: Logins | undefined): HoldshortError {
  const causes = [...(logins?.proofs.values() ?? [])].flatMap((proof) =>
    proof.kind === 'unknown' ? [proof.because] : [],
  );
  return new HoldshortError(
    'issuer_unavailable',
    `the login that came with the approval of ${people.join(', ')} can't be verified: ${[...new Set(causes)].join('; ')}`,
    'it runs, if it still may, when the issuer has been asked; to end it, deny or withdraw it, and let the agent ask again',
  );
}

/**
 * Why people and policy don't let it begin, or go on with its next request. Each cause is named: anyone who reads it
 * may have taken something back, or let time pass, and shouldn't look for a fault.
 */
export function whyNotCleared(
  clearance: Clearance,
  policy: PolicyEngine,
  question: PolicyQuestion,
  kind: 'begin' | 'next_step',
): Refusal {
  const { counted } = clearance;
  const why = clearance.cleared ? '' : clearance.why;
  if (why === 'denied') {
    const [denial] = counted.denials;
    const reason = denial?.reason ? `: ${quotedText(denial.reason, 200, sha256)}` : '';
    return {
      code: 'denied',
      message: `${denial?.by} denied it${reason}`,
      recovery: 'ask them what would be acceptable',
    };
  }
  // Where a freeze has begun, or the list no longer has the tool, no approval would help: the text asks for none.
  if (!policy.requirement(question)) return refusalBy(policy, question);
  const lost = lostApprovals(counted, kind === 'begin' ? 'it began' : 'its next request');
  const less = `the approvals do not meet what ${why === 'policy' ? 'the policy asks now' : 'the plan promised its readers'}`;
  return {
    code: 'approval_invalid',
    message: lost.length > 0 ? lost.join('; ') : less,
    recovery:
      counted.withdrawn.length > 0
        ? 'ask them what would be acceptable, then let the agent ask again'
        : 'let the agent ask again, and have it decided by enrolled approvers',
  };
}

/** The approvals that were given and don't count, or no longer count. */
function lostApprovals({ withdrawn, rejected }: Counted, before: string): readonly string[] {
  const over = rejected.flatMap(({ signed, why }) => {
    const statement = readStatement(signed);
    return why === 'expired' && statement?.kind === 'decision' && statement.break_glass ? [statement] : [];
  });
  const others = rejected.filter(({ signed }) => !over.some(({ nonce }) => readStatement(signed)?.nonce === nonce));
  const reasons = [...new Set(others.map(({ why }) => why.replaceAll('_', ' ')))].join(', ');
  return [
    ...(withdrawn.length > 0 ? [`${withdrawn.join(', ')} took the approval back before ${before}`] : []),
    ...over.map(({ by, expires_at }) => `${by} broke the glass until ${expires_at}, which was over before ${before}`),
    ...(reasons ? [`decisions that do not count (${reasons}) leave it without the approvals that it needs`] : []),
  ];
}
