import { HoldshortError } from '../../../kernel/errors.ts';
import type { TicketId } from '../../../kernel/ticket.ts';
import type { Due, StoredTicket, TicketPage, TicketQuery } from '../../port.ts';
import { type Row, ticketNotFound } from '../../story/row.ts';
import type { Connection, Value } from '../connection.ts';
import { readTicket, rowsWhere } from '../ticket-rows.ts';

const MOST = 500;
const SHORTEST_PREFIX = 6;
const AT_ONCE = 100;

/** @param agent whose tickets there are to find; all when undefined */
export function findTicket(connection: Connection, idOrPrefix: string, agent?: string): StoredTicket {
  const prefix = idOrPrefix.replace(/^tkt_/, '');
  if (prefix.length < SHORTEST_PREFIX)
    throw new HoldshortError(
      'invalid_input',
      `'${idOrPrefix}' is too short for a ticket`,
      `give at least ${SHORTEST_PREFIX} characters of its id`,
    );
  if (!/^[0-9a-z]{6,20}$/.test(prefix)) throw ticketNotFound(idOrPrefix);
  // By id, no matter whose it is: a unary plus keeps the planner off the agent's own, which may be many more.
  const mine = agent === undefined ? [] : [agent];
  const where = `id >= ? AND id < ? ${agent === undefined ? '' : 'AND +agent = ?'} ORDER BY id`;
  const rows = rowsWhere(connection, where, [`tkt_${prefix}`, `tkt_${prefix}~`, ...mine], 2);
  const [row, other] = rows;
  if (!row) throw ticketNotFound(idOrPrefix);
  if (other)
    throw new HoldshortError(
      'invalid_input',
      `more than one ticket begins with ${prefix}`,
      'give more characters of its id',
    );
  return readTicket(connection, row);
}

/** Newest first. */
export function listTickets(connection: Connection, query: TicketQuery): TicketPage {
  const { state, agent, cursor } = query;
  const limit = Math.max(1, Math.min(MOST, Math.floor(query.limit)));
  const conditions: string[] = [];
  const values: Value[] = [];
  const where = (condition: string, value: Value | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  where('agent = ?', agent);
  where('state = ?', state);
  where('n < ?', cursor === undefined ? undefined : positionOf(connection, cursor));
  const rows = rowsWhere(connection, `${conditions.join(' AND ') || 'TRUE'} ORDER BY n DESC`, values, limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((row) => readTicket(connection, row)),
    ...(rows.length > limit && last && { cursor: last.id }),
  };
}

/** Newest first. */
export function ticketStates(
  connection: Connection,
  agent: string,
  limit: number,
): readonly Pick<Row, 'id' | 'state'>[] {
  return connection.all('SELECT id, state FROM ticket WHERE agent = ? ORDER BY n DESC LIMIT ?', agent, limit);
}

function positionOf(connection: Connection, cursor: string): number {
  const found = connection.get<{ n: number }>('SELECT n FROM ticket WHERE id = ?', cursor);
  if (!found)
    throw new HoldshortError('invalid_input', 'the cursor is not one of ours', 'list again from the beginning');
  return found.n;
}

export function due(connection: Connection, kind: Due, after?: TicketId): readonly TicketId[] {
  const now = connection.clock();
  const unclaimed = '(claim_until IS NULL OR claim_until <= ?)';
  if (kind === 'unsettled')
    return idsAfter(connection, `state IN ('executing', 'unknown') AND ${unclaimed}`, [now], after);
  const at = new Date(now).toISOString();
  return idsAfter(connection, `state = 'approved' AND ${unclaimed} AND expires_at > ?`, [now, at], after);
}

export function overdue(connection: Connection, after?: TicketId): readonly TicketId[] {
  const at = new Date(connection.clock()).toISOString();
  return idsAfter(connection, `state IN ('planning', 'pending', 'approved') AND expires_at <= ?`, [at], after);
}

/** Oldest first. */
function idsAfter(
  connection: Connection,
  where: string,
  values: readonly Value[],
  after: TicketId | undefined,
): readonly TicketId[] {
  return connection
    .all<Pick<Row, 'id'>>(
      `SELECT id FROM ticket WHERE ${where} AND n > ? ORDER BY n LIMIT ?`,
      ...values,
      after === undefined ? 0 : positionOf(connection, after),
      AT_ONCE,
    )
    .map(({ id }) => id);
}
