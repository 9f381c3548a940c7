import * as sdk from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { useMoto } from '../scenes/moto.ts';
import { directClient, makers, ZONE } from '../scenes/storage.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';

let aws: Aws;
let ec2: sdk.EC2Client;
let make: ReturnType<typeof makers>;

useMoto(({ endpoint }) => {
  aws = testAws(endpoint);
  ec2 = directClient(endpoint);
  make = makers(ec2);
});

test('a volume is created, attached, detached, and deleted', async () => {
  const made = await propose(aws, 'ec2_create_volume', { availability_zone: ZONE, size: 3, tags: { env: 'dev' } });
  expect(await made.observe()).toMatchObject({ state: 'unknown' });
  await made.execute();
  expect(await made.outcome()).toMatchObject({ state: 'succeeded' });
  const { volumes } = await read(aws, 'ec2_describe_volumes', { tags: { env: 'dev' }, state: 'available' });
  expect(volumes).toMatchObject([{ size_gib: 3, volume_type: 'gp3' }]);
  const volume_id = volumes[0].volume_id;

  const instance_id = await make.instance();
  const attach = await propose(aws, 'ec2_attach_volume', { volume_id, instance_id, device: '/dev/sdf' });
  await attach.execute();
  expect(await attach.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(propose(aws, 'ec2_delete_volume', { volume_id })).rejects.toMatchObject({ code: 'in_use' });

  const detach = await propose(aws, 'ec2_detach_volume', { volume_id });
  await detach.execute();
  expect(await detach.outcome()).toMatchObject({ state: 'succeeded' });

  const remove = await propose(aws, 'ec2_delete_volume', { volume_id });
  await remove.execute();
  expect(await remove.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(propose(aws, 'ec2_delete_volume', { volume_id })).rejects.toMatchObject({ code: 'not_found' });
});

test('the root of a running instance, which moto would detach, and a volume of another zone are refused', async () => {
  const instance_id = await make.instance();
  const root = await make.rootOf(instance_id);
  const detach = propose(aws, 'ec2_detach_volume', { volume_id: root });
  await expect(detach).rejects.toMatchObject({ code: 'wrong_state' });
  const volume_id = await make.volume({}, 'eu-west-1b');
  const attach = propose(aws, 'ec2_attach_volume', { volume_id, instance_id, device: '/dev/sdf' });
  await expect(attach).rejects.toMatchObject({ code: 'wrong_state' });
});

test('a snapshot is taken, and deleted as the last one of its volume', async () => {
  const volume_id = await make.volume();
  const take = await propose(aws, 'ec2_create_snapshot', { volume_id, tags: { keep: 'yes' } });
  expect(await take.observe()).toMatchObject({ state: 'unknown' });
  await take.execute();
  expect(await take.outcome()).toMatchObject({ state: 'succeeded' });
  const { snapshots } = await read(aws, 'ec2_describe_snapshots', { volume_id });
  expect(snapshots).toMatchObject([{ tags: { keep: 'yes' }, state: 'completed' }]);
  const SnapshotId = snapshots[0].snapshot_id;
  const before = await propose(aws, 'ec2_delete_volume', { volume_id });
  expect(before.impact[0]).toMatchObject({ recoverable: false, detail: expect.stringContaining(SnapshotId) });
  await before.execute();

  const share = { Attribute: 'createVolumePermission', OperationType: 'add' } as const;
  const UserIds = ['210987654321'];
  await ec2.send(new sdk.ModifySnapshotAttributeCommand({ SnapshotId, UserIds, ...share }));
  const remove = await propose(aws, 'ec2_delete_snapshot', { snapshot_id: SnapshotId });
  expect(remove.impact[0]?.detail).toMatch(/^the last snapshot of .* shared with 210987654321/);
  await remove.execute();
  expect(await remove.outcome()).toMatchObject({ state: 'succeeded' });
  const again = propose(aws, 'ec2_delete_snapshot', { snapshot_id: SnapshotId });
  await expect(again).rejects.toMatchObject({ code: 'not_found' });
});

test('an image is made and deregistered; its snapshot is in use until then', async () => {
  const instance_id = await make.instance();
  const made = await propose(aws, 'ec2_create_image', { instance_id, name: 'golden', no_reboot: true });
  expect(await made.observe()).toMatchObject({ state: 'unknown' });
  await made.execute();
  expect(await made.outcome()).toMatchObject({ state: 'succeeded' });
  // moto would make another one of that name.
  const twice = propose(aws, 'ec2_create_image', { instance_id, name: 'golden' });
  await expect(twice).rejects.toMatchObject({ code: 'wrong_state' });
  const { images } = await read(aws, 'ec2_describe_images', { name: 'golden' });
  const [{ image_id, snapshot_ids }] = images;
  const early = propose(aws, 'ec2_delete_snapshot', { snapshot_id: snapshot_ids[0] });
  await expect(early).rejects.toMatchObject({ code: 'in_use', message: expect.stringContaining(image_id) });

  const data = { LaunchTemplateName: 'web', LaunchTemplateData: { ImageId: image_id } };
  await ec2.send(new sdk.CreateLaunchTemplateCommand(data));
  const LaunchPermission = { Add: [{ Group: 'all' as const }] };
  await ec2.send(new sdk.ModifyImageAttributeCommand({ ImageId: image_id, LaunchPermission }));
  const remove = await propose(aws, 'ec2_deregister_image', { image_id });
  expect(effects(remove)).toEqual(['delete AWS::EC2::Image', 'disrupt AWS::EC2::LaunchTemplate']);
  expect(remove.impact[0]?.detail).toContain('everybody (it is public)');
  await remove.execute();
  expect(await remove.outcome()).toMatchObject({ state: 'succeeded' });
  const gone = propose(aws, 'ec2_deregister_image', { image_id });
  await expect(gone).rejects.toMatchObject({ code: 'not_found' });
  const late = await propose(aws, 'ec2_delete_snapshot', { snapshot_id: snapshot_ids[0] });
  await late.execute();
  expect(await late.outcome()).toMatchObject({ state: 'succeeded' });
});
