import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AttachVolumeCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  type Instance,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approve, REASON } from '../scenes/front-door.ts';
import { verified } from '../scenes/whole.ts';
import { type Ec2Scene, ec2Scene } from './ec2-scene.ts';

/* An instance that was terminated runs again, with its disks, except for what the ticket had said. */

let scene: Ec2Scene;
let old: { readonly id: string; readonly root: string; readonly data: string; readonly kept: string };
let before: Awaited<ReturnType<typeof machine>>;
let snapshot: { readonly id: string; readonly at: string };
let rootSnapshot: string;
let gone: string;

const TAGS = { Name: 'web', team: 'shop' };
const tags = (of: Record<string, string>) => Object.entries(of).map(([Key, Value]) => ({ Key, Value }));

beforeAll(async () => {
  scene = await ec2Scene({ instances: [{ tags: { 'aws:autoscaling:groupName': 'workers' } }] });
  const { Subnets = [] } = await scene.ec2.send(new DescribeSubnetsCommand({}));
  const { SubnetId, VpcId, AvailabilityZone } = Subnets[0] ?? {};
  const named = { GroupName: 'web', Description: 'web', VpcId };
  const { GroupId = '' } = await scene.ec2.send(new CreateSecurityGroupCommand(named));
  const { Instances = [] } = await scene.ec2.send(
    new RunInstancesCommand({
      ...{ ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.small', MinCount: 1, MaxCount: 1, KeyName: 'ops' },
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, Groups: [GroupId], AssociatePublicIpAddress: true }],
      IamInstanceProfile: { Name: 'web' },
      MetadataOptions: { HttpTokens: 'required' },
      UserData: Buffer.from('#!/bin/sh\necho hunter2hunter2\n').toString('base64'),
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', Iops: 3500, Encrypted: true } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 30, VolumeType: 'io2', Iops: 600 } },
      ],
      TagSpecifications: [{ ResourceType: 'instance', Tags: tags({ ...TAGS, api_token: 'hunter2hunter2' }) }],
    }),
  );
  const id = Instances[0]?.InstanceId ?? '';
  const { VolumeId: kept = '' } = await scene.ec2.send(
    new CreateVolumeCommand({
      AvailabilityZone,
      Size: 40,
      TagSpecifications: [{ ResourceType: 'volume', Tags: tags(TAGS) }],
    }),
  );
  await scene.ec2.send(new AttachVolumeCommand({ VolumeId: kept, InstanceId: id, Device: '/dev/sdg' }));
  const disks = (await scene.instance(id)).BlockDeviceMappings ?? [];
  const at = (name: string) => disks.find(({ DeviceName }) => DeviceName === name)?.Ebs?.VolumeId ?? '';
  old = { id, root: at('/dev/xvda'), data: at('/dev/sdf'), kept };
  await scene.ec2.send(new CreateTagsCommand({ Resources: [old.data], Tags: tags({ use: 'orders' }) }));
  rootSnapshot = (await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: old.root }))).SnapshotId ?? '';
  const taken = await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: old.data }));
  snapshot = { id: taken.SnapshotId ?? '', at: taken.StartTime?.toISOString() ?? '' };
  before = await machine(id);
  expect(before.disks).toHaveLength(3);
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const ours = ({ Key = '' }: { Key?: string | undefined }) => !/^holdshort:|^api_token$/.test(Key);

/** All that the ticket doesn't say is another. */
async function machine(id: string) {
  const found = await scene.instance(id);
  const { Volumes = [] } = await scene.ec2.send(
    new DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [id] }] }),
  );
  const disks = Volumes.map(({ Attachments: [at] = [], ...volume }) => ({
    ...{
      device: at?.Device,
      size: volume.Size,
      type: volume.VolumeType,
      iops: volume.Iops,
      zone: volume.AvailabilityZone,
    },
    ...{ encrypted: volume.Encrypted, throughput: volume.Throughput, root: at?.Device === found.RootDeviceName },
    // Of the root the ticket says that it gets the tags of its instance.
    tags: at?.Device === found.RootDeviceName ? [] : (volume.Tags ?? []).filter(ours),
  }));
  const { ImageId, InstanceType, KeyName, SubnetId, VpcId, SecurityGroups, IamInstanceProfile, Placement } = found;
  return {
    ...{ ImageId, InstanceType, KeyName, SubnetId, VpcId, SecurityGroups, IamInstanceProfile, Placement },
    ...{ MetadataOptions: found.MetadataOptions, Monitoring: found.Monitoring, state: found.State?.Name },
    public: found.PublicIpAddress !== undefined,
    tags: (found.Tags ?? []).filter(ours),
    disks: disks.sort((a, b) => String(a.device).localeCompare(String(b.device))),
  };
}

