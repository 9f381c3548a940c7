import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateSnapshotCommand,
  DeleteSnapshotCommand,
  DescribeSnapshotsCommand,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { events } from '../scenes/state.ts';
import { directClient } from '../scenes/storage.ts';
import { judge } from './judge.ts';
import type { Kind } from './kind.ts';
import { KINDS } from './kinds/index.ts';
import { isItsOwn, wrongKits } from './own.ts';
import { play } from './play.ts';
import { type Points, pointsOf, randomOf } from './points.ts';
import { type Carried, makeWorld, type World } from './world.ts';

/*
 * The short form of `npm run torture`: a few moments of three kinds of change, through the same code; and that its
 * judge sees what it is there for.
 */

const kindOf = (name: string): Kind => KINDS.find((kind) => kind.name === name)!;

/** Each of these once, in this order. */
function inOrder(moments: readonly string[]): Points {
  const left = [...moments];
  return { next: () => ({ point: left.shift(), nth: 1 }), lived: () => undefined };
}

const aroundTheWire = (request: string) => [
  'after commit: claim',
  'before commit: ticket.executing',
  'after commit: ticket.executing',
  'after write: keys/executed, begun',
  `request leaves: ${request}`,
  `request has left: ${request}`,
  `answer was read: ${request}`,
  'after write: keys/executed, accepted',
  'before commit: ticket.succeeded',
];
const MOMENTS: Readonly<Record<string, readonly string[]>> = {
  ec2_stop_instances: [
    'after write: kit, its part',
    'after link: kit',
    'after write: keys/executed, begun',
    'request has left: StopInstances',
  ],
  ec2_create_volume: aroundTheWire('CreateVolume'),
  'ec2_terminate_instances, after snapshots of three volumes': [
    // Of these two it is known that nothing had begun, and that nothing was sent. At the others it is up to luck.
    'before commit: ticket.executing',
    'after write: keys/executed, begun',
    'request has left: CreateSnapshots',
    'answer was read: CreateSnapshots',
    'request has left: TerminateInstances',
  ],
};

test.concurrent.each(Object.entries(MOMENTS))(
  'B10: %s: executors killed at each of the moments that count leave nothing double, lost, untruthful or stuck',
  async (name, moments) => {
    const said: string[] = [];
    const played = await play({
      ...{ kind: kindOf(name), points: inOrder(moments), kills: moments.length, random: randomOf(1) },
      wrong: (text) => said.push(text),
    });
    expect(said.join('\n')).toBe('');
    expect(played.kills).toEqual(Object.fromEntries(moments.map((moment) => [moment, 1])));
    expect(played.before).toBeGreaterThan(0);
    expect(played.after).toBeGreaterThan(0);
    expect(Object.keys(played.states).filter((state) => !/^(succeeded|unknown)$/.test(state))).toEqual([]);
    expect(played.unknown.notSent).toBeGreaterThan(0);
  },
);

test('a moment that was aimed at in vain is one at which every process is killed, until one was', () => {
  const points = pointsOf();
  const passed = { 'after commit: claim': 1, 'before commit: claim, release': 1 };
  points.lived(undefined, { point: 'at rest', passed });
  points.lived('before commit: claim, release', { point: 'at rest', passed: { 'after commit: claim': 2 } });
  expect(points.next(() => 0)).toEqual({
    ...{ point: 'after commit: claim', nth: 1 },
    rare: ['before commit: claim, release'],
  });
  points.lived('after commit: claim', { point: 'before commit: claim, release', passed });
  expect(points.next(() => 0)).toEqual({ point: 'after commit: claim', nth: 1, rare: [] });
});

test('once processes were killed at each moment that is known, one goes on to those behind', () => {
  const points = pointsOf();
  const point = 'before commit: claim';
  points.lived(undefined, { point: 'at rest', passed: { [point]: 1 } });
  expect(points.next(() => 0).point).toBe(point);
  points.lived(point, { point, passed: { [point]: 1 } });
  expect(points.next(() => 0).point).toBeUndefined();
  expect(points.next(() => 0).point).toBe(point);
});

test('every change tool is among the kinds of change', () => {
  const changing = TOOLS.flatMap(({ kind, name }) => (kind === 'change' ? [name] : []));
  expect([...new Set(KINDS.map(({ tool }) => tool))].sort()).toEqual([...changing].sort());
});

async function carriedOut(): Promise<World> {
  const world = await makeWorld(kindOf('ec2_stop_instances'), 3);
  await world.lives([{ nth: 1, restMs: 1_500 }]);
  await world.finale();
  return world;
}

