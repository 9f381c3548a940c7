import type { ClientConfig } from 'pg';
import type { AuditStore, StoredEntry, TicketRow } from '../../audit/log.ts';
import { parseEntry } from '../../audit/parsed-entry.ts';
import { temporaryStandings } from '../sqlite/standings.ts';
import { storeFailure } from './failures.ts';
import { readHead } from './log-reader.ts';
import { readerOf } from './reader.ts';
import { schemaFaults } from './schema-check.ts';
import { prepareLook, settings } from './session.ts';

/** A log of one moment, to verify. */
export interface PostgresSnapshot extends AuditStore {
  close(): Promise<void>;
}

/** How many faults of one kind are told. */
const MOST = 20;

const TICKETS = `SELECT n, id, state, digest, plan, draft, entries FROM holdshort.ticket WHERE n > $1 ORDER BY n LIMIT $2`;
const ENTRIES = `SELECT seq, text, leaf, at, type, ticket, ticket_seq, statement_seq FROM holdshort.entry
  WHERE seq >= $1 ORDER BY seq LIMIT $2`;

interface Hinted extends StoredEntry {
  readonly at: string;
  readonly type: string;
  readonly ticket: string | null;
  readonly ticket_seq: number | null;
  readonly statement_seq: number | null;
}

/** Everything that is read is of one moment, whatever others write meanwhile. */
export async function openPostgresSnapshot(to: ClientConfig, clock?: string): Promise<PostgresSnapshot> {
  const [{ default: pg }, { default: Sqlite }] = await Promise.all([import('pg'), import('better-sqlite3')]);
  const client = new pg.Client(settings(to, pg.types));
  client.on('error', () => {});
  try {
    await client.connect();
    await prepareLook(client);
    // A verification takes as long as the log is long, and rests between pages.
    await client.query('SET idle_in_transaction_session_timeout TO 0');
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  } catch (error) {
    await client.end().catch(() => undefined);
    throw storeFailure(error);
  }
  const db = readerOf(client, 0);
  const standings = temporaryStandings(Sqlite);
  const misplaced: string[] = [];
  let statements = 0;
  const asking = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeFailure(error);
    }
  };
  return {
    standings,
    head: () => asking(() => readHead(db)),
    entries: (from, limit) =>
      asking(async () => {
        const rows = await db.all<Hinted>(ENTRIES, from, limit);
        for (const row of rows) {
          if (misplaced.length < MOST && !isFoundBy(row))
            misplaced.push(`entry ${row.seq} is found by what its text does not say`);
          if (row.statement_seq !== null) statements += 1;
        }
        return rows.map(({ seq, text, leaf }) => ({ seq, text, leaf }));
      }),
    ticketRows: (after, limit) =>
      asking(async () =>
        (await db.all<TicketRow & { digest: string | null; plan: string | null }>(TICKETS, after, limit)).map(
          ({ digest, plan, ...row }) => ({
            ...row,
            ...(digest !== null && { digest }),
            ...(plan !== null && { plan }),
          }),
        ),
      ),
    faults: () =>
      asking(async () => {
        const kept = (await db.get<{ statements: number }>('SELECT statements FROM holdshort.tree'))?.statements;
        return [
          ...(await schemaFaults(db, clock)),
          ...misplaced,
          ...(kept === statements ? [] : [`the tree counts ${kept} signed statements, the log has ${statements}`]),
        ];
      }),
    async close() {
      standings.close();
      await client.end().catch(() => undefined);
    },
  };
}

/** The columns beside an entry are how gates find it: one that is hidden from them would not be weighed. */
function isFoundBy({ text, at, type, ticket, ticket_seq, statement_seq }: Hinted): boolean {
  const said = parseEntry(text);
  // What can't be read is told of by who reads it.
  if (!said) return true;
  const { ticket_seq: numbered, statement_seq: stated } = said.detail;
  return (
    said.at === at &&
    said.type === type &&
    (said.ticket ?? null) === ticket &&
    (numbered ?? null) === ticket_seq &&
    (stated ?? null) === statement_seq
  );
}
