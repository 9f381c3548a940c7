import type { Asker } from '../../../kernel/draft.ts';
import { MAY_HAVE } from '../../../kernel/made-part.ts';
import type { TicketId } from '../../../kernel/ticket.ts';
import type { Due, StoredTicket, Taking, TicketPage, TicketQuery } from '../../port.ts';
import { AT_ONCE, pageOf, prefixOf, theOne, unknownCursor } from '../../story/finding.ts';
import type { Row } from '../../story/row.ts';
import { EXPIRING } from '../../story/windows.ts';
import type { Connection, Value } from '../connection.ts';
import { asShown, REGION, readTicket, rowsWhere } from '../ticket-rows.ts';

/** Fifty parts, ten times each. */
const MOST_RESTORATIONS = 500;

const listOf = (states: readonly string[]) => states.map((state) => `'${state}'`).join(', ');
const expiring = listOf(EXPIRING);
const mayHave = listOf([...MAY_HAVE]);
const begun = listOf([...MAY_HAVE].filter((state) => state !== 'approved'));

/** @param asker whose tickets there are to find; all when undefined */
export function findTicket(connection: Connection, idOrPrefix: string, asker?: Asker): StoredTicket {
  const prefix = prefixOf(idOrPrefix);
  // By id, no matter whose it is: a unary plus keeps the planner off the asker's own, which may be many more.
  const mine = asker ? [asker.agent, asker.operator] : [];
  const where = `id >= ? AND id < ? ${asker ? 'AND +agent = ? AND +operator = ?' : ''} ORDER BY id`;
  const rows = rowsWhere(connection, where, [prefix, `${prefix}~`, ...mine], 2);
  return asShown(connection)(theOne(rows, idOrPrefix));
}

/** Newest first. */
export function listTickets(connection: Connection, query: TicketQuery): TicketPage {
  const { state, asker, cursor } = query;
  const limit = pageOf(query.limit);
  const conditions: string[] = [];
  const values: Value[] = [];
  const where = (condition: string, value: Value | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  where('agent = ?', asker?.agent);
  where('operator = ?', asker?.operator);
  where('state = ?', state);
  where('n < ?', cursor === undefined ? undefined : positionOf(connection, cursor));
  const rows = rowsWhere(connection, `${conditions.join(' AND ') || 'TRUE'} ORDER BY n DESC`, values, limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(asShown(connection)),
    ...(rows.length > limit && last && { cursor: last.id }),
  };
}

/**
 * The newest of those whose plan says that they bring back what this one changed, those that did, or may have, before
 * all others: the attacker is an agent that asks and withdraws until nothing tells any more that it is there already.
 * What an executor began comes first: of what was approved an agent's login writes as many rows as it likes.
 */
export function restorationsOf(connection: Connection, of: TicketId): readonly StoredTicket[] {
  const where = `restores = ? ORDER BY state IN (${begun}) DESC, state IN (${mayHave}) DESC, n DESC`;
  return rowsWhere(connection, where, [of], MOST_RESTORATIONS).map((row) => readTicket(connection, row));
}

/** Newest first. */
export function ticketStates(
  connection: Connection,
  { agent, operator }: Asker,
  limit: number,
): readonly Pick<Row, 'id' | 'state'>[] {
  const where = 'agent = ? AND operator = ? ORDER BY n DESC LIMIT ?';
  return connection.all(`SELECT id, state FROM ticket WHERE ${where}`, agent, operator, limit);
}

function positionOf(connection: Connection, cursor: string): number {
  const found = connection.get<{ n: number }>('SELECT n FROM ticket WHERE id = ?', cursor);
  if (!found) throw unknownCursor();
  return found.n;
}

/**
 * Those that were taken least often first, then the oldest: thousands that wait keep none waiting that never had its
 * turn.
 */
export function due(
  connection: Connection,
  kind: Due,
  { most, without, foreign, regions }: Omit<Taking, 'owner' | 'leaseMs'>,
): readonly TicketId[] {
  const now = connection.clock();
  return connection
    .all<Pick<Row, 'id'>>(
      dueQuery(kind, regions.length > 0),
      now,
      JSON.stringify(without),
      JSON.stringify(foreign),
      ...(regions.length > 0 ? [JSON.stringify(regions)] : []),
      ...(kind === 'approved' ? [new Date(now).toISOString()] : []),
      most,
    )
    .map(({ id }) => id);
}

/**
 * By itself SQLite sorts all that is approved, and takes each plan apart for it: three milliseconds for a thousand, in
 * each executor, at each change, and again with the lock.
 */
export function dueQuery(kind: Due, inRegions: boolean): string {
  const [from, states] =
    kind === 'approved'
      ? ['ticket INDEXED BY ticket_due', `state = 'approved' AND expires_at > ?`]
      : ['ticket', `state IN ('executing', 'unknown')`];
  return `SELECT id FROM ${from} WHERE (claim_until IS NULL OR claim_until <= ?)
    AND id NOT IN (SELECT value FROM json_each(?))
    AND coalesce(account, '') NOT IN (SELECT value FROM json_each(?))
    ${inRegions ? `AND ${REGION} IN (SELECT value FROM json_each(?))` : ''} AND ${states} ORDER BY claim_epoch, n LIMIT ?`;
}

export function overdue(connection: Connection, after?: TicketId): readonly TicketId[] {
  const at = new Date(connection.clock()).toISOString();
  return idsAfter(connection, `state IN (${expiring}) AND expires_at <= ?`, [at], after);
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
