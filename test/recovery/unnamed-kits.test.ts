import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { TicketId } from '../../src/kernel/ticket.ts';
import { kitFolder } from '../../src/kits/folder.ts';
import { stop } from '../scenes/front-door.ts';
import { startGateway } from '../scenes/gateway.ts';
import { events } from '../scenes/state.ts';
import { NOTHING_HELD, type Scene, setScene, verified } from '../scenes/whole.ts';

/* A crash between a kit and its intent leaves a file that nothing names: that goes after a day, and nothing else. */

const DAY_MS = 24 * 3_600_000;
const DEV = { env: 'dev' };
const CONFIG = 'environments: [{ name: sandbox, match: { tags: { env: dev } } }]\n';

const instancesOf = async ({ ec2 }: Scene, env: boolean) =>
  ((await ec2.send(new DescribeInstancesCommand({}))).Reservations ?? [])
    .flatMap(({ Instances = [] }) => Instances)
    .flatMap(({ InstanceId = '', Tags = [] }) => (Tags.length > 0 === env ? [InstanceId] : []));

function kitsOf({ place }: Scene) {
  const folder = join(place.home, 'kits');
  return {
    folder,
    names: () => readdirSync(folder).sort(),
    /** One that a crash left. @returns its name */
    async left(ticket: string): Promise<string> {
      const keyFile = join(place.home, 'keys', 'recovery.key');
      const { sha256 } = await kitFolder({ folder, keyFile, readers: [] }).keep({
        ...{ format: 'holdshort/kit/v1', ticket: TicketId.parse(ticket), tool: 'ec2_create_tags' },
        ...{ account: '123456789012', region: 'eu-west-1', made_at: '2026-01-02T03:04:05.678Z' },
        calls: [{ tool: 'ec2_create_tags', arguments: {} }],
        as_it_was: null,
      });
      return `${sha256}.age`;
    },
    put(name: string): string {
      writeFileSync(join(folder, name), 'not a kit');
      return name;
    },
    age(name: string, ms: number) {
      const at = new Date(Date.now() - ms);
      utimesSync(join(folder, name), at, at);
    },
  };
}

test('what is named stays, whatever its ticket came to, and so does what is young, or no kit; the rest goes', async () => {
  const seed = { instances: [{ count: 3, tags: DEV }, {}], volumes: [{ tags: DEV }] };
  await using scene = await setScene(seed, { config: CONFIG, approvers: ['noa'], latencyMs: 0 });
  await using gateway = await startGateway(scene.cloud.endpoint, { StopInstances: async () => undefined });
  const [one = '', two = '', three = ''] = await instancesOf(scene, true);
  const { Volumes = [] } = await scene.ec2.send(new DescribeVolumesCommand({}));
  const volume = Volumes.find(({ Attachments = [] }) => Attachments.length === 0)?.VolumeId;
  const first = scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  const tagged = await scene.ask('ec2_create_tags', { resources: [one], tags: { owner: 'ops' } });
  const rebooted = await scene.ask('ec2_reboot_instances', { instance_ids: [three] });
  const stepped = await scene.ask('ec2_delete_volume', { volume_id: volume, snapshot_first: true });
  const lost = await scene.ask('ec2_stop_instances', { instance_ids: [one] });
  const byHand = await scene.ask('ec2_stop_instances', { instance_ids: [two] });
  const waits = await scene.ask('ec2_stop_instances', { instance_ids: await instancesOf(scene, false) });
  const states = async () =>
    await Promise.all([tagged, rebooted, stepped, lost, byHand].map(async ({ id }) => await scene.settled(id)));
  expect(await states()).toEqual(['succeeded', 'succeeded', 'succeeded', 'unknown', 'unknown']);
  await stop(first);
  const { seen } = (await scene.place.json(['tickets', 'show', byHand.id])).ticket;
  const known = ['--digest', byHand.digest, '--seen', seen, '--yes'];
  const word = ['--as-happened', '--reason', 'it is stopped', '--as', 'noa', ...known];
  expect((await scene.place.cli(['tickets', 'resolve', byHand.id, ...word])).stderr).toBe('');
  expect([scene.state(byHand.id), scene.state(waits.id)]).toEqual(['resolved', 'pending']);

  const kits = kitsOf(scene);
  const named = events(scene.place).flatMap(({ detail }) => detail?.intent?.kit?.sha256 ?? []);
  expect(kits.names()).toEqual(named.map((sha256) => `${sha256}.age`).sort());
  expect(named).toHaveLength(4);
  const hex = () => randomBytes(32).toString('hex');
  const gone = [
    await kits.left(tagged.id),
    await kits.left(stepped.id),
    await kits.left(waits.id),
    kits.put(`${hex()}.age.0123456789ab.part`),
  ];
  const young = [await kits.left(tagged.id), kits.put(`${hex()}.age.0123456789ab.part`)];
  const folder = `${hex()}.age`;
  mkdirSync(join(kits.folder, folder));
  const others = [
    // The log was put back from a backup, or lacks an entry: what ran here, or who knows where, may need it.
    await kits.left(rebooted.id),
    await kits.left('tkt_00000000000000000000'),
    kits.put(`${hex()}.age`),
    kits.put(`${hex()}.age.bak`),
    kits.put(`${hex()}.age.0.part`),
    kits.put('notes.part'),
    folder,
  ];
  for (const name of kits.names()) kits.age(name, young.includes(name) ? DAY_MS - 3_600_000 : DAY_MS + 60_000);
  const second = scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  await expect.poll(() => kits.names().filter((name) => gone.includes(name)), { timeout: 60_000 }).toEqual([]);
  await stop(second);
  expect(kits.names()).toEqual([...named.map((sha256) => `${sha256}.age`), ...young, ...others].sort());
  await verified(scene);
});

/** Loaded before the command: what has just been kept is removed again, as if its process had been stopped for days. */
const STOPPED_FOR_DAYS = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const read = fs.readFileSync;
fs.readFileSync = (file, ...more) => {
  const found = read(file, ...more);
  if (/kits.[0-9a-f]{64}\\.age$/.test(String(file))) fs.rmSync(file);
  return found;
};
syncBuiltinESMExports();
`;

test('a kit that is gone when its intent is about to be written: nothing is sent, and nothing is spent', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0 });
  const [id] = await instancesOf(scene, false);
  const preload = join(scene.place.home, 'stopped.mjs');
  writeFileSync(preload, STOPPED_FOR_DAYS);
  const asking = scene.ask('ec2_stop_instances', { instance_ids: [id] });
  const first = scene.place.start(['executor'], { NODE_OPTIONS: `--import=${preload}` });
  const waiting = () => events(scene.place, 'execution.waiting').map(({ detail }) => detail.refusal);
  await expect.poll(waiting, { timeout: 60_000 }).toEqual([
    expect.objectContaining({
      code: 'store_unavailable',
      message: expect.stringContaining('the kit that was just made is gone'),
    }),
  ]);
  await stop(first);
  expect(await scene.cloud.requests('StopInstances')).toEqual([]);
  expect(events(scene.place, 'ticket.executing')).toEqual([]);
  const second = scene.place.start(['executor']);
  expect(await scene.settled((await asking).id)).toBe('succeeded');
  await stop(second);
  expect(await scene.cloud.requests('StopInstances')).toHaveLength(1);
  await verified(scene);
});
