import { readdirSync } from 'node:fs';
import { fromNpm, MISSING } from '../store/postgres/server.ts';
import { FILES } from './apart.ts';

const FOLDERS = ['test/promises', 'test/accounts'];

/** What `npm test` has time for. The main job is there in any case: test/store/postgres/commands.test.ts. */
const SOME: readonly string[] = [
  'test/promises/promise-1-consent.test.ts',
  'test/promises/promise-3-effect.test.ts',
  'test/promises/promise-5-at-most-once.test.ts',
  'test/promises/promise-6-nothing-forgotten.test.ts',
  'test/promises/promise-6-tampering.test.ts',
];

/** The tests that run on PostgreSQL too; none, said aloud, where there is no PostgreSQL. */
export function onPostgres(all: boolean): readonly string[] {
  const there = FOLDERS.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
  const files = there.filter((file) => file.endsWith('.test.ts') && !(file in FILES));
  const chosen = files.filter((file) => all || SOME.includes(file));
  if (fromNpm()) return chosen;
  for (const file of chosen) console.warn(`skipped: ${file} on PostgreSQL: ${MISSING}`);
  return [];
}
