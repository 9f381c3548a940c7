/*
 * What of the promises is not run on a store in PostgreSQL, and why.
 */

const ROWS = 'writes to rows of the file; what a login can write in PostgreSQL is in test/store/postgres';

/** Not about the file: it would run there on installations of its own, which nobody has written yet. */
const COPIED =
  'on a copy of an installation; a copied database is another one, in which nothing runs until that is accepted';

/** Files of which every test is the file's. */
export const FILES: Readonly<Record<string, string>> = {
  'promise-2-shown-is-run': ROWS,
  'promise-6-tampering': ROWS,
};

/** Single tests, by how their names begin. */
export const TESTS: Readonly<Record<string, string>> = {
  '[P4-3]': COPIED,
  '[P4-4]': COPIED,
  '[P4-5]': COPIED,
  '[P4-6]': COPIED,
  '[P4-7]': COPIED,
  '[P4-9]': "holds the file's lock; what waits for PostgreSQL's: test/store/postgres/writers.test.ts",
  '[P4-10]': 'puts a trigger into the file; in PostgreSQL only its owner could',
  '[P4-11]': "fills the file's disk; a PostgreSQL that takes nothing: test/store/postgres/failures.test.ts",
  '[P4-12]': "the file's disk is read-only; a PostgreSQL that takes nothing: test/store/postgres/failures.test.ts",
  '[P4-13]': "the clock of who writes to the file; in PostgreSQL the time is the database's",
  '[P4-15]': 'the file is gone; another database than before: test/store/postgres/failover.test.ts',
  '[P4-16]': COPIED,
  '[P5-18] 4 executors': 'puts sixty tickets into the file at once; many executors on PostgreSQL: test/chaos',
  '[P6-4] the plain sqlite3 shell': 'the shell of the file; the views in PostgreSQL: test/store/postgres/views.test.ts',
};
