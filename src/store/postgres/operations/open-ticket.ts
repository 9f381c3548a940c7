import type { Asker, TicketDraft } from '../../../kernel/draft.ts';
import type { TicketId } from '../../../kernel/ticket.ts';
import type { StoredTicket } from '../../port.ts';
import type { Caller } from '../../story/ending.ts';
import { weighsAgain } from '../../story/grounds.ts';
import {
  isAnswer,
  opened,
  openedNew,
  overtaken,
  type Prepared,
  planningStarted,
  superseded,
} from '../../story/opening.ts';
import { type Row, type TicketRows, ticketOf } from '../../story/row.ts';
import type { AtOnce } from '../at-once.ts';
import type { Reader } from '../reader.ts';
import { findRow, readRows, rowsWhere, toldRows } from '../ticket-rows.ts';
import type { Writing } from '../writing.ts';
import { groundsNow } from './grounds.ts';

/** The ticket's own row, where it is planned already, and that of the same call's ticket which waits. */
type Found = readonly [planning: Row | undefined, waiting: Row | undefined];

type OpenedTicket = TicketRows & { readonly existing: boolean };

/** Opens the ticket, and what has to be asked right before that. */
export function openingOf(prepared: Prepared) {
  let finding: Promise<Found>;
  const { state, grounds } = prepared.opening;
  const told = openedNew(prepared);
  const atOnce: AtOnce<OpenedTicket> = {
    told,
    seen: state === 'refused' ? undefined : grounds.news,
    answer: (entry) => ({ row: told.after, entries: [entry], existing: false }),
  };
  return {
    atOnce,
    ahead(db: Pick<Reader, 'all'>): void {
      finding = findBoth(db, prepared);
      // Where the lock can't be had, that is what is told.
      finding.catch(() => undefined);
    },
    operation: (writing: Writing) => openTicket(writing, prepared, finding),
  };
}

function findBoth(db: Pick<Reader, 'all'>, { opening: { id, state, draft, call } }: Prepared): Promise<Found> {
  return Promise.all([findRow(db, id), state === 'refused' ? undefined : waitingCall(db, draft, call)]);
}

/** The rows of the ticket that was opened, or of the one that waits already: to be read when the lock is free again. */
async function openTicket(writing: Writing, prepared: Prepared, finding: Promise<Found>): Promise<OpenedTicket> {
  const { opening } = prepared;
  const { call, draft } = opening;
  const { at, news } = writing;
  const weighed = weighsAgain(opening, news);
  const [[planning, waiting], now] = await Promise.all([
    finding,
    weighed ? groundsNow(writing, draft, call, opening.grounds) : undefined,
  ]);
  const same = waiting && (await readRows(writing, waiting));
  if (same && isAnswer(same, at)) {
    if (planning) await writing.tell(superseded(planning, same.row, prepared, at));
    return { ...same, existing: true };
  }
  const ended = waiting ? [overtaken(waiting, prepared)] : [];
  const told = opened(planning, prepared, { news, now }, at);
  const before = planning ? (await readRows(writing, planning)).entries : [];
  const entries = await writing.tell(...ended, told);
  return { row: told.after, entries: [...before, ...entries.slice(ended.length)], existing: false };
}

/**
 * By the call first, whichever way the planner would take: of one agent there may be as many tickets as there are.
 */
const WAITING = `n IN (WITH same AS MATERIALIZED (
    SELECT n, agent, operator FROM holdshort.ticket WHERE state IN ('pending', 'approved') AND call = $1)
  SELECT n FROM same WHERE agent = $2 AND operator = $3) ORDER BY state DESC, n`;

/**
 * The same call's ticket that hasn't run yet: for people to decide, or for an executor to take. An agent that asks once
 * more because nothing happens would get as many effects as it asked.
 */
async function waitingCall(
  db: Pick<Reader, 'all'>,
  { agent, operator }: Asker,
  call: string,
): Promise<Row | undefined> {
  return (await rowsWhere(db, WAITING, [call, agent, operator], 1))[0];
}

export async function startPlanning(
  writing: Writing,
  caller: Caller,
  id: TicketId,
  draft: TicketDraft,
): Promise<StoredTicket> {
  const told = planningStarted(await findRow(writing, id), caller, id, draft);
  return ticketOf(await toldRows(writing, told, []));
}
