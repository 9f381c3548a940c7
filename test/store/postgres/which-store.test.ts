import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/present/command-result.ts';
import { makePlace } from '../../scenes/front-door.ts';
import { fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: which store a command works on: ${MISSING}`);

describe.skipIf(!program)('which store a command works on', () => {
  let server: Server;
  let right: string;
  let wrong: string;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
    right = server.address('hub', await makeDatabase(server, 'template'));
    wrong = server.address('hub', 'is_not_there');
  }, 120_000);
  afterAll(() => server?.stop());

  const LOOKS = [
    ['tickets', 'list'],
    ['approvers', 'list'],
    ['audit', 'verify'],
    ['store', 'check'],
  ] as const;

  it.each([
    ['the configuration', { config: true }],
    ['the environment before the configuration', { config: false, env: true }],
    ['the option before both', { config: false, env: false, given: true }],
  ] as const)('is said by %s', async (_, said: { config?: boolean; env?: boolean; given?: boolean }) => {
    const of = (is: boolean) => (is ? right : wrong);
    await using place = makePlace({
      config: said.config === undefined ? '' : `store: ${of(said.config)}\n`,
      env: said.env === undefined ? {} : { HOLDSHORT_STORE: of(said.env) },
    });
    for (const look of LOOKS) {
      const option = said.given === undefined ? [] : ['--store', of(said.given)];
      const ran = await place.cli([...look, ...option]);
      expect(ran, `${look.join(' ')}: ${ran.stderr}`).toMatchObject({ code: EXIT.done });
    }
    const agent = await place.agent(['--no-executor', ...(said.given ? ['--store', right] : [])]);
    expect(await agent.call('ticket_list')).toMatchObject({ tickets: [] });
  });

  it('is the wrong one where that is what is said', async () => {
    await using place = makePlace({ config: `store: ${wrong}\n` });
    for (const look of LOOKS)
      expect(await place.cli([...look]), look.join(' ')).toMatchObject({
        code: EXIT.failed,
        stderr: expect.stringContaining('is not there'),
      });
    const typed = await place.cli(['approvers', 'enroll', 'ana', '--no-passphrase', '--store', right]);
    expect(typed).toMatchObject({ code: EXIT.done });
  });

  it('is no address with a password, which is not repeated', async () => {
    const secret = 'postgres://hub:sesame@db.internal/holdshort';
    const without = { stderr: expect.not.stringContaining('sesame'), code: EXIT.usage };
    await using place = makePlace({ config: `store: ${secret}\n` });
    for (const look of LOOKS) {
      const ran = await place.cli([...look]);
      expect(ran, look.join(' ')).toMatchObject(without);
      expect(ran.stderr).toContain('PGPASSFILE');
    }
    await using other = makePlace();
    expect(await other.cli(['tickets', 'list', '--store', secret])).toMatchObject(without);
  });

  it('is not guessed where the configuration that names it can not be read', async () => {
    await using place = makePlace();
    writeFileSync(join(place.home, 'config.yaml'), `store: ${right}\nenvironments: [`);
    expect(await place.cli(['audit', 'verify'])).toMatchObject({ code: EXIT.usage });
    expect(await place.cli(['audit', 'verify', '--store', right])).toMatchObject({ code: EXIT.done });
    writeFileSync(join(place.home, 'config.yaml'), `store: ${right}\nno_such_key: 1\n`);
    expect(await place.json(['audit', 'verify'])).toMatchObject({ ok: true, size: expect.any(Number) });
  });

  it("is the sandbox's own for the sandbox", async () => {
    await using place = makePlace({ config: `store: ${wrong}\n`, env: { HOLDSHORT_STORE: wrong } });
    expect(await place.cli(['tickets', 'list', '--sandbox'])).toMatchObject({ code: EXIT.done });
    expect(await place.cli(['tickets', 'list', '--sandbox', '--store', right])).toMatchObject({ code: EXIT.usage });
  });
});
