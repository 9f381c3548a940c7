import { closeSync, existsSync, openSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Frontier } from '../../audit/merkle.ts';
import { peaksOf } from '../../audit/merkle.ts';
import { headBusy } from './failures.ts';

/*
 * What this installation has seen of the log, in a database of its own beside the keys, where anyone who writes the
 * log's database can't reach. Several processes share it. It is as much worth protecting, and copying, as the keys are.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  peaks BLOB NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS statement (seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL, type TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS decision (seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL, ticket TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS decision_ticket ON decision (ticket);
CREATE TABLE IF NOT EXISTS place (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  server TEXT,
  accepted INTEGER NOT NULL
) STRICT;
INSERT INTO place (one, server, accepted) VALUES (1, NULL, 0) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS named (one INTEGER PRIMARY KEY CHECK (one = 1), log_id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS sifted (one INTEGER PRIMARY KEY CHECK (one = 1), root TEXT NOT NULL, upto INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS void (seq INTEGER PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS said (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ticket (id TEXT PRIMARY KEY, state TEXT NOT NULL, digest TEXT) STRICT, WITHOUT ROWID;
`;

/** How long another process that has the head is waited for. */
export const BUSY_MS = 4000;

type Sqlite = typeof import('better-sqlite3');

/** Undefined where there is no such file. */
export async function openHeadFile(file: string): Promise<Database | undefined> {
  if (!existsSync(file)) return undefined;
  const { default: Sqlite } = await import('better-sqlite3');
  return open(Sqlite, file);
}

/** For a log that holds nothing yet: this installation has seen all of it. A head that is there stays as it is. */
export async function makeHeadFile(file: string): Promise<void> {
  const { default: Sqlite } = await import('better-sqlite3');
  beginHeadFile(Sqlite, file);
}

export function beginHeadFile(Sqlite: Sqlite, file: string): void {
  try {
    // SQLite would make it with the process's umask; its journal takes its mode from it.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!existsSync(file)) throw error;
  }
  const db = open(Sqlite, file);
  try {
    db.prepare("INSERT INTO head (one, size, peaks, at) VALUES (1, 0, ?, '') ON CONFLICT DO NOTHING").run(
      Buffer.alloc(0),
    );
  } finally {
    db.close();
  }
}

function open(Sqlite: Sqlite, file: string): Database {
  const db = new Sqlite(file, { timeout: BUSY_MS });
  try {
    // Not WAL: someone who clears away -wal files after a crash must not make us forget.
    db.pragma('journal_mode = TRUNCATE');
    db.pragma('synchronous = FULL');
    if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'named'").get() === undefined) db.exec(SCHEMA);
    return db;
  } catch (error) {
    db.close();
    throw headBusy(file, error);
  }
}

/** How far the log was seen, for who only looks. */
interface SeenHead extends Frontier {
  /** What the log is called; absent where a file is of before that was kept, or nothing was seen. */
  readonly log_id?: string;
}

/** Undefined where that can't be read. */
export async function readHeadFile(file: string): Promise<SeenHead | undefined> {
  if (!existsSync(file)) return undefined;
  const { default: Sqlite } = await import('better-sqlite3');
  let db: Database | undefined;
  try {
    db = new Sqlite(file, { readonly: true, timeout: BUSY_MS });
    const row = db.prepare<[], { size: number; peaks: Uint8Array }>('SELECT size, peaks FROM head').get();
    if (!row) return undefined;
    const isNamed = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'named'").get() !== undefined;
    const named = isNamed ? db.prepare<[], { log_id: string }>('SELECT log_id FROM named').get() : undefined;
    return { size: row.size, peaks: peaksOf(row.peaks), ...named };
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}
