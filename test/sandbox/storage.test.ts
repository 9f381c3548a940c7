import * as ec2 from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { parseSeed } from '../../src/sandbox/seed.ts';
import { cloudUnderTest, failureOf } from './clients.ts';

type Cloud = Awaited<ReturnType<typeof cloudUnderTest>>;
const ZONE = 'eu-west-1a';

async function run(cloud: Cloud, more: Partial<ec2.RunInstancesCommandInput> = {}): Promise<string> {
  const request = { ImageId: 'ami-0abcdef1234567890', MinCount: 1, MaxCount: 1, ...more };
  const { Instances } = await cloud.ec2.send(new ec2.RunInstancesCommand(request));
  cloud.settle();
  return Instances?.[0]?.InstanceId ?? '';
}

async function volume(cloud: Cloud, more: Partial<ec2.CreateVolumeCommandInput> = {}): Promise<string> {
  const made = await cloud.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: ZONE, Size: 8, ...more }));
  cloud.settle();
  return made.VolumeId ?? '';
}

async function seen(cloud: Cloud, id: string) {
  const { Volumes } = await cloud.ec2.send(new ec2.DescribeVolumesCommand({ VolumeIds: [id] }));
  return Volumes?.[0];
}

const rejected = async (call: Promise<unknown>) => (await failureOf(call)).name;

test('a volume goes through its states', async () => {
  const cloud = await cloudUnderTest();
  const InstanceId = await run(cloud);
  const made = await cloud.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: ZONE, Size: 8 }));
  expect(made.State).toBe('creating');
  const VolumeId = made.VolumeId ?? '';
  const attach = () => cloud.ec2.send(new ec2.AttachVolumeCommand({ VolumeId, InstanceId, Device: '/dev/sdf' }));
  const remove = () => cloud.ec2.send(new ec2.DeleteVolumeCommand({ VolumeId }));
  expect(await rejected(attach())).toBe('IncorrectState');
  expect(await rejected(remove())).toBe('IncorrectState');
  cloud.pass(100);
  expect((await attach()).State).toBe('attaching');
  expect(await rejected(attach())).toBe('VolumeInUse');
  cloud.pass(100);
  expect(await seen(cloud, VolumeId)).toMatchObject({
    State: 'in-use',
    Attachments: [{ State: 'attached', InstanceId }],
  });
  expect(await rejected(remove())).toBe('VolumeInUse');
  const detach = () => cloud.ec2.send(new ec2.DetachVolumeCommand({ VolumeId }));
  expect((await detach()).State).toBe('detaching');
  cloud.pass(100);
  expect(await seen(cloud, VolumeId)).toMatchObject({ State: 'available' });
  expect(await rejected(detach())).toBe('IncorrectState');
  await remove();
  expect(await seen(cloud, VolumeId)).toMatchObject({ State: 'deleting' });
  cloud.pass(100);
  expect(await rejected(seen(cloud, VolumeId))).toBe('InvalidVolume.NotFound');
});

test('what does not go together is not attached or detached', async () => {
  const cloud = await cloudUnderTest();
  const [InstanceId, other] = [await run(cloud), await run(cloud)];
  const attach = (VolumeId: string, Device = '/dev/sdf') =>
    cloud.ec2.send(new ec2.AttachVolumeCommand({ VolumeId, InstanceId, Device }));
  expect(await rejected(attach(await volume(cloud, { AvailabilityZone: 'eu-west-1b' })))).toBe(
    'InvalidVolume.ZoneMismatch',
  );
  const VolumeId = await volume(cloud);
  expect(await rejected(attach(VolumeId, '/dev/xvda'))).toBe('InvalidParameterValue');
  await attach(VolumeId);
  cloud.settle();
  const elsewhere = new ec2.DetachVolumeCommand({ VolumeId, InstanceId: other });
  expect(await rejected(cloud.ec2.send(elsewhere))).toBe('InvalidAttachment.NotFound');
  const filter = { Name: 'attachment.instance-id', Values: [other] };
  const { Volumes } = await cloud.ec2.send(new ec2.DescribeVolumesCommand({ Filters: [filter] }));
  const root = new ec2.DetachVolumeCommand({ VolumeId: Volumes?.[0]?.VolumeId });
  expect(await rejected(cloud.ec2.send(root))).toBe('OperationNotPermitted');
  await cloud.ec2.send(new ec2.StopInstancesCommand({ InstanceIds: [other] }));
  cloud.settle();
  expect(await cloud.ec2.send(root)).toMatchObject({ State: 'detaching' });
  await cloud.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  cloud.settle();
  expect(await seen(cloud, VolumeId)).toMatchObject({ State: 'available' });
  const late = new ec2.AttachVolumeCommand({ VolumeId, InstanceId, Device: '/dev/sdf' });
  expect(await rejected(cloud.ec2.send(late))).toBe('IncorrectState');
});

