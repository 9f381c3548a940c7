import type { ClientConfig } from 'pg';
import type { AuditStore, StoredEntry, TicketRow } from '../../audit/log.ts';
import { parseEntry } from '../../audit/parsed-entry.ts';
import { parseStored } from '../../audit/stored-json.ts';
import { temporaryStandings } from '../sqlite/standings.ts';
import { storeFailure } from './failures.ts';
import { readHead } from './log-reader.ts';
import { readerOf } from './reader.ts';
import { HINTS } from './schema/hints.ts';
import { schemaFaults } from './schema-check.ts';
import { prepareLook, settings } from './session.ts';

/** A log of one moment, to verify. */
export interface PostgresSnapshot extends AuditStore {
  close(): Promise<void>;
}

/** How many faults of one kind are told. */
const MOST = 20;

const TICKETS = `SELECT n, id, state, digest, plan, draft, entries FROM holdshort.ticket WHERE n > $1 ORDER BY n LIMIT $2`;
const ENTRIES = `SELECT seq, text, leaf, at, type, ticket, ticket_seq, statement_seq, read_session, breaks_glass FROM holdshort.entry
  WHERE seq >= $1 ORDER BY seq LIMIT $2`;

/**
 * What quotas, earlier denials and lists go by: a trigger puts it in, which who owns the table can take down and put
 * back.
 */
const UNLIKE = `SELECT id FROM (SELECT n, id, ${Object.keys(HINTS).join(', ')}, holdshort.parsed(draft) AS draft,
    holdshort.parsed(plan) AS plan FROM holdshort.ticket) AS t
  WHERE (${Object.keys(HINTS).join(', ')}) IS DISTINCT FROM (${Object.values(HINTS).join(', ')}) ORDER BY n LIMIT $1`;

interface Hinted extends StoredEntry {
  readonly at: string;
  readonly type: string;
  readonly ticket: string | null;
  readonly ticket_seq: number | null;
  readonly statement_seq: number | null;
  readonly read_session: string | null;
  readonly breaks_glass: boolean;
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
  let newest = 0;
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
          newest = Date.parse(row.at);
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
        const kept = await db.get<{ statements: number; newest: number }>(
          'SELECT statements, newest FROM holdshort.tree',
        );
        const unlike = await db.all<{ id: string }>(UNLIKE, MOST);
        return [
          ...(await schemaFaults(db, clock)),
          ...misplaced,
          ...unlike.map(({ id }) => `ticket ${id} is found by what its texts do not say`),
          ...(kept?.statements === statements
            ? []
            : [`the tree counts ${kept?.statements} signed statements, the log has ${statements}`]),
          ...(kept?.newest === newest
            ? []
            : [`the tree has its newest entry at ${kept?.newest} ms since 1970, the log at ${newest}`]),
        ];
      }),
    async close() {
      standings.close();
      await client.end().catch(() => undefined);
    },
  };
}

/** The columns beside an entry are how gates find it: one that is hidden from them would not be weighed. */
function isFoundBy({ text, at, type, ticket, ticket_seq, statement_seq, read_session, breaks_glass }: Hinted): boolean {
  const said = parseEntry(text);
  // What can't be read is told of by who reads it.
  if (!said) return true;
  const { ticket_seq: numbered, statement_seq: stated, statement } = said.detail;
  const tool = typeof said.tool === 'string' ? said.tool : 'ticket_';
  const isRead = said.type === 'call.completed' && said.ticket === undefined && !tool.startsWith('ticket_');
  return (
    said.at === at &&
    said.type === type &&
    (said.ticket ?? null) === ticket &&
    (numbered ?? null) === ticket_seq &&
    (stated ?? null) === statement_seq &&
    (isRead ? (said.session ?? null) : null) === read_session &&
    (said.type === 'decision.recorded' && breaksGlass(statement)) === breaks_glass
  );
}

function breaksGlass(statement: unknown): boolean {
  try {
    return (
      typeof statement === 'string' &&
      (parseStored(statement) as { readonly break_glass?: unknown } | null)?.break_glass === true
    );
  } catch {
    return false;
  }
}
