import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/present/command-result.ts';
import { type Cloud, startCloud } from '../../scenes/cloud.ts';
import { approve, makePlace, type Place, REASON, until } from '../../scenes/front-door.ts';
import { fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

/*
 * `store copy` killed with SIGKILL at each of its moments: never do both stores run something, and never is neither to
 * be had.
 */

const program = fromNpm();
if (!program) console.warn(`skipped: moving a store into PostgreSQL, killed: ${MISSING}`);

const RUNS = ', with an executor that runs on the empty database';

/** What goes over the way to the database, and whether the process dies before it arrives or after its answer came. */
interface Moment {
  readonly says: string;
  /** The first time that it is said, or a later one: each look at the database ends with a COMMIT, too. */
  readonly time?: number;
  readonly when: 'before' | 'answered';
  /** The anchor says by then that the log is in the file. */
  readonly isReserved?: true;
}

const MOMENTS: Readonly<Record<string, Moment>> = {
  'before the file is sealed': { says: 'COMMIT', when: 'before' },
  'when it is sealed and nothing is there': { says: 'DISABLE TRIGGER', when: 'before', isReserved: true },
  'when entries are there and no tickets': { says: 'OVERRIDING SYSTEM VALUE', when: 'before', isReserved: true },
  'before the commit': { says: 'COMMIT', time: 3, when: 'before', isReserved: true },
  'when all is there and no host knows': { says: 'COMMIT', time: 3, when: 'answered', isReserved: true },
};

describe.skipIf(!program)('store copy, killed', () => {
  let server: Server;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
  }, 120_000);
  afterAll(() => server?.stop());

  for (const [name, moment] of Object.entries(MOMENTS))
    for (const runs of [false, true])
      it(`is ended by the same command: ${name}${runs ? RUNS : ''}`, async () => {
        await using scene = await began(server);
        await using way = await wayTo(server.folder, moment);
        await using other = otherHost(scene, configured(scene));
        const said = runs ? await looks(scene, other) : undefined;
        const child = scene.place.start(copying(scene, way.folder));
        way.kills(child);
        await way.killed;
        if (said && moment.isReserved) await stops(said);
        await goesOnInOne(scene, other, runs);
      }, 120_000);

  for (const part of ['begun', 'head'])
    for (const runs of [false, true])
      it(`is ended by the same command: when the anchor has its first ${part}${runs ? RUNS : ''}`, async () => {
        await using scene = await began(server);
        await using other = otherHost(scene, configured(scene));
        mkdirSync(join(scene.anchor, part), { mode: 0o700, recursive: true });
        if (runs) await looks(scene, other);
        const child = scene.place.start(copying(scene, server.folder));
        const over = new Promise((resolve) => child.once('exit', resolve));
        const watching = watch(join(scene.anchor, part), () => child.kill('SIGKILL'));
        await over;
        watching.close();
        expect(readdirSync(join(scene.anchor, part))).not.toEqual([]);
        await goesOnInOne(scene, other, runs);
      }, 120_000);

  it('is taken back so that the file runs alone, also where a host saw the database while it was empty', async () => {
    await using scene = await began(server);
    await using way = await wayTo(server.folder, { says: 'COMMIT', time: 3, when: 'answered' });
    await using other = otherHost(scene, configured(scene));
    expect(await other.cli(['tickets', 'list'])).toMatchObject({ code: EXIT.done });
    expect(readdirSync(join(scene.anchor, 'head'))).toHaveLength(1);
    const child = scene.place.start(copying(scene, way.folder));
    way.kills(child);
    await way.killed;
    const back = ['store', 'copy', '--from', scene.place.database, '--cancel'];
    expect(await scene.place.cli(back)).toMatchObject({ code: EXIT.done });
    const running = other.start(['executor']);
    await stops(heardOf(running));
    // As one machine alone: what it does no other host gets to know.
    writeFileSync(join(scene.place.home, 'config.yaml'), 'policy: ./policy.cedar\n');
    const alone = scene.place.start(['executor']);
    await endsOnce(scene);
    for (const each of [running, alone]) each.kill('SIGKILL');
    // The anchor knows less of it by now than the file.
    writeFileSync(join(scene.place.home, 'config.yaml'), 'anchor: ./anchor\npolicy: ./policy.cedar\n');
    scene.database = await makeDatabase(server, 'template');
    const again = await scene.place.cli(copying(scene, server.folder));
    expect(again, again.stderr).toMatchObject({ code: EXIT.done });
  }, 120_000);

  it('is taken back where the database is gone for good, and not once it is believed', async () => {
    await using scene = await began(server, 'anchor: ./anchor\n');
    await using way = await wayTo(server.folder, { says: 'COMMIT', time: 3, when: 'answered' });
    const child = scene.place.start(copying(scene, way.folder));
    way.kills(child);
    await way.killed;
    const sealed = await scene.place.cli(['tickets', 'list']);
    expect(sealed).toMatchObject({ code: EXIT.failed, stderr: expect.stringContaining('on their way to postgres:') });
    const back = ['store', 'copy', '--from', scene.place.database, '--cancel'];
    expect(await scene.place.cli(back)).toMatchObject({ code: EXIT.done });
    // What is there is believed by no host.
    const there = configured(scene);
    await using other = otherHost(scene, there);
    const running = other.start(['executor']);
    await stops(heardOf(running));
    scene.place.start(['executor']);
    await until(
      () => scene.place.json(['tickets', 'list']),
      ({ tickets }) => tickets.find(({ id }: { id: string }) => id === scene.ticket)?.state === 'succeeded',
      60_000,
    );
    expect(await scene.cloud.requests('RebootInstances')).toHaveLength(1);
    running.kill('SIGKILL');
    const again = await scene.place.cli(copying(scene, server.folder));
    expect(again, again.stdout).toMatchObject({
      code: EXIT.failed,
      stderr: expect.stringContaining('not what the file holds'),
    });
    scene.database = await makeDatabase(server, 'template');
    expect(await scene.place.cli(copying(scene, server.folder))).toMatchObject({ code: EXIT.done });
    expect(await scene.place.cli(back)).toMatchObject({
      code: EXIT.failed,
      stderr: expect.stringContaining('were moved to'),
    });
  }, 120_000);
});

