import type { Json } from '../kernel/digest.ts';
import { planDigest, type SealedPlan } from '../kernel/plan.ts';
import { evidenceOf } from '../kernel/resolution.ts';
import { type Recorded, readStatement } from '../kernel/statement.ts';
import { mayFollow, type TicketState } from '../kernel/ticket.ts';
import { parseStored } from './stored-json.ts';
import type { TrailStep } from './ticket-log.ts';

/** The part of a stored ticket that its trail vouches for. */
export interface Trailed {
  readonly id: string;
  readonly state: TicketState;
  readonly draft: object;
  readonly plan?: SealedPlan;
  readonly result?: Json;
  readonly resolution?: Recorded;
  readonly trail: readonly TrailStep[];
  readonly trail_intact: boolean;
}

export type TrailVerdict = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/**
 * Does the log vouch for this row? To be asked before a ticket is shown for a decision or run: anyone who can write to
 * the database can set a finished ticket back to `approved`, or put another plan under an approval. It says nothing
 * about signatures (`countDecisions`) or about whether the whole log was rewritten (`verifyLog`).
 */
export function checkTrail(ticket: Trailed): TrailVerdict {
  const problem = problemOf(ticket);
  return problem === undefined ? { ok: true } : { ok: false, problem };
}

function problemOf(ticket: Trailed): string | undefined {
  const { id, state, draft, plan, trail, trail_intact } = ticket;
  if (!trail_intact) return 'an entry of its log is missing or altered';
  const last = trail.at(-1);
  if (!last || !trail[0]) return 'the log does not know it';
  if (!startsTicket(trail[0].state)) return `its log begins with ${trail[0].state}`;
  const jump = trail.findIndex((step, index) => index > 0 && !mayFollow(trail[index - 1]?.state ?? state, step.state));
  if (jump >= 0) return `its log goes from ${trail[jump - 1]?.state} to ${trail[jump]?.state}`;
  if (trail.filter((step) => step.state === 'executing').length > 1) return 'its log has more than one execution';
  if (last.state !== state) return `its row says ${state}, its log ${last.state}`;
  if (trail.some((step) => step.state !== 'planning' && step.digest !== plan?.digest))
    return 'its digest is not the one in the log';
  return (plan && planProblem(id, draft, plan)) ?? (state === 'resolved' ? wordProblem(ticket) : undefined);
}

/** What a person is said to have signed must be about this ticket, and about what was known of its outcome. */
function wordProblem({ id, plan, result, resolution, trail }: Trailed): string | undefined {
  const statement = resolution && readStatement(resolution);
  if (statement?.kind !== 'resolve') return 'nobody signed what its log says became of it';
  const { ticket, digest, seen, by } = statement;
  if (ticket !== id || digest !== plan?.digest) return 'what was signed of its outcome is about another plan';
  if (seen !== evidenceOf(result)) return 'what was known of its outcome is not what its signer saw';
  return trail.at(-1)?.actor === `approver:${by}` ? undefined : 'its log names another signer than its statement';
}

/** The part of it that needs no log: is this the plan that the digest is of, and is it this ticket's? */
export function planProblem(id: string, draft: Trailed['draft'], plan: SealedPlan): string | undefined {
  if (planDigest(plan.bytes) !== plan.digest) return 'its plan does not match its digest';
  return differsFromPlan(id, draft, plan.bytes);
}

/** Where in the log a ticket was opened. What the log doesn't know was opened before everything else. */
export function openedAt({ trail }: Pick<Trailed, 'trail'>): number {
  return trail[0]?.seq ?? 0;
}

const STARTS: readonly TicketState[] = ['planning', 'pending', 'approved', 'refused'];

/** A ticket whose planning nobody had to wait for begins with the plan's verdict instead of `planning`. */
export function startsTicket(state: TicketState): boolean {
  return STARTS.includes(state);
}

/** The draft isn't hashed itself, but all of it is in the plan too. */
export function differsFromPlan(id: string, draft: Trailed['draft'], bytes: string): string | undefined {
  const plan = planIn(bytes);
  if (!plan) return 'its plan is no plan';
  if (plan.ticket !== id) return 'its plan belongs to another ticket';
  const moved = Object.entries(draft).find(([name, value]) => plan[name] !== value);
  return moved && `its ${moved[0]} is not the one in its plan`;
}

function planIn(bytes: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const plan = parseStored(bytes);
    return typeof plan === 'object' && plan !== null ? (plan as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