/** A snapshot of each of its disks, without which there is no way back. */
async function saved(id: string): Promise<void> {
  for (const { Ebs } of (await scene.instance(id)).BlockDeviceMappings ?? [])
    await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: Ebs?.VolumeId }));
}

const restore = (args: Record<string, unknown>) =>
  scene.agent.call('ticket_restore', { ticket_id: gone, reason: REASON, ...args });

interface Undo {
  readonly lost: readonly { readonly resource: string; readonly why: string }[];
}
const whys = ({ lost }: Undo, resource: string) =>
  lost.flatMap((one) => (one.resource === resource ? [one.why] : [])).join('\n');

test('what does not come back of an instance and its disks is told before the decision, by their ids', async () => {
  const { id, undo } = await scene.told('ec2_terminate_instances', { instance_ids: [old.id] });
  gone = id;
  expect(undo).toMatchObject({
    exists: 'in_part',
    by: ['ec2_run_instances', 'ec2_create_volume', 'ec2_attach_volume', 'ec2_attach_volume'],
  });
  const { PrivateIpAddress, PublicIpAddress } = await scene.instance(old.id);
  for (const lost of [
    'its id, and what knows it by that',
    `its private address ${PrivateIpAddress}`,
    `its public address ${PublicIpAddress}`,
    'what is in its memory',
    'its user data (30 bytes)',
    'the tag "api_token"',
    'whatever else AWS keeps of it',
  ])
    expect(whys(undo, old.id)).toContain(lost);
  expect(whys(undo, old.id)).toContain('MetadataOptions (HttpPutResponseHopLimit 1)');
  expect(undo.lost[0].why).toContain(
    `the new root is as its image has it; its newest completed snapshot, of which a person can make a volume, is ${rootSnapshot} of`,
  );
  expect(whys(undo, old.root)).toContain("its key: the new one has that of its image, or the account's default");
  expect(whys(undo, old.data)).toContain(`what was written to it since ${snapshot.at}, when ${snapshot.id} was begun`);
  expect(whys(undo, old.data)).toContain('that it is deleted with its instance');
  expect(whys(undo, old.kept)).toBe('');
  expect(JSON.stringify(undo)).not.toContain('hunter2');
});

test('what is kept beside the calls has its user data; no disk is asked for before the instance is there', async () => {
  await scene.run(gone);
  const { stdout } = await scene.place.cli(['restore', gone, '--show']);
  const kit = JSON.parse(stdout);
  expect(Buffer.from(kit.as_it_was.user_data[old.id], 'base64').toString()).toContain('hunter2hunter2');
  expect(JSON.stringify(kit.calls)).not.toContain('hunter2');
  for (const part of [3, 4])
    expect((await restore({ part })).refusal).toMatchObject({
      code: 'wrong_state',
      recovery: expect.stringContaining('ask for part 1'),
    });
});

test('what comes back is what was', async () => {
  const launch = await scene.done('ticket_restore', { ticket_id: gone, part: 1 });
  const { next } = await scene.agent.call('ticket_get', { ticket_id: launch });
  expect(next).toContain(`ask for part 2 of 4: ticket_restore for ${gone}`);
  expect((await restore({ part: 3 })).refusal).toMatchObject({ recovery: expect.stringContaining('ask for part 2') });
  for (const part of [2, 3, 4]) await scene.done('ticket_restore', { ticket_id: gone, part });
  const [id = '', ...more] = await instances();
  expect(more).toEqual([]);
  expect(await machine(id)).toEqual(before);
  const disks = (await scene.instance(id)).BlockDeviceMappings ?? [];
  expect(disks.find(({ DeviceName }) => DeviceName === '/dev/sdg')?.Ebs?.VolumeId).toBe(old.kept);
  const data = disks.find(({ DeviceName }) => DeviceName === '/dev/sdf')?.Ebs?.VolumeId ?? '';
  const { Volumes } = await scene.ec2.send(new DescribeVolumesCommand({ VolumeIds: [data] }));
  expect(Volumes?.[0]?.SnapshotId).toBe(snapshot.id);
  // As the ticket said.
  const asked = { InstanceId: id, Attribute: 'userData' } as const;
  expect((await scene.ec2.send(new DescribeInstanceAttributeCommand(asked))).UserData?.Value).toBeUndefined();
});