interface Scene {
  readonly server: Server;
  readonly place: Place;
  readonly cloud: Cloud;
  readonly anchor: string;
  database: string;
  readonly ticket: string;
  /** Approved as well, and begun before. */
  readonly begun: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Two tickets are approved, and a line of what was begun says that one of them was. */
async function began(server: Server, config = ''): Promise<Scene> {
  const database = await makeDatabase(server, 'template');
  const cloud = await startCloud({ instances: [{ count: 2 }] });
  const place = makePlace({ endpoint: cloud.endpoint, config, production: 'key' });
  const anchor = join(place.home, 'anchor');
  mkdirSync(anchor, { mode: 0o700 });
  const enrolled = await place.cli(['approvers', 'enroll', 'ana', '--no-passphrase']);
  expect(enrolled, enrolled.stderr).toMatchObject({ code: EXIT.done });
  const agent = await place.agent(['--no-executor', '--operator', 'otto']);
  const { instances } = await agent.call('ec2_describe_instances');
  const ask = async (index: number) => {
    const args = { instance_ids: [instances[index].instance_id], reason: REASON };
    return (await agent.call('ec2_reboot_instances', args)).ticket;
  };
  const [begun, ticket] = [await ask(1), await ask(0)];
  writeFileSync(join(place.home, 'keys/executed'), `${begun.id} begun ${'0'.repeat(64)}\n`, { mode: 0o600 });
  for (const each of [begun, ticket]) expect(await approve(place, each, 'ana')).toMatchObject({ code: EXIT.done });
  await agent.close();
  writeFileSync(join(place.home, 'config.yaml'), 'anchor: ./anchor\npolicy: ./policy.cedar\n');
  return {
    server,
    place,
    cloud,
    anchor,
    database,
    ticket: ticket.id,
    begun: begun.id,
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
    },
  };
}

function copying({ place, database }: Scene, folder: string): readonly string[] {
  return ['store', 'copy', '--from', place.database, '--to', `postgres:///${database}?user=postgres&host=${folder}`];
}

