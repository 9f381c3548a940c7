import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STACK, type StorageScene, storageScene } from '../scenes/storage.ts';
import { effects, propose, read } from '../scenes/tools.ts';

let scene: StorageScene;
beforeAll(async () => {
  scene = await storageScene();
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const remove = (snapshot_id: string) => propose(scene.aws, 'ec2_delete_snapshot', { snapshot_id });
const deleteVolume = (VolumeId: string) => scene.ec2.send(new sdk.DeleteVolumeCommand({ VolumeId }));

test('a snapshot is taken, found by its tag, and deleted', async () => {
  const volume = await scene.volume({ env: 'dev' });
  const take = await propose(scene.aws, 'ec2_create_snapshot', {
    volume_id: volume,
    description: 'before the migration',
    tags: { keep: 'yes' },
  });
  expect(effects(take)).toEqual(['create AWS::EC2::Snapshot']);
  expect(take.targets).toMatchObject([{ name: volume, tags: { env: 'dev' } }]);
  expect(await take.observe()).toMatchObject({ state: 'unknown', detail: expect.stringContaining('no trace') });
  // Of another ticket, and so not the effect of this one.
  await scene.snapshot(volume, { 'holdshort:request': 'holdshort-another' });
  expect(await take.observe()).toMatchObject({ state: 'unknown' });
  await take.execute();
  const taken = await take.outcome();
  expect(taken).toMatchObject({ state: 'succeeded', resources: [{ outcome: 'succeeded' }] });
  const { snapshots } = await read(scene.aws, 'ec2_describe_snapshots', { volume_id: volume, tags: { keep: 'yes' } });
  expect(snapshots).toMatchObject([{ state: 'completed', description: 'before the migration', size_gib: 8 }]);
  const id = snapshots[0].snapshot_id;
  expect(taken.resources[0]?.resource).toBe(`arn:aws:ec2:eu-west-1::snapshot/${id}`);

  const gone = await remove(id);
  expect(effects(gone)).toEqual(['delete AWS::EC2::Snapshot']);
  expect(await gone.observe()).toMatchObject({ state: 'unknown' });
  await gone.execute();
  expect(await gone.outcome()).toMatchObject({ state: 'succeeded', evidence: 'state' });
  await expect(remove(id)).rejects.toMatchObject({ code: 'not_found' });
});

test('what carries the tag of the ticket, and is of the volume, is the effect', async () => {
  const volume = await scene.volume();
  const take = await propose(scene.aws, 'ec2_create_snapshot', { volume_id: volume });
  const attempt = { token: 'holdshort-00000000000000000009', intended_at: new Date().toISOString() };
  const id = await scene.snapshot(volume, { 'holdshort:request': attempt.token });
  expect(await take.observe(attempt)).toMatchObject({ state: 'succeeded', detail: expect.stringContaining(id) });
  // One that was there before the request was given the tag by others.
  const late = { ...attempt, intended_at: new Date(Date.now() + 10 * 60_000).toISOString() };
  expect(await take.observe(late)).toMatchObject({
    state: 'unknown',
    detail: expect.stringContaining('was there before'),
  });
  // Of two that carry it one is someone else's: neither is the effect of one request.
  const second = await scene.snapshot(volume, { 'holdshort:request': attempt.token });
  const both = await take.observe(attempt);
  expect(both).toMatchObject({ state: 'unknown', evidence: 'state', resources: [] });
  for (const one of [id, second]) expect(both.detail).toContain(one);
  // Someone copied it with its tags: it isn't of the volume, and proves nothing.
  const other = await scene.volume();
  expect(await take.observe(attempt, { arguments: { volume_id: other } })).toMatchObject({ state: 'unknown' });
});

test.each([
  ['ec2_create_snapshot', { volume_id: 'vol-00000000000000001' }],
  ['ec2_delete_snapshot', { snapshot_id: 'snap-00000000000000001' }],
])('%s of what is not there is refused', async (tool, given) => {
  await expect(propose(scene.aws, tool, given)).rejects.toMatchObject({ code: 'not_found' });
});

test('the last snapshot of a volume that is gone is said to be the last', async () => {
  const volume = await scene.volume();
  const [first, second] = [await scene.snapshot(volume), await scene.snapshot(volume)];
  const before = await remove(first);
  expect(before.impact[0]?.detail).toMatch(new RegExp(`${volume} exists; 1 other completed snapshot of it.*${second}`));
  await deleteVolume(volume);
  const without = await before.again();
  expect(without.guard).not.toEqual(before.guard);
  expect(without.impact[0]?.detail).toContain(`${volume} no longer exists; 1 other`);
  await (await remove(second)).execute();
  const last = await remove(first);
  expect(last.summary).toContain('nothing else here holds its data');
  expect(last.impact[0]?.detail).toMatch(new RegExp(`^the last snapshot of ${volume}, which no longer exists`));
  expect(last.impact[0]?.recoverable).toBe(false);
});

test('a snapshot that images are made of is in use, also by a disabled one; they are named', async () => {
  const instance = await scene.instance();
  const image = await scene.image(instance, 'golden');
  const { images } = await read(scene.aws, 'ec2_describe_images', { image_ids: [image] });
  const [snapshot] = images[0].snapshot_ids;
  const refused = {
    code: 'in_use',
    message: expect.stringContaining(image),
    recovery: expect.stringContaining('ec2_deregister_image'),
  };
  await expect(remove(snapshot)).rejects.toMatchObject(refused);
  await scene.ec2.send(new sdk.DisableImageCommand({ ImageId: image }));
  await expect(remove(snapshot)).rejects.toMatchObject(refused);
});

test('recovery points of AWS Backup are refused; lifecycle snapshots and stacks are said', async () => {
  const volume = await scene.volume();
  const point = await scene.snapshot(volume, { 'aws:backup:source-resource': 'x' });
  await expect(remove(point)).rejects.toMatchObject({ code: 'protected' });
  const scheduled = await scene.snapshot(volume, { 'aws:dlm:lifecycle-policy-id': 'policy-1', [STACK]: 'orders' });
  const { impact, targets } = await remove(scheduled);
  expect(impact[0]?.detail).toMatch(/Data Lifecycle Manager; belongs to stack orders, which isn't told/);
  expect(targets).toMatchObject([{ stack_name: 'orders' }]);
});

test('with whom it is shared is said, and guarded', async () => {
  const snapshot = await scene.snapshot(await scene.volume());
  const alone = await remove(snapshot);
  expect(alone.impact[0]?.detail).not.toContain('shared');
  const share = (CreateVolumePermission: sdk.CreateVolumePermissionModifications) =>
    scene.ec2.send(new sdk.ModifySnapshotAttributeCommand({ SnapshotId: snapshot, CreateVolumePermission }));
  await share({ Add: [{ UserId: '210987654321' }, { Group: 'all' }] });
  const shared = await alone.again();
  expect(shared.impact[0]?.detail).toContain('shared with everybody (it is public), 210987654321');
  expect(shared.guard).not.toEqual(alone.guard);
});

test('a launch template that makes volumes of it is disrupted', async () => {
  const snapshot = await scene.snapshot(await scene.volume());
  await scene.ec2.send(
    new sdk.CreateLaunchTemplateCommand({
      LaunchTemplateName: 'data-nodes',
      LaunchTemplateData: { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId: snapshot } }] },
    }),
  );
  const proposal = await remove(snapshot);
  expect(effects(proposal)).toEqual(['delete AWS::EC2::Snapshot', 'disrupt AWS::EC2::LaunchTemplate']);
  expect(proposal.impact[1]?.detail).toContain('data-nodes');
});

test('a snapshot that is still being made is waited for; deleted before, it is said to go later', async () => {
  await using slow = await storageScene({ held: true });
  const volume = await slow.volume();
  const take = () => propose(slow.aws, 'ec2_create_snapshot', { volume_id: volume });
  await expect(take()).rejects.toMatchObject({ code: 'wrong_state', message: expect.stringContaining('creating') });
  slow.pass();
  const proposal = await take();
  await proposal.execute();
  expect(await proposal.observe()).toMatchObject({ state: 'pending', detail: expect.stringContaining('0%') });
  const { snapshots } = await read(slow.aws, 'ec2_describe_snapshots', { state: 'pending' });
  const gone = await propose(slow.aws, 'ec2_delete_snapshot', { snapshot_id: snapshots[0].snapshot_id });
  expect(gone.impact[0]?.detail).toContain('is still being made and goes once it is complete');
  slow.pass();
  expect(await proposal.outcome()).toMatchObject({ state: 'succeeded' });
  // Another state than the plan was about.
  expect((await gone.again()).guard).not.toEqual(gone.guard);
});
