import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/present/command-result.ts';
import { makePlace, until } from '../../scenes/front-door.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

/* Two who move the same file: between the seal's commit and the next lock the other one may have the file. */

const program = fromNpm();
if (!program) console.warn(`skipped: moving a store into PostgreSQL, twice: ${MISSING}`);

/** It stands still where it has just sealed the file, and holds it no more. */
const STANDS_STILL = `
import { createRequire } from 'node:module';
const { prototype } = createRequire(import.meta.url)(process.env.HOLDSHORT_TEST_SQLITE);
const { prepare } = prototype;
let seals = false;
prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  const run = statement.run.bind(statement);
  if (sql.startsWith('INSERT INTO moved')) statement.run = (...values) => ((seals = true), run(...values));
  if (sql === 'COMMIT')
    statement.run = () => {
      const done = run();
      if (seals) process.kill(process.pid, 'SIGSTOP');
      seals = false;
      return done;
    };
  return statement;
};
`;

describe.skipIf(!program)('store copy, by two at once', () => {
  let server: Server;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
  }, 120_000);
  afterAll(() => server?.stop());

  // What the file says afterwards, and what the one that stood still is told.
  for (const [other, says, told] of [
    ['moved it', 'were moved to', 'another `holdshort store copy`'],
    ['took it back', '', 'another `holdshort store copy`'],
    ['was killed when all of it was there', 'on their way to', 'can not be reached'],
  ] as const)
    it(`changes nothing where the other one ${other} in between`, async () => {
      const database = await makeDatabase(server, 'template');
      await using place = makePlace({ config: 'anchor: ./anchor\n' });
      mkdirSync(join(place.home, 'anchor'), { mode: 0o700 });
      expect(await place.cli(['approvers', 'enroll', 'ana', '--no-passphrase'])).toMatchObject({ code: EXIT.done });
      const from = ['store', 'copy', '--from', place.database];
      const copying = [...from, '--to', server.address('postgres', database)];

      const preload = join(place.home, 'stands-still.mjs');
      writeFileSync(preload, STANDS_STILL);
      const first = place.start(copying, {
        HOLDSHORT_TEST_SQLITE: createRequire(import.meta.url).resolve('better-sqlite3'),
        NODE_OPTIONS: `--import=${preload}`,
      });
      let said = '';
      for (const stream of [first.stdout, first.stderr]) stream?.on('data', (chunk) => (said += chunk));
      const over = once(first, 'exit');
      await until(
        () => place.cli(['tickets', 'list']),
        ({ stderr }) => stderr.includes('on their way to'),
        60_000,
      );
      const second = await place.cli(says === '' ? [...from, '--cancel'] : copying);
      expect(second, second.stderr).toMatchObject({ code: EXIT.done });
      if (says === 'on their way to') new Sqlite(place.database).exec('UPDATE moved SET whole = 0').close();
      // Whatever the first one does over there fails from now on.
      await asked(server.superuser(), (client) => client.query(END_OTHERS, [database]));
      first.kill('SIGCONT');
      const [code] = await over;
      expect(code, said).toBe(EXIT.failed);
      const looked = await place.cli(['tickets', 'list']);
      expect(looked, looked.stderr).toMatchObject({ code: says ? EXIT.failed : EXIT.done });
      expect(looked.stderr).toContain(says);
      expect(said).toContain(told);
      if (!says) return;
      const again = await place.cli(copying);
      expect(again, again.stderr).toMatchObject({ code: EXIT.done });
    }, 120_000);
});

const END_OTHERS = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1';
