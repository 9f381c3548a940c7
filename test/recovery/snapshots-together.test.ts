import { DeleteSnapshotCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { startGateway } from '../scenes/gateway.ts';
import { instanceState, type Scene } from '../scenes/whole.ts';
import { asked, machine } from './snapshot-scene.ts';

/*
 * One request takes snapshots of all volumes of an instance that go: each must be there, alone with the ticket's mark,
 * and complete, before the instance is terminated. AWS may show them late.
 */

const idsIn = (body: string) => [...body.matchAll(/<snapshotId>(snap-\w+)</g)].map(([, id = '']) => id);
/** Tags have items of their own. */
const itemsOf = (body: string) => body.split(/(?=<item><tagSet>|<\/snapshotSet>)/);

/** A cloud in which listings of snapshots are changed, once ours are taken. */
async function throughGateway(
  scene: Scene,
  more: {
    /** With the ids of ours: an item of the listing, undefined where it is left out. */
    readonly item?: (item: string, taken: readonly string[]) => string | undefined;
    readonly afterwards?: (taken: readonly string[]) => Promise<unknown>;
  },
) {
  let taken: readonly string[] = [];
  return await startGateway(scene.cloud.endpoint, {
    CreateSnapshots: async (forward) => {
      const answer = await forward();
      taken = idsIn(answer.body);
      await more.afterwards?.(taken);
      return answer;
    },
    DescribeSnapshots: async (forward) => {
      const { body, ...answer } = await forward();
      const changed = (item: string) =>
        item.startsWith('<item><tagSet>') && more.item ? (more.item(item, taken) ?? '') : item;
      return { ...answer, body: itemsOf(body).map(changed).join('') };
    },
  });
}

const WRONG: readonly [string, (item: string) => string, RegExp][] = [
  ['one that fails', (item) => item.replace(/<status>\w+</, '<status>error<'), /snap-\w+ is error/],
  [
    'two of one volume with its mark',
    (item) => item + item.replace(/snap-\w{8}/, 'snap-ffffffff'),
    /this ticket's tag is on 2 .*nobody can tell which/,
  ],
];

test.each(WRONG)('%s of several: nothing is deleted', async (_, changed, why) => {
  await using scene = await asked();
  const id = await machine(scene, 2);
  const item = (one: string, [first = 'none']: readonly string[]) => (one.includes(first) ? changed(one) : one);
  await using gateway = await throughGateway(scene, { item });
  const executor = await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
  const answer = await scene.agent.call('ec2_terminate_instances', { instance_ids: [id], reason: REASON });
  expect(answer, JSON.stringify(answer)).toMatchObject({ outcome: 'failed' });
  expect(answer.result.detail).toMatch(why);
  expect(answer.result.detail).toContain('not sent (ec2:TerminateInstances)');
  expect(await instanceState(scene, id)).toBe('running');
  await executor.stop();
});

const MINUTE_MS = 60_000;
/** The clocks of the cloud and of the executor go so many times as fast. */
const SPEED = 30;

/** What came of it where AWS, which said yes, doesn't show these for a while. */
async function shownLate(forMs: number, isHidden: (item: string, taken: readonly string[]) => boolean) {
  await using scene = await asked({ speed: SPEED });
  const id = await machine(scene, 2);
  let [shownAt, hidden] = [Number.POSITIVE_INFINITY, 0];
  await using gateway = await throughGateway(scene, {
    afterwards: async () => {
      shownAt = performance.now() + forMs / SPEED;
    },
    item: (item, taken) => {
      if (performance.now() >= shownAt || !isHidden(item, taken)) return item;
      hidden += 1;
      return undefined;
    },
  });
  scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  const ticket = await scene.ask('ec2_terminate_instances', { instance_ids: [id] });
  const state = await scene.settled(ticket.id);
  const told = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
  expect(hidden).toBeGreaterThan(0);
  return { state, told, isThere: (await instanceState(scene, id)) === 'running' };
}
const any = (item: string, taken: readonly string[]) => taken.some((id) => item.includes(id));
const theFirst = (item: string, [first = 'none']: readonly string[]) => item.includes(first);

test.each([
  ['all of them', any],
  ['one of them', theFirst],
])('what AWS said yes to, and shows a minute later, is waited for: %s', async (_, isHidden) => {
  const { state, told, isThere } = await shownLate(MINUTE_MS, isHidden);
  expect([state, isThere], JSON.stringify(told)).toEqual(['succeeded', false]);
  expect(told.result.detail).toMatch(/^all 2 steps done/);
});

test('one that is not shown for minutes ends the ticket, which names those that are: nothing is deleted', async () => {
  const { state, told, isThere } = await shownLate(60 * MINUTE_MS, theFirst);
  expect([state, isThere], JSON.stringify(told)).toEqual(['failed', true]);
  expect(told.refusal).toMatchObject({
    code: 'wrong_state',
    message: expect.stringMatching(/^AWS accepted the request; .*no snapshot of vol-\w+ carries this ticket's tag/),
  });
  const made = { resource: expect.stringContaining(':snapshot/snap-'), outcome: 'succeeded' };
  expect(told.result.resources).toEqual([expect.objectContaining(made), expect.objectContaining(made)]);
});

test('those that are taken away again before anyone saw them: nothing is deleted, and told so', async () => {
  await using scene = await asked({ speed: SPEED });
  const id = await machine(scene, 2);
  await using gateway = await throughGateway(scene, {
    afterwards: async (taken) => {
      for (const SnapshotId of taken) await scene.ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
    },
  });
  scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  const ticket = await scene.ask('ec2_terminate_instances', { instance_ids: [id] });
  expect(await scene.settled(ticket.id)).toBe('failed');
  const told = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
  expect(told.refusal, JSON.stringify(told)).toMatchObject({
    code: 'wrong_state',
    message: expect.stringMatching(/what it made is not to be found: it was deleted/),
  });
  expect(told.result.resources).toEqual([]);
  expect(await instanceState(scene, id)).toBe('running');
});
