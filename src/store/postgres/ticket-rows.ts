import type { StoredEntry } from '../../audit/log.ts';
import type { Asker } from '../../kernel/draft.ts';
import type { Claim, StoredTicket } from '../port.ts';
import { leftAlone, progressFrom } from '../story/attending.ts';
import { requireClaim } from '../story/claim.ts';
import { type Row, requireRow, type TicketRows, ticketOf } from '../story/row.ts';
import type { Told } from '../story/step.ts';
import type { Reader, Value } from './reader.ts';
import type { Writing } from './writing.ts';

const COLUMNS = columnsWith('plan');

function columnsWith(plan: string): string {
  return `id, state, draft, ${plan}, digest, entries, claim_owner, claim_epoch, claim_until`;
}

export async function findRow(db: Pick<Reader, 'all'>, id: string): Promise<Row | undefined> {
  return (await rowsWhere(db, 'id = $1', [id], 1))[0];
}

/** @param asker whose tickets there are to find */
export async function rowOf(db: Reader, id: string, asker?: Asker): Promise<Row> {
  return requireRow(await findRow(db, id), id, asker);
}

/** The row, if this is still the newest claim on it. */
export async function claimedRow(db: Reader, claim: Claim): Promise<Row> {
  return requireClaim(await rowOf(db, claim.ticket), claim);
}

/** @param where conditions, and an order where there may be several */
export function rowsWhere(
  db: Pick<Reader, 'all'>,
  where: string,
  values: readonly Value[],
  limit: number,
): Promise<Row[]> {
  return db.all<Row>(selectOf(COLUMNS, where, values), ...values, limit);
}

function selectOf(columns: string, where: string, values: readonly Value[]): string {
  return `SELECT ${columns} FROM holdshort.ticket WHERE ${where} LIMIT $${values.length + 1}`;
}

/** The same without their plans, which may be long. */
export function planlessRows(
  db: Pick<Reader, 'all'>,
  where: string,
  values: readonly Value[],
  limit: number,
): Promise<Row[]> {
  return db.all<Row>(selectOf(columnsWith('NULL::text AS plan'), where, values), ...values, limit);
}

/** What a list reads of plans, beside its first one. */
const LISTED_BYTES = 64 * 1024 * 1024;

/**
 * As many of them, from the first on, as memory has room for. The attacker has an agent's login, and writes the longest
 * plans by the hundred: who lists tickets would end with them, a hub and its page too.
 */
export async function fittingRows(
  db: Pick<Reader, 'all'>,
  where: string,
  values: readonly Value[],
  limit: number,
): Promise<{ readonly rows: readonly Row[]; readonly more: boolean }> {
  const rows = await db.all<Row & { found: number }>(
    `WITH found AS MATERIALIZED (${selectOf(COLUMNS, where, values)}), placed AS (SELECT *, row_number() OVER () AS place FROM found),
      counted AS (SELECT *, sum(coalesce(octet_length(plan), 0)) OVER (ORDER BY place) AS bytes, count(*) OVER () AS found FROM placed)
      SELECT ${COLUMNS}, found FROM counted WHERE place = 1 OR bytes <= ${LISTED_BYTES} ORDER BY place`,
    ...values,
    limit,
  );
  return { rows, more: (rows[0]?.found ?? 0) > rows.length };
}

const TRAIL = 'SELECT seq, text, leaf FROM holdshort.entry WHERE ticket = $1 AND ticket_seq > 0 ORDER BY ticket_seq';

export async function readRows(db: Reader, row: Row): Promise<TicketRows> {
  return { row, entries: await db.all<StoredEntry>(TRAIL, row.id) };
}

export async function readTicket(db: Reader, row: Row): Promise<StoredTicket> {
  return ticketOf(await readRows(db, row));
}

/** Writes what the story says of a ticket whose entries were read before, and gives all of it. */
export async function toldRows(writing: Writing, told: Told, before: readonly StoredEntry[]): Promise<TicketRows> {
  return { row: told.after, entries: [...before, ...(await writing.tell(told))] };
}

const CLAIMED = `SELECT account, region, count(*) AS tickets FROM holdshort.ticket
  WHERE claim_owner IS NOT NULL AND claim_until > $1 GROUP BY account, region`;
const SHOWN = 'SELECT account, region, progress FROM holdshort.ticket WHERE id = $1';

interface Place {
  readonly account: string | null;
  readonly region: string | null;
}

/** Tickets as they are shown: with what their claims tell too. What is claimed now is asked once, at the first need. */
export async function asShown(db: Reader, rows: readonly Row[]): Promise<StoredTicket[]> {
  let claimed: Promise<readonly (Place & { readonly tickets: number })[]> | undefined;
  const atWork = async (at: Place | undefined) => {
    claimed ??= db.all(CLAIMED, db.now);
    return (await claimed).find(({ account, region }) => account === at?.account && region === at.region)?.tickets ?? 0;
  };
  return await Promise.all(
    rows.map(async (row) => {
      const ticket = await readTicket(db, row);
      if (row.state !== 'approved' && row.state !== 'executing') return ticket;
      const shown = await db.get<Place & { progress: string | null }>(SHOWN, row.id);
      const others = await atWork(shown);
      const waiting = leftAlone(ticket, row, db.now, () => others);
      const progress = row.state === 'executing' ? progressFrom(shown?.progress ?? null) : {};
      return { ...ticket, ...(waiting && { waiting }), ...progress };
    }),
  );
}
