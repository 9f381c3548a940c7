import * as ec2 from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { cloudUnderTest, failureOf } from './clients.ts';

type Cloud = Awaited<ReturnType<typeof cloudUnderTest>>;

const ONE = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;

async function run(cloud: Cloud, more: Partial<ec2.RunInstancesCommandInput> = {}): Promise<string> {
  const { Instances } = await cloud.ec2.send(new ec2.RunInstancesCommand({ ...ONE, ...more }));
  cloud.settle();
  return Instances![0]!.InstanceId!;
}

async function instance(cloud: Cloud, id: string) {
  const { Reservations } = await cloud.ec2.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations![0]!.Instances![0]!;
}

const spot = (SpotInstanceType: ec2.SpotInstanceType) => ({
  InstanceMarketOptions: { MarketType: 'spot' as const, SpotOptions: { SpotInstanceType } },
});

test('only a Spot instance of a persistent request stops, which disables the request', async () => {
  const cloud = await cloudUnderTest();
  const once = await run(cloud, spot('one-time'));
  const again = await run(cloud, spot('persistent'));
  const stop = (id: string) => cloud.ec2.send(new ec2.StopInstancesCommand({ InstanceIds: [id] }));
  expect(await failureOf(stop(once))).toMatchObject({
    name: 'UnsupportedOperation',
    message: expect.stringContaining('one-time Spot Instance request'),
  });
  const requestOf = async (id: string) => {
    const { SpotInstanceRequestId, InstanceLifecycle } = await instance(cloud, id);
    expect(InstanceLifecycle).toBe('spot');
    const asked = { SpotInstanceRequestIds: [SpotInstanceRequestId!] };
    const { SpotInstanceRequests } = await cloud.ec2.send(new ec2.DescribeSpotInstanceRequestsCommand(asked));
    return [SpotInstanceRequests![0]!.Type, SpotInstanceRequests![0]!.State];
  };
  expect(await requestOf(once)).toEqual(['one-time', 'active']);
  await stop(again);
  expect(await requestOf(again)).toEqual(['persistent', 'disabled']);
  await cloud.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [once, again] }));
  cloud.settle();
  expect(await requestOf(once)).toEqual(['one-time', 'closed']);
  expect(await requestOf(again)).toEqual(['persistent', 'open']);
  const missing = new ec2.DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ['sir-00000000'] });
  expect(await failureOf(cloud.ec2.send(missing))).toMatchObject({ name: 'InvalidSpotInstanceRequestID.NotFound' });
});

test('what was not launched to hibernate does not, and what is on an instance store does not stop', async () => {
  const cloud = await cloudUnderTest({ seed: { region: 'eu-west-1', instances: [{ rootDevice: 'instance-store' }] } });
  const hibernate = (id: string) =>
    cloud.ec2.send(new ec2.StopInstancesCommand({ InstanceIds: [id], Hibernate: true }));
  expect(await failureOf(hibernate(await run(cloud)))).toMatchObject({ name: 'UnsupportedOperation' });
  await hibernate(await run(cloud, { HibernationOptions: { Configured: true } }));
  const { Reservations } = await cloud.ec2.send(new ec2.DescribeInstancesCommand({}));
  const [rooted] = Reservations![0]!.Instances!;
  expect(rooted).toMatchObject({ RootDeviceType: 'instance-store', BlockDeviceMappings: [] });
  const stop = new ec2.StopInstancesCommand({ InstanceIds: [rooted!.InstanceId!] });
  expect(await failureOf(cloud.ec2.send(stop))).toMatchObject({
    name: 'UnsupportedOperation',
    message: expect.stringContaining("'ebs' root device type"),
  });
});

test('an address from the public ones goes with a stop, and the next start brings another', async () => {
  const cloud = await cloudUnderTest();
  const id = await run(cloud, { NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true }] });
  const address = async () => (await instance(cloud, id)).PublicIpAddress;
  expect(await address()).toMatch(/^192\.0\.2\./);
  await cloud.ec2.send(new ec2.StopInstancesCommand({ InstanceIds: [id] }));
  expect(await address()).toBeUndefined();
  cloud.settle();
  await cloud.ec2.send(new ec2.StartInstancesCommand({ InstanceIds: [id] }));
  expect(await address()).toMatch(/^192\.0\.2\./);
});

test('a type says what it is made for, and whether it has an instance store', async () => {
  const cloud = await cloudUnderTest();
  const types = async (input: ec2.DescribeInstanceTypesCommandInput) =>
    (await cloud.ec2.send(new ec2.DescribeInstanceTypesCommand(input))).InstanceTypes!;
  expect(await types({ InstanceTypes: ['i3.xlarge'] })).toMatchObject([
    { InstanceStorageSupported: true, InstanceStorageInfo: { TotalSizeInGB: 150 }, Hypervisor: 'nitro' },
  ]);
  const Filters = [{ Name: 'instance-type', Values: ['t4g.micro', 'zz9.large'] }];
  expect(await types({ Filters })).toMatchObject([
    { InstanceType: 't4g.micro', ProcessorInfo: { SupportedArchitectures: ['arm64'] } },
  ]);
  expect(await failureOf(types({ InstanceTypes: ['zz9.large' as 't3.micro'] }))).toMatchObject({
    name: 'InvalidInstanceType',
  });
});

