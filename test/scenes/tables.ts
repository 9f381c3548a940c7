import Sqlite, { type Database } from 'better-sqlite3';
import { FOUND_BY } from '../../src/store/postgres/schema/functions.ts';
import { FENCES } from '../../src/store/postgres/schema/tables.ts';
import type { Place } from './front-door.ts';
import { asOwner, isDatabase } from './postgres.ts';

/*
 * The attacker who can write to the database and holds no key, whichever store it is: the fences (triggers) are gone
 * while they work, and back afterwards. In PostgreSQL they are the role that owns all of it.
 */

/** In the words of better-sqlite3, of which PostgreSQL's side knows `run`, `get`, `all` and `pluck`. */
export type Tables = Pick<Database, 'prepare' | 'exec'>;

export function withTables<T>({ database }: Pick<Place, 'database'>, work: (tables: Tables) => T): T {
  return isDatabase(database) ? inPostgres(database, work) : withDatabase({ database }, work);
}

/** The same of a file, for what only a file has. */
export function withDatabase<T>(
  place: Pick<Place, 'database'>,
  work: (db: Database) => T,
  fences?: 'keep the fences',
): T {
  const db = new Sqlite(place.database);
  try {
    const wanted = db
      .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
      .all();
    if (!fences) for (const { name } of wanted) db.exec(`DROP TRIGGER ${name}`);
    const result = work(db);
    // Anyone who closes the database in between has put another one in its place.
    if (!fences && db.open) for (const { sql } of wanted) db.exec(sql);
    return result;
  } finally {
    db.close();
  }
}

const FENCED = ['tree', 'entry', 'ticket', 'residue', 'notice'];

/**
 * The columns beside a text go on saying what it says, as in a file, where they are made of it. Who writes one of them
 * alone writes that one.
 */
const FOLLOWING = `
CREATE FUNCTION forged_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said jsonb := coalesce(holdshort.parsed(NEW.text), '{}');
BEGIN
  SELECT coalesce(said ->> 'at', ''), coalesce(said ->> 'type', ''), said ->> 'ticket', (said -> 'detail' ->> 'ticket_seq')::bigint, ${FOUND_BY}
    INTO NEW.at, NEW.type, NEW.ticket, NEW.ticket_seq, NEW.statement_seq, NEW.read_session, NEW.breaks_glass;
  NEW.breaks_glass := coalesce(NEW.breaks_glass, false);
  RETURN NEW;
END $$;
CREATE TRIGGER forged BEFORE INSERT OR UPDATE OF text ON entry FOR EACH ROW EXECUTE FUNCTION forged_entry();
CREATE FUNCTION forged_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  draft jsonb := holdshort.parsed(NEW.draft);
  plan jsonb := holdshort.parsed(NEW.plan);
BEGIN
  ${/NEW\.agent := [\s\S]*?RETURN NEW;/.exec(FENCES)?.[0]}
END $$;
CREATE TRIGGER forged BEFORE INSERT OR UPDATE OF draft, plan ON ticket FOR EACH ROW EXECUTE FUNCTION forged_ticket();`;

function inPostgres<T>(address: string, work: (tables: Tables) => T): T {
  const exec = (sql: string) => void asOwner(address, sql);
  const fences = (word: string) => FENCED.map((table) => `ALTER TABLE ${table} ${word} TRIGGER USER;`).join(' ');
  exec(fences('DISABLE') + FOLLOWING);
  try {
    return work({ prepare: (sql: string) => statementOf(address, sql), exec } as unknown as Tables);
  } finally {
    exec(`DROP FUNCTION forged_entry, forged_ticket CASCADE; ${fences('ENABLE')}`);
  }
}

function statementOf(address: string, sql: string, plucked = false) {
  const all = (...values: unknown[]) => {
    const { rows } = asOwner(address, sql, values);
    return plucked ? rows.map((row) => Object.values(row)[0]) : rows;
  };
  return {
    all,
    get: (...values: unknown[]) => all(...values)[0],
    run: (...values: unknown[]) => ({ changes: asOwner(address, sql, values).changes }),
    pluck: () => statementOf(address, sql, true),
  };
}

/** One column that is a table's own; `INTEGER` where it holds numbers. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** Every table, with its columns. */
export function columnsIn({ database }: Pick<Place, 'database'>, tables: Tables): ReadonlyMap<string, Column[]> {
  const all = <Row>(sql: string) => tables.prepare<[], Row>(sql).all();
  if (!isDatabase(database)) {
    const names = all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
    return new Map(names.map(({ name }) => [name, all<Column>(`PRAGMA table_info(${name})`)]));
  }
  const rows = all<Column & { readonly of: string }>(
    `SELECT c.relname AS of, a.attname AS name, CASE WHEN a.atttypid = 'bigint'::regtype THEN 'INTEGER' END AS type
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     WHERE c.relnamespace = 'holdshort'::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum`,
  );
  return Map.groupBy(rows, ({ of }) => of);
}

/** From now on nothing that a table checks by itself keeps a value out. */
export function uncheck({ database }: Pick<Place, 'database'>, tables: Tables): void {
  if (!isDatabase(database)) {
    tables.prepare('PRAGMA ignore_check_constraints = ON').run();
    return;
  }
  tables.exec(`DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
      WHERE connamespace = 'holdshort'::regnamespace AND contype = 'c'
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.of, one.conname); END LOOP;
  END $$;
  ALTER TABLE ticket ALTER n SET GENERATED BY DEFAULT`);
}
