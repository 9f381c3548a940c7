import { askedUntil, recreatableOf } from '../../../kernel/circumstances.ts';
import type { TicketState } from '../../../kernel/ticket.ts';
import type { Kept } from '../../head/kept.ts';
import type { Claim, ExecutorStore, Note } from '../../port.ts';
import { type AsSeen, begun, demandAsSeen, type Surrounding, stepBegun, type Weighed } from '../../story/executing.ts';
import { noted } from '../../story/noting.ts';
import { conflict } from '../../story/row.ts';
import { fetching, readHead } from '../log-reader.ts';
import { claimedRow, readRows } from '../ticket-rows.ts';
import type { Writing } from '../writing.ts';
import { deletionOf, unsettledAbout } from './grounds.ts';

/**
 * Durable when its commit is. A process that waits for the lock may come after a halt or a revocation that clearance
 * knew nothing of.
 */
export async function begin(
  writing: Writing,
  kept: Kept,
  ...[claim, intent, weighed, detail, leaseMs]: Parameters<ExecutorStore['begin']>
): Promise<void> {
  const seen = await asSeen(writing, kept, claim, 'approved', weighed);
  await writing.tell(begun(seen, await surrounding(writing, seen.plan), intent, detail, { at: writing.at, leaseMs }));
}

async function surrounding(writing: Writing, plan: AsSeen['plan']): Promise<Surrounding> {
  const of = plan && recreatableOf(plan);
  const [unsettled, deletion] = await Promise.all([
    plan ? unsettledAbout(writing, plan) : [],
    of && deletionOf(writing, of, askedUntil(plan)),
  ]);
  return { unsettled, deletion };
}

export async function beginStep(
  writing: Writing,
  kept: Kept,
  ...[claim, intent, weighed, detail, leaseMs]: Parameters<ExecutorStore['beginStep']>
): Promise<void> {
  const seen = await asSeen(writing, kept, claim, 'executing', weighed);
  await writing.tell(stepBegun(seen, intent, detail, { at: writing.at, leaseMs }));
}

/**
 * What the kept head knows, brought up to this very moment, in memory: what others wrote in this very transaction
 * counts, and may still be undone with it. A head that had kept that would never again find its log.
 */
async function asSeen(
  writing: Writing,
  kept: Kept,
  claim: Claim,
  wanted: TicketState,
  weighed: Weighed,
): Promise<AsSeen> {
  const rows = await readRows(writing, await claimedRow(writing, claim));
  const { frontier: peaks, ...tree } = await readHead(writing);
  const seen = await fetching(writing, { ...tree, peaks }, (log) => kept.verifiedInHurry(log, claim.ticket));
  if (!seen) throw conflict(rows.row, 'so much was written since clearance was given that it is read first');
  return demandAsSeen(rows, claim, seen, wanted, weighed);
}

export async function note(writing: Writing, claim: Claim, what: Note): Promise<void> {
  const told = noted(await readRows(writing, await claimedRow(writing, claim)), claim, what);
  if (told) await writing.tell(told);
}
