import * as sdk from '@aws-sdk/client-ec2';
import { type Kind, numbered, OTHERS, REGIONS, SNAPSHOT_MS, type There, times } from '../kind.ts';
import { instancesIn } from './instances.ts';

/* Changes of volumes, snapshots and images. */

const ZONE = 'eu-west-1a';
const regionOf = (n: number) => REGIONS[n] ?? '';
const DEVICE = '/dev/sdh';
const kind = (tool: string, action: string) => ({ name: tool, tool, actions: [action] });
const freeVolumes = (count: number) =>
  Array.from({ length: count }, () => ({ availabilityZone: ZONE, tags: { role: 'subject' } }));
const hosts = (count: number) => [{ count, availabilityZone: ZONE }];

async function volumesIn({ ec2 }: There): Promise<readonly sdk.Volume[]> {
  return (await ec2.send(new sdk.DescribeVolumesCommand({}))).Volumes ?? [];
}
async function subjectsIn(there: There): Promise<readonly string[]> {
  const all = await volumesIn(there);
  return all.filter(({ Tags }) => Tags?.some(({ Key }) => Key === 'role')).map(({ VolumeId = '' }) => VolumeId);
}
export const snapshotsIn = async ({ ec2 }: There) =>
  (await ec2.send(new sdk.DescribeSnapshotsCommand({ OwnerIds: ['self'] }))).Snapshots ?? [];
const imagesIn = async ({ ec2 }: There) =>
  (await ec2.send(new sdk.DescribeImagesCommand({ Owners: ['self'] }))).Images ?? [];

const attached: Kind = {
  ...kind('ec2_attach_volume', 'AttachVolume'),
  seed: (count) => ({ instances: hosts(count), volumes: freeVolumes(count) }),
  async prepare(there) {
    const volumes = await subjectsIn(there);
    const all = await instancesIn(there);
    return volumes.map((mark, n) => {
      const instance_id = all[n]?.InstanceId;
      return { mark, args: { volume_id: mark, instance_id, device: DEVICE } };
    });
  },
  async happened(there, subjects) {
    const known = new Map((await volumesIn(there)).map((one) => [one.VolumeId, one]));
    return subjects.map(({ mark }) => times(known.get(mark)?.Attachments?.[0]?.State === 'attached'));
  },
};

const detached: Kind = {
  ...kind('ec2_detach_volume', 'DetachVolume'),
  seed: attached.seed,
  async prepare(there) {
    const volumes = await subjectsIn(there);
    const all = await instancesIn(there);
    for (const [n, VolumeId] of volumes.entries()) {
      const InstanceId = all[n]?.InstanceId ?? '';
      await there.ec2.send(new sdk.AttachVolumeCommand({ VolumeId, InstanceId, Device: DEVICE }));
    }
    return volumes.map((mark) => ({ mark, args: { volume_id: mark } }));
  },
  async happened(there, subjects) {
    const known = new Map((await volumesIn(there)).map((one) => [one.VolumeId, one]));
    return subjects.map(({ mark }) => times(known.get(mark)?.State === 'available'));
  },
};

const deregistered: Kind = {
  ...kind('ec2_deregister_image', 'DeregisterImage'),
  seed: () => ({ instances: hosts(1) }),
  async prepare(there, count) {
    const [host] = await instancesIn(there);
    const subjects = [];
    for (const Name of numbered('old', count)) {
      const { ImageId: mark = '' } = await there.ec2.send(
        new sdk.CreateImageCommand({ InstanceId: host?.InstanceId, Name, NoReboot: true }),
      );
      subjects.push({ mark, args: { image_id: mark } });
    }
    return subjects;
  },
  async happened(there, subjects) {
    const left = new Set((await imagesIn(there)).map(({ ImageId }) => ImageId));
    return subjects.map(({ mark }) => times(!left.has(mark)));
  },
};

/** Each in a region of its own: two new volumes in one zone count as about the same, and the second waits. */
const created: Kind = {
  ...kind('ec2_create_volume', 'CreateVolume'),
  seed: () => ({}),
  prepare: async (_, count) =>
    numbered('made', count).map((Name, n) => {
      const region = regionOf(n);
      return { mark: Name, args: { region, availability_zone: `${region}a`, size: 8, tags: { Name } } };
    }),
  happened: async ({ cloud }, subjects) =>
    await Promise.all(
      subjects.map(async ({ mark }, n) => {
        const there = new sdk.EC2Client({ ...OTHERS, endpoint: cloud.endpoint, region: regionOf(n) });
        const { Volumes = [] } = await there.send(new sdk.DescribeVolumesCommand({}));
        there.destroy();
        return Volumes.filter(({ Tags }) => Tags?.some(({ Value }) => Value === mark)).length;
      }),
    ),
};

export const STORAGE: readonly Kind[] = [
  created,
  {
    ...kind('ec2_delete_volume', 'DeleteVolume'),
    seed: (count) => ({ volumes: freeVolumes(count) }),
    prepare: async (there) => (await subjectsIn(there)).map((mark) => ({ mark, args: { volume_id: mark } })),
    async happened(there, subjects) {
      const left = new Set(await subjectsIn(there));
      return subjects.map(({ mark }) => times(!left.has(mark)));
    },
  },
  {
    ...{ name: 'ec2_delete_volume, after a snapshot', tool: 'ec2_delete_volume' },
    actions: ['CreateSnapshot', 'DeleteVolume'],
    latencyMs: SNAPSHOT_MS,
    seed: (count) => ({ volumes: freeVolumes(count) }),
    prepare: async (there) =>
      (await subjectsIn(there)).map((mark) => ({
        ...{ mark, volumes: [mark], args: { volume_id: mark, snapshot_first: true } },
      })),
    async happened(there, subjects) {
      const left = new Set(await subjectsIn(there));
      return subjects.map(({ mark }) => times(!left.has(mark)));
    },
  },
  attached,
  detached,
  {
    ...kind('ec2_create_snapshot', 'CreateSnapshot'),
    seed: (count) => ({ volumes: freeVolumes(count) }),
    prepare: async (there) => (await subjectsIn(there)).map((mark) => ({ mark, args: { volume_id: mark } })),
    async happened(there, subjects) {
      const of = (await snapshotsIn(there)).map(({ VolumeId }) => VolumeId);
      return subjects.map(({ mark }) => of.filter((volume) => volume === mark).length);
    },
  },
  {
    ...kind('ec2_delete_snapshot', 'DeleteSnapshot'),
    seed: (count) => ({ volumes: freeVolumes(count).map((one) => ({ ...one, snapshots: 1 })) }),
    prepare: async (there) =>
      (await snapshotsIn(there)).map(({ SnapshotId: mark = '' }) => ({ mark, args: { snapshot_id: mark } })),
    async happened(there, subjects) {
      const left = new Set((await snapshotsIn(there)).map(({ SnapshotId }) => SnapshotId));
      return subjects.map(({ mark }) => times(!left.has(mark)));
    },
  },
  {
    ...kind('ec2_create_image', 'CreateImage'),
    seed: (count) => ({ instances: hosts(count) }),
    async prepare(there, count) {
      const all = await instancesIn(there);
      return numbered('image', count).map((name, n) => ({
        mark: name,
        args: { instance_id: all[n]?.InstanceId, name, no_reboot: true },
      }));
    },
    async happened(there, subjects) {
      const names = (await imagesIn(there)).map(({ Name }) => Name);
      return subjects.map(({ mark }) => names.filter((name) => name === mark).length);
    },
  },
  deregistered,
];
