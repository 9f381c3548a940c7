import type { ApproverKey } from '../../src/kernel/approver-key.ts';
import { isOperator } from '../../src/kernel/bindings.ts';
import { provenDecision } from '../../src/kernel/decisions.ts';
import { HoldshortError, type RefusalCode } from '../../src/kernel/errors.ts';
import { bindHint, identityText } from '../../src/kernel/identity.ts';
import { hasLogin } from '../../src/kernel/login.ts';
import { tooLate } from '../../src/kernel/plan.ts';
import { ASSURANCES, type Assurance, isWeaker } from '../../src/kernel/requirement.ts';
import { resolutionIn, resolutionText, resolveHint } from '../../src/kernel/resolution.ts';
import { mayFollow } from '../../src/kernel/ticket.ts';
import { requirementText } from '../../src/policy/requirement-text.ts';
import type { KeyHolder } from '../keys/keys.ts';
import { type Assessment, mayBeCutShort, whoIs } from './assess.ts';
import { neededProof, wayToProve } from './stronger-proof.ts';

export interface Intention {
  readonly person: string;
  /** Fingerprint of the key that would sign. */
  readonly key: string;
  readonly digest: string;
  readonly decision: 'approve' | 'deny' | 'withdraw';
  readonly assurance: Assurance;
  readonly breakGlass?: boolean | undefined;
  readonly reason?: string | undefined;
}

/**
 * Says at once, before anyone types anything, what would keep a decision from being taken or from counting.
 * @throws wrong_digest, not_enrolled, denied, expired, withdrawn, stale, already_decided, wrong_state,
 *   log_not_continued, policy_forbids, operator_excluded
 * @throws approval_invalid where nobody's login is this person's
 * @throws assurance_too_low; of breaking the glass also `usage`
 */
export function checkMayDecide(assessment: Assessment, intention: Intention): void {
  checkDigest(assessment, intention.digest);
  const key = checkedKey(assessment, { id: intention.key, name: intention.person });
  if (isWeaker(key.maxAssurance, intention.assurance))
    throw new HoldshortError(
      'assurance_too_low',
      `this key was enrolled for ${key.maxAssurance} and can't claim ${intention.assurance}`,
      'decide with a stronger key',
    );
  if (intention.decision === 'deny') {
    const open = assessment.state !== 'expired' && mayFollow(assessment.ticket.state, 'denied');
    if (!open && !mayBeCutShort(assessment)) throw stateRefusal(assessment);
    return;
  }
  if (intention.decision === 'withdraw') {
    checkMayWithdraw(assessment, intention);
    return;
  }
  if (assessment.state !== 'pending') throw stateRefusal(assessment);
  // Stopping is never refused for it.
  checkSeen(assessment);
  const late = tooLate(assessment.plan, assessment.enrolled.at);
  if (late) throw new HoldshortError('expired', late, 'if it is still wanted, the agent must ask again');
  if (intention.breakGlass) checkMayBreakGlass(assessment, intention);
  else checkMayApprove(assessment, intention);
}

/** @throws wrong_digest where another plan is stored than the one that the person was shown */
export function checkDigest({ plan, digest }: Assessment, shown: string): void {
  if (shown === digest) return;
  throw new HoldshortError(
    'wrong_digest',
    `the digest ${shown} is not that of ${plan.ticket}`,
    `look at what is stored now: holdshort tickets show ${plan.ticket}`,
  );
}

/** This person's key as it is enrolled. @throws not_enrolled */
export function checkedKey({ enrolled }: Assessment, { id, name }: KeyHolder): ApproverKey {
  const key = enrolled.registry.keys.get(id);
  if (key && !key.revokedAt && key.name === name) return key;
  throw new HoldshortError(
    'not_enrolled',
    `${name}'s key is ${key?.revokedAt ? 'revoked' : 'not enrolled'}`,
    'see `holdshort approvers list`',
  );
}

/** @throws log_not_continued, tampered where the log isn't the one that was seen here */
export function checkSeen({ unseen }: Assessment): void {
  if (unseen) throw new HoldshortError(unseen.code, unseen.message, unseen.recovery);
}

/**
 * Whatever may count anywhere may be taken back: an executor whose configuration is another one, or was read earlier,
 * counts what doesn't count here. Unrecorded, the word that stops it would reach nobody.
 */
function checkMayWithdraw(assessment: Assessment, { person }: Intention): void {
  if (assessment.state !== 'pending' && assessment.state !== 'approved' && !mayBeCutShort(assessment))
    throw stateRefusal(assessment);
  const { ticket, digest, enrolled } = assessment;
  const approved = ticket.decisions.some((signed) => {
    const proven = provenDecision(signed, { ticket: ticket.id, digest, registry: enrolled.registry });
    return 'statement' in proven && proven.statement.by === person && proven.statement.decision === 'approve';
  });
  if (approved) return;
  throw new HoldshortError(
    'wrong_state',
    `${person} has no approval of ${assessment.plan.ticket} to take back`,
    `to make sure that it never runs: holdshort deny ${assessment.plan.ticket} --reason TEXT`,
  );
}