test('a client token makes one volume, and only of one request', async () => {
  const cloud = await cloudUnderTest();
  const id = await volume(cloud, { ClientToken: 'once' });
  expect(await volume(cloud, { ClientToken: 'once' })).toBe(id);
  expect(await rejected(volume(cloud, { ClientToken: 'once', Size: 9 }))).toBe('IdempotentParameterMismatch');
});

test.each([
  [{ AvailabilityZone: 'us-east-1a' }, 'InvalidZone.NotFound'],
  [{ Size: undefined }, 'MissingParameter'],
  [{ VolumeType: 'io2' }, 'InvalidParameterDependency'],
  [{ SnapshotId: 'snap-00000000000000001' }, 'InvalidSnapshot.NotFound'],
  [{ SnapshotId: 'snap' }, 'InvalidSnapshotID.Malformed'],
  [{ DryRun: true }, 'DryRunOperation'],
] as const)('a volume with %j is %s', async (more, code) => {
  const cloud = await cloudUnderTest();
  expect(await rejected(volume(cloud, more))).toBe(code);
});

test('a snapshot is pending, then completed, shared, and a source of volumes', async () => {
  const cloud = await cloudUnderTest();
  const VolumeId = await volume(cloud, { Encrypted: true });
  const { SnapshotId, State } = await cloud.ec2.send(
    new ec2.CreateSnapshotCommand({ VolumeId, Description: 'nightly' }),
  );
  expect(State).toBe('pending');
  const from = { SnapshotId, Size: undefined };
  expect(await rejected(volume(cloud, from))).toBe('IncorrectState');
  cloud.pass(100);
  const listed = async (more: ec2.DescribeSnapshotsCommandInput = {}) =>
    (await cloud.ec2.send(new ec2.DescribeSnapshotsCommand(more))).Snapshots;
  expect(await listed({ OwnerIds: ['self'] })).toMatchObject([
    { State: 'completed', Description: 'nightly', VolumeId },
  ]);
  expect(await listed({ OwnerIds: ['amazon'] })).toEqual([]);
  expect(await seen(cloud, await volume(cloud, from))).toMatchObject({ Size: 8, Encrypted: true, SnapshotId });
  expect(await rejected(volume(cloud, { SnapshotId, Size: 1 }))).toBe('InvalidParameterValue');

  const change = { SnapshotId, Attribute: 'createVolumePermission' } as const;
  const share = { ...change, OperationType: 'add' as const, UserIds: ['210987654321'] };
  await cloud.ec2.send(new ec2.ModifySnapshotAttributeCommand(share));
  const shared = await cloud.ec2.send(new ec2.DescribeSnapshotAttributeCommand(change));
  expect(shared.CreateVolumePermissions).toEqual([{ UserId: '210987654321' }]);
  await cloud.ec2.send(new ec2.DeleteSnapshotCommand({ SnapshotId }));
  expect(await listed()).toEqual([]);
});

