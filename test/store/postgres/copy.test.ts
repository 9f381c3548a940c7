import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/present/command-result.ts';
import { type Cloud, startCloud } from '../../scenes/cloud.ts';
import { type Agent, approve, makePlace, type Place, REASON, until } from '../../scenes/front-door.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

/* From one machine to a team: what is in a file goes on in a database, and in the file nothing does. */

const program = fromNpm();
if (!program) console.warn(`skipped: moving a store into PostgreSQL: ${MISSING}`);

describe.skipIf(!program)('store copy', () => {
  let server: Server;
  let database: string;
  let cloud: Cloud;
  let place: Place;
  let agent: Agent;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
    await asked(server.superuser(), async (client) => {
      await client.query('CREATE ROLE an_admin LOGIN CREATEROLE');
    });
  }, 120_000);
  afterAll(() => server?.stop());
  beforeEach(async () => {
    database = await makeDatabase(server, 'template');
    cloud = await startCloud({ instances: [{ count: 4 }] });
    place = makePlace({ endpoint: cloud.endpoint, config: 'anchor: ./anchor\n', production: 'key' });
    mkdirSync(join(place.home, 'anchor'), { mode: 0o700 });
    const enrolled = await place.cli(['approvers', 'enroll', 'ana', '--no-passphrase']);
    expect(enrolled, enrolled.stderr).toMatchObject({ code: EXIT.done });
    agent = await place.agent(['--no-executor', '--operator', 'otto']);
  });
  afterEach(async () => {
    await place[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
  });

  const copy = (...more: readonly string[]) =>
    place.cli(['store', 'copy', '--from', place.database, '--to', server.address('postgres', database), ...more]);
  const root = (stdout: string) => /[0-9a-f]{64}/.exec(stdout)?.[0];
  async function opened(index: number): Promise<{ id: string; digest: string }> {
    const { instances } = await agent.call('ec2_describe_instances');
    const args = { instance_ids: [instances[index].instance_id], reason: REASON };
    const { ticket } = await agent.call('ec2_reboot_instances', args);
    expect(ticket).toMatchObject({ state: 'pending' });
    return ticket;
  }
  async function approved(index: number): Promise<string> {
    const ticket = await opened(index);
    expect(await approve(place, ticket, 'ana')).toMatchObject({ code: EXIT.done });
    return ticket.id;
  }
  const stateOf = async (id: string) =>
    (await place.json(['tickets', 'list'])).tickets.find((ticket: { id: string }) => ticket.id === id)?.state;
  const ended = (id: string) =>
    until(
      () => stateOf(id),
      (state) => !['approved', 'executing'].includes(state),
      60_000,
    );
  const configure = (at: Place, login: string) =>
    writeFileSync(
      join(at.home, 'config.yaml'),
      `store: ${server.address(login, database)}\nanchor: ${join(place.home, 'anchor')}\npolicy: ./policy.cedar\n`,
    );

  it('takes everything over so that it verifies with the same root, and goes on there and nowhere else', async () => {
    const ran = place.start(['executor']);
    const before = await approved(0);
    expect(await ended(before)).toBe('succeeded');
    ran.kill('SIGKILL');
    const waiting = await approved(1);
    const { instances } = await agent.call('ec2_describe_instances');
    const asking = { instance_ids: [instances[3].instance_id], reason: REASON };
    const open = await opened(2);
    const verified = await place.cli(['audit', 'verify']);
    const shown = (await place.cli(['tickets', 'show', before])).stdout;

    const copied = await copy();
    expect(copied, copied.stderr).toMatchObject({ code: EXIT.done });
    expect(root(copied.stdout)).toBe(root(verified.stdout));

    // The server of the agent runs on, on the file.
    expect(JSON.stringify(await agent.call('ec2_reboot_instances', asking))).toMatch(/were moved to postgres:/);
    expect(await place.cli(['tickets', 'list'])).toMatchObject({
      code: EXIT.failed,
      stderr: expect.stringMatching(/were moved to postgres:[\s\S]*HOLDSHORT_STORE/),
    });
    const left = place.start(['executor']);
    let said = '';
    left.stderr?.on('data', (chunk) => (said += chunk));
    await until(
      () => said,
      (text) => text.includes('were moved to'),
      60_000,
    );
    left.kill('SIGKILL');
    expect(await approve(place, open, 'ana')).toMatchObject({ code: EXIT.failed });

    configure(place, 'hub');
    const there = await place.cli(['audit', 'verify']);
    expect(there, there.stdout).toMatchObject({ code: EXIT.done });
    expect(root(there.stdout)).toBe(root(verified.stdout));
    expect((await place.cli(['tickets', 'show', before])).stdout).toBe(shown);
    expect(await place.cli(['store', 'check'])).toMatchObject({ code: EXIT.done });

    // Another host has the pinned root and the anchor, and nothing else.
    await using other = makePlace({ endpoint: cloud.endpoint, production: 'key' });
    configure(other, 'hub');
    mkdirSync(join(other.home, 'keys'), { mode: 0o700 });
    copyFileSync(join(place.home, 'keys/root.json'), join(other.home, 'keys/root.json'));
    other.start(['executor']);
    place.start(['executor']);
    expect(await ended(waiting)).toBe('succeeded');
    expect(await approve(place, open, 'ana')).toMatchObject({ code: EXIT.done });
    expect(await ended(open.id)).toBe('succeeded');
    const next = await place.agent(['--no-executor', '--operator', 'otto']);
    expect((await next.call('ec2_reboot_instances', asking)).ticket).toMatchObject({ state: 'pending' });
    expect(await cloud.requests('RebootInstances')).toHaveLength(3);
    const after = await place.cli(['audit', 'verify']);
    expect(after, after.stdout).toMatchObject({ code: EXIT.done });
    expect(await place.json(['audit', 'list', '--limit', '10000'])).toHaveLength(
      (await place.json(['audit', 'verify'])).size,
    );
  }, 180_000);

  it('takes over what was begun and is not known of, so that no host begins it again', async () => {
    const id = await approved(0);
    // The line of a process that was killed before its entry was written, or whose database came back without it.
    writeFileSync(join(place.home, 'keys/executed'), `${id} begun ${'0'.repeat(64)}\n`, { mode: 0o600 });
    expect(await copy()).toMatchObject({ code: EXIT.done });
    await using other = makePlace({ endpoint: cloud.endpoint, production: 'key' });
    configure(place, 'hub');
    configure(other, 'hub');
    mkdirSync(join(other.home, 'keys'), { mode: 0o700 });
    copyFileSync(join(place.home, 'keys/root.json'), join(other.home, 'keys/root.json'));
    other.start(['executor']);
    expect(await ended(id)).toBe('denied');
    expect(await cloud.requests('RebootInstances')).toHaveLength(0);
  }, 120_000);

  it('is believed by no host that saw the empty database with another anchor, which knows nothing of what was begun', async () => {
    const begun = await approved(0);
    writeFileSync(join(place.home, 'keys/executed'), `${begun} begun ${'0'.repeat(64)}\n`, { mode: 0o600 });
    const waiting = await approved(1);
    await using other = makePlace({ endpoint: cloud.endpoint, production: 'key' });
    mkdirSync(join(other.home, 'anchor'), { mode: 0o700 });
    mkdirSync(join(other.home, 'keys'), { mode: 0o700 });
    copyFileSync(join(place.home, 'keys/root.json'), join(other.home, 'keys/root.json'));
    writeFileSync(
      join(other.home, 'config.yaml'),
      `store: ${server.address('hub', database)}\nanchor: ./anchor\npolicy: ./policy.cedar\n`,
    );
    expect(await other.cli(['tickets', 'list'])).toMatchObject({ code: EXIT.done });
    expect(await copy()).toMatchObject({ code: EXIT.done });
    const running = other.start(['executor']);
    let said = '';
    running.stderr?.on('data', (chunk) => (said += chunk));
    await until(
      () => said,
      (text) => text.includes('saw an empty log here, and now there is another one'),
      60_000,
    );
    running.kill('SIGKILL');
    expect(await cloud.requests('RebootInstances')).toHaveLength(0);
    // With the anchor that it was moved with all goes on.
    configure(other, 'hub');
    other.start(['executor']);
    configure(place, 'hub');
    expect(await ended(waiting)).toBe('succeeded');
    expect(await ended(begun)).toBe('denied');
    expect(await cloud.requests('RebootInstances')).toHaveLength(1);
  }, 120_000);

  it('moves nothing while a ticket is under way, out of a log that was altered, or into what is not empty', async () => {
    const id = await approved(0);
    const raw = new Sqlite(place.database);
    raw.exec(`UPDATE ticket SET state = 'executing' WHERE id = '${id}'`);
    expect(await copy()).toMatchObject({ code: EXIT.failed, stderr: expect.stringContaining(id) });
    raw.exec('DROP TRIGGER ticket_transition');
    raw.exec(`UPDATE ticket SET state = 'approved' WHERE id = '${id}'`);
    expect(await copy()).toMatchObject({ code: EXIT.unverified, stdout: expect.stringContaining('ticket_transition') });
    raw.close();
    expect((await place.json(['tickets', 'list'])).tickets).toHaveLength(1);
    expect(
      await asked(
        server.superuser(database),
        async (client) =>
          (
            await client.query(
              'SELECT (SELECT size FROM holdshort.tree), (SELECT count(*)::int FROM holdshort.ticket) AS tickets',
            )
          ).rows,
      ),
    ).toEqual([{ size: '0', tickets: 0 }]);
    const other = makePlace({ env: { HOLDSHORT_STORE: server.address('hub', database) } });
    await other.cli(['approvers', 'enroll', 'bo', '--no-passphrase']);
    await other[Symbol.asyncDispose]();
    expect(await copy()).toMatchObject({ code: EXIT.failed, stderr: expect.stringContaining('another log') });
    expect((await place.json(['tickets', 'list'])).tickets).toHaveLength(1);
  }, 60_000);

  it('says what is possible, and what is missing', async () => {
    const to = server.address('postgres', database);
    for (const [args, said] of [
      [['--from', to, '--to', to], 'only a file can be moved'],
      [['--from', place.database, '--to', './there.db'], 'can only be moved into a database'],
      [['--from', place.database], 'not said where to'],
      [['--from', join(place.home, 'none.db'), '--to', to], 'there is no file'],
      [['--from', join(place.home, 'policy.cedar'), '--to', to], 'HOLDSHORT_HOME'],
      [['--from', place.database, '--cancel'], 'nothing is on its way'],
    ] as const)
      expect(await place.cli(['store', 'copy', ...args]), said).toMatchObject({
        code: EXIT.usage,
        stderr: expect.stringContaining(said),
      });
    expect(await place.cli(['--sandbox', 'store', 'copy', '--from', place.database, '--to', to])).toMatchObject({
      code: EXIT.usage,
    });
    const config = readFileSync(join(place.home, 'config.yaml'), 'utf8');
    writeFileSync(join(place.home, 'config.yaml'), config.replace('anchor: ./anchor\n', ''));
    expect(await copy()).toMatchObject({ code: EXIT.usage, stderr: expect.stringContaining('anchor') });
    expect((await place.json(['tickets', 'list'])).tickets).toEqual([]);
  });

  it('is done by a login that migrates and is no superuser', async () => {
    await asked(server.superuser(), (client) => client.query('CREATE DATABASE by_admin OWNER an_admin'));
    const to = server.address('an_admin', 'by_admin');
    // Roles are the server's: those of an earlier migration let this login in.
    await asked(server.superuser(), (client) =>
      client.query('GRANT holdshort_owner TO an_admin WITH ADMIN TRUE, SET FALSE, INHERIT FALSE'),
    );
    expect(await place.cli(['store', 'migrate', to])).toMatchObject({ code: EXIT.done });
    const copied = await place.cli(['store', 'copy', '--from', place.database, '--to', to]);
    expect(copied, copied.stderr).toMatchObject({ code: EXIT.done });
    const verified = await place.cli(['--store', server.address('an_auditor', 'by_admin'), 'audit', 'verify']);
    expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: EXIT.done });
  }, 60_000);
});