test('the judge finds an effect that is lost, and a request that was sent twice', async () => {
  await using world = await carriedOut();
  expect((await judge(world)).findings).toEqual([]);
  const [first, second] = world.tickets;
  const ids = (ticket = first) => ({ InstanceIds: [ticket?.subject.mark ?? ''] });
  await world.there.ec2.send(new StartInstancesCommand(ids()));
  const ours = directClient(world.there.cloud.endpoint);
  await ours.send(new StopInstancesCommand(ids(second)));
  ours.destroy();
  const found = (await judge(world)).findings.map(({ fault, ticket }) => [fault, ticket]);
  expect(found).toContainEqual(['lost', first?.id]);
  expect(found).toContainEqual(['double', second?.id]);
});

test('the judge finds what was asked of AWS besides, a success that AWS did not say, and what is of another ticket', async () => {
  await using world = await carriedOut();
  const { place, there } = world;
  const [first, second, third] = world.tickets as readonly [Carried, Carried, Carried];
  const ours = directClient(there.cloud.endpoint);
  await ours.send(new StopInstancesCommand({ InstanceIds: [first.subject.mark], Force: true }));
  await ours.send(new RebootInstancesCommand({ InstanceIds: [second.subject.mark] })).catch(() => undefined);
  ours.destroy();
  const noted = join(place.home, 'keys', 'executed');
  writeFileSync(noted, readFileSync(noted, 'utf8').replace(`${third.id} accepted\n`, ''));
  const found = (await judge(world)).findings.map(({ fault, ticket, why }) => [fault, ticket, why.split(':')[0]]);
  expect(found).toEqual([
    ['untruthful', third.id, "StopInstances is said to have succeeded, and nobody had AWS's yes"],
    ['double', first.id, 'a request that no ticket is for'],
    ['double', second.id, 'a request that no ticket is for'],
  ]);

  const its = events(place).filter(({ ticket }) => ticket === first.id);
  expect(await wrongKits(world, first, its)).toEqual([]);
  expect(await wrongKits(world, { ...first, id: second.id }, its)).toHaveLength(1);
  expect(await wrongKits(world, { ...first, subject: second.subject }, its)).toHaveLength(1);
  const told = `arn:aws:ec2:eu-west-1:123456789012:instance/${second.subject.mark}`;
  expect([isItsOwn(told, first.subject), isItsOwn(told, second.subject)]).toEqual([false, true]);
});

test('the judge finds a volume that went without a snapshot, and one of which there are two', async () => {
  await using world = await makeWorld(kindOf('ec2_terminate_instances, after snapshots of three volumes'), 3);
  await world.lives([{ point: 'before commit: ticket.executing', nth: 1, restMs: 1_500 }]);
  const { ec2 } = world.there;
  const [first, second] = world.tickets;
  await ec2.send(new CreateSnapshotCommand({ VolumeId: second?.subject.volumes?.[1] }));
  await world.finale();
  const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  const one = Snapshots.find(({ VolumeId }) => VolumeId === first?.subject.volumes?.[2]);
  await ec2.send(new DeleteSnapshotCommand({ SnapshotId: one?.SnapshotId }));
  const found = (await judge(world)).findings.map(({ fault, ticket }) => [fault, ticket]);
  expect(found).toEqual([
    ['lost', first?.id],
    // Its result names one that is no longer there.
    ['untruthful', first?.id],
    ['double', second?.id],
  ]);
});

test('the judge finds a ticket that never ended', async () => {
  await using world = await makeWorld(kindOf('ec2_stop_instances'), 3);
  await world.lives([{ point: 'before commit: ticket.executing', nth: 1, restMs: 1_500 }]);
  expect(new Set((await judge(world)).findings.map(({ fault }) => fault))).toEqual(new Set(['stuck']));
});

test('three executors at once carry out tickets of one store, and each is killed with one of its own', async () => {
  await using world = await makeWorld(kindOf('ec2_create_volume, by three executors at once'), 9);
  const point = 'after write: keys/executed, begun';
  const lives = await world.lives([1, 2, 3].map(() => ({ point, nth: 1, restMs: 1_500 })));
  expect(lives.map((life) => life.point)).toEqual([point, point, point]);
  expect(new Set(lives.map(({ owner }) => owner)).size).toBe(3);
  const began = events(world.place).filter(({ type }) => type === 'ticket.executing');
  expect(new Set(began.map(({ actor }) => actor)).size).toBe(3);
  await world.finale();
  expect((await judge(world)).findings).toEqual([]);
});
