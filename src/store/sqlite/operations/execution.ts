import { checkTrail } from '../../../audit/trail.ts';
import type { Json } from '../../../kernel/digest.ts';
import { HoldshortError, type Refusal } from '../../../kernel/errors.ts';
import { readPlan, stepsLeft } from '../../../kernel/plan.ts';
import type { TicketId, TicketState } from '../../../kernel/ticket.ts';
import { type Unsettled, untold } from '../../../kernel/unsettled.ts';
import { logReader } from '../../head/keeper.ts';
import type { Kept } from '../../head/kept.ts';
import type { Claim, ExecutorStore, Intent, StoredTicket } from '../../port.ts';
import { conflict, expiryOf, type Row, readDraft } from '../../story/row.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { addEntry, moveTicket, nextState } from '../moves.ts';
import { readTicket, rowOf } from '../ticket-rows.ts';
import { claimedRow } from './claims.ts';
import { unsettledAbout } from './unsettled.ts';

type Begin = Parameters<ExecutorStore['begin']>;

/**
 * `approved` → `executing`, with the intent, durable when this returns. A process that waits for the write lock may
 * come after a halt or a revocation that clearance knew nothing of.
 */
export function begin(
  connection: Connection,
  kept: Kept,
  claim: Claim,
  intent: Intent,
  weighed: Begin[2],
  detail: Begin[3],
): void {
  writeLog(connection, (writing) => {
    const row = claimedRow(connection, claim);
    demandAsSeen(connection, kept, row, 'approved', weighed);
    const busy = unsettledNow(connection, row);
    if (busy) throw conflict(row, `ticket ${busy.ticket} about the same is ${busy.state}`);
    const command = { kind: 'begin', clearance: { cleared: true }, halted: false } as const;
    const to = nextState(row, command, writing.at, expiryOf(row));
    moveTicket(writing, row, to, { actor: `executor:${claim.owner}`, detail: { ...detail, intent: { ...intent } } });
  });
}

/**
 * The intent of the next step, durable when this returns. That it follows the last one that was begun is what keeps any
 * from being sent twice.
 */
export function beginStep(
  connection: Connection,
  kept: Kept,
  claim: Claim,
  intent: Intent & { readonly step: number },
  weighed: Begin[2],
  detail: Begin[3],
): void {
  writeLog(connection, (writing) => {
    const row = claimedRow(connection, claim);
    const ticket = demandAsSeen(connection, kept, row, 'executing', weighed);
    const left = ticket.plan ? stepsLeft(readPlan(ticket.plan, row.id), ticket.intent?.step) : 0;
    if (left < 1 || intent.step !== (ticket.intent?.step ?? 0) + 1)
      throw conflict(row, `step ${intent.step} does not follow step ${ticket.intent?.step ?? 'none'}`);
    const command = { kind: 'next_step', clearance: { cleared: true }, halted: false } as const;
    nextState(row, command, writing.at, expiryOf(row));
    const actor = `executor:${claim.owner}`;
    addEntry(writing, row, { type: 'execution.step', actor, detail: { ...detail, intent: { ...intent } } });
  });
}

/**
 * Anyone who can write to the database can set a finished ticket's row back, or hide entries from the indexes: what the
 * kept head knows of the log decides, brought up to this very moment.
 */
function demandAsSeen(
  connection: Connection,
  kept: Kept,
  row: Row,
  wanted: TicketState,
  weighed: Begin[2],
): StoredTicket {
  const ticket = readTicket(connection, row);
  const trail = checkTrail(ticket);
  const log = logReader(connection);
  while (!kept.extend((work) => work(log)));
  const { statements, decisions, state, digest } = kept.verified(log, row.id);
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
  return ticket;
}

/**
 * Two tickets about the same aren't carried out at once, and none after one of which nobody knows, unless its people
 * were told.
 */
function unsettledNow(connection: Connection, { id, plan, digest }: Row): Unsettled | undefined {
  if (plan === null || digest === null) return undefined;
  const call = readPlan({ bytes: plan, digest }, id);
  const now = unsettledAbout(connection, call);
  return now.find(({ state }) => state === 'executing') ?? untold(now, call.circumstances.unsettled)[0];
}

/**
 * `executing` → outcome under the claim; `unknown` → outcome by anyone with proof, the sender who comes late included.
 */
export function finish(
  connection: Connection,
  claim: Claim,
  outcome: 'succeeded' | 'failed' | 'unknown',
  result: Json,
  refusal: Refusal | undefined,
): void {
  writeLog(
    connection,
    (writing) => {
      const found = rowOf(connection, claim.ticket);
      const row = found.state === 'unknown' ? found : claimedRow(connection, claim);
      const to = nextState(row, { kind: 'finish', outcome }, writing.at);
      moveTicket(writing, row, to, { actor: `executor:${claim.owner}`, refusal, detail: { result } });
      // Executing used up what planning had made.
      if (to === 'succeeded') connection.run('DELETE FROM residue WHERE ticket = ?', row.id);
    },
    'stops',
  );
}

/** `approved` → `stale` or `denied`: the recheck failed. */
export function stop(connection: Connection, claim: Claim, to: 'stale' | 'denied', refusal: Refusal): void {
  writeLog(
    connection,
    (writing) => {
      const row = claimedRow(connection, claim);
      // A pending ticket may be denied too, but not by an executor.
      const next = nextState(
        row,
        { kind: row.state === 'approved' && to === 'denied' ? 'deny' : 'mark_stale' },
        writing.at,
      );
      moveTicket(writing, row, next, { actor: `executor:${claim.owner}`, refusal });
    },
    'stops',
  );
}

/** `planning`, `pending` or `approved` → `expired`, when its time is over. */
export function expire(connection: Connection, executor: string, id: TicketId): void {
  writeLog(connection, (writing) => {
    const row = rowOf(connection, id);
    const to = nextState(row, { kind: 'expire' }, writing.at, hashedExpiry(row));
    const refusal: Refusal = { code: 'expired', message: 'its time was over', recovery: 'let the agent ask again' };
    moveTicket(writing, row, to, { actor: `executor:${executor}`, refusal });
  });
}

/** Where the plan can't be believed, ending the ticket is right whatever the row says about its time. */
function hashedExpiry(row: Parameters<typeof expiryOf>[0]): string {
  try {
    return expiryOf(row) ?? readDraft(row).expires_at;
  } catch (error) {
    if (error instanceof HoldshortError && error.code === 'tampered') return readDraft(row).expires_at;
    throw error;
  }
}
