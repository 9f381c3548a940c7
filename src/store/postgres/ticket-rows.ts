import type { StoredEntry } from '../../audit/log.ts';
import type { Asker } from '../../kernel/draft.ts';
import type { Claim, StoredTicket } from '../port.ts';
import { leftAlone, progressFrom } from '../story/attending.ts';
import { requireClaim } from '../story/claim.ts';
import { type Row, requireRow, type TicketRows, ticketOf } from '../story/row.ts';
import type { Told } from '../story/step.ts';
import type { Reader, Value } from './reader.ts';
import type { Writing } from './writing.ts';

const COLUMNS = 'id, state, draft, plan, digest, entries, claim_owner, claim_epoch, claim_until';

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
  return db.all<Row>(
    `SELECT ${COLUMNS} FROM holdshort.ticket WHERE ${where} LIMIT $${values.length + 1}`,
    ...values,
    limit,
  );
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
