import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  EC2Client,
  RegisterImageCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Agent, makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { approve, enroll } from '../scenes/here.ts';
import { type Moto, NO_MOTO, startMoto } from '../scenes/moto.ts';

/* The way back on an AWS that others wrote, as far as that goes: it tags no rules, and keeps no rates of volumes. */

let moto: Moto | undefined;
let place: Place;
let agent: Agent;
let ec2: EC2Client;

beforeAll(async () => {
  moto = await startMoto();
  if (!moto) return;
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  ec2 = new EC2Client({ endpoint: moto.endpoint, region: 'eu-west-1', credentials });
  place = makePlace({ endpoint: moto.endpoint, production: 'key' });
  await enroll(place, 'noa');
  agent = await place.agent(['--operator', 'mara']);
});
beforeEach((context) => {
  if (!moto) context.skip(NO_MOTO);
});
afterAll(async () => {
  if (!moto) return;
  ec2.destroy();
  await place[Symbol.asyncDispose]();
});

async function done(tool: string, args: Record<string, unknown>): Promise<string> {
  const asked = await agent.call(tool, { ...args, reason: REASON });
  expect(asked.outcome, JSON.stringify(asked)).toBe('pending_approval');
  await approve(place, asked.ticket, 'noa');
  const { ticket, refusal } = await agent.call('ticket_wait', { ticket_id: asked.ticket.id });
  expect(ticket.state, JSON.stringify(refusal)).toBe('succeeded');
  return asked.ticket.id;
}

async function restored(ticket_id: string): Promise<void> {
  const { plan } = await agent.call('ticket_get', { ticket_id });
  expect(plan.undo.exists).toBe('in_part');
  for (const part of plan.undo.by.keys()) await done('ticket_restore', { ticket_id, part: part + 1 });
}

const TAGS = [{ Key: 'team', Value: 'shop' }];
const ours = ({ Key = '' }: { Key?: string | undefined }) => !Key.startsWith('holdshort:');

async function subnet() {
  return (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[0] ?? {};
}

test('a group with its rules', async () => {
  const { VpcId } = await subnet();
  const TagSpecifications = [{ ResourceType: 'security-group' as const, Tags: TAGS }];
  const named = { GroupName: 'web', Description: 'the web', VpcId, TagSpecifications };
  const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand(named));
  const tcp = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
  const IpPermissions = [
    { ...tcp(443), IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'everybody' }] },
    { ...tcp(9000), UserIdGroupPairs: [{ GroupId }] },
  ];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const group = async () => {
    const Filters = [{ Name: 'group-name', Values: ['web'] }];
    const { SecurityGroups: [found] = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    const of = [{ Name: 'group-id', Values: [found?.GroupId ?? ''] }];
    const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: of }));
    return {
      ...{ description: found?.Description, vpc: found?.VpcId, tags: found?.Tags?.filter(ours) },
      rules: SecurityGroupRules.map((rule) =>
        JSON.stringify([
          ...[rule.IsEgress, rule.IpProtocol, rule.FromPort, rule.ToPort, rule.CidrIpv4, rule.Description],
          rule.ReferencedGroupInfo?.GroupId === found?.GroupId,
        ]),
      ).sort(),
    };
  };
  const before = await group();
  await restored(await done('ec2_delete_security_group', { group_id: GroupId }));
  expect(await group()).toEqual(before);
});

test('an instance with two volumes', async () => {
  const { SubnetId, VpcId } = await subnet();
  const named = { GroupName: 'machines', Description: 'machines', VpcId };
  const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand(named));
  const { ImageId } = await ec2.send(
    new RegisterImageCommand({
      Name: 'web',
      RootDeviceName: '/dev/sda1',
      Architecture: 'x86_64',
      VirtualizationType: 'hvm',
    }),
  );
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ...{ ImageId, SubnetId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, KeyName: 'ops' },
      SecurityGroupIds: [GroupId],
      BlockDeviceMappings: [
        { DeviceName: '/dev/sda1', Ebs: { VolumeSize: 12, VolumeType: 'gp3', DeleteOnTermination: true } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 5, VolumeType: 'gp3', DeleteOnTermination: true } },
      ],
      TagSpecifications: [{ ResourceType: 'instance', Tags: TAGS }],
    }),
  );
  const id = Instances[0]?.InstanceId ?? '';
  const machine = async (one: string) => {
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [one] }));
    const found = Reservations?.[0]?.Instances?.[0];
    const ids = (found?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []);
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: ids }));
    const disks = Volumes.map(({ Size, VolumeType, Attachments }) => [Attachments?.[0]?.Device, Size, VolumeType]);
    return {
      ...{ image: found?.ImageId, type: found?.InstanceType, subnet: found?.SubnetId, key: found?.KeyName },
      // Of a launch that names its interface, moto shows the groups there alone.
      groups: found?.NetworkInterfaces?.[0]?.Groups?.map(({ GroupId: group }) => group),
      tags: found?.Tags?.filter(ours),
      disks: disks.sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
    };
  };
  const before = await machine(id);
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const mappings = Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings;
  const snapshotOf = async (name: string) => {
    const VolumeId = mappings?.find(({ DeviceName }) => DeviceName === name)?.Ebs?.VolumeId;
    return (await ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId;
  };
  await snapshotOf('/dev/sda1');
  const SnapshotId = await snapshotOf('/dev/sdf');
  await restored(await done('ec2_terminate_instances', { instance_ids: [id] }));
  const all = (await ec2.send(new DescribeInstancesCommand({}))).Reservations ?? [];
  const back = all.flatMap(({ Instances: found = [] }) => found).find(({ State }) => State?.Name === 'running');
  expect(await machine(back?.InstanceId ?? '')).toEqual(before);
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
  expect(Volumes.filter((one) => one.SnapshotId === SnapshotId)).toHaveLength(1);
});
