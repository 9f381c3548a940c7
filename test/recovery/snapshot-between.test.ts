import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateSnapshotCommand, CreateTagsCommand, DeleteSnapshotCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { REASON, stop } from '../scenes/front-door.ts';
import { startGateway } from '../scenes/gateway.ts';
import { approve, here } from '../scenes/here.ts';
import { entriesOf, instanceState, type Scene, verified } from '../scenes/whole.ts';
import { asked, HELD, isThere, machine, snapshotsOf, tagged, theVolume } from './snapshot-scene.ts';

/*
 * While Holdshort takes a snapshot of what is to be deleted, much can happen: nothing is deleted then, and the ticket
 * says why, and what was made.
 */

/** What happens while the snapshot is taken, what then keeps the volume, and with which code. */
const BETWEEN: readonly [
  string,
  (
    scene: Scene,
    taken: { readonly ticket: string; readonly digest: string; readonly volume: string },
  ) => Promise<unknown>,
  string,
  RegExp,
][] = [
  [
    'a halt',
    ({ place }) => here(place, ['halt', '--reason', 'something is wrong', '--as', 'noa']),
    'halted',
    /every change is halted by noa/,
  ],
  [
    'a denial',
    ({ place }, { ticket, digest }) =>
      here(place, ['deny', ticket, '--yes', '--digest', digest, '--reason', 'not now', '--as', 'noa']),
    'denied',
    /denied it/,
  ],
  [
    'a policy that forbids it',
    async ({ place }) =>
      writeFileSync(
        join(place.home, 'policy.cedar'),
        `${HELD}\n@id("no") forbid (principal, action == Action::"ec2:DeleteVolume", resource);`,
      ),
    'policy_forbids',
    /to nobody/,
  ],
  [
    'a volume that becomes another',
    async ({ ec2 }, { volume }) => {
      await ec2.send(new CreateTagsCommand({ Resources: [volume], Tags: [{ Key: 'stage', Value: 'production' }] }));
    },
    'stale',
    /changed/,
  ],
  [
    'another snapshot with the same mark',
    async (scene, { volume }) => {
      const [{ Tags = [] } = {}] = await snapshotsOf(scene, volume);
      await scene.ec2.send(
        new CreateSnapshotCommand({ VolumeId: volume, TagSpecifications: [{ ResourceType: 'snapshot', Tags }] }),
      );
    },
    'wrong_state',
    /this ticket's tag is on 2 .*nobody can tell which/,
  ],
];

test.each(BETWEEN)(
  '%s while the snapshot is taken: nothing is deleted, and told so',
  async (name, meddle, code, why) => {
    await using scene = await asked({ approvers: ['noa'], latencyMs: 400 });
    const volume = await theVolume(scene);
    const ticket = await scene.ask('ec2_delete_volume', { volume_id: volume });
    expect((await approve(scene.place, ticket, 'noa')).code).toBe(0);
    await using gateway = await startGateway(scene.cloud.endpoint, {
      CreateSnapshot: async (forward) => {
        const answer = await forward();
        await meddle(scene, { ticket: ticket.id, digest: ticket.digest, volume });
        return answer;
      },
    });
    const executor = await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
    expect(await scene.settled(ticket.id), name).toBe('failed');
    const told = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
    expect(told.refusal, JSON.stringify(told)).toMatchObject({ code, message: expect.stringMatching(why) });
    expect(await isThere(scene, volume)).toBe(true);
    expect(entriesOf(scene, ticket.id, 'execution.step')).toBe(0);
    // What it made, where that is there, and can be told from others.
    const made = expect.objectContaining({
      resource: expect.stringContaining(':snapshot/snap-'),
      outcome: 'succeeded',
    });
    const there = (await snapshotsOf(scene, volume)).length === 1;
    expect(told.result.resources).toEqual(there ? [made] : []);
    const restored = await scene.agent.call('ticket_restore', { ticket_id: ticket.id, reason: REASON });
    expect(restored).toMatchObject({ outcome: 'refused', refusal: { code: 'wrong_state' } });
    await executor.stop();
    await verified(scene);
  },
);

/** What becomes of the first one while the second is taken. */
const FIRST_IS: readonly [string, { readonly deleted: boolean }][] = [
  ['gone', { deleted: true }],
  ['archived', { deleted: false }],
];

