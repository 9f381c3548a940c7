import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateSnapshotCommand, DescribeVolumesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Answer, startGateway } from '../scenes/gateway.ts';
import { here } from '../scenes/here.ts';
import { events } from '../scenes/state.ts';
import { instanceState, NOTHING_HELD, type Scene, setScene, verified } from '../scenes/whole.ts';
import { asked, HELD, sent, snapshotsOf, tagged, theVolume } from './snapshot-scene.ts';

/*
 * Where policy asks for it, Holdshort takes a snapshot of each volume itself before it is deleted: each request with an
 * intent of its own, waited for, and with the whole gate again before what destroys.
 */

/** Somebody else takes a newer one, of the same volume, before ours is answered. */
function andAnother(scene: Scene, volume: string) {
  return async (forward: () => Promise<Answer>) => {
    const answer = await forward();
    await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: volume }));
    return answer;
  };
}

test('a volume: the plain call is planned with a snapshot first, and comes back of just that one', async () => {
  await using scene = await asked();
  const volume = await theVolume(scene);
  const before = (await sent(scene)).length;
  await using gateway = await startGateway(scene.cloud.endpoint, { CreateSnapshot: andAnother(scene, volume) });
  const executor = await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
  const answer = await scene.agent.call('ec2_delete_volume', { volume_id: volume, reason: REASON });
  expect(answer, JSON.stringify(answer)).toMatchObject({
    outcome: 'completed',
    plan: {
      effects: ['delete', 'create'],
      steps: [{ tool: 'ec2_create_snapshot' }, { tool: 'ec2_delete_volume' }],
      undo: { exists: 'in_part', snapshot_first: true, by: ['ec2_create_volume'] },
    },
    result: {
      detail: expect.stringMatching(/^all 2 steps done/),
      steps: [
        { action: 'ec2:CreateSnapshot', outcome: 'succeeded' },
        { action: 'ec2:DeleteVolume', outcome: 'succeeded' },
      ],
    },
  });
  expect((await sent(scene)).slice(before)).toEqual(['CreateSnapshot', 'CreateSnapshot', 'DeleteVolume']);
  const [ours, ...others] = (await snapshotsOf(scene, volume)).toSorted((a, b) => tagged(b) - tagged(a));
  expect([tagged(ours), others.map(tagged)]).toEqual([2, [0]]);
  expect(answer.result.resources[0]).toMatchObject({
    resource: `arn:aws:ec2:eu-west-1::snapshot/${ours?.SnapshotId}`,
    outcome: 'succeeded',
  });
  // The kit is named by the intent of what destroys, not by that of what only makes.
  const [first] = events(scene.place, 'ticket.executing');
  const [second] = events(scene.place, 'execution.step');
  expect(first?.detail.intent.kit).toBeUndefined();
  expect(second?.detail.intent).toMatchObject({ step: 2, kit: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  const text = (await here(scene.place, ['tickets', 'show', answer.ticket.id])).stdout.replace(/\s+/g, ' ');
  expect(text).toContain('from snapshots taken right before');

  const back = await scene.agent.call('ticket_restore', { ticket_id: answer.ticket.id, reason: REASON });
  expect(back, JSON.stringify(back)).toMatchObject({ outcome: 'completed' });
  const { Volumes = [] } = await scene.ec2.send(new DescribeVolumesCommand({}));
  expect(Volumes.map(({ SnapshotId, Size }) => [SnapshotId, Size])).toEqual([[ours?.SnapshotId, 12]]);
  await executor.stop();
  await verified(scene);
});

test('an instance: the volumes that go in one request, of one moment, none that stays, and they come back with their data', async () => {
  await using scene = await asked();
  const { Instances: [one] = [] } = await scene.ec2.send(
    new RunInstancesCommand({
      ...{ ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 30, DeleteOnTermination: true } },
        { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 31, DeleteOnTermination: false } },
      ],
    }),
  );
  const id = one?.InstanceId ?? '';
  await expect.poll(() => instanceState(scene, id)).toBe('running');
  const { Volumes = [] } = await scene.ec2.send(new DescribeVolumesCommand({}));
  const at = (size: number) => Volumes.find(({ Size }) => Size === size)?.VolumeId ?? '';
  const executor = await scene.executing();
  const answer = await scene.agent.call('ec2_terminate_instances', { instance_ids: [id], reason: REASON });
  expect(answer, JSON.stringify(answer)).toMatchObject({
    outcome: 'completed',
    plan: {
      undo: { snapshot_first: true },
      steps: [
        {
          ...{ tool: 'ec2_create_snapshot', action: 'ec2:CreateSnapshots' },
          detail: expect.stringMatching(/^takes snapshots of the 2 volumes of i-\w+ that go, all of one moment/),
        },
        { tool: 'ec2_terminate_instances' },
      ],
    },
    result: {
      detail: expect.stringMatching(/^all 2 steps done/),
      steps: [
        { action: 'ec2:CreateSnapshots', outcome: 'succeeded' },
        { action: 'ec2:TerminateInstances', outcome: 'succeeded' },
      ],
    },
  });
  const [asked_for] = await scene.cloud.requests('CreateSnapshots');
  expect(asked_for?.parameters.InstanceSpecification).toEqual({
    ...{ InstanceId: id, ExcludeBootVolume: false, ExcludeDataVolumeIds: [at(31)] },
  });
  const snapshots = await Promise.all([8, 30, 31].map(async (size) => await snapshotsOf(scene, at(size))));
  expect(snapshots.map((all) => all.map(tagged))).toEqual([[2], [2], []]);
  expect(answer.plan.undo.by).toEqual([
    ...['ec2_run_instances', 'ec2_create_volume', 'ec2_attach_volume', 'ec2_attach_volume'],
  ]);
  const again = await scene.agent.call('ticket_restore', { ticket_id: answer.ticket.id, part: 2, reason: REASON });
  expect(again, JSON.stringify(again)).toMatchObject({ outcome: 'completed' });
  const made = (await scene.ec2.send(new DescribeVolumesCommand({}))).Volumes?.find(
    ({ Size, VolumeId }) => Size === 30 && VolumeId !== at(30),
  );
  expect(made?.SnapshotId).toBe(snapshots[1]?.[0]?.SnapshotId);
  await executor.stop();
  await verified(scene);
});