function checkMayApprove(assessment: Assessment, { person, assurance }: Intention): void {
  const { requirement, today, forbidden, counted } = assessment;
  if (!today)
    throw new HoldshortError(
      'policy_forbids',
      `policy has come to forbid this: ${forbidden?.message}`,
      'deny it, or change the policy: holdshort policy explain',
    );
  if (
    isOperator(whoIs(assessment, person), assessment.operators) &&
    !(requirement.operator_may_approve && today.operator_may_approve)
  )
    throw new HoldshortError(
      'operator_excluded',
      whyOperator(assessment, person, 'may approve this'),
      assessment.operators.anyone
        ? 'let an admin say whose login it is, then the agent ask again; you may deny it'
        : 'somebody else must approve it; you may deny it',
    );
  const needed = neededProof(assessment);
  if (isWeaker(assurance, needed))
    throw new HoldshortError(
      'assurance_too_low',
      `this needs ${requirementText({ ...requirement, assurance: needed })}; an answer here proves only ${assurance}`,
      wayToProve(needed, person, assessment),
    );
  checkLogin(assessment, person);
  const before = counted.approvals.find((approval) => approval.person === person && !approval.only_glass);
  if (before && !isWeaker(before.assurance, assurance))
    throw new HoldshortError(
      'already_decided',
      `${person} has approved this already`,
      'it waits for others; you may still deny it',
    );
}

/** Who has no login that is bound to them is told so before they sign, and before they log in. */
function checkLogin({ login, enrolled }: Assessment, person: string): void {
  if (!login || hasLogin(enrolled.registry, person, login.issuer)) return;
  throw new HoldshortError(
    'approval_invalid',
    `an approval counts only with a login at ${login.issuer}, and none there is bound to ${person}`,
    `let an admin bind it: ${bindHint({ issuer: login.issuer, subject: 'SUBJECT' }, person)}; denying needs no login`,
  );
}

/** Why what this person says isn't someone else's word. @param may `may approve this` */
export function whyOperator(assessment: Assessment, person: string, may: string): string {
  const { plan, operators } = assessment;
  const names = [...operators.names];
  if (operators.anyone)
    return `nobody can tell for whom the agent works: the login ${plan.identity ? identityText(plan.identity) : ''} was bound to nobody when it asked, or is not any more. So nobody counts as somebody else who ${may}`;
  if (names.includes(person)) return `the agent works for ${person}, who ${may.replace('may', 'may not')}`;
  return `the agent works for ${names.join(', ')}, and nobody of that team, like ${person}, ${may}`;
}

/**
 * Only policy says who may decide alone: the operator's part, the assurance and the number of people give way to its
 * answer.
 */
function checkMayBreakGlass(assessment: Assessment, { person, assurance, reason }: Intention): void {
  const { plan, forbidden } = assessment;
  if (!reason?.trim())
    throw new HoldshortError(
      'usage',
      'breaking the glass needs a reason',
      'say why: --reason TEXT; everybody reads it',
    );
  const approval = { ...whoIs(assessment, person), assurance };
  if (assessment.wouldRun(approval, 'plainly'))
    throw new HoldshortError(
      'usage',
      `nothing needs breaking: ${person}'s approval is enough for ${plan.ticket}`,
      `approve it without --break-glass: holdshort approve ${plan.ticket}`,
    );
  if (assessment.wouldRun(approval, 'breaking glass')) return;
  const stronger = ASSURANCES.find((level) => {
    const proven = { ...approval, assurance: level };
    return (
      isWeaker(assurance, level) &&
      !assessment.wouldRun(proven, 'plainly') &&
      assessment.wouldRun(proven, 'breaking glass')
    );
  });
  if (stronger)
    throw new HoldshortError(
      'assurance_too_low',
      `policy lets ${person} break the glass on this with ${stronger}; an answer here proves only ${assurance}`,
      wayToProve(stronger, person, assessment),
    );
  throw new HoldshortError(
    'policy_forbids',
    forbidden
      ? `policy forbids this, broken glass or not: ${forbidden.message}`
      : `policy lets nobody called ${person} break the glass on this with ${assurance}`,
    `others must approve it; or, in the policy: permit (principal, action in Action::"change", resource == Environment::"${plan.environment}") when { context.break_glass.${assurance}.contains("${person}") };`,
  );
}

/** Why a ticket in this state can't be decided any more, and who saw to that. */
export function stateRefusal({ plan, state, counted, ticket }: Assessment): HoldshortError {
  const refuse = (code: RefusalCode, message: string, recovery: string) => new HoldshortError(code, message, recovery);
  const again = 'if it is still wanted, the agent must ask again';
  switch (state) {
    case 'denied': {
      const by = [...new Set(counted.denials.map((denial) => denial.by))].join(', ');
      return refuse(
        'denied',
        `${plan.ticket} was denied${by ? ` by ${by}` : ' by the check before its execution'}`,
        again,
      );
    }
    case 'expired':
      return refuse('expired', `${plan.ticket} expired at ${plan.expires_at}`, again);
    case 'withdrawn':
      return refuse('withdrawn', `${plan.ticket} was withdrawn by the agent`, 'nothing needs doing');
    case 'stale':
      return refuse('stale', `AWS has changed since ${plan.ticket} was planned`, again);
    case 'refused':
      return refuse('policy_forbids', `${plan.ticket} was refused when it was planned`, 'nothing needs doing');
    case 'planning':
    case 'pending':
      return refuse('wrong_state', `${plan.ticket} is ${state}`, 'look again in a moment');
    case 'approved':
    case 'executing':
    case 'succeeded':
    case 'failed': {
      const by = counted.approvals.map(({ person }) => person).join(', ');
      return refuse(
        'already_decided',
        `${plan.ticket} is ${state}${by ? `; approved by ${by}` : '; policy asked nobody'}`,
        `holdshort tickets show ${plan.ticket}`,
      );
    }
    case 'unknown':
      return refuse(
        'outcome_unknown',
        `it can not be told whether ${plan.ticket} happened; it is never sent again`,
        `look at AWS, then say what became of it: ${resolveHint(plan.ticket)}`,
      );
    case 'resolved': {
      const word = resolutionIn(ticket.resolution);
      return refuse(
        'already_decided',
        `${plan.ticket} is resolved: ${word && resolutionText(word)}`,
        `holdshort tickets show ${plan.ticket}`,
      );
    }
    default:
      return state satisfies never;
  }
}
