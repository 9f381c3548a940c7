import type { Asker } from '../../../kernel/draft.ts';
import { MAY_HAVE } from '../../../kernel/made-part.ts';
import type { TicketId } from '../../../kernel/ticket.ts';
import type { Due, StoredTicket, Taking, TicketPage, TicketQuery } from '../../port.ts';
import { AT_ONCE, pageOf, prefixOf, theOne, unknownCursor } from '../../story/finding.ts';
import type { Row } from '../../story/row.ts';
import { EXPIRING } from '../../story/windows.ts';
import type { Reader, Value } from '../reader.ts';
import { HAS_INTENT, NAMES_KIT } from '../schema/tables.ts';
import { asShown, fittingRows, readTicket, rowsWhere } from '../ticket-rows.ts';

/** Fifty parts, ten times each. */
const MOST_RESTORATIONS = 500;

const listOf = (states: readonly string[]) => states.map((state) => `'${state}'`).join(', ');
const expiring = listOf(EXPIRING);
const mayHave = listOf([...MAY_HAVE]);
const begun = listOf([...MAY_HAVE].filter((state) => state !== 'approved'));

/** @param asker whose tickets there are to find; all when undefined */
export async function findTicket(db: Reader, idOrPrefix: string, asker?: Asker): Promise<StoredTicket> {
  const prefix = prefixOf(idOrPrefix);
  const mine = asker ? [asker.agent, asker.operator] : [];
  const where = `id >= $1 AND id < $2 ${asker ? 'AND agent = $3 AND operator = $4' : ''} ORDER BY id`;
  const rows = await rowsWhere(db, where, [prefix, `${prefix}~`, ...mine], 2);
  const [ticket] = await asShown(db, [theOne(rows, idOrPrefix)]);
  return ticket as StoredTicket;
}

/** Newest first. */
export async function listTickets(db: Reader, query: TicketQuery): Promise<TicketPage> {
  const { state, asker, cursor } = query;
  const limit = pageOf(query.limit);
  const conditions: string[] = [];
  const values: Value[] = [];
  const where = (condition: string, value: Value | undefined) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`${condition} $${values.length}`);
  };
  where('agent =', asker?.agent);
  where('operator =', asker?.operator);
  where('state =', state);
  where('n <', cursor === undefined ? undefined : await positionOf(db, cursor));
  const newest = `${conditions.join(' AND ') || 'TRUE'} ORDER BY n DESC`;
  const { rows, more } = await fittingRows(db, newest, values, limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: await asShown(db, items), ...((more || rows.length > limit) && last && { cursor: last.id }) };
}

/**
 * The newest of those whose plan says that they bring back what this one changed, those that did, or may have, before
 * all others: the attacker is an agent that asks and withdraws until nothing tells any more that it is there already.
 * What an executor began comes first: of what was approved an agent's login writes as many rows as it likes.
 */
export async function restorationsOf(db: Reader, of: TicketId): Promise<readonly StoredTicket[]> {
  const where = `restores = $1 ORDER BY state IN (${begun}) DESC, state IN (${mayHave}) DESC, n DESC`;
  const { rows } = await fittingRows(db, where, [of], MOST_RESTORATIONS);
  return await Promise.all(rows.map((row) => readTicket(db, row)));
}

/** Newest first. */
export function ticketStates(
  db: Reader,
  { agent, operator }: Asker,
  limit: number,
): Promise<readonly Pick<Row, 'id' | 'state'>[]> {
  const where = 'agent = $1 AND operator = $2 ORDER BY n DESC LIMIT $3';
  return db.all(`SELECT id, state FROM holdshort.ticket WHERE ${where}`, agent, operator, limit);
}

async function positionOf(db: Reader, cursor: string): Promise<number> {
  const found = await db.get<{ n: number }>('SELECT n FROM holdshort.ticket WHERE id = $1', cursor);
  if (!found) throw unknownCursor();
  return found.n;
}

const FREE = '(claim_until IS NULL OR claim_until <= $1) AND id <> ALL ($2::text[])';
const HERE = "coalesce(account, '') <> ALL ($3::text[]) AND ($4::text[] = '{}' OR region = ANY ($4::text[]))";

/**
 * What is due, as a condition and its values: those that were taken least often first, then the oldest, so that
 * thousands that wait keep none waiting that never had its turn.
 */
export function due(now: number, kind: Due, { without, foreign, regions }: Taking) {
  const values = [now, without, foreign, regions, ...(kind === 'approved' ? [new Date(now).toISOString()] : [])];
  const state = kind === 'approved' ? "state = 'approved' AND expires_at > $5" : "state IN ('executing', 'unknown')";
  return { where: `${FREE} AND ${HERE} AND ${state} ORDER BY claim_epoch, n`, values };
}

export async function firstDue(db: Reader, kind: Due, taking: Taking): Promise<TicketId | undefined> {
  const { where, values } = due(db.now, kind, taking);
  return (await db.get<Pick<Row, 'id'>>(`SELECT id FROM holdshort.ticket WHERE ${where} LIMIT 1`, ...values))?.id;
}

/** Oldest first. */
export async function overdue(db: Reader, after?: TicketId): Promise<readonly TicketId[]> {
  const from = after === undefined ? 0 : await positionOf(db, after);
  const rows = await db.all<Pick<Row, 'id'>>(
    `SELECT id FROM holdshort.ticket WHERE state IN (${expiring}) AND expires_at <= $1 AND n > $2 ORDER BY n LIMIT ${AT_ONCE}`,
    new Date(db.now).toISOString(),
    from,
  );
  return rows.map(({ id }) => id);
}

const NAMED = `SELECT DISTINCT ${NAMES_KIT} AS kit FROM holdshort.entry WHERE ${HAS_INTENT} AND ${NAMES_KIT} = ANY ($1)`;

/** Which of these kits does the log name? */
export async function namedKits(db: Reader, digests: readonly string[]): Promise<readonly string[]> {
  return (await db.all<{ kit: string }>(NAMED, digests)).map(({ kit }) => kit);
}
