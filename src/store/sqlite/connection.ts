import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database, RunResult, Statement } from 'better-sqlite3';
import type { NoticeKind } from '../../kernel/notice.ts';
import { beginHeadFile } from '../head/file.ts';
import { makeFolder } from '../make-folder.ts';
import { STANDSTILL_MS } from './busy.ts';
import { checkpointer } from './checkpoint.ts';
import { unavailable } from './failures.ts';
import { confirmMarker, readMarker, refuseLostLog } from './marker.ts';
import { MIGRATIONS, migrate, refuseNewerSchema, schemaVersion } from './migrate.ts';
import { refuseMoved } from './moved.ts';
import { refuseOtherSchema } from './schema-check.ts';

/**
 * What a process's JavaScript says of the time is its own, and may be hours off: a lease that it took to be over, or an
 * expiry, would be others' loss. The engine asks the system, as it does for every process of this database.
 */
const NOW = "SELECT unixepoch('subsec')";

export type Value = string | number | null | Uint8Array;

/** One open database. Statements are prepared once, at their first use. */
export interface Connection {
  /** Milliseconds since 1970; within a transaction the same each time. */
  clock(): number;
  /** Who wants to be told of such a step. */
  readonly recipients: (kind: NoticeKind) => readonly string[];
  get<Row>(sql: string, ...values: Value[]): Row | undefined;
  all<Row>(sql: string, ...values: Value[]): Row[];
  run(sql: string, ...values: Value[]): RunResult;
  /** What `work` reads is of one moment. Within a transaction it is part of that. */
  reading<T>(work: () => T): T;
  /**
   * The write lock first, then `work`, then a durable commit; any error undoes all of it. Within another one it is part
   * of that, and an error undoes this part.
   */
  writing<T>(work: () => T): T;
  close(): void;
}

export interface Location {
  readonly file: string;
  /** For tests: the engine's own by default. */
  readonly clock?: (() => number) | undefined;
  readonly busyTimeoutMs: number;
  readonly recipients: (kind: NoticeKind) => readonly string[];
  /** Where the kept head of this log stands; a log that is made begins with an empty one. */
  readonly head?: string | undefined;
  /** Told of each write: how long it waited for the lock, and how long it had it, in milliseconds. */
  readonly wrote?: (waited: number, held: number) => void;
  /** For who moves it, and reads and writes what is sealed. */
  readonly moving?: boolean;
}

/** Fails with SQLITE_BUSY while someone else has the file; to be tried again then. */
export async function connect({
  file,
  clock,
  busyTimeoutMs,
  recipients,
  head,
  wrote = () => {},
  moving = false,
}: Location): Promise<Connection> {
  // Loaded at the first operation: a server that is only asked for its tools never pays for it.
  const { default: Sqlite } = await import('better-sqlite3');
  makeFile(file);
  const db = new Sqlite(file, { timeout: Math.min(STANDSTILL_MS, busyTimeoutMs) });
  try {
    prepareDatabase(db, file, () => {
      if (head !== undefined) beginHeadFile(Sqlite, head);
    });
    refuseOtherSchema(Sqlite, db, file);
    return connectionOf(db, file, { clock, recipients, moving }, wrote);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite would make the file with the process's umask; its -wal and -shm files take their mode from it. */
function makeFile(file: string): void {
  makeFolder(dirname(file));
  // In this order: the marker is made after the file, so that seeing it means that the file was there.
  const had = readMarker(file) !== undefined;
  if (existsSync(file)) return;
  if (had) refuseLostLog(file);
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!existsSync(file)) throw error;
  }
}

