import * as ec2 from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { cloudUnderTest, failureOf } from './clients.ts';

type Cloud = Awaited<ReturnType<typeof cloudUnderTest>>;

async function run(cloud: Cloud, more: Partial<ec2.RunInstancesCommandInput> = {}) {
  const request = {
    ImageId: 'ami-0abcdef1234567890',
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
    ...more,
  } as const;
  const { Instances } = await cloud.ec2.send(new ec2.RunInstancesCommand(request));
  return Instances!.map(({ InstanceId }) => InstanceId!);
}

async function states(cloud: Cloud, InstanceIds?: string[]) {
  const { Reservations } = await cloud.ec2.send(new ec2.DescribeInstancesCommand({ InstanceIds }));
  return Reservations!.flatMap(({ Instances }) => Instances!.map(({ State }) => State!.Name));
}

test('an instance goes through its states by the clock', async () => {
  const cloud = await cloudUnderTest();
  const InstanceIds = await run(cloud);
  expect(await states(cloud)).toEqual(['pending']);
  cloud.pass(100);
  expect(await states(cloud)).toEqual(['running']);
  const stopping = await cloud.ec2.send(new ec2.StopInstancesCommand({ InstanceIds }));
  expect(stopping.StoppingInstances).toMatchObject([
    { PreviousState: { Name: 'running' }, CurrentState: { Name: 'stopping' } },
  ]);
  const early = await failureOf(cloud.ec2.send(new ec2.StartInstancesCommand({ InstanceIds })));
  expect(early).toMatchObject({ name: 'IncorrectInstanceState' });
  cloud.pass(100);
  expect(await states(cloud)).toEqual(['stopped']);
  const launchTime = async () =>
    (
      await cloud.ec2.send(new ec2.DescribeInstancesCommand({}))
    ).Reservations?.[0]?.Instances?.[0]?.LaunchTime?.getTime() ?? 0;
  const launched = await launchTime();
  await cloud.ec2.send(new ec2.StartInstancesCommand({ InstanceIds }));
  expect(await launchTime()).toBeGreaterThan(launched);
  expect(await states(cloud)).toEqual(['pending']);
  cloud.pass(100);
  await cloud.ec2.send(new ec2.RebootInstancesCommand({ InstanceIds }));
  expect(await states(cloud)).toEqual(['running']);
  await cloud.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
  expect(await states(cloud)).toEqual(['shutting-down']);
  cloud.pass(100);
  expect(await states(cloud)).toEqual(['terminated']);
  cloud.pass(3600_000);
  expect(await failureOf(states(cloud, InstanceIds))).toMatchObject({ name: 'InvalidInstanceID.NotFound' });
});

test('its volumes go with it, unless they are to be kept', async () => {
  const cloud = await cloudUnderTest();
  const InstanceIds = await run(cloud, {
    BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 50, DeleteOnTermination: false } }],
  });
  const volumes = async () => {
    const { Volumes } = await cloud.ec2.send(new ec2.DescribeVolumesCommand({}));
    return Volumes!.map(({ Size, State }) => [Size, State]);
  };
  expect(await volumes()).toEqual([
    [8, 'in-use'],
    [50, 'in-use'],
  ]);
  await cloud.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
  cloud.settle();
  expect(await volumes()).toEqual([[50, 'available']]);
});

test('a protected instance saves those of its zone, not those of others', async () => {
  const cloud = await cloudUnderTest();
  const inZone = (AvailabilityZone: string, more = {}) => run(cloud, { Placement: { AvailabilityZone }, ...more });
  const [guarded] = await inZone('eu-west-1a', { DisableApiTermination: true });
  const [neighbour] = await inZone('eu-west-1a');
  const [elsewhere] = await inZone('eu-west-1b');
  cloud.settle();
  const terminate = (InstanceIds: string[]) => cloud.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
  expect(await failureOf(terminate([guarded!, neighbour!, elsewhere!]))).toMatchObject({
    name: 'OperationNotPermitted',
    message: expect.stringContaining(`'${guarded}' may not be terminated. Modify its 'disableApiTermination'`),
  });
  cloud.settle();
  expect(await states(cloud, [guarded!])).toEqual(['running']);
  expect(await states(cloud, [neighbour!])).toEqual(['running']);
  expect(await states(cloud, [elsewhere!])).toEqual(['terminated']);
  await cloud.ec2.send(
    new ec2.ModifyInstanceAttributeCommand({ InstanceId: guarded, DisableApiTermination: { Value: false } }),
  );
  await terminate([guarded!]);
  expect(await states(cloud, [guarded!])).toEqual(['shutting-down']);
});

