import type { Json } from '../../../kernel/digest.ts';
import type { Refusal } from '../../../kernel/errors.ts';
import type { TicketId } from '../../../kernel/ticket.ts';
import type { Claim, StoredTicket } from '../../port.ts';
import { type Caller, expired, finished, planningRefused, stopped, withdrawn } from '../../story/ending.ts';
import { ticketOf } from '../../story/row.ts';
import { readRows, rowOf, toldRows } from '../ticket-rows.ts';
import type { Writing } from '../writing.ts';

export async function withdraw(writing: Writing, caller: Caller, id: TicketId, reason: string): Promise<StoredTicket> {
  const { row, entries } = await readRows(writing, await rowOf(writing, id, caller));
  return ticketOf(await toldRows(writing, withdrawn(row, caller, reason, writing.at), entries));
}

export async function refusePlanning(writing: Writing, caller: Caller, id: TicketId, refusal: Refusal): Promise<void> {
  await writing.tell(planningRefused(await rowOf(writing, id, caller), caller, refusal, writing.at));
}

export async function finish(
  writing: Writing,
  claim: Claim,
  outcome: 'succeeded' | 'failed' | 'unknown',
  result: Json,
  refusal: Refusal | undefined,
): Promise<void> {
  const row = await rowOf(writing, claim.ticket);
  await writing.tell(finished(row, claim, outcome, { result, refusal }, writing.at));
}

export async function stop(writing: Writing, claim: Claim, to: 'stale' | 'denied', refusal: Refusal): Promise<void> {
  await writing.tell(stopped(await rowOf(writing, claim.ticket), claim, to, refusal, writing.at));
}

export async function expire(writing: Writing, executor: string, id: TicketId): Promise<void> {
  await writing.tell(expired(await rowOf(writing, id), executor, writing.at));
}
