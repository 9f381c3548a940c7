import type { Asker, TicketDraft } from '../../../kernel/draft.ts';
import type { TicketId } from '../../../kernel/ticket.ts';
import type { StoredTicket } from '../../port.ts';
import type { Caller } from '../../story/ending.ts';
import { weighsAgain } from '../../story/grounds.ts';
import { isAnswer, opened, overtaken, type Prepared, planningStarted, superseded } from '../../story/opening.ts';
import type { TicketRows } from '../../story/row.ts';
import { apply } from '../apply.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { findRow, newRows, readRows, readTicket, rowWhere } from '../ticket-rows.ts';
import { groundsNow, newsOf } from './grounds.ts';

/** The rows of the ticket that was opened, or of the one that waits already: to be read when the lock is free again. */
export function openTicket(connection: Connection, prepared: Prepared): TicketRows & { readonly existing: boolean } {
  const { opening } = prepared;
  const { id, call, state, draft } = opening;
  return writeLog(connection, (writing) => {
    const { at } = writing;
    const planning = findRow(connection, id);
    const waiting = state === 'refused' ? undefined : waitingCall(connection, draft, call);
    const same = waiting && readRows(connection, waiting);
    if (same && isAnswer(same, at)) {
      if (planning) apply(writing, superseded(planning, same.row, prepared, at));
      return { ...same, existing: true };
    }
    if (waiting) apply(writing, overtaken(waiting, prepared));
    const news = newsOf(connection);
    const now = weighsAgain(opening, news) ? groundsNow(connection, draft, call, opening.grounds) : undefined;
    const row = apply(writing, opened(planning, prepared, { news, now }, at));
    return { ...(planning ? readRows : newRows)(connection, row), existing: false };
  });
}

/**
 * The same call's ticket that hasn't run yet: for people to decide, or for an executor to take. An agent that asks once
 * more because nothing happens would get as many effects as it asked.
 */
function waitingCall(connection: Connection, { agent, operator }: Asker, call: string) {
  const inState = (state: 'pending' | 'approved') =>
    rowWhere(connection, `call = ? AND state = '${state}' AND +agent = ? AND +operator = ? LIMIT 1`, [
      call,
      agent,
      operator,
    ]);
  return inState('pending') ?? inState('approved');
}

export function startPlanning(connection: Connection, caller: Caller, id: TicketId, draft: TicketDraft): StoredTicket {
  return writeLog(connection, (writing) =>
    readTicket(connection, apply(writing, planningStarted(findRow(connection, id), caller, id, draft))),
  );
}
