import type { StoredEntry } from '../../../audit/log.ts';
import type { Recorded } from '../../../kernel/statement.ts';
import { TicketId } from '../../../kernel/ticket.ts';
import type { Look, Rehearsing } from '../../looking.ts';
import type { ApproverStore, PriorRead, StoredTicket } from '../../port.ts';
import { decided } from '../../story/deciding.ts';
import { isNewLook, type KnownLook, LOOKS, looked, looksSince, priorRead, readsWithin } from '../../story/looking.ts';
import { rehearsed } from '../../story/rehearsing.ts';
import { resolved } from '../../story/resolving.ts';
import { type Row, readDraft, ticketOf } from '../../story/row.ts';
import { kindOf, stated, statementsIn } from '../../story/stating.ts';
import type { Reader } from '../reader.ts';
import { readRows, rowOf, toldRows } from '../ticket-rows.ts';
import type { Writing } from '../writing.ts';

export async function recordDecision(
  writing: Writing,
  decision: Parameters<ApproverStore['recordDecision']>[0],
): Promise<StoredTicket> {
  const rows = await readRows(writing, await rowOf(writing, decision.ticket));
  return ticketOf(await toldRows(writing, decided(rows, decision, writing.at), rows.entries));
}

export async function recordResolution(
  writing: Writing,
  resolution: Parameters<ApproverStore['recordResolution']>[0],
): Promise<StoredTicket> {
  const rows = await readRows(writing, await rowOf(writing, resolution.ticket));
  return ticketOf(await toldRows(writing, resolved(rows, resolution, writing.at), rows.entries));
}

export async function recordRehearsal(writing: Writing, rehearsing: Rehearsing): Promise<StoredTicket> {
  const { row, entries } = await readRows(writing, await rowOf(writing, rehearsing.ticket));
  return ticketOf(await toldRows(writing, rehearsed(row, rehearsing), entries));
}

export async function recordStatement(
  writing: Writing,
  statement: Parameters<ApproverStore['recordStatement']>[0],
): Promise<void> {
  await writing.log(stated(statement, kindOf(statement), writing.statements));
}

const STATEMENTS = `SELECT seq, text, leaf FROM holdshort.entry WHERE statement_seq > 0
  AND seq NOT IN (SELECT unnest($1::bigint[])) ORDER BY statement_seq`;

/** @param voids the numbers of those that count for nothing */
export async function readStatements(
  read: <T>(work: (db: Reader) => Promise<T>) => Promise<T>,
  voids: ReadonlySet<number>,
): Promise<readonly Recorded[]> {
  const leftOut = [...voids].sort((one, other) => one - other);
  const [tree, entries] = await read((db) =>
    Promise.all([
      db.get<{ statements: number }>('SELECT statements FROM holdshort.tree'),
      db.all<StoredEntry>(STATEMENTS, leftOut),
    ]),
  );
  return statementsIn(entries, tree?.statements, leftOut);
}

const KNOWN = `SELECT said ->> 'actor' AS door, said -> 'detail' ->> 'claimed' AS claimed
  FROM (SELECT holdshort.readable(text) AS said FROM holdshort.entry
    WHERE ticket = $1 AND type = 'review.opened' AND at > $2 LIMIT ${LOOKS}) AS look`;

/** The ticket, where this look at it is one that the log doesn't tell of yet. */
export async function newLook(db: Reader, look: Look): Promise<Row | undefined> {
  const row = await rowOf(db, look.ticket);
  const known = await db.all<KnownLook>(KNOWN, look.ticket, looksSince(db.now));
  return isNewLook(row, known, look) ? row : undefined;
}

export async function noteLook(writing: Writing, look: Look): Promise<void> {
  // Another one may have written it since.
  const row = await newLook(writing, look);
  if (row) await writing.log({ event: looked(row, look), tells: [] });
}

/* By session and before the ticket's own first entry: other sessions and later reads may be many more. */
const READS = `SELECT seq, text, leaf FROM holdshort.entry WHERE read_session = $1
  AND seq < (SELECT min(seq) FROM holdshort.entry WHERE ticket = $2 AND ticket_seq > 0) ORDER BY seq DESC LIMIT $3`;

export async function readsBefore(db: Reader, id: string, limit: number): Promise<readonly PriorRead[]> {
  const { session } = readDraft(await rowOf(db, id));
  return (await db.all<StoredEntry>(READS, session, id, readsWithin(limit))).map(priorRead);
}

const GLASS = `SELECT ticket FROM holdshort.entry WHERE breaks_glass GROUP BY ticket ORDER BY max(seq) DESC LIMIT $1`;

export async function brokenGlass(db: Reader, limit: number): Promise<readonly TicketId[]> {
  const rows = await db.all<{ ticket: unknown }>(GLASS, limit);
  return rows.flatMap(({ ticket }) => TicketId.safeParse(ticket).data ?? []);
}
