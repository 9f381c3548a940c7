import * as sdk from '@aws-sdk/client-ec2';
import { until } from '../scenes/front-door.ts';
import { makers, ZONE } from '../scenes/storage.ts';
import type { Scene } from '../scenes/whole.ts';
import type { RefusalCase } from './case.ts';
import { runningInstance } from './instances.ts';

const VOLUME = { volume_id: 'vol-0123456789abcdef0' };
const SNAPSHOT = { snapshot_id: 'snap-0123456789abcdef0' };
const IMAGE = { image_id: 'ami-0123456789abcdef0' };
const INSTANCE = { instance_id: 'i-0123456789abcdef0' };
const DEVICE = { device: '/dev/sdf' };
const OF_AWS_BACKUP = { 'aws:backup:source-resource': 'x' };

async function availableVolume({ ec2 }: Scene, zone = ZONE): Promise<string> {
  const id = await makers(ec2).volume({}, zone);
  await until(
    async () => (await ec2.send(new sdk.DescribeVolumesCommand({ VolumeIds: [id] }))).Volumes?.[0],
    (volume) => volume?.State === 'available',
  );
  return id;
}

async function completedSnapshot(scene: Scene, tags?: Record<string, string>): Promise<string> {
  const { ec2 } = scene;
  const id = await makers(ec2).snapshot(await availableVolume(scene), tags);
  await until(
    async () => (await ec2.send(new sdk.DescribeSnapshotsCommand({ SnapshotIds: [id] }))).Snapshots?.[0],
    (snapshot) => snapshot?.State === 'completed',
  );
  return id;
}

async function availableImage(scene: Scene, name: string, tags?: Record<string, string>): Promise<sdk.Image> {
  const { ec2 } = scene;
  const id = await makers(ec2).image(await runningInstance(scene), name, tags);
  const image = await until(
    async () => (await ec2.send(new sdk.DescribeImagesCommand({ ImageIds: [id] }))).Images?.[0],
    (found) => found?.State === 'available',
  );
  return image ?? {};
}

/** The instance that the scene was set with: it runs, however long a new one takes. */
async function firstInstance({ ec2 }: Scene): Promise<string> {
  const { Reservations } = await ec2.send(new sdk.DescribeInstancesCommand({}));
  return Reservations?.[0]?.Instances?.[0]?.InstanceId ?? '';
}

async function rootOfRunning(scene: Scene): Promise<{ volume_id: string }> {
  return { volume_id: await makers(scene.ec2).rootOf(await runningInstance(scene)) };
}

async function terminatedInstance(scene: Scene): Promise<{ instance_id: string }> {
  const instance_id = await runningInstance(scene);
  await scene.ec2.send(new sdk.TerminateInstancesCommand({ InstanceIds: [instance_id] }));
  return { instance_id };
}

const volumeCases: readonly RefusalCase[] = [
  {
    tool: 'ec2_create_volume',
    code: 'not_found',
    when: 'there is no such snapshot',
    args: () => ({ availability_zone: ZONE, ...SNAPSHOT }),
  },
  {
    tool: 'ec2_create_volume',
    code: 'wrong_state',
    when: 'the snapshot is still being made',
    held: true,
    args: async (scene) => {
      const { rootOf, snapshot } = makers(scene.ec2);
      return { availability_zone: ZONE, snapshot_id: await snapshot(await rootOf(await firstInstance(scene))) };
    },
  },
  {
    tool: 'ec2_create_volume',
    code: 'invalid_input',
    when: 'the zone is of another region',
    args: () => ({ availability_zone: 'us-east-1a', size: 1 }),
  },
  {
    tool: 'ec2_create_volume',
    code: 'invalid_input',
    when: 'it is smaller than its snapshot',
    args: async (scene) => ({ availability_zone: ZONE, size: 2, snapshot_id: await completedSnapshot(scene) }),
  },
  {
    tool: 'ec2_attach_volume',
    code: 'not_found',
    when: 'there is no such volume',
    args: async (scene) => ({ ...VOLUME, ...DEVICE, instance_id: await runningInstance(scene) }),
  },
  {
    tool: 'ec2_attach_volume',
    code: 'not_found',
    when: 'there is no such instance',
    args: async (scene) => ({ ...INSTANCE, ...DEVICE, volume_id: await availableVolume(scene) }),
  },
  {
    tool: 'ec2_attach_volume',
    code: 'in_use',
    when: 'it is attached already',
    args: async (scene) => ({
      ...(await rootOfRunning(scene)),
      ...DEVICE,
      instance_id: await runningInstance(scene),
    }),
  },
  {
    tool: 'ec2_attach_volume',
    code: 'in_use',
    when: 'the device name is taken',
    args: async (scene) => ({
      volume_id: await availableVolume(scene),
      instance_id: await runningInstance(scene),
      device: '/dev/xvda',
    }),
  },
  {
    tool: 'ec2_attach_volume',
    code: 'wrong_state',
    when: 'the two are in different zones',
    args: async (scene) => ({
      ...DEVICE,
      volume_id: await availableVolume(scene, 'eu-west-1b'),
      instance_id: await runningInstance(scene, { Placement: { AvailabilityZone: ZONE } }),
    }),
  },
  {
    tool: 'ec2_attach_volume',
    code: 'wrong_state',
    when: 'the instance is terminated',
    args: async (scene) => ({
      ...DEVICE,
      ...(await terminatedInstance(scene)),
      volume_id: await availableVolume(scene),
    }),
  },
  {
    tool: 'ec2_attach_volume',
    code: 'wrong_state',
    when: 'the volume is still being made',
    held: true,
    args: async (scene) => ({
      ...DEVICE,
      volume_id: await makers(scene.ec2).volume(),
      instance_id: await firstInstance(scene),
    }),
  },
  { tool: 'ec2_detach_volume', code: 'not_found', when: 'there is no such volume', args: () => VOLUME },
  {
    tool: 'ec2_detach_volume',
    code: 'wrong_state',
    when: 'it is attached to nothing',
    args: async (scene) => ({ volume_id: await availableVolume(scene) }),
  },
  {
    tool: 'ec2_detach_volume',
    code: 'wrong_state',
    when: 'it is the root of an instance that runs',
    args: rootOfRunning,
  },
  { tool: 'ec2_delete_volume', code: 'not_found', when: 'there is no such volume', args: () => VOLUME },
  { tool: 'ec2_delete_volume', code: 'in_use', when: 'it is attached', args: rootOfRunning },
  {
    tool: 'ec2_delete_volume',
    code: 'wrong_state',
    when: 'it is still being made',
    held: true,
    args: async ({ ec2 }) => ({ volume_id: await makers(ec2).volume() }),
  },
];

