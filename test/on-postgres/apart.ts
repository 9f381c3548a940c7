/*
 * What of the promises and of several accounts is not run on a store in PostgreSQL, and why.
 */

/** Files of which nothing is asked of a store. */
export const FILES: Readonly<Record<string, string>> = {
  'test/accounts/config.test.ts': 'reads configurations alone',
};

/** Single tests, by how their names begin. */
export const TESTS: Readonly<Record<string, string>> = {
  '[P4-11]': "fills the file's disk; a PostgreSQL that takes nothing: test/store/postgres/failures.test.ts",
  '[P4-12]': "the file's disk is read-only; a PostgreSQL that takes nothing: test/store/postgres/failures.test.ts",
  '[P6-4] the plain sqlite3 shell': 'the shell of the file; the views in PostgreSQL: test/store/postgres/views.test.ts',
};
