import type { Database } from 'better-sqlite3';
import { unavailable } from './failures.ts';
import { migration0001 } from './migrations/0001.ts';
import { migration0002 } from './migrations/0002.ts';
import { migration0003 } from './migrations/0003.ts';
import { migration0004 } from './migrations/0004.ts';
import { migration0005 } from './migrations/0005.ts';
import { migration0006 } from './migrations/0006.ts';
import { migration0007 } from './migrations/0007.ts';

/** In order; a number is never used twice and a text never changed once it was released. */
export const MIGRATIONS: readonly string[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
  migration0006,
  migration0007,
];

export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

export function refuseNewerSchema(db: Database, file: string): void {
  if (schemaVersion(db) <= MIGRATIONS.length) return;
  throw unavailable(
    `the database ${file} was made by a newer version of holdshort`,
    'use that version, or another state folder',
  );
}

/** Call it with the write lock held: then the process that comes second finds the work done. */
export function migrate(db: Database): void {
  for (const [index, text] of MIGRATIONS.entries()) {
    if (schemaVersion(db) > index) continue;
    db.exec(text);
    db.pragma(`user_version = ${index + 1}`);
  }
}