test('a launch that is asked for once more says so, and the disk that stayed is not taken from the first', async () => {
  const { ticket } = await restore({ part: 1 });
  const { plan } = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
  expect(plan.restores.before).toHaveLength(1);
  await scene.run(ticket.id);
  expect((await restore({ part: 4 })).refusal).toMatchObject({ code: 'in_use' });
});

test('an image with a second disk: that is left out where the instance had none, and brought by itself where it had', async () => {
  const [first = ''] = await instances();
  const image = await scene.done('ec2_create_image', { instance_id: first, name: 'web-2', no_reboot: true });
  const { result } = await scene.agent.call('ticket_get', { ticket_id: image });
  const ImageId = result.resources[0].resource.split('/')[1];
  const { SubnetId } = await scene.instance(first);
  const { Instances = [] } = await scene.ec2.send(
    new RunInstancesCommand({ ...{ ImageId, InstanceType: 't3.small', SubnetId, MinCount: 1, MaxCount: 1 } }),
  );
  const id = Instances[0]?.InstanceId ?? '';
  await saved(id);
  const was = await machine(id);
  expect(was.disks.length).toBeGreaterThan(1);
  const ticket = await scene.done('ec2_terminate_instances', { instance_ids: [id] });
  const { plan } = await scene.agent.call('ticket_get', { ticket_id: ticket });
  const known = new Set(await instances());
  for (const part of plan.undo.by.keys()) await scene.done('ticket_restore', { ticket_id: ticket, part: part + 1 });
  const [back = ''] = (await instances()).filter((one) => !known.has(one));
  expect(await machine(back)).toEqual(was);
});

const isMember = ({ Tags }: Instance) => Tags?.some(({ Key }) => Key === 'aws:autoscaling:groupName');

async function running(): Promise<Instance[]> {
  const { Reservations = [] } = await scene.ec2.send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances).filter(({ State }) => State?.Name === 'running');
}

async function instances(): Promise<string[]> {
  return (await running()).flatMap((one) => (isMember(one) ? [] : (one.InstanceId ?? [])));
}

test('what an Elastic IP, a scaling group or an image that is gone takes away is told', async () => {
  const [first = '', , third = ''] = await instances();
  const { AllocationId, PublicIp } = await scene.ec2.send(new AllocateAddressCommand({}));
  await scene.ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: first }));
  const member = (await running()).find(isMember)?.InstanceId ?? '';
  for (const id of [first, third, member]) await saved(id);
  const { undo } = await scene.told('ec2_terminate_instances', { instance_ids: [first] });
  expect(whys(undo, first)).toContain(`that it has the Elastic IP ${PublicIp}`);
  const own = (await scene.instance(third)).ImageId ?? '';
  await scene.done('ec2_deregister_image', { image_id: own });
  const { undo: without } = await scene.told('ec2_terminate_instances', { instance_ids: [third] });
  expect(without).toEqual({ exists: 'no' });
  const { undo: both } = await scene.told('ec2_terminate_instances', { instance_ids: [first, third] });
  expect(whys(both, third)).toBe(`the instance: its image ${own} can not be launched any more`);
  for (const { Ebs } of (await scene.instance(third)).BlockDeviceMappings ?? [])
    expect(whys(both, Ebs?.VolumeId ?? '')).toContain(
      Ebs?.DeleteOnTermination ? 'which goes with it: what was written to it since' : 'it stays',
    );
  const { undo: scaled } = await scene.told('ec2_terminate_instances', { instance_ids: [first, member] });
  expect(whys(scaled, member)).toContain('it is of the Auto Scaling group workers');
});

test('a snapshot that is taken while it waits ends it: people decided on what is lost since the other', async () => {
  const [first = ''] = await instances();
  const { id } = await scene.told('ec2_terminate_instances', { instance_ids: [first] });
  await saved(first);
  await approve(scene.place, (await scene.agent.call('ticket_get', { ticket_id: id })).ticket, 'ann');
  expect(await scene.settled(id)).toBe('stale');
  expect((await scene.instance(first)).State?.Name).toBe('running');
  await verified(scene);
});