const snapshotCases: readonly RefusalCase[] = [
  { tool: 'ec2_create_snapshot', code: 'not_found', when: 'there is no such volume', args: () => VOLUME },
  {
    tool: 'ec2_create_snapshot',
    code: 'wrong_state',
    when: 'the volume is still being made',
    held: true,
    args: async ({ ec2 }) => ({ volume_id: await makers(ec2).volume() }),
  },
  { tool: 'ec2_delete_snapshot', code: 'not_found', when: 'there is no such snapshot', args: () => SNAPSHOT },
  {
    tool: 'ec2_delete_snapshot',
    code: 'in_use',
    when: 'an image is made of it',
    args: async (scene) => {
      const { BlockDeviceMappings } = await availableImage(scene, 'made of a snapshot');
      return { snapshot_id: BlockDeviceMappings?.[0]?.Ebs?.SnapshotId };
    },
  },
  {
    tool: 'ec2_delete_snapshot',
    code: 'protected',
    when: 'it is a recovery point of AWS Backup',
    args: async (scene) => ({ snapshot_id: await completedSnapshot(scene, OF_AWS_BACKUP) }),
  },
];

const imageCases: readonly RefusalCase[] = [
  {
    tool: 'ec2_create_image',
    code: 'not_found',
    when: 'there is no such instance',
    args: () => ({ ...INSTANCE, name: 'of nothing' }),
  },
  {
    tool: 'ec2_create_image',
    code: 'wrong_state',
    when: 'the instance is terminated',
    args: async (scene) => ({ ...(await terminatedInstance(scene)), name: 'of what was' }),
  },
  {
    tool: 'ec2_create_image',
    code: 'wrong_state',
    when: 'the root is on an instance store',
    args: async ({ ec2 }) => {
      const Filters = [{ Name: 'tag:Name', Values: ['instance-store'] }];
      const { Reservations } = await ec2.send(new sdk.DescribeInstancesCommand({ Filters }));
      return { instance_id: Reservations?.[0]?.Instances?.[0]?.InstanceId, name: 'of an instance store' };
    },
  },
  {
    tool: 'ec2_create_image',
    code: 'wrong_state',
    when: 'the name is taken',
    args: async (scene) => {
      await availableImage(scene, 'taken');
      return { instance_id: await runningInstance(scene), name: 'taken' };
    },
  },
  { tool: 'ec2_deregister_image', code: 'not_found', when: 'there is no such image', args: () => IMAGE },
  {
    tool: 'ec2_deregister_image',
    code: 'not_found',
    when: 'it belongs to another account',
    args: () => ({ image_id: 'ami-0abcdef1234567890' }),
  },
  {
    tool: 'ec2_deregister_image',
    code: 'protected',
    when: 'deregistration protection is on',
    args: async (scene) => {
      const { ImageId } = await availableImage(scene, 'protected');
      await scene.ec2.send(new sdk.EnableImageDeregistrationProtectionCommand({ ImageId }));
      return { image_id: ImageId };
    },
  },
  {
    tool: 'ec2_deregister_image',
    code: 'protected',
    when: 'it is a recovery point of AWS Backup',
    args: async (scene) => ({ image_id: (await availableImage(scene, 'point', OF_AWS_BACKUP)).ImageId }),
  },
  {
    tool: 'ec2_deregister_image',
    code: 'wrong_state',
    when: 'it is deregistered, and still listed',
    held: true,
    args: async (scene) => {
      const ImageId = await makers(scene.ec2).image(await firstInstance(scene), 'gone');
      await scene.ec2.send(new sdk.DeregisterImageCommand({ ImageId }));
      return { image_id: ImageId };
    },
  },
  {
    tool: 'ec2_run_instances',
    code: 'wrong_state',
    when: 'the image is still being made',
    held: true,
    args: async (scene) => ({
      image_id: await makers(scene.ec2).image(await firstInstance(scene), 'early'),
      instance_type: 't3.micro',
    }),
  },
];

export const storageCases: readonly RefusalCase[] = [...volumeCases, ...snapshotCases, ...imageCases];