test('whoever asks for it gets it also where policy does not ask', async () => {
  await using scene = await setScene({ volumes: [{}, {}] }, { config: NOTHING_HELD, latencyMs: 0 });
  const { Volumes = [] } = await scene.ec2.send(new DescribeVolumesCommand({}));
  const [other, volume = ''] = Volumes.map(({ VolumeId }) => VolumeId);
  const executor = await scene.executing();
  const plain = await scene.agent.call('ec2_delete_volume', { volume_id: other, reason: REASON });
  expect(plain).toMatchObject({ outcome: 'completed', plan: { undo: { exists: 'no' } } });
  const first = await scene.agent.call('ec2_delete_volume', {
    volume_id: volume,
    snapshot_first: true,
    reason: REASON,
  });
  expect(first).toMatchObject({ outcome: 'completed', plan: { undo: { exists: 'in_part', snapshot_first: true } } });
  expect(await snapshotsOf(scene, volume)).toHaveLength(1);
  await executor.stop();
});

test('policy explain says of the plain call what becomes of it with the snapshots', async () => {
  await using scene = await asked();
  const volume = await theVolume(scene);
  const file = join(scene.place.home, 'call.json');
  writeFileSync(file, JSON.stringify({ volume_id: volume }));
  const before = (await sent(scene)).length;
  const explain = ['policy', 'explain', 'ec2_delete_volume', '--args', file];
  const answer = await scene.place.json(explain);
  expect(answer).toMatchObject({
    decision: 'allow',
    effects: ['delete', 'create'],
    plan: {
      summary: expect.stringContaining('a snapshot of it is taken right before, and waited for'),
      impact: [{ effect: 'delete' }, { effect: 'create', resource: `new snapshot of ${volume}` }],
    },
  });
  expect((await scene.place.cli(explain)).stdout).toContain(`create new snapshot of ${volume}`);
  expect((await sent(scene)).slice(before)).toEqual([]);
  expect((await scene.place.json(['tickets', 'list'])).tickets).toEqual([]);
  // Where nothing that could be taken first makes policy permit it, it is the plain call that is refused.
  writeFileSync(
    join(scene.place.home, 'policy.cedar'),
    `${HELD}\n@id("never") forbid (principal, action == Action::"ec2:DeleteVolume", resource);`,
  );
  const never = await scene.place.json(explain);
  expect(never).toMatchObject({ decision: 'refuse', effects: ['delete'] });
  expect(never.policies.map(({ id }: { readonly id: string }) => id)).toContain('never');
});

test('more volumes than one ticket takes snapshots of are refused, with how to go on; one fewer is not', async () => {
  await using scene = await asked();
  const launch = async (more: number) => {
    const { Instances: [one] = [] } = await scene.ec2.send(
      new RunInstancesCommand({
        ...{ ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
        BlockDeviceMappings: Array.from({ length: more }, (_, at) => ({
          DeviceName: `/dev/sd${String.fromCharCode('b'.charCodeAt(0) + at)}`,
          Ebs: { VolumeSize: 30, DeleteOnTermination: true },
        })),
      }),
    );
    const id = one?.InstanceId ?? '';
    await expect.poll(() => instanceState(scene, id)).toBe('running');
    return id;
  };
  const [many, fewer] = [await launch(20), await launch(19)];
  const ask = (id: string) => scene.agent.call('ec2_terminate_instances', { instance_ids: [id], reason: REASON });
  const refused = await ask(many);
  expect(refused, JSON.stringify(refused)).toMatchObject({
    outcome: 'refused',
    refusal: {
      code: 'invalid_input',
      message: '21 volumes go with it: one ticket takes snapshots of at most 20',
      recovery: expect.stringMatching(/fewer instances at once; of one that has more, let volumes be detached first/),
    },
  });
  const executor = await scene.executing();
  const done = await ask(fewer);
  expect(done, JSON.stringify(done)).toMatchObject({ outcome: 'completed' });
  const after = (await sent(scene)).filter((action) => action !== 'RunInstances');
  expect(after).toEqual(['CreateSnapshots', 'TerminateInstances']);
  await executor.stop();
});
