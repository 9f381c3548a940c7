import type { Database } from 'better-sqlite3';
import { HoldshortError } from '../../kernel/errors.ts';
import { MIGRATIONS } from './migrate.ts';

type Sqlite = typeof import('better-sqlite3');

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

const OBJECTS = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name";

/**
 * Tables, indexes, triggers and views that aren't as the migrations make them: anyone who writes to the file can
 * redefine a column, narrow an index so that it lists less, or take a fence down.
 * @returns what is wrong, an object each
 */
export function schemaFaults(Sqlite: Sqlite, db: Database): readonly string[] {
  const wanted = wantedSchema(Sqlite);
  const there = new Map(objectsOf(db).map((object) => [nameOf(object), object.sql]));
  const faults = [...wanted].flatMap(([name, sql]) => {
    if (!there.has(name)) return [`${name} is missing`];
    return there.get(name) === sql ? [] : [`${name} is not as it was made`];
  });
  return [...faults, ...[...there.keys()].filter((name) => !wanted.has(name)).map((name) => `${name} was put in`)];
}

/**
 * Call it before anything is believed that the database says. A fence that is down decides nothing and is left to
 * `audit verify`.
 * @throws tampered
 */
export function refuseOtherSchema(Sqlite: Sqlite, db: Database, file: string): void {
  const faults = schemaFaults(Sqlite, db).filter((fault) => !/^trigger \w+ is missing$/.test(fault));
  if (faults.length === 0) return;
  throw new HoldshortError(
    'tampered',
    `the database ${file} is not as holdshort made it: ${faults.slice(0, 5).join(', ')}`,
    'nothing was changed; keep a copy of the folder, run `holdshort audit verify`, and go on from a backup',
  );
}

let made: ReadonlyMap<string, string | null> | undefined;

function wantedSchema(Sqlite: Sqlite): ReadonlyMap<string, string | null> {
  if (made) return made;
  const db = new Sqlite(':memory:');
  try {
    for (const migration of MIGRATIONS) db.exec(migration);
    made = new Map(objectsOf(db).map((object) => [nameOf(object), object.sql]));
    return made;
  } finally {
    db.close();
  }
}

function objectsOf(db: Database): readonly SchemaObject[] {
  return db.prepare<[], SchemaObject>(OBJECTS).all();
}

function nameOf({ type, name }: SchemaObject): string {
  return `${type} ${name}`;
}
