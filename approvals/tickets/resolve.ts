import { mayArriveUntil } from '../../src/kernel/arrival.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { isWeaker } from '../../src/kernel/requirement.ts';
import { evidenceOf, isTooEarly, mayStillArrive, resolutionProof, whyNotHeard } from '../../src/kernel/resolution.ts';
import { type Signed, statementText } from '../../src/kernel/statement.ts';
import type { TicketId } from '../../src/kernel/ticket.ts';
import type { Desk } from '../desk.ts';
import type { KeyHolder, Signer } from '../keys/keys.ts';
import { signedAt, signedBy } from '../record/record-statement.ts';
import { type Assessment, assessTicket, hearingOf, whoIs } from './assess.ts';
import { whyNotCounted } from './heard.ts';
import { checkDigest, checkedKey, checkSeen, stateRefusal, whyOperator } from './may-decide.ts';
import { wayToProve } from './stronger-proof.ts';

/** What a person says became of a ticket of which AWS's records can't tell. */
export interface ResolveRequest {
  readonly ticket: TicketId;
  /** The digest of the plan, and of what was known of its outcome, that the person was shown. */
  readonly digest: string;
  readonly seen: string;
  readonly happened: boolean;
  readonly reason: string;
  /** Whose key signs. */
  readonly by: KeyHolder;
}

/**
 * Says what would keep a person's word on an unknown outcome from counting.
 * @throws wrong_digest, wrong_state, conflict, not_enrolled, operator_excluded, assurance_too_low, log_not_continued
 * @throws as `stateRefusal` for what isn't unknown
 */
export function checkMayResolve(
  assessment: Assessment,
  { digest, seen, happened, by }: Omit<ResolveRequest, 'reason' | 'ticket'>,
): void {
  const { ticket, plan } = assessment;
  checkDigest(assessment, digest);
  const key = checkedKey(assessment, by);
  if (assessment.state !== 'unknown') throw notUnknown(assessment);
  checkSeen(assessment);
  const who = { ...whoIs(assessment, by.name), assurance: key.maxAssurance, role: key.role };
  const hearing = hearingOf(assessment);
  const operators = { ...hearing.operators, anyone: false };
  switch (whyNotHeard(who, hearing)) {
    case 'operator_unknown':
      throw new HoldshortError(
        'operator_excluded',
        `the login for which the agent asked was bound to nobody then: only an admin to whom it was never bound says what became of it, with a key that proves as much as any admin's (${hearing.adminProof})`,
        `let such an admin say it (holdshort approvers list): holdshort tickets show ${plan.ticket}`,
      );
    case 'operator_excluded':
      throw new HoldshortError(
        'operator_excluded',
        whyOperator({ ...assessment, operators }, by.name, 'may say what became of it'),
        `another ${hearing.operators.anyone ? 'admin' : 'approver'} says it: holdshort tickets show ${plan.ticket}`,
      );
    case 'assurance_too_low': {
      const needed = resolutionProof(plan.requirement);
      throw new HoldshortError(
        'assurance_too_low',
        `this takes ${needed}, as its approval did; a word of ${by.name}'s here proves only ${who.assurance}`,
        isWeaker('key', needed) ? wayToProve(needed, by.name, assessment) : 'sign with a key file of your own',
      );
    }
    default:
  }
  if (seen !== evidenceOf(ticket.result))
    throw new HoldshortError(
      'conflict',
      `what is known of ${plan.ticket} is not what was looked at (--seen ${seen})`,
      `an executor has seen something new: look again, holdshort tickets show ${plan.ticket}`,
    );
  const until = mayArriveUntil(ticket.intent);
  if (isTooEarly({ happened }, until, assessment.enrolled.at)) throw mayStillArrive(ticket.id, until);
}

function notUnknown(assessment: Assessment): HoldshortError {
  const { plan, state } = assessment;
  if (state === 'resolved') return stateRefusal(assessment);
  return new HoldshortError(
    'wrong_state',
    `${plan.ticket} is ${state}: only what is unknown is settled by a person's word`,
    `holdshort tickets show ${plan.ticket}`,
  );
}

/** The statement that this person's key has to sign, as one text. @throws as `checkMayResolve` */
export async function resolutionStatement(desk: Desk, request: ResolveRequest): Promise<string> {
  const { ticket, digest, seen, happened, reason, by } = request;
  const assessment = await assessTicket(desk, await desk.store.ticket(ticket));
  checkMayResolve(assessment, request);
  return statementText({
    kind: 'resolve',
    ticket,
    digest,
    happened,
    seen,
    reason,
    ...signedAt(by, assessment.enrolled.at),
  });
}

/**
 * Has a person's key sign their word, and records it.
 * @throws as `resolutionStatement`, `signedBy`, `recordResolution`
 */
export async function resolve(
  desk: Desk,
  { signer, ...said }: Omit<ResolveRequest, 'by'> & { readonly signer: Signer },
): Promise<Assessment> {
  const request = { ...said, by: { id: signer.id, name: signer.name } };
  const { signed } = await signedBy(signer, await resolutionStatement(desk, request), await desk.makers());
  return recordResolution(desk, request, signed);
}

/**
 * Records what was signed, checked as everyone who reads it will.
 * @throws approval_invalid
 * @throws conflict where it was settled, or an executor saw something new, meanwhile
 * @throws as `checkMayResolve`
 */
export async function recordResolution(desk: Desk, request: ResolveRequest, signed: Signed): Promise<Assessment> {
  const assessment = await assessTicket(desk, await desk.store.ticket(request.ticket));
  checkMayResolve(assessment, request);
  const why = whyNotCounted(assessment.ticket, signed, assessment.enrolled.registry);
  if (why)
    throw new HoldshortError('approval_invalid', `this word would not count: ${why}`, 'see `holdshort approvers list`');
  const actor = `approver:${request.by.name}`;
  return assessTicket(desk, await desk.store.recordResolution({ ticket: request.ticket, signed, actor }));
}