test('an image holds its snapshots until it is deregistered; then they stay', async () => {
  const cloud = await cloudUnderTest();
  const InstanceId = await run(cloud);
  const create = (Name: string) => cloud.ec2.send(new ec2.CreateImageCommand({ InstanceId, Name }));
  const { ImageId } = await create('golden');
  expect(await rejected(create('golden'))).toBe('InvalidAMIName.Duplicate');
  expect(await rejected(create('*'))).toBe('InvalidAMIName.Malformed');
  const images = async (more: ec2.DescribeImagesCommandInput) =>
    (await cloud.ec2.send(new ec2.DescribeImagesCommand(more))).Images ?? [];
  expect(await images({ Owners: ['self'] })).toMatchObject([{ ImageId, State: 'pending' }]);
  cloud.pass(100);
  const [image] = await images({ Filters: [{ Name: 'name', Values: ['gold*'] }] });
  expect(image).toMatchObject({ State: 'available', Public: false, DeregistrationProtection: 'disabled' });
  const SnapshotId = image?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId;
  const removeSnapshot = () => cloud.ec2.send(new ec2.DeleteSnapshotCommand({ SnapshotId }));
  expect(await rejected(removeSnapshot())).toBe('InvalidSnapshot.InUse');
  await cloud.ec2.send(new ec2.DisableImageCommand({ ImageId }));
  expect(await images({ Owners: ['self'] })).toEqual([]);
  expect(await images({ Owners: ['self'], IncludeDisabled: true })).toMatchObject([{ State: 'disabled' }]);
  expect(await rejected(removeSnapshot())).toBe('InvalidSnapshot.InUse');
  const deregister = () => cloud.ec2.send(new ec2.DeregisterImageCommand({ ImageId }));
  await deregister();
  expect(await rejected(deregister())).toBe('InvalidAMIID.Unavailable');
  cloud.pass(100);
  expect(await rejected(deregister())).toBe('InvalidAMIID.NotFound');
  await removeSnapshot();
});

test('a protected image and one of others stay', async () => {
  const cloud = await cloudUnderTest();
  const { ImageId } = await cloud.ec2.send(new ec2.CreateImageCommand({ InstanceId: await run(cloud), Name: 'held' }));
  await cloud.ec2.send(new ec2.EnableImageDeregistrationProtectionCommand({ ImageId }));
  const deregister = (id: string | undefined) => cloud.ec2.send(new ec2.DeregisterImageCommand({ ImageId: id }));
  expect(await rejected(deregister(ImageId))).toBe('OperationNotPermitted');
  expect(await rejected(deregister('ami-0abcdef1234567890'))).toBe('AuthFailure');
});

test('the latest and default versions of all launch templates', async () => {
  const cloud = await cloudUnderTest();
  const create = () =>
    cloud.ec2.send(
      new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData: { ImageId: 'ami-1' } }),
    );
  await create();
  expect(await rejected(create())).toBe('InvalidLaunchTemplateName.AlreadyExistsException');
  const versions = (Versions: string[]) => cloud.ec2.send(new ec2.DescribeLaunchTemplateVersionsCommand({ Versions }));
  expect(await versions(['$Latest', '$Default'])).toMatchObject({
    LaunchTemplateVersions: [{ LaunchTemplateName: 'web', VersionNumber: 1, LaunchTemplateData: { ImageId: 'ami-1' } }],
  });
  expect(await rejected(versions(['1']))).toBe('InvalidParameterValue');
});

test('a seed may have volumes and snapshots of them', async () => {
  const cloud = await cloudUnderTest({
    seed: parseSeed('region: eu-west-1\nvolumes: [{ size: 20, tags: { Name: data }, snapshots: 2 }]'),
  });
  const { Volumes } = await cloud.ec2.send(new ec2.DescribeVolumesCommand({}));
  expect(Volumes).toMatchObject([{ Size: 20, State: 'available', Tags: [{ Key: 'Name', Value: 'data' }] }]);
  const { Snapshots } = await cloud.ec2.send(new ec2.DescribeSnapshotsCommand({}));
  expect(Snapshots).toMatchObject([{ State: 'completed' }, { State: 'completed' }]);
});