function prepareDatabase(db: Database, file: string, made: () => void): void {
  // A schema written by someone else mustn't run functions with side effects from its triggers and views.
  db.pragma('trusted_schema = OFF');
  db.pragma('foreign_keys = ON');
  db.pragma('recursive_triggers = ON');
  // Where another process does this to a fresh file too, SQLite tells one of them BUSY without waiting.
  db.pragma('journal_mode = WAL');
  // better-sqlite3 leaves WAL databases at NORMAL: a commit would survive the process but not the machine.
  db.pragma('synchronous = FULL');
  // `checkpointer` does it.
  db.pragma('wal_autocheckpoint = 0');
  refuseNewerSchema(db, file);
  if (schemaVersion(db) < MIGRATIONS.length) db.transaction(() => initialise(db, file, made)).immediate();
  const logId = db.prepare<[], string>('SELECT log_id FROM tree').pluck().get();
  if (logId === undefined) throw unavailable(`the database ${file} has no log`, 'put it back from a backup');
  confirmMarker(file, logId);
}

function initialise(db: Database, file: string, made: () => void): void {
  if (schemaVersion(db) === 0) refuseLostLog(file);
  const fresh = schemaVersion(db) === 0;
  migrate(db);
  if (!fresh) return;
  db.prepare('INSERT INTO tree (one, log_id, size, frontier, statements) VALUES (1, ?, 0, ?, 0)').run(
    randomBytes(16).toString('hex'),
    Buffer.alloc(0),
  );
  made();
}

function connectionOf(
  db: Database,
  file: string,
  told: Pick<Location, 'clock' | 'recipients' | 'moving'>,
  wrote: NonNullable<Location['wrote']>,
): Connection {
  const statements = new Map<string, Statement<Value[], unknown>>();
  const prepared = (sql: string): Statement<Value[], unknown> => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = db.prepare<Value[], unknown>(sql);
    statements.set(sql, statement);
    return statement;
  };
  const inTransaction = db.transaction((work: () => unknown) => work());
  const opened = statSync(file);
  const checkpoint = checkpointer(db);
  const clock = told.clock ?? (() => Math.round(Number(prepared(NOW).pluck().get()) * 1000));
  let moment: number | undefined;
  const ofOneMoment = (work: () => unknown) => () => {
    moment = undefined;
    try {
      return work();
    } finally {
      moment = undefined;
    }
  };

  // SQLite goes on writing to a file that was deleted or replaced under it: commits that nobody would ever see again.
  const refuseReplaced = () => {
    const now = statSync(file, { throwIfNoEntry: false });
    if (now?.ino === opened.ino && now.dev === opened.dev) return;
    throw unavailable(
      `the database ${file} was removed or replaced while it was open`,
      'put it back, then start again',
    );
  };

  const refuse = () => {
    if (!told.moving) refuseMoved((sql) => prepared(sql).get(), file);
  };

  return {
    recipients: told.recipients,
    clock() {
      if (!db.inTransaction) return clock();
      moment ??= clock();
      return moment;
    },
    // The rows' types are the schema's, which is STRICT; what a text holds is checked where it is parsed.
    get: <Row>(sql: string, ...values: Value[]) => prepared(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: Value[]) => prepared(sql).all(...values) as Row[],
    run: (sql, ...values) => prepared(sql).run(...values),
    reading: <T>(work: () => T) => {
      if (db.inTransaction) return work();
      return inTransaction.deferred(
        ofOneMoment(() => {
          // Last, also where the work failed for it: the first read decides of which moment all that is read here is,
          // and what is held against it may have to be read before.
          try {
            return work();
          } finally {
            refuse();
          }
        }),
      ) as T;
    },
    writing: <T>(work: () => T) => {
      if (db.inTransaction) return inTransaction(work) as T;
      refuseReplaced();
      // Before the lock too, which who moves it holds for long.
      refuse();
      const asked = performance.now();
      let began = asked;
      const held = ofOneMoment(work);
      const result = inTransaction.immediate(() => {
        began = performance.now();
        refuse();
        return held();
      }) as T;
      checkpoint();
      wrote(began - asked, performance.now() - began);
      return result;
    },
    close: () => db.close(),
  };
}
