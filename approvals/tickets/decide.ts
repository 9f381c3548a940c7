import type { LoginFlow } from '../../src/issuer/authorization-code.ts';
import { isOperator } from '../../src/kernel/bindings.ts';
import { BREAK_GLASS_MS } from '../../src/kernel/break-glass.ts';
import { appendedDecision, checkDecision, clear, countDecisions, type Rejection } from '../../src/kernel/decisions.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { loginNonce } from '../../src/kernel/login.ts';
import type { Assurance } from '../../src/kernel/requirement.ts';
import { isWeaker } from '../../src/kernel/requirement.ts';
import { type Signed, type SignedDecision, statementText } from '../../src/kernel/statement.ts';
import { decide as nextState, type TicketState } from '../../src/kernel/ticket.ts';
import { questionOf } from '../../src/policy/question.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import type { Desk } from '../desk.ts';
import type { KeyHolder, Signer } from '../keys/keys.ts';
import { signedAt, signedBy } from '../record/record-statement.ts';
import { type Assessment, assessTicket, mayBeCutShort, whoIs } from './assess.ts';
import { checkMayDecide, stateRefusal } from './may-decide.ts';

const ATTEMPTS = 8;

export interface DecisionRequest {
  readonly ticket: StoredTicket['id'];
  /** The digest of the plan that the person was shown. */
  readonly digest: string;
  readonly decision: 'approve' | 'deny' | 'withdraw';
  readonly assurance: Assurance;
  /** Whose key signs. */
  readonly by: KeyHolder;
  readonly reason?: string | undefined;
  /** Alone, where policy names this person for it; only with `approve` and a reason. */
  readonly breakGlass?: boolean | undefined;
  /** Of the question that it answers, so that the same answer is taken once; absent: a new one. */
  readonly nonce?: string | undefined;
}

/** What came of a decision: the ticket as it is now. `moved` is false for an approval that others must still join. */
export interface Decided {
  readonly assessment: Assessment;
  readonly moved: boolean;
}

/**
 * Has a person's key sign their decision, and records it. A security key that was touched, but didn't verify its
 * holder, proves less than it was enrolled for; if that is enough, it is asked once more for a decision that claims no
 * more.
 * @throws as `decisionText`, `signedBy` and `recordDecision`
 */
export async function decide(
  desk: Desk,
  { signer, logIn, ...request }: Omit<DecisionRequest, 'by'> & { readonly signer: Signer; readonly logIn?: LogIn },
): Promise<Decided> {
  const asked = { ...request, by: { id: signer.id, name: signer.name } };
  const { signed, proven } = await signedBy(signer, await decisionText(desk, asked), await desk.makers());
  const record = async (by: DecisionRequest, decision: Signed) => {
    const flow = logIn && needsLogin(by) ? await desk.loginFlow() : undefined;
    const login = flow && (await logIn?.(flow, loginNonce(decision.statement)));
    return recordDecision(desk, by, { ...decision, login });
  };
  if (!isWeaker(proven, asked.assurance)) return record(asked, signed);
  const less = { ...asked, assurance: proven };
  return record(less, (await signedBy(signer, await decisionText(desk, less), await desk.makers())).signed);
}

/** Has a person log in, so that the ID token has this nonce. */
export type LogIn = (flow: LoginFlow, nonce: string) => Promise<string>;

/** Where one is asked for: what stops something needs none, nor does breaking the glass. */
export function needsLogin({ decision, breakGlass }: Pick<DecisionRequest, 'decision' | 'breakGlass'>): boolean {
  return decision === 'approve' && !breakGlass;
}

/**
 * The statement that this person's key has to sign, as one text.
 * @throws as `checkMayDecide`
 * @throws tampered
 */
export async function decisionText(desk: Desk, request: DecisionRequest): Promise<string> {
  const { plan, digest, enrolled } = await reviewed(desk, request);
  return statementText({
    kind: 'decision',
    ticket: plan.ticket,
    digest,
    decision: request.decision,
    assurance: request.assurance,
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    expires_at: request.breakGlass ? glassExpiry(plan.expires_at, enrolled.at) : plan.expires_at,
    ...(request.breakGlass ? { break_glass: true } : {}),
    ...signedAt(request.by, enrolled.at),
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
  });
}

function glassExpiry(planExpiry: string, at: string): string {
  return new Date(Math.min(Date.parse(planExpiry), Date.parse(at) + BREAK_GLASS_MS)).toISOString();
}

/**
 * Records what was signed; moves the ticket when, with it, policy permits. When someone else's decision came in
 * between, everything is looked at again, a few times.
 * @param request what `signed` was made for
 * @throws as `checkMayDecide`
 * @throws approval_invalid, tampered
 * @throws conflict when it stayed contended
 */
