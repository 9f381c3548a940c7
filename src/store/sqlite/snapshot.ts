import { chmodSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { AuditStore } from '../../audit/log.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import type { Connection } from './connection.ts';
import { storeFailure, unavailable } from './failures.ts';
import { readEntries, readHead, readTicketRows } from './operations/read-log.ts';
import { schemaFaults } from './schema-check.ts';
import { temporaryStandings } from './standings.ts';

type Sqlite = typeof import('better-sqlite3');

const BUSY_MS = 4000;

/** A log of one moment, to verify. */
export interface Snapshot extends AuditStore {
  close(): void;
}

/**
 * Opens the database to look at it and nothing else: its schema may be any, and neither the file nor its folder has to
 * be writable. Everything that is read is of one moment, whatever others write meanwhile.
 */
export async function openSnapshot(file: string): Promise<Snapshot> {
  const { default: Sqlite } = await import('better-sqlite3');
  try {
    if (!existsSync(file)) throw unavailable(`there is no database ${file}`, 'name its folder in HOLDSHORT_HOME');
    const { db, forget } = open(Sqlite, file);
    const connection = readerOf(db);
    const standings = temporaryStandings(Sqlite);
    const reading = async <T>(read: () => T): Promise<T> => {
      try {
        return read();
      } catch (error) {
        throw notOurs(error, file);
      }
    };
    return {
      entries: (from, limit) => reading(() => readEntries(connection, from, limit)),
      head: () => reading(() => readHead(connection)),
      ticketRows: (after, limit) => reading(() => readTicketRows(connection, after, limit)),
      faults: () => reading(() => faultsOf(Sqlite, db)),
      standings,
      close() {
        standings.close();
        db.close();
        forget();
      },
    };
  } catch (error) {
    throw notOurs(error, file);
  }
}

/** A file that has no log of ours in it, where one was looked for, was put there by someone. */
function notOurs(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/^SQLITE_(ERROR|CORRUPT|NOTADB|SCHEMA)/.test(code)) return storeFailure(error, { file, busyTimeoutMs: BUSY_MS });
  return new HoldshortError(
    'tampered',
    `the database ${file} can not be read as a log of ours (${code})`,
    'keep a copy of the folder as it is, find out who wrote to it, and go on from a backup',
    error,
  );
}

interface Opened {
  readonly db: Database;
  readonly forget: () => void;
}

/**
 * In WAL mode SQLite makes a -wal and a -shm file even to read, and leaves them there. Where nobody has the database
 * open, or it may make none, a copy is read.
 */
function open(Sqlite: Sqlite, file: string): Opened {
  if (!existsSync(`${file}-wal`)) {
    const copied = openCopy(Sqlite, file);
    if (!existsSync(`${file}-wal`)) return copied;
    // Someone began to write while it was copied.
    copied.db.close();
    copied.forget();
  }
  try {
    return { db: begun(new Sqlite(file, { readonly: true, timeout: BUSY_MS })), forget: () => {} };
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && /CANTOPEN|READONLY/.test(error.code)) return openCopy(Sqlite, file);
    throw error;
  }
}

function openCopy(Sqlite: Sqlite, file: string): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-verify-'));
  const forget = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'log.db');
    for (const suffix of ['', '-wal'])
      if (existsSync(file + suffix)) {
        copyFileSync(file + suffix, copy + suffix, constants.COPYFILE_FICLONE);
        chmodSync(copy + suffix, 0o600);
      }
    return { db: begun(new Sqlite(copy, { timeout: BUSY_MS })), forget };
  } catch (error) {
    forget();
    throw error;
  }
}

function begun(db: Database): Database {
  try {
    db.pragma('trusted_schema = OFF');
    db.exec('BEGIN');
    // The moment is that of the first read.
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function readerOf(db: Database): Pick<Connection, 'get' | 'all'> {
  return {
    get: <Row>(sql: string, ...values: unknown[]) => db.prepare(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: unknown[]) => db.prepare(sql).all(...values) as Row[],
  };
}

/** What SQLite itself, the schema and the counters say against it. Counted from the rows, by no index. */
function faultsOf(Sqlite: Sqlite, db: Database): readonly string[] {
  const one = <Row>(sql: string) => db.prepare<[], Row>(sql).get();
  const integrity = db.pragma('integrity_check(20)', { simple: false }) as { integrity_check: string }[];
  const low = one<{ n: number; first: number }>(
    'SELECT count(*) AS n, min(seq) AS first FROM entry NOT INDEXED WHERE seq <= 0',
  );
  const statements = one<{ kept: number; counted: number }>(
    `SELECT (SELECT statements FROM tree) AS kept,
      (SELECT count(*) FROM entry NOT INDEXED WHERE json_valid(text) AND text ->> '$.detail.statement_seq' > 0) AS counted`,
  );
  return [
    ...schemaFaults(Sqlite, db),
    ...integrity
      .map((row) => row.integrity_check)
      .filter((text) => text !== 'ok')
      .map((text) => `SQLite: ${text}`),
    ...(low && low.n > 0
      ? [`${low.n} entries have numbers below 1, the first ${low.first}: they were moved there`]
      : []),
    ...(statements && statements.kept !== statements.counted
      ? [`the tree counts ${statements.kept} signed statements, the log has ${statements.counted}`]
      : []),
  ];
}
