import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../scenes/cloud.ts';
import { makePlace, type Place, REASON, until } from '../../scenes/front-door.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: a login that keeps locks: ${MISSING}`);

const MODES = ['ACCESS SHARE', 'ROW EXCLUSIVE', 'SHARE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'];
const TABLES = ['entry', 'tree', 'ticket', 'notice', 'residue', 'operation', 'admitted', 'version'];

describe.skipIf(!program)('a login that keeps what it may lock', () => {
  let server: Server;
  let database: string;
  let cloud: Cloud;
  let place: Place;
  let tickets: { id: string; digest: string }[];
  const keeping: pg.Client[] = [];
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
  }, 120_000);
  afterAll(() => server?.stop());
  beforeEach(async () => {
    database = await makeDatabase(server, 'template');
    cloud = await startCloud({ instances: [{ count: 4 }] });
    const env = { HOLDSHORT_STORE: server.address('hub', database) };
    const config = `anchor: ./anchor\nnotify: [{ url: 'http://127.0.0.1:9/', secret_file: secret }]\n`;
    place = makePlace({ endpoint: cloud.endpoint, env, config, production: 'key' });
    mkdirSync(join(place.home, 'anchor'), { mode: 0o700 });
    writeFileSync(join(place.home, 'secret'), `whsec_${randomBytes(32).toString('base64')}`, { mode: 0o600 });
    expect(await place.cli(['approvers', 'enroll', 'ana', '--no-passphrase'])).toMatchObject({ code: 0 });
    const agent = await place.agent(['--no-executor', '--operator', 'otto']);
    const { instances } = await agent.call('ec2_describe_instances');
    tickets = [];
    for (const { instance_id } of instances)
      tickets.push((await agent.call('ec2_stop_instances', { instance_ids: [instance_id], reason: REASON })).ticket);
  });
  afterEach(async () => {
    for (const client of keeping.splice(0)) await client.end();
    await place[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
  });

  /** In a transaction that stays open. @returns whether it may */
  async function keep(login: string, sql: string): Promise<boolean> {
    const client = new pg.Client(server.login(login, database));
    client.on('error', () => {});
    await client.connect();
    keeping.push(client);
    await client.query('BEGIN');
    return await client.query(sql).then(
      () => true,
      (error) => (error.code === '42501' ? false : Promise.reject(error)),
    );
  }
  const deny = (at: number) => {
    const { id, digest } = tickets[at]!;
    return place.cli(['deny', id, '--yes', '--digest', digest, '--reason', REASON, '--as', 'ana']);
  };

  it('of tables, and of rows of its own, keeps nobody from denying and halting, of which others are told', async () => {
    const lock = (table: string, mode: string) => `LOCK TABLE holdshort.${table} IN ${mode} MODE`;
    for (const role of ['agent', 'approver', 'executor', 'notifier', 'auditor'])
      for (const table of TABLES)
        for (const mode of MODES) if (!(await keep(`an_${role}`, lock(table, mode)))) await keeping.pop()?.end();
    expect(await keep('an_notifier', 'SELECT FROM holdshort.notice FOR UPDATE')).toBe(true);
    expect(await keep('an_auditor', 'SELECT pg_advisory_xact_lock(n) FROM generate_series(1, 100) AS n')).toBe(true);
    expect(keeping.length).toBeGreaterThan(10);
    const denied = await deny(0);
    expect(denied, denied.stderr).toMatchObject({ code: 0 });
    const halted = await place.cli(['halt', '--reason', REASON, '--as', 'ana']);
    expect(halted, halted.stderr).toMatchObject({ code: 0 });
  });

  it('of tickets keeps nobody from denying others', async () => {
    const rows = `SELECT FROM holdshort.ticket WHERE id IN ('${tickets[0]?.id}', '${tickets[1]?.id}') FOR UPDATE`;
    expect(await keep('an_executor', rows)).toBe(true);
    const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    const kept = [deny(0), deny(1)];
    await until(
      () => asked(server.superuser(database), async (client) => (await client.query(waiting)).rowCount ?? 0),
      (count) => count >= 2,
    );
    const other = await deny(2);
    expect(other, other.stderr).toMatchObject({ code: 0 });
    for (const one of await Promise.all(kept))
      expect(one).toMatchObject({ code: 1, stderr: expect.stringContaining('docs/store.md') });
  });

  it('of the log itself keeps nobody from looking', async () => {
    expect(await keep('an_agent', 'SELECT holdshort.lock_log(NULL)')).toBe(true);
    const showing = place.cli(['tickets', 'show', tickets[1]?.id ?? '']);
    let gaveUp = false;
    const denying = deny(0).finally(() => {
      gaveUp = true;
    });
    const shown = await showing;
    expect([shown.code, gaveUp]).toEqual([0, false]);
    expect(await denying).toMatchObject({ code: 1 });
  });
});
