import type { StoredEntry } from '../../audit/log.ts';
import type { Asker } from '../../kernel/draft.ts';
import type { StoredTicket } from '../port.ts';
import { leftAlone, progressFrom } from '../story/attending.ts';
import { type Row, requireRow, type TicketRows, ticketOf } from '../story/row.ts';
import type { Connection, Value } from './connection.ts';

const COLUMNS = 'id, state, draft, plan, digest, entries, claim_owner, claim_epoch, claim_until';

export function findRow(connection: Connection, id: string): Row | undefined {
  return rowWhere(connection, 'id = ?', [id]);
}

/** @param where conditions that one row meets at most */
export function rowWhere(connection: Connection, where: string, values: readonly Value[]): Row | undefined {
  return connection.get<Row>(`SELECT ${COLUMNS} FROM ticket WHERE ${where}`, ...values);
}

/** @param asker whose tickets there are to find */
export function rowOf(connection: Connection, id: string, asker?: Asker): Row {
  return requireRow(findRow(connection, id), id, asker);
}

/** @param where conditions, and an order where there may be several */
export function rowsWhere(connection: Connection, where: string, values: readonly Value[], limit: number): Row[] {
  return connection.all<Row>(`SELECT ${COLUMNS} FROM ticket WHERE ${where} LIMIT ?`, ...values, limit);
}

const TRAIL = 'SELECT seq, text, leaf FROM entry WHERE ticket = ? AND ticket_seq > 0 ORDER BY ticket_seq';

export function readRows(connection: Connection, row: Row): TicketRows {
  return { row, entries: connection.all<StoredEntry>(TRAIL, row.id) };
}

/** The same, a third as long, where the ticket and its one entry were made in this very transaction. */
export function newRows(connection: Connection, row: Row): TicketRows {
  const entry = connection.get<StoredEntry>(TRAIL, row.id);
  return { row, entries: entry ? [entry] : [] };
}

export function readTicket(connection: Connection, row: Row): StoredTicket {
  return ticketOf(readRows(connection, row));
}

/** Null of a damaged row, which must not keep the others from being read. */
export const REGION = `CASE WHEN json_valid(draft) THEN draft ->> '$.region' END`;

const CLAIMED = `SELECT account, ${REGION} AS region, count(*) AS tickets FROM ticket
  WHERE claim_owner IS NOT NULL AND claim_until > ? GROUP BY 1, 2`;

function progressIn(connection: Connection, { id, state }: Row): Pick<StoredTicket, 'progress'> {
  if (state !== 'executing') return {};
  const row = connection.get<{ progress: string | null }>('SELECT progress FROM ticket WHERE id = ?', id);
  return progressFrom(row?.progress ?? null);
}

interface Place {
  readonly account: string | null;
  readonly region: string | null;
}

/** Tickets as they are shown: with what their claims tell too. What is claimed now is asked once, at the first need. */
export function asShown(connection: Connection): (row: Row) => StoredTicket {
  let claimed: readonly (Place & { readonly tickets: number })[] | undefined;
  const atWork = ({ id }: Row) => {
    claimed ??= connection.all(CLAIMED, connection.clock());
    const at = connection.get<Place>(`SELECT account, ${REGION} AS region FROM ticket WHERE id = ?`, id);
    return claimed.find(({ account, region }) => account === at?.account && region === at.region)?.tickets ?? 0;
  };
  return (row) => {
    const ticket = readTicket(connection, row);
    const waiting = leftAlone(ticket, row, connection.clock(), () => atWork(row));
    return { ...ticket, ...(waiting && { waiting }), ...progressIn(connection, row) };
  };
}
