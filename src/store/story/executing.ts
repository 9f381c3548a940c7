import { checkTrail } from '../../audit/trail.ts';
import { type Deletion, untoldDeletion } from '../../kernel/circumstances.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { type PlanRecord, readPlan, stepsLeft } from '../../kernel/plan.ts';
import type { TicketState } from '../../kernel/ticket.ts';
import { type Unsettled, untold } from '../../kernel/unsettled.ts';
import type { Verified } from '../head/port.ts';
import type { Claim, ExecutorStore, Intent, StoredTicket } from '../port.ts';
import { requireClaim } from './claim.ts';
import { conflict, type Row, type TicketRows, ticketOf } from './row.ts';
import { entered, type Mover, moved, nextState, type Told } from './step.ts';

export type Weighed = Parameters<ExecutorStore['begin']>[2];

/** A claimed ticket that is what the log, as it was seen here, says of it. Only `demandAsSeen` makes one. */
export interface AsSeen {
  readonly row: Row;
  readonly claim: Claim;
  readonly ticket: StoredTicket;
  readonly plan: PlanRecord | undefined;
  /** Of how many people clearance counted an approval. */
  readonly approvals: number;
}

/** What bears on a ticket and isn't its own, as it is in the transaction that begins it. */
export interface Surrounding {
  /** What is unsettled about the same as its plan. */
  readonly unsettled: readonly Unsettled[];
  /** What deletes what it makes or changes. */
  readonly deletion: Deletion | undefined;
}

/**
 * Anyone who can write to the database can set a finished ticket's row back, or hide entries from the indexes: what the
 * kept head knows of the log decides, brought up to this very moment.
 * @param seen what `Kept.verified` gives within the transaction that begins the ticket, or its next step
 * @throws tampered
 * @throws conflict where the claim was lost, or something was decided, revoked or halted since clearance was given
 */
export function demandAsSeen(
  rows: TicketRows,
  claim: Claim,
  { statements, decisions, state, digest }: Verified,
  wanted: TicketState,
  weighed: Weighed,
): AsSeen {
  const row = requireClaim(rows.row, claim);
  const ticket = ticketOf(rows);
  const trail = checkTrail(ticket);
  const problem =
    state !== wanted || digest !== row.digest
      ? `the log that was seen here has it as ${state ?? 'nothing'}, with digest ${digest}`
      : trail.ok
        ? undefined
        : trail.problem;
  if (problem !== undefined)
    throw new HoldshortError(
      'tampered',
      `ticket ${row.id} can't run: ${problem}`,
      'nothing was sent; run `holdshort audit verify`, then let the agent ask again',
    );
  if (decisions.length !== weighed.decisions || statements.length !== weighed.statements)
    throw conflict(
      row,
      `clearance weighed ${weighed.decisions} decisions and ${weighed.statements} statements, there are ${decisions.length} and ${statements.length}`,
    );
  return { row, claim, ticket, plan: ticket.plan && readPlan(ticket.plan, row.id), approvals: weighed.approvals ?? 0 };
}

/** When it begins, and for how long its claim is kept from then on. */
interface Begins {
  readonly at: string;
  readonly leaseMs: number;
}

/**
 * `approved` → `executing`, with the intent. Two tickets about the same aren't carried out at once, and none after one
 * of which nobody knows, unless people were told and one of them approved: who writes a row may write that its people
 * were told, where policy asks for none.
 */
export function begun(
  { row, claim, plan, approvals }: AsSeen,
  { unsettled, deletion }: Surrounding,
  intent: Intent,
  detail: Mover['detail'],
  begins: Begins,
): Told {
  const blind = approvals > 0 ? untold(unsettled, plan?.circumstances.unsettled) : unsettled;
  const busy = unsettled.find(({ state }) => state === 'executing') ?? blind[0];
  if (busy) throw conflict(row, `ticket ${busy.ticket} about the same is ${busy.state}`);
  const deleting = plan && untoldDeletion(plan, deletion);
  if (deleting) throw conflict(row, `ticket ${deleting.ticket}, which deletes the same, is ${deleting.state}`);
  const command = { kind: 'begin', clearance: { cleared: true }, halted: false } as const;
  const to = nextState(row, command, begins.at, plan?.expires_at);
  return kept(
    moved(row, to, { actor: `executor:${claim.owner}`, detail: { ...detail, intent: { ...intent } } }),
    begins,
  );
}

/** The intent of the next step. That it follows the last one that was begun keeps any from being sent twice. */
export function stepBegun(
  { row, claim, ticket, plan }: AsSeen,
  intent: Intent & { readonly step: number },
  detail: Mover['detail'],
  begins: Begins,
): Told {
  const begunSteps = ticket.intent?.step;
  const left = plan ? stepsLeft(plan, begunSteps) : 0;
  if (left < 1 || intent.step !== (begunSteps ?? 0) + 1)
    throw conflict(row, `step ${intent.step} does not follow step ${begunSteps ?? 'none'}`);
  const command = { kind: 'next_step', clearance: { cleared: true }, halted: false } as const;
  nextState(row, command, begins.at, plan?.expires_at);
  const actor = `executor:${claim.owner}`;
  return kept(entered(row, { type: 'execution.step', actor, detail: { ...detail, intent: { ...intent } } }), begins);
}

/** The claim of what is about to be sent: nobody else may look for its effect, and give it up, before it was sent. */
function kept(told: Told, { at, leaseMs }: Begins): Told {
  return {
    ...told,
    after: { ...told.after, claim_until: Math.max(told.after.claim_until ?? 0, Date.parse(at) + leaseMs) },
  };
}