function configured({ server, database, anchor }: Scene): string {
  return `store: ${server.address('hub', database)}\nanchor: ${anchor}\npolicy: ./policy.cedar\n`;
}

function otherHost({ place, cloud }: Scene, config: string): Place {
  const other = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  writeFileSync(join(other.home, 'config.yaml'), config);
  mkdirSync(join(other.home, 'keys'), { mode: 0o700 });
  copyFileSync(join(place.home, 'keys/root.json'), join(other.home, 'keys/root.json'));
  return other;
}

/** An executor that saw the database while it was empty, and runs on. */
async function looks({ anchor }: Scene, other: Place): Promise<() => string> {
  const said = heardOf(other.start(['executor']));
  mkdirSync(join(anchor, 'head'), { mode: 0o700, recursive: true });
  await until(
    async () => readdirSync(join(anchor, 'head')).filter((name) => !name.startsWith('.')),
    (heads) => heads.length > 0,
    60_000,
  );
  return said;
}

function heardOf(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.on('data', (chunk) => (said += chunk));
  return () => said;
}

const stops = (said: () => string) => until(said, (text) => text.includes('log_not_continued'), 60_000);

/** What was approved happens once, and what was begun before not again. */
async function endsOnce({ place, cloud, ticket, begun }: Scene): Promise<void> {
  const states = async () => {
    const { tickets } = await place.json(['tickets', 'list']);
    return [ticket, begun].map((id) => tickets.find((each: { id: string }) => each.id === id)?.state);
  };
  const ended = await until(states, (found) => !found.some((state) => /approved|executing/.test(state)), 60_000);
  expect(ended).toEqual(['succeeded', 'denied']);
  expect(await cloud.requests('RebootInstances')).toHaveLength(1);
}

/** Executors on both, before it is ended and after: what is approved happens once. */
async function goesOnInOne(scene: Scene, other: Place, isRunning: boolean): Promise<void> {
  const { place, server } = scene;
  for (const at of isRunning ? [place] : [place, other]) at.start(['executor']);
  const copied = await until(
    () => place.cli(copying(scene, server.folder)),
    // One that runs already, from where nothing was sealed yet, is under way for a moment.
    ({ code, stderr }) => code === EXIT.done || !/under way/.test(stderr),
    60_000,
  );
  expect(copied, copied.stderr + copied.stdout).toMatchObject({ code: EXIT.done });
  expect(await place.cli(['tickets', 'list'])).toMatchObject({ code: EXIT.failed });
  writeFileSync(join(place.home, 'config.yaml'), configured(scene));
  await endsOnce(scene);
  const verified = await place.cli(['audit', 'verify']);
  expect(verified, verified.stdout).toMatchObject({ code: EXIT.done });
}

/** A socket like the server's, on the way to which a process dies. */
async function wayTo(folder: string, { says, time = 1, when }: Moment) {
  const own = mkdtempSync(join(tmpdir(), 'holdshort-way-'));
  let times = 0;
  let child: ChildProcess | undefined;
  const { promise: killed, resolve } = Promise.withResolvers<void>();
  const kill = () => {
    child?.once('exit', () => resolve());
    child?.kill('SIGKILL');
  };
  const listening = createServer((client) => {
    const there = createConnection(join(folder, '.s.PGSQL.5432'));
    for (const socket of [client, there]) socket.on('error', () => {});
    client.on('close', () => there.destroy());
    there.on('close', () => client.destroy());
    there.pipe(client);
    client.on('data', (sent) => {
      if (sent.includes(says)) times += 1;
      if (times !== time || !sent.includes(says)) return void there.write(sent);
      if (when === 'before') return kill();
      there.unpipe(client);
      there.once('data', kill).resume();
      there.write(sent);
    });
  });
  await new Promise<void>((done) => listening.listen(join(own, '.s.PGSQL.5432'), done));
  return {
    folder: own,
    killed,
    kills(process: ChildProcess) {
      child = process;
    },
    async [Symbol.asyncDispose]() {
      await new Promise((done) => listening.close(done));
      rmSync(own, { recursive: true, force: true });
    },
  };
}
