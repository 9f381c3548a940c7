import Sqlite from 'better-sqlite3';
import type { Place } from './front-door.ts';
import { isDatabase, rowsOf } from './postgres.ts';

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
  return reading<LoggedEvent & { detail: string }>(place, 'SELECT * FROM audit_events ORDER BY seq')
    .filter((row) => type === undefined || row.type === type)
    .map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
}

export function stateOf(place: Where, id: string): string | undefined {
  return reading<{ state: string }>(place, 'SELECT state FROM ticket WHERE id = ?', id)[0]?.state;
}

/** With what the log's newest entry about the ticket that has an outcome ends. */
export function lastOutcome(place: Where, id: string): string | undefined {
  const about = events(place).filter(({ ticket, outcome }) => ticket === id && outcome !== null);
  return about.at(-1)?.outcome ?? undefined;
}

export function ticketCount(place: Where): number {
  return reading<{ count: number }>(place, 'SELECT count(*) AS count FROM ticket')[0]?.count ?? 0;
}

/** What time it is by the store, where that isn't the clock of whoever has it open. */
export function storeNow({ database }: Where): number | undefined {
  return isDatabase(database) ? Number(rowsOf(database, 'SELECT holdshort.moment() AS now')[0]?.now) : undefined;
}

/** What is said in words that both stores know. */
export function reading<Row>({ database }: Where, sql: string, ...values: unknown[]): Row[] {
  if (isDatabase(database)) return rowsOf(database, sql, values) as Row[];
  const db = new Sqlite(database, { readonly: true, timeout: 5000 });
  try {
    return db.prepare<unknown[], Row>(sql).all(...values);
  } finally {
    db.close();
  }
}
