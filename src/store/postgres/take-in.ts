import type { Moved, MovedNotice, MovedResidue, MovedTicket } from '../moving.ts';
import type { Reader } from './reader.ts';
import { FOUND_BY } from './schema/functions.ts';

/** What a store doesn't let in any other way: tickets that ended, or are older than now, and another log's name. */
const FENCES = [
  ['ticket', 'ticket_insert'],
  ['residue', 'residue_insert'],
  ['tree', 'tree_grows'],
] as const;

const ENTRIES = `WITH e AS MATERIALIZED (SELECT seq, text, decode(leaf, 'hex') AS leaf, holdshort.readable(text) AS said
    FROM unnest($1::bigint[], $2::text[], $3::text[]) AS given (seq, text, leaf))
  INSERT INTO holdshort.entry (seq, text, leaf, at, type, ticket, ticket_seq, statement_seq, read_session, breaks_glass)
  SELECT seq, text, leaf, said ->> 'at', said ->> 'type', said ->> 'ticket', (said -> 'detail' ->> 'ticket_seq')::bigint,
    ${FOUND_BY} FROM e ORDER BY seq`;
const TICKETS = `INSERT INTO holdshort.ticket (n, id, state, draft, plan, digest, call, entries, claim_epoch)
  OVERRIDING SYSTEM VALUE
  SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[])`;
const NEXT = `SELECT setval(pg_get_serial_sequence('holdshort.ticket', 'n'), coalesce(max(n), 0) + 1, false) FROM holdshort.ticket`;
const RESIDUES = `INSERT INTO holdshort.residue (ticket, residue, tool, agent, announced_at, abandoned)
  SELECT ticket, residue, tool, agent, announced_at, abandoned = 1
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
    AS given (ticket, residue, tool, agent, announced_at, abandoned)`;
const NOTICES = `INSERT INTO holdshort.notice (id, recipient, ticket, seq, urgent, created_at, due_at, tries)
  SELECT id, recipient, ticket, seq,
    EXISTS (SELECT FROM holdshort.entry e WHERE e.seq = given.seq AND (e.breaks_glass OR e.statement_seq IS NOT NULL)),
    created_at, due_at, tries
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
    AS given (id, recipient, ticket, seq, created_at, due_at, tries)`;
const TREE = `UPDATE holdshort.tree SET log_id = $1, size = $2, frontier = $3, statements = $4, news = $5, newest = $6`;

/** Puts all of a store into one that is empty, within a transaction of its owner. */
export async function takeIn(db: Reader, moved: Moved): Promise<void> {
  for (const [table, fence] of FENCES) await db.all(`ALTER TABLE holdshort.${table} DISABLE TRIGGER ${fence}`);
  for (const page of moved.entries())
    await put(db, ENTRIES, page, [
      ({ seq }) => seq,
      ({ text }) => text,
      ({ leaf }) => Buffer.from(leaf).toString('hex'),
    ]);
  for (const page of moved.tickets()) await put(db, TICKETS, page, TICKET_COLUMNS);
  await db.all(NEXT);
  for (const page of moved.residues()) await put(db, RESIDUES, page, RESIDUE_COLUMNS);
  for (const page of moved.notices()) await put(db, NOTICES, page, NOTICE_COLUMNS);
  const { log_id, size, frontier, statements, news, newest } = moved.tree;
  await db.all(TREE, log_id, size, Buffer.from(frontier), statements, news, newest);
  for (const [table, fence] of FENCES) await db.all(`ALTER TABLE holdshort.${table} ENABLE TRIGGER ${fence}`);
}

type Columns<Row> = readonly ((row: Row) => string | number | null)[];

const TICKET_COLUMNS: Columns<MovedTicket> = [
  ({ n }) => n,
  ({ id }) => id,
  ({ state }) => state,
  ({ draft }) => draft,
  ({ plan }) => plan,
  ({ digest }) => digest,
  ({ call }) => call,
  ({ entries }) => entries,
  ({ claim_epoch }) => claim_epoch,
];
const RESIDUE_COLUMNS: Columns<MovedResidue> = [
  ({ ticket }) => ticket,
  ({ residue }) => residue,
  ({ tool }) => tool,
  ({ agent }) => agent,
  ({ announced_at }) => announced_at,
  ({ abandoned }) => abandoned,
];
const NOTICE_COLUMNS: Columns<MovedNotice> = [
  ({ id }) => id,
  ({ recipient }) => recipient,
  ({ ticket }) => ticket,
  ({ seq }) => seq,
  ({ created_at }) => created_at,
  ({ due_at }) => due_at,
  ({ tries }) => tries,
];

/** A page in one statement, a list for each column. */
async function put<Row>(db: Reader, sql: string, page: readonly Row[], columns: Columns<Row>): Promise<void> {
  if (page.length > 0) await db.all(sql, ...columns.map((column) => page.map(column)));
}