test('the type of a stopped instance can be changed, of a Spot or hibernating one never', async () => {
  const cloud = await cloudUnderTest();
  const change = (InstanceId: string) =>
    cloud.ec2.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId, InstanceType: { Value: 'm5.large' } }));
  const plain = await run(cloud);
  expect(await failureOf(change(plain))).toMatchObject({ name: 'IncorrectInstanceState' });
  await cloud.ec2.send(new ec2.StopInstancesCommand({ InstanceIds: [plain] }));
  cloud.settle();
  await change(plain);
  expect(await instance(cloud, plain)).toMatchObject({ InstanceType: 'm5.large' });
  for (const more of [spot('persistent'), { HibernationOptions: { Configured: true } }]) {
    const id = await run(cloud, more);
    await cloud.ec2.send(new ec2.StopInstancesCommand({ InstanceIds: [id] }));
    cloud.settle();
    expect(await failureOf(change(id))).toMatchObject({ name: 'UnsupportedOperation' });
  }
});

test('a launch template says what the request does not', async () => {
  const cloud = await cloudUnderTest();
  const LaunchTemplateData = { ...ONE, InstanceType: 'm5.large', UserData: 'aGk=', MinCount: undefined } as const;
  const asked = { LaunchTemplateName: 'web', LaunchTemplateData };
  const { LaunchTemplate } = await cloud.ec2.send(new ec2.CreateLaunchTemplateCommand(asked));
  const { LaunchTemplateId } = LaunchTemplate!;
  const launch = (Version: string, more: object = {}) =>
    cloud.ec2.send(
      new ec2.RunInstancesCommand({ MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateId, Version }, ...more }),
    );
  expect((await launch('1')).Instances![0]).toMatchObject({ InstanceType: 'm5.large', ImageId: ONE.ImageId });
  expect((await launch('$Latest', { InstanceType: 't3.micro' })).Instances![0]!.InstanceType).toBe('t3.micro');
  expect(await failureOf(launch('2'))).toMatchObject({ name: 'InvalidLaunchTemplateId.VersionNotFound' });
  expect(await failureOf(cloud.ec2.send(new ec2.CreateLaunchTemplateCommand(asked)))).toMatchObject({
    name: 'InvalidLaunchTemplateName.AlreadyExistsException',
  });
  const versions = async (input: ec2.DescribeLaunchTemplateVersionsCommandInput) =>
    (await cloud.ec2.send(new ec2.DescribeLaunchTemplateVersionsCommand(input))).LaunchTemplateVersions;
  expect(await versions({ LaunchTemplateId, Versions: ['1'] })).toMatchObject([
    { VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: { InstanceType: 'm5.large', UserData: 'aGk=' } },
  ]);
  expect(await versions({ Versions: ['$Default'] })).toHaveLength(1);
  expect(await failureOf(versions({ Versions: ['1'] }))).toMatchObject({ name: 'InvalidParameterValue' });
  const nowhere = versions({ LaunchTemplateId: 'lt-00000000000000001' });
  expect(await failureOf(nowhere)).toMatchObject({ name: 'InvalidLaunchTemplateId.NotFound' });
});

test('interfaces and an instance-level subnet exclude each other', async () => {
  const cloud = await cloudUnderTest();
  const NetworkInterfaces = [{ DeviceIndex: 0, AssociatePublicIpAddress: true }];
  expect(await failureOf(run(cloud, { NetworkInterfaces, SubnetId: 'subnet-00000000000000001' }))).toMatchObject({
    name: 'InvalidParameterCombination',
  });
});

test('status is of running instances, unless all are asked for', async () => {
  const cloud = await cloudUnderTest({
    seed: { region: 'eu-west-1', instances: [{ impaired: true, event: 'system-reboot' }] },
  });
  const off = await run(cloud);
  await cloud.ec2.send(new ec2.StopInstancesCommand({ InstanceIds: [off] }));
  cloud.settle();
  const status = async (input: ec2.DescribeInstanceStatusCommandInput) =>
    (await cloud.ec2.send(new ec2.DescribeInstanceStatusCommand(input))).InstanceStatuses!;
  expect(await status({})).toMatchObject([
    { InstanceStatus: { Status: 'impaired' }, SystemStatus: { Status: 'ok' }, Events: [{ Code: 'system-reboot' }] },
  ]);
  expect(await status({ IncludeAllInstances: true })).toHaveLength(2);
  expect(await status({ InstanceIds: [off], IncludeAllInstances: true })).toMatchObject([
    { InstanceState: { Name: 'stopped' }, InstanceStatus: { Status: 'not-applicable' } },
  ]);
  expect(await failureOf(status({ InstanceIds: [off], MaxResults: 5 }))).toMatchObject({
    name: 'InvalidParameterCombination',
  });
  expect(await failureOf(status({ DryRun: true }))).toMatchObject({ name: 'DryRunOperation' });
});

test('the console keeps the last 64 KB', async () => {
  const written = `${'a'.repeat(70_000)}end`;
  const cloud = await cloudUnderTest({ seed: { region: 'eu-west-1', instances: [{ console: written }] } });
  const { Reservations } = await cloud.ec2.send(new ec2.DescribeInstancesCommand({}));
  const { InstanceId } = Reservations![0]!.Instances![0]!;
  const { Output } = await cloud.ec2.send(new ec2.GetConsoleOutputCommand({ InstanceId }));
  const text = Buffer.from(Output!, 'base64').toString();
  expect(text).toHaveLength(64 * 1024);
  expect(text.endsWith('end')).toBe(true);
});
