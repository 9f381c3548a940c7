import { askedUntil, recreatableOf } from '../../../kernel/circumstances.ts';
import type { Json } from '../../../kernel/digest.ts';
import type { Refusal } from '../../../kernel/errors.ts';
import type { TicketId, TicketState } from '../../../kernel/ticket.ts';
import type { Kept } from '../../head/kept.ts';
import type { Claim, ExecutorStore } from '../../port.ts';
import { expired, finished, stopped } from '../../story/ending.ts';
import { type AsSeen, begun, demandAsSeen, type Surrounding, stepBegun, type Weighed } from '../../story/executing.ts';
import { conflict } from '../../story/row.ts';
import { apply } from '../apply.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { readRows, rowOf } from '../ticket-rows.ts';
import { deletionOf } from './asked-before.ts';
import { claimedRow } from './claims.ts';
import { logReader } from './log-reader.ts';
import { unsettledAbout } from './unsettled.ts';

/**
 * Durable when its transaction is. A process that waits for the write lock may come after a halt or a revocation that
 * clearance knew nothing of.
 */
export function begin(
  connection: Connection,
  kept: Kept,
  ...[claim, intent, weighed, detail, leaseMs]: Parameters<ExecutorStore['begin']>
): void {
  writeLog(connection, (writing) => {
    const seen = asSeen(connection, kept, claim, 'approved', weighed);
    apply(writing, begun(seen, surrounding(connection, seen.plan), intent, detail, { at: writing.at, leaseMs }));
  });
}

function surrounding(connection: Connection, plan: AsSeen['plan']): Surrounding {
  const of = plan && recreatableOf(plan);
  return {
    unsettled: plan ? unsettledAbout(connection, plan) : [],
    deletion: of && deletionOf(connection, of, askedUntil(plan)),
  };
}

/** Durable when its transaction is. */
export function beginStep(
  connection: Connection,
  kept: Kept,
  ...[claim, intent, weighed, detail, leaseMs]: Parameters<ExecutorStore['beginStep']>
): void {
  writeLog(connection, (writing) => {
    const seen = asSeen(connection, kept, claim, 'executing', weighed);
    apply(writing, stepBegun(seen, intent, detail, { at: writing.at, leaseMs }));
  });
}

/**
 * What the kept head knows, brought up to this very moment, in memory: nobody waits for the head's disk while they wait
 * for this lock, and what others wrote in this very transaction may be undone with it.
 */
function asSeen(connection: Connection, kept: Kept, claim: Claim, wanted: TicketState, weighed: Weighed): AsSeen {
  const rows = readRows(connection, claimedRow(connection, claim));
  const seen = kept.verifiedInHurry(logReader(connection), claim.ticket);
  if (!seen) throw conflict(rows.row, 'so much was written since clearance was given that it is read first');
  return demandAsSeen(rows, claim, seen, wanted, weighed);
}

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
      const row = rowOf(connection, claim.ticket);
      apply(writing, finished(row, claim, outcome, { result, refusal }, writing.at));
    },
    'stops',
  );
}

export function stop(connection: Connection, claim: Claim, to: 'stale' | 'denied', refusal: Refusal): void {
  writeLog(
    connection,
    (writing) => void apply(writing, stopped(rowOf(connection, claim.ticket), claim, to, refusal, writing.at)),
    'stops',
  );
}

export function expire(connection: Connection, executor: string, id: TicketId): void {
  writeLog(connection, (writing) => void apply(writing, expired(rowOf(connection, id), executor, writing.at)));
}
