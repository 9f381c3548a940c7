import type { Database } from 'better-sqlite3';
import type { Standing, Standings } from '../../audit/log.ts';
import { storeFailure } from './failures.ts';

type Sqlite = typeof import('better-sqlite3');

/** How many tickets are kept in memory, about 5 MB. Entries about the same ticket are mostly near each other. */
const AT_HAND = 16_384;

/**
 * Where the tickets of a log stand. Those that memory has no room for are in a temporary file of SQLite's own, which
 * has no name and is gone with the process.
 */
export function temporaryStandings(Sqlite: Sqlite): Standings & { close(): void } {
  const db = new Sqlite('');
  const { get, set, take, left } = statementsOf(db);
  const atHand = new Map<string, Standing>();
  let away = false;
  const putAway = () => {
    away = true;
    try {
      for (const [ticket, standing] of atHand) set.run(keyOf(ticket), JSON.stringify(standing));
    } catch (error) {
      throw storeFailure(error, { file: 'for temporary data', busyTimeoutMs: 0 });
    }
    atHand.clear();
  };
  return {
    get: (ticket) => atHand.get(ticket) ?? (away ? read(get.get(keyOf(ticket))) : undefined),
    set(ticket, standing) {
      if (atHand.size >= AT_HAND) putAway();
      atHand.set(ticket, standing);
    },
    take(ticket) {
      const found = atHand.get(ticket);
      atHand.delete(ticket);
      // A ticket that is at hand may have an older standing in the file.
      const older = away ? read(take.get(keyOf(ticket))) : undefined;
      return found ?? older;
    },
    *left() {
      putAway();
      for (const { ticket, standing } of left.iterate()) yield [JSON.parse(ticket), JSON.parse(standing)];
    },
    close: () => db.close(),
  };
}

function statementsOf(db: Database) {
  // Nobody reads it but this process, and nobody after it.
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.exec('CREATE TABLE standing (ticket TEXT PRIMARY KEY, standing TEXT NOT NULL) STRICT, WITHOUT ROWID; BEGIN');
  return {
    get: db.prepare<[string], string>('SELECT standing FROM standing WHERE ticket = ?').pluck(),
    set: db.prepare<[string, string]>('INSERT OR REPLACE INTO standing VALUES (?, ?)'),
    take: db.prepare<[string], string>('DELETE FROM standing WHERE ticket = ? RETURNING standing').pluck(),
    left: db.prepare<[], { ticket: string; standing: string }>(
      "SELECT ticket, standing FROM standing ORDER BY standing ->> 'firstSeq'",
    ),
  };
}

/** The key is JSON, so that two names of which SQLite would make the same text stay two. */
function keyOf(ticket: string): string {
  return JSON.stringify(ticket);
}

function read(standing: string | undefined): Standing | undefined {
  return standing === undefined ? undefined : JSON.parse(standing);
}
