import { readdirSync } from 'node:fs';
import { fromNpm, MISSING } from '../store/postgres/server.ts';
import { FILES } from './apart.ts';

const FOLDER = 'test/promises';

/** What `npm test` has time for. The main job is there in any case: test/store/postgres/commands.test.ts. */
const SOME: readonly string[] = [
  'promise-1-consent',
  'promise-3-effect',
  'promise-5-at-most-once',
  'promise-6-nothing-forgotten',
];

/** The tests that run on PostgreSQL too; none, said aloud, where there is no PostgreSQL. */
export function onPostgres(all: boolean): readonly string[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.test.ts'));
  const files = names.map((name) => name.slice(0, -'.test.ts'.length)).filter((name) => !(name in FILES));
  const chosen = files.filter((name) => all || SOME.includes(name));
  if (fromNpm()) return chosen.map((name) => `${FOLDER}/${name}.test.ts`);
  for (const name of chosen) console.warn(`skipped: ${name} on PostgreSQL: ${MISSING}`);
  return [];
}