test.each(FIRST_IS)('one that is %s while the next is taken: nothing is deleted', async (_, { deleted }) => {
  await using scene = await asked();
  const ids = [await machine(scene), await machine(scene)];
  let [first, archived]: (string | undefined)[] = [];
  await using gateway = await startGateway(scene.cloud.endpoint, {
    CreateSnapshot: async (forward) => {
      const answer = await forward();
      if (first && deleted) await scene.ec2.send(new DeleteSnapshotCommand({ SnapshotId: first }));
      if (first && !deleted) archived = first;
      first = /<snapshotId>(.*?)</.exec(answer.body)?.[1];
      return answer;
    },
    DescribeSnapshots: async (forward) => {
      const { body, ...answer } = await forward();
      const items = body
        .split(/(?=<item>)/)
        .map((item) =>
          archived && item.includes(archived)
            ? item.replace('>standard</storageTier>', '>archive</storageTier>')
            : item,
        );
      return { ...answer, body: items.join('') };
    },
  });
  const executor = await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
  const answer = await scene.agent.call('ec2_terminate_instances', { instance_ids: ids, reason: REASON });
  expect(answer, JSON.stringify(answer)).toMatchObject({ outcome: 'failed', refusal: { code: 'stale' } });
  expect(answer.refusal.message).toMatch(
    /snap-\w+, which this ticket took of vol-\w+, is not there any more, complete and not archived/,
  );
  expect(answer.result.detail).toMatch(/^2 of 3 steps done .*; not sent \(ec2:TerminateInstances\)/);
  for (const id of ids) expect(await instanceState(scene, id)).toBe('running');
  await executor.stop();
});

test('a snapshot that fails: nothing is deleted', async () => {
  await using scene = await asked();
  const volume = await theVolume(scene);
  let taken = false;
  await using gateway = await startGateway(scene.cloud.endpoint, {
    CreateSnapshot: async (forward) => {
      taken = true;
      return await forward();
    },
    DescribeSnapshots: async (forward) => {
      const { body, ...answer } = await forward();
      return { ...answer, body: taken ? body.replaceAll(/<status>\w+<\/status>/g, '<status>error</status>') : body };
    },
  });
  const executor = await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
  const answer = await scene.agent.call('ec2_delete_volume', { volume_id: volume, reason: REASON });
  expect(answer, JSON.stringify(answer)).toMatchObject({ outcome: 'failed' });
  expect(answer.result.detail).toMatch(/^0 of 2 steps done; step 1 \(ec2:CreateSnapshot\): snap-\w+ is error/);
  expect(answer.result.detail).toContain('not sent (ec2:DeleteVolume)');
  expect(await isThere(scene, volume)).toBe(true);
  await executor.stop();
});

const DAY_MS = 24 * 3_600_000;

test('one that is not complete when its time is over: nothing is deleted', async () => {
  await using scene = await asked({ latencyMs: DAY_MS, speed: 5, config: 'approvals: { expire_after: 2m }\n' });
  const volume = await theVolume(scene);
  scene.place.start(['executor']);
  const ticket = await scene.ask('ec2_delete_volume', { volume_id: volume });
  expect(await scene.settled(ticket.id)).toBe('failed');
  const told = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
  expect(told.refusal, JSON.stringify(told)).toMatchObject({ code: 'expired' });
  expect(told.result.detail).toMatch(/snap-\w+ is pending .*when its time was over; .*not sent \(ec2:DeleteVolume\)/);
  expect(await isThere(scene, volume)).toBe(true);
});

test('an executor that dies while the snapshot is taken: another one waits for that one, and takes no second', async () => {
  await using scene = await asked({ latencyMs: 2_000 });
  const volume = await theVolume(scene);
  const first = scene.place.start(['executor']);
  const ticket = await scene.ask('ec2_delete_volume', { volume_id: volume });
  await expect.poll(async () => (await snapshotsOf(scene, volume)).length, { timeout: 30_000 }).toBe(1);
  first.kill('SIGKILL');
  const second = scene.place.start(['executor']);
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  await stop(second);
  expect((await snapshotsOf(scene, volume)).map(tagged)).toEqual([2]);
  expect(await isThere(scene, volume)).toBe(false);
  await verified(scene);
});
