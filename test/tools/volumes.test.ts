import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STACK, type StorageScene, storageScene, ZONE } from '../scenes/storage.ts';
import { effects, propose, read } from '../scenes/tools.ts';

let scene: StorageScene;
beforeAll(async () => {
  scene = await storageScene();
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const create = (more: object) => propose(scene.aws, 'ec2_create_volume', { availability_zone: ZONE, ...more });
const attach = (volume_id: string, instance_id: string, device = '/dev/sdf') =>
  propose(scene.aws, 'ec2_attach_volume', { volume_id, instance_id, device });
const detach = (volume_id: string) => propose(scene.aws, 'ec2_detach_volume', { volume_id });
const remove = (volume_id: string) => propose(scene.aws, 'ec2_delete_volume', { volume_id });

test('a volume is created, attached, detached and deleted', async () => {
  const made = await create({ size: 9, tags: { env: 'dev' } });
  expect(effects(made)).toEqual(['create AWS::EC2::Volume']);
  expect(await made.observe()).toMatchObject({ state: 'unknown', detail: expect.stringContaining('no trace') });
  await made.execute();
  const born = await made.outcome();
  expect(born).toMatchObject({ state: 'succeeded', resources: [{ outcome: 'succeeded' }] });
  const id = born.resources[0]?.resource.split('/')[1] ?? '';
  const { volumes } = await read(scene.aws, 'ec2_describe_volumes', { tags: { env: 'dev' } });
  expect(volumes).toMatchObject([{ volume_id: id, size_gib: 9, volume_type: 'gp3', state: 'available' }]);

  const instance = await scene.instance();
  const attached = await attach(id, instance);
  expect(effects(attached)).toEqual(['expose AWS::EC2::Volume', 'modify AWS::EC2::Instance']);
  expect(attached.targets.map(({ name }) => name)).toEqual([id, instance]);
  expect(await attached.observe()).toMatchObject({ state: 'unknown' });
  await attached.execute();
  expect(await attached.outcome()).toMatchObject({ state: 'succeeded' });
  const theirs = await read(scene.aws, 'ec2_describe_volumes', { instance_id: instance, state: 'in-use' });
  expect(theirs.volumes).toContainEqual(
    expect.objectContaining({
      volume_id: id,
      attachments: [expect.objectContaining({ instance_id: instance, device: '/dev/sdf' })],
    }),
  );

  const detached = await detach(id);
  expect(effects(detached)).toEqual(['disrupt AWS::EC2::Volume', 'disrupt AWS::EC2::Instance']);
  expect(detached.impact[0]?.detail).toContain('what is mounted from it is cut off');
  expect(await detached.observe()).toMatchObject({ state: 'unknown', detail: expect.stringContaining('no trace') });
  await detached.execute();
  expect(await detached.outcome()).toMatchObject({ state: 'succeeded' });

  const gone = await remove(id);
  expect(effects(gone)).toEqual(['delete AWS::EC2::Volume']);
  expect(gone.impact[0]).toMatchObject({ recoverable: false, detail: expect.stringContaining('lost for good') });
  expect(await gone.observe()).toMatchObject({ state: 'unknown', resources: [{ outcome: 'unknown' }] });
  await gone.execute();
  expect(await gone.outcome()).toMatchObject({ state: 'succeeded', evidence: 'state' });
  await expect(remove(id)).rejects.toMatchObject({ code: 'not_found' });
});

test('what only was given its tag is not what a creation made: of another zone, of a snapshot, or there before', async () => {
  const token = 'holdshort-00000000000000000007';
  const made = await create({ size: 9 });
  const elsewhere = await scene.volume({ 'holdshort:request': token }, 'eu-west-1b');
  expect(await made.observe({ token })).toMatchObject({ state: 'unknown', evidence: 'request' });
  const given = { arguments: { availability_zone: 'eu-west-1b', volume_type: 'gp3' } };
  expect(await made.observe({ token }, given)).toMatchObject({
    state: 'succeeded',
    detail: expect.stringContaining(elsewhere),
  });
  const ofSnapshot = { arguments: { ...given.arguments, snapshot_id: 'snap-00000000000000001' } };
  expect(await made.observe({ token }, ofSnapshot)).toMatchObject({ state: 'unknown' });
  const later = { token, intended_at: new Date(Date.now() + 10 * 60_000).toISOString() };
  expect(await made.observe(later, given)).toMatchObject({
    state: 'unknown',
    detail: expect.stringContaining('was there before'),
  });
});

test('sent twice, a creation makes one volume', async () => {
  const made = await create({ size: 1, tags: { twice: 'yes' } });
  await made.execute();
  await made.execute();
  expect((await read(scene.aws, 'ec2_describe_volumes', { tags: { twice: 'yes' } })).volumes).toHaveLength(1);
});

test('a volume from a snapshot is told by the snapshot, and its request is as planned', async () => {
  const from = await scene.snapshot(await scene.volume(), { env: 'dev', [STACK]: 'web' });
  const made = await create({ snapshot_id: from, volume_type: 'io2', iops: 500, encrypted: true });
  expect(made.targets).toMatchObject([{ name: from, stack_name: 'web', tags: { env: 'dev' } }]);
  expect(made.impact).toMatchObject([
    { effect: 'expose', detail: expect.stringContaining(`with the data of ${from}`) },
  ]);
  await made.execute();
  const { resources } = await made.outcome();
  const volume_ids = [resources[0]?.resource.split('/')[1]];
  expect(await read(scene.aws, 'ec2_describe_volumes', { volume_ids })).toMatchObject({
    volumes: [{ snapshot_id: from, volume_type: 'io2', iops: 500, encrypted: true, size_gib: 8 }],
  });
});

test.each([
  ['a snapshot that is not there', { snapshot_id: 'snap-00000000000000001' }, 'not_found'],
  ['a zone of another region', { size: 1, availability_zone: 'us-east-1a' }, 'invalid_input'],
])('creating from %s is refused', async (_, given, code) => {
  await expect(create(given)).rejects.toMatchObject({ code });
});

test('creating from a snapshot that is still being made is refused', async () => {
  await using slow = await storageScene({ held: true });
  const volume = await slow.volume();
  slow.pass();
  const given = { availability_zone: ZONE, snapshot_id: await slow.snapshot(volume) };
  await expect(propose(slow.aws, 'ec2_create_volume', given)).rejects.toMatchObject({ code: 'wrong_state' });
});

test('creating a volume smaller than its snapshot is refused', async () => {
  const snapshot_id = await scene.snapshot(await scene.volume());
  await expect(create({ snapshot_id, size: 2 })).rejects.toMatchObject({ code: 'invalid_input' });
});

const STACK_ID = 'aws:cloudformation:stack-id';
const web = { [STACK]: 'web', [STACK_ID]: 'arn:now' };

test('attaching says which stacks own the two, and what is in the way', async () => {
  const instance = await scene.instance({
    TagSpecifications: [
      { ResourceType: 'instance', Tags: Object.entries(web).map(([Key, Value]) => ({ Key, Value })) },
    ],
  });
  const foreign = await scene.volume({ [STACK]: 'orders' });
  const { impact, targets } = await attach(foreign, instance);
  expect(impact[0]?.effect).toBe('expose');
  const own = await attach(await scene.volume(web), instance);
  expect(own.impact.map(({ effect }) => effect)).toEqual(['modify', 'modify']);
  // What an earlier stack of that name left behind, or nobody can tell of which it is.
  for (const left of [{ ...web, [STACK_ID]: 'arn:earlier' }, { [STACK]: 'web' }]) {
    const found = await attach(await scene.volume(left), instance);
    expect(found.impact.map(({ effect }) => effect)).toEqual(['expose', 'modify']);
    expect(found.impact[0]?.detail).toContain('the volume is of stack web, the instance of what may be another one of');
  }
  expect(impact[0]?.detail).toContain('the volume is of stack orders, the instance of stack web');
  expect(impact.map(({ detail }) => detail).join()).toMatch(/stack orders, which isn't told.*stack web, which isn't/);
  expect(targets).toMatchObject([{ stack_name: 'orders' }, { stack_name: 'web' }]);

  await expect(attach(foreign, instance, '/dev/xvda')).rejects.toMatchObject({ code: 'in_use' });
  const elsewhere = await scene.volume({}, 'eu-west-1b');
  await expect(attach(elsewhere, instance)).rejects.toMatchObject({ code: 'wrong_state' });
  await expect(attach(await scene.rootOf(instance), instance)).rejects.toMatchObject({ code: 'in_use' });
  await expect(attach('vol-00000000000000001', instance)).rejects.toMatchObject({ code: 'not_found' });
  await expect(attach(foreign, 'i-00000000000000001')).rejects.toMatchObject({ code: 'not_found' });
  await scene.ec2.send(new sdk.TerminateInstancesCommand({ InstanceIds: [instance] }));
  await expect(attach(foreign, instance)).rejects.toMatchObject({ code: 'wrong_state' });
});

test('an attachment of another time, or elsewhere, is not the effect', async () => {
  const [volume, instance, other] = [await scene.volume(), await scene.instance(), await scene.instance()];
  const attached = await attach(volume, instance);
  await attached.execute();
  const later = { intended_at: new Date(Date.now() + 10 * 60_000).toISOString() };
  expect(await attached.observe(later)).toMatchObject({
    state: 'unknown',
    detail: expect.stringContaining('not the time'),
  });
  const elsewhere = { arguments: { volume_id: volume, instance_id: other, device: '/dev/sdf' } };
  expect(await attached.observe({}, elsewhere)).toMatchObject({
    state: 'unknown',
    detail: expect.stringContaining(`attached to ${instance}`),
  });
});

test('the root of an instance is detached only when it is stopped, and then it can not start', async () => {
  const instance = await scene.instance();
  const root = await scene.rootOf(instance);
  await expect(detach(root)).rejects.toMatchObject({ code: 'wrong_state', message: expect.stringContaining('root') });
  await scene.ec2.send(new sdk.StopInstancesCommand({ InstanceIds: [instance] }));
  const proposal = await detach(root);
  expect(proposal.impact[1]?.detail).toContain('its root, and can not start without it');
  expect(proposal.impact[0]?.detail).not.toContain('cut off');
  await expect(detach(await scene.volume())).rejects.toMatchObject({ code: 'wrong_state' });
  await expect(detach('vol-00000000000000001')).rejects.toMatchObject({ code: 'not_found' });
});

test('a detachment names the instance that people saw', async () => {
  const [volume, instance] = [await scene.volume(), await scene.instance()];
  await (await attach(volume, instance)).execute();
  const proposal = await detach(volume);
  await proposal.execute();
  const sent = (await scene.cloud.requests('DetachVolume')).at(-1);
  expect(sent?.parameters).toMatchObject({ VolumeId: volume, InstanceId: instance });
  expect(JSON.stringify(sent?.parameters)).not.toContain('Force');
});

test('deleting a volume says what its snapshots still hold, and who is not told', async () => {
  const volume = await scene.volume({ [STACK]: 'orders' });
  const first = await scene.snapshot(volume);
  const second = await scene.snapshot(volume);
  const proposal = await remove(volume);
  const newest = [first, second].find((id) => proposal.impact[0]?.detail.includes(id));
  const { snapshots } = await read(scene.aws, 'ec2_describe_snapshots', { snapshot_ids: [newest] });
  expect(proposal.impact).toMatchObject([{ effect: 'delete', recoverable: false }]);
  expect(proposal.impact[0]?.detail).toContain(`${newest} of ${snapshots[0].start_time}`);
  expect(proposal.impact[0]?.detail).toContain('belongs to stack orders');
  expect(proposal.targets).toMatchObject([{ stack_name: 'orders' }]);
});

test('an attached volume is not deleted', async () => {
  const root = await scene.rootOf(await scene.instance());
  await expect(remove(root)).rejects.toMatchObject({ code: 'in_use', recovery: expect.stringContaining('ec2_detach') });
});

test('the plans of a volume are stale once it is attached, tagged, or has another snapshot', async () => {
  const [volume, instance] = [await scene.volume(), await scene.instance()];
  const proposal = await remove(volume);
  expect(await proposal.again()).toMatchObject({ guard: proposal.guard, impact: proposal.impact });
  await scene.snapshot(volume);
  const later = await proposal.again();
  expect(later.guard).not.toEqual(proposal.guard);
  await scene.ec2.send(new sdk.CreateTagsCommand({ Resources: [volume], Tags: [{ Key: 'env', Value: 'prod' }] }));
  expect((await proposal.again()).guard).not.toEqual(later.guard);
  const attaching = await attach(volume, instance);
  await attaching.execute();
  await expect(attaching.again()).rejects.toMatchObject({ code: 'in_use' });
  await expect(proposal.again()).rejects.toMatchObject({ code: 'in_use' });
});

test('what takes its time is waited for, and no plan is made meanwhile', async () => {
  await using slow = await storageScene({ held: true });
  const instance = await slow.instance();
  const plan = (tool: string, given: object) => propose(slow.aws, tool, { ...given });
  const made = await plan('ec2_create_volume', { availability_zone: ZONE, size: 1 });
  await made.execute();
  expect(await made.observe()).toMatchObject({ state: 'pending' });
  const { volumes } = await read(slow.aws, 'ec2_describe_volumes', { state: 'creating' });
  const volume_id = volumes[0].volume_id;
  const early = [
    plan('ec2_delete_volume', { volume_id }),
    plan('ec2_attach_volume', { volume_id, instance_id: instance, device: '/dev/sdf' }),
    plan('ec2_detach_volume', { volume_id }),
  ];
  for (const one of early) await expect(one).rejects.toMatchObject({ code: 'wrong_state' });
  slow.pass();
  expect(await made.outcome()).toMatchObject({ state: 'succeeded' });

  const attached = await plan('ec2_attach_volume', { volume_id, instance_id: instance, device: '/dev/sdf' });
  await attached.execute();
  expect(await attached.observe({ intended_at: later(1) })).toMatchObject({ state: 'pending' });
  await expect(plan('ec2_detach_volume', { volume_id })).rejects.toMatchObject({ code: 'wrong_state' });
  slow.pass();
  expect(await attached.observe({ intended_at: later(1) })).toMatchObject({ state: 'succeeded' });

  const detached = await plan('ec2_detach_volume', { volume_id });
  await detached.execute();
  expect(await detached.observe()).toMatchObject({ state: 'pending' });
  slow.pass();
  expect(await detached.outcome()).toMatchObject({ state: 'succeeded' });

  const gone = await plan('ec2_delete_volume', { volume_id });
  await gone.execute();
  expect(await gone.observe()).toMatchObject({ state: 'pending' });
  slow.pass();
  expect(await gone.outcome()).toMatchObject({ state: 'succeeded' });
  // Of what is gone nobody can tell whether it was detached before.
  expect(await detached.observe()).toMatchObject({ state: 'unknown' });
});

/** Minutes from now, as the clock of that cloud has gone on. */
function later(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}
