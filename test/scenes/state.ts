import Sqlite, { type Database } from 'better-sqlite3';
import type { Place } from './front-door.ts';

/** What the database says, read beside the processes that work on it: as quick as it is often asked. */
type Where = Pick<Place, 'database'>;

export interface LoggedEvent {
  readonly seq: number;
  readonly type: string;
  readonly actor: string;
  readonly ticket: string | null;
  readonly tool: string | null;
  readonly outcome: string | null;
  readonly detail: any;
}

/** The log, oldest first; of one type, if given. */
export function events(place: Where, type?: string): readonly LoggedEvent[] {
  const rows = reading(place, (db) =>
    db.prepare<[], LoggedEvent & { detail: string }>('SELECT * FROM audit_events ORDER BY seq').all(),
  );
  return rows
    .filter((row) => type === undefined || row.type === type)
    .map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
}

export function stateOf(place: Where, id: string): string | undefined {
  return reading(place, (db) => db.prepare<[string], string>('SELECT state FROM ticket WHERE id = ?').pluck().get(id));
}

/** With what the log's newest entry about the ticket that has an outcome ends. */
export function lastOutcome(place: Where, id: string): string | undefined {
  const about = events(place).filter(({ ticket, outcome }) => ticket === id && outcome !== null);
  return about.at(-1)?.outcome ?? undefined;
}

export function ticketCount(place: Where): number {
  return reading(place, (db) => db.prepare<[], number>('SELECT count(*) FROM ticket').pluck().get() ?? 0);
}

function reading<T>({ database }: Where, work: (db: Database) => T): T {
  const db = new Sqlite(database, { readonly: true, timeout: 5000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}
