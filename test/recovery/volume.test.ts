import { CreateSnapshotCommand, CreateVolumeCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verified } from '../scenes/whole.ts';
import { type Ec2Scene, ec2Scene } from './ec2-scene.ts';

/* A volume that was deleted is made again of what there is of its data, except for what the ticket had said. */

let scene: Ec2Scene;

beforeAll(async () => {
  scene = await ec2Scene({ volumes: [{ type: 'io3' }] });
});
afterAll(async () => await scene[Symbol.asyncDispose]());

async function made(input: Partial<ConstructorParameters<typeof CreateVolumeCommand>[0]>): Promise<string> {
  const Tags = Object.entries({ team: 'shop', api_token: 'hunter2hunter2' }).map(([Key, Value]) => ({ Key, Value }));
  const { VolumeId = '' } = await scene.ec2.send(
    new CreateVolumeCommand({
      ...{ AvailabilityZone: 'eu-west-1b', Size: 12, TagSpecifications: [{ ResourceType: 'volume', Tags }] },
      ...input,
    }),
  );
  return VolumeId;
}

async function volumes() {
  return (await scene.ec2.send(new DescribeVolumesCommand({}))).Volumes ?? [];
}

/** All of it that the ticket doesn't say is another. */
async function volume(id: string) {
  const {
    VolumeId: _,
    CreateTime: __,
    SnapshotId,
    Tags = [],
    ...rest
  } = (await volumes()).find(({ VolumeId }) => VolumeId === id) ?? {};
  const tags = Tags.filter(({ Key = '' }) => !/^holdshort:|^api_token$/.test(Key));
  return { ...rest, tags, from: SnapshotId };
}

async function brought(id: string): Promise<string> {
  const before = new Set((await volumes()).map(({ VolumeId }) => VolumeId));
  await scene.done('ticket_restore', { ticket_id: id });
  const fresh = (await volumes()).filter(({ VolumeId }) => !before.has(VolumeId));
  expect(fresh).toHaveLength(1);
  return fresh[0]?.VolumeId ?? '';
}

const whys = (undo: { lost: { why: string }[] }) => undo.lost.map(({ why }) => why).join('\n');

test('of its newest snapshot, with its size, type, rates and tags', async () => {
  const id = await made({ VolumeType: 'gp3', Iops: 4000, Throughput: 250 });
  await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: id }));
  const { SnapshotId = '', StartTime } = await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: id }));
  const before = await volume(id);
  const { id: ticket, undo } = await scene.told('ec2_delete_volume', { volume_id: id });
  expect(undo).toMatchObject({ exists: 'in_part', by: ['ec2_create_volume'] });
  expect(whys(undo)).toContain(
    `what was written to it since ${StartTime?.toISOString()}, when ${SnapshotId} was begun`,
  );
  expect(whys(undo)).toContain('the tag "api_token": no call gives it');
  await scene.run(ticket);
  const after = await volume(await brought(ticket));
  expect(after).toEqual({ ...before, State: 'available', from: SnapshotId });
});

test('its key is lost; what it is made of comes back', async () => {
  const KmsKeyId = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const id = await made({ VolumeType: 'io2', Iops: 500, Encrypted: true, KmsKeyId });
  const { SnapshotId: from } = await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: id }));
  const before = await volume(id);
  const { id: ticket, undo } = await scene.told('ec2_delete_volume', { volume_id: id });
  expect(whys(undo)).toContain(`that it is encrypted with ${KmsKeyId}: the new one has that of the snapshot`);
  await scene.run(ticket);
  const after = await volume(await brought(ticket));
  expect(after).toEqual({ ...before, State: 'available', from, KmsKeyId: after.KmsKeyId });
});

test('where there is no snapshot there is no way back: what came back would be an empty disk', async () => {
  const { undo } = await scene.told('ec2_delete_volume', { volume_id: await made({}) });
  expect(undo).toEqual({ exists: 'no' });
});

test('of a type that no call takes there is no way back', async () => {
  const other = (await volumes()).find(({ VolumeType }) => String(VolumeType) === 'io3')?.VolumeId ?? '';
  await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: other }));
  const { undo } = await scene.told('ec2_delete_volume', { volume_id: other });
  expect(undo).toEqual({ exists: 'no' });
  await verified(scene);
});