export async function recordDecision(desk: Desk, request: DecisionRequest, signed: SignedDecision): Promise<Decided> {
  for (let attempt = 1; ; attempt++) {
    const assessment = await reviewed(desk, request);
    const to = await outcome(desk, assessment, request, signed);
    try {
      const ticket = await desk.store.recordDecision({
        ticket: request.ticket,
        expected: { state: assessment.ticket.state, decisions: assessment.ticket.decisions.length },
        signed,
        to,
        actor: `approver:${request.by.name}`,
        ...(to === 'denied' ? { refusal: denialOf(request) } : {}),
        detail: {
          decision: request.decision,
          assurance: request.assurance,
          reason: request.reason,
          solo: isSolo(assessment, request) || undefined,
          break_glass: request.breakGlass || undefined,
        },
      });
      return { assessment: await assessTicket(desk, ticket), moved: to !== undefined };
    } catch (error) {
      if (!(error instanceof HoldshortError) || error.code !== 'conflict' || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * What stops something rests on nobody's login, so that the issuer isn't asked for it: one that takes requests and
 * answers none would keep people from denying.
 */
export function askingFor(desk: Desk, { decision }: Pick<DecisionRequest, 'decision'>): Desk {
  return decision === 'approve' ? desk : { ...desk, logins: () => desk.logins([]) };
}

async function reviewed(desk: Desk, request: DecisionRequest): Promise<Assessment> {
  const assessment = await assessTicket(askingFor(desk, request), await desk.store.ticket(request.ticket));
  checkMayDecide(assessment, { ...request, person: request.by.name, key: request.by.id });
  return assessment;
}

/** Where the ticket goes with this decision: checked and counted exactly as the executor will do it. */
async function outcome(
  desk: Desk,
  assessment: Assessment,
  request: DecisionRequest,
  signed: SignedDecision,
): Promise<'approved' | 'denied' | undefined> {
  const { opened, decisions } = assessment.ticket;
  const { registry, at: now } = assessment.enrolled;
  const decision = appendedDecision(signed, now);
  const about = {
    ticket: assessment.plan.ticket,
    digest: assessment.digest,
    opened,
    registry,
    now,
    logins: await askingFor(desk, request).logins([...decisions, decision]),
  };
  const checked = checkDecision(decision, about);
  if ('why' in checked) throw wouldNotCount(checked.why);
  const counted = countDecisions([...decisions, decision], about);
  // Someone brings an old signature again, after it was taken back.
  if (counted.rejected.some((one) => one.signed === decision)) throw wouldNotCount('repeated');
  const policy = await desk.policy();
  const question = questionOf(assessment.plan, await desk.rules(), now);
  const { operators, requirement } = assessment;
  const permitted = clear(counted, { operators, requirement }, (tally, glass) =>
    policy.permits(question, tally, glass),
  ).cleared;
  // Taking an approval back moves nothing: the recheck, or the gate before the next step, ends what it leaves without
  // enough of them.
  if (request.decision === 'withdraw') return undefined;
  // Neither does a denial between two steps: the gate before the next one finds it.
  if (request.decision === 'deny' && mayBeCutShort(assessment)) return undefined;
  const ticket = { state: assessment.ticket.state, expires_at: assessment.plan.expires_at };
  const command =
    request.decision === 'approve' ? ({ kind: 'approve', permitted } as const) : ({ kind: 'deny' } as const);
  const verdict = nextState(ticket, command, now);
  if ('refused' in verdict) throw stateRefusal(assessment);
  return moved(verdict.next);
}

function wouldNotCount(why: Rejection): HoldshortError {
  return new HoldshortError(
    'approval_invalid',
    `this decision would not count: ${why.replaceAll('_', ' ')}`,
    wayToCount(why),
  );
}

function wayToCount(why: Rejection): string {
  switch (why) {
    case 'repeated':
      return 'sign it anew';
    case 'login_missing':
      return 'decide on the approval page or in a terminal: both have you log in';
    case 'login_unverified':
      return 'nothing was decided; try again in a moment';
    case 'login_of_nobody_bound':
      return 'log in as yourself; whose login is whose an admin says: holdshort approvers bind';
    case 'login_too_old':
    case 'login_over':
      return 'log in again';
    default:
      return 'look at `holdshort approvers list`';
  }
}

/** An approval by whom the agent works for: allowed where policy says so, and always marked. */
function isSolo(assessment: Assessment, { decision, by }: DecisionRequest): boolean {
  return decision === 'approve' && isOperator(whoIs(assessment, by.name), assessment.operators);
}

function moved(next: TicketState): 'approved' | 'denied' | undefined {
  return next === 'approved' || next === 'denied' ? next : undefined;
}

function denialOf({ by, reason }: DecisionRequest) {
  return {
    code: 'denied',
    message: reason ? `denied by ${by.name}: ${reason}` : `denied by ${by.name}`,
    recovery: 'do not ask for the same again; talk to the person who denied it, or propose something else',
  } as const;
}