test('stop protection keeps an instance running', async () => {
  const cloud = await cloudUnderTest();
  const InstanceIds = await run(cloud, { DisableApiStop: true });
  cloud.settle();
  for (const command of [
    new ec2.StopInstancesCommand({ InstanceIds }),
    new ec2.TerminateInstancesCommand({ InstanceIds }),
  ]) {
    expect(await failureOf(cloud.ec2.send(command as ec2.StopInstancesCommand))).toMatchObject({
      name: 'OperationNotPermitted',
    });
  }
  expect(await states(cloud)).toEqual(['running']);
});

test('one wrong id fails the whole request, and nothing happens', async () => {
  const cloud = await cloudUnderTest();
  const [id] = await run(cloud);
  cloud.settle();
  const terminate = (InstanceIds: string[]) => cloud.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
  expect(await failureOf(terminate([id!, 'i-0123456789abcdef0']))).toMatchObject({
    name: 'InvalidInstanceID.NotFound',
  });
  expect(await failureOf(terminate([id!, 'nonsense']))).toMatchObject({ name: 'InvalidInstanceID.Malformed' });
  const dry = cloud.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id!], DryRun: true }));
  expect(await failureOf(dry)).toMatchObject({ name: 'DryRunOperation', $metadata: { httpStatusCode: 412 } });
  expect(await states(cloud)).toEqual(['running']);
});

test('a client token launches once', async () => {
  const cloud = await cloudUnderTest();
  const first = await run(cloud, { ClientToken: 'ticket-1' });
  expect(await run(cloud, { ClientToken: 'ticket-1' })).toEqual(first);
  expect(await states(cloud)).toHaveLength(1);
  const other = run(cloud, { ClientToken: 'ticket-1', InstanceType: 'm5.large' });
  expect(await failureOf(other)).toMatchObject({ name: 'IdempotentParameterMismatch' });
  const found = await cloud.ec2.send(
    new ec2.DescribeInstancesCommand({ Filters: [{ Name: 'client-token', Values: ['ticket-1'] }] }),
  );
  expect(found.Reservations![0]!.Instances![0]!.InstanceId).toBe(first[0]);
});

test('instances are found by tags and states, with wildcards', async () => {
  const cloud = await cloudUnderTest();
  const [web] = await run(cloud);
  await run(cloud);
  await cloud.ec2.send(new ec2.CreateTagsCommand({ Resources: [web!], Tags: [{ Key: 'Name', Value: 'web-1' }] }));
  const find = async (...Filters: ec2.Filter[]) => {
    const { Reservations } = await cloud.ec2.send(new ec2.DescribeInstancesCommand({ Filters }));
    return Reservations!.flatMap(({ Instances }) => Instances!.map(({ InstanceId }) => InstanceId));
  };
  expect(await find({ Name: 'tag:Name', Values: ['web-*'] })).toEqual([web]);
  expect(
    await find({ Name: 'tag:Name', Values: ['web-?'] }, { Name: 'instance-state-name', Values: ['running'] }),
  ).toEqual([]);
  expect(await find({ Name: 'tag-key', Values: ['Name'] })).toEqual([web]);
  const { Vpcs } = await cloud.ec2.send(new ec2.DescribeVpcsCommand({}));
  expect(await find({ Name: 'vpc-id', Values: [Vpcs![0]!.VpcId!] })).toHaveLength(2);
  expect(await find({ Name: 'vpc-id', Values: ['vpc-0123456789abcdef0'] })).toEqual([]);
  expect(await failureOf(find({ Name: 'shoe-size', Values: ['42'] }))).toMatchObject({ name: 'InvalidParameterValue' });
});

test('instances come in pages', async () => {
  const cloud = await cloudUnderTest();
  await run(cloud, { MinCount: 7, MaxCount: 7 });
  const first = await cloud.ec2.send(new ec2.DescribeInstancesCommand({ MaxResults: 5 }));
  expect(first.Reservations![0]!.Instances).toHaveLength(5);
  const rest = await cloud.ec2.send(new ec2.DescribeInstancesCommand({ MaxResults: 5, NextToken: first.NextToken }));
  expect(rest.Reservations![0]!.Instances).toHaveLength(2);
  expect(rest.NextToken).toBeUndefined();
});

test('a volume is made, tagged and found', async () => {
  const cloud = await cloudUnderTest();
  const { VolumeId } = await cloud.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 10 }));
  await cloud.ec2.send(new ec2.CreateTagsCommand({ Resources: [VolumeId!], Tags: [{ Key: 'a', Value: 'b' }] }));
  cloud.settle();
  const { Volumes } = await cloud.ec2.send(new ec2.DescribeVolumesCommand({ VolumeIds: [VolumeId!] }));
  expect(Volumes).toMatchObject([{ State: 'available', Size: 10, Tags: [{ Key: 'a', Value: 'b' }] }]);
});
