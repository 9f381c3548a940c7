import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/present/command-result.ts';
import { makePlace } from '../../scenes/front-door.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: a database that asks for a password: ${MISSING}`);

describe.skipIf(!program)('a database that asks for a password', () => {
  let server: Server;
  let database: string;
  const as = async (password: string) =>
    await asked(server.superuser(), (client) => client.query(`ALTER ROLE hub PASSWORD '${password}'`));

  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
    database = await makeDatabase(server, 'template');
    writeFileSync(join(server.data, 'pg_hba.conf'), 'local all postgres trust\nlocal all all scram-sha-256\n');
    await asked(server.superuser(), (client) => client.query('SELECT pg_reload_conf()'));
  }, 120_000);
  afterAll(() => server?.stop());

  const placeWith = (lines: string, mode = 0o600) => {
    const place = makePlace({ config: `store: ${server.address('hub', database)}\n` });
    const file = join(place.home, 'pgpass');
    const write = (text: string) => writeFileSync(file, text, { mode });
    write(lines);
    place.env.PGPASSFILE = file;
    return { place, write };
  };

  it('takes that of the file, without a word on stderr, and a new one with the next connection', async () => {
    await as('one');
    const { place, write } = placeWith('*:*:*:hub:one\n');
    await using _ = place;
    expect(await place.cli(['tickets', 'list'])).toMatchObject({ code: EXIT.done, stderr: '' });
    const agent = await place.agent(['--no-executor']);
    expect(await agent.call('ticket_list')).toMatchObject({ tickets: [] });
    await as('two');
    write('*:*:*:hub:two\n');
    // What is open stays open; who ends it has the next one log in again.
    await asked(server.superuser(), (client) =>
      client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hub'`),
    );
    await expect.poll(() => agent.call('ticket_list')).toMatchObject({ tickets: [] });
    expect(await place.cli(['tickets', 'list'])).toMatchObject({ code: EXIT.done, stderr: '' });
  });

  it('says which line to write where it has none, or none that may be used', async () => {
    await as('one');
    for (const [lines, mode] of [
      ['*:*:*:other:one\n', 0o600],
      ['*:*:*:hub:one\n', 0o644],
    ] as const) {
      await using place = placeWith(lines, mode).place;
      const ran = await place.cli(['tickets', 'list']);
      expect(ran).toMatchObject({ code: EXIT.failed, stdout: '' });
      expect(ran.stderr).toContain('asks hub for a password');
      expect(ran.stderr).toContain(`:${database}:hub:PASSWORD into a file of mode 600`);
      expect(ran.stderr).not.toContain(':one');
    }
  });

  it('does not let in who has a wrong one, which is not repeated', async () => {
    await as('one');
    await using place = placeWith('*:*:*:hub:sesame\n').place;
    const ran = await place.cli(['tickets', 'list']);
    expect(ran).toMatchObject({ code: EXIT.failed, stderr: expect.stringContaining('does not let this login in') });
    expect(ran.stderr).not.toContain('sesame');
  });
});
