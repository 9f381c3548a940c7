import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { TOOLS } from '../../tools/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { effects, type Proposal, propose, REASON, read, testAws } from '../scenes/tools.ts';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

let cloud: Cloud;
let aws: Aws;
let ec2: sdk.EC2Client;
let image = '';
let subnet = '';
let vpc = '';
let open = '';
let closed = '';

const group = async (GroupName: string, CidrIp: string, VpcId = vpc): Promise<string> => {
  const asked = { GroupName, Description: GroupName, VpcId };
  const { GroupId = '' } = await ec2.send(new sdk.CreateSecurityGroupCommand(asked));
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp }] }];
  await ec2.send(new sdk.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  return GroupId;
};

const imageOf = async (client: sdk.EC2Client): Promise<string> => {
  const { Reservations = [] } = await client.send(new sdk.DescribeInstancesCommand({}));
  const InstanceId = Reservations[0]?.Instances?.[0]?.InstanceId;
  return (await client.send(new sdk.CreateImageCommand({ InstanceId, Name: 'base image' }))).ImageId ?? '';
};

const template = async (
  name: string,
  LaunchTemplateData: sdk.RequestLaunchTemplateData,
): Promise<Record<string, unknown>> => {
  const asked = { LaunchTemplateName: name, LaunchTemplateData };
  const { LaunchTemplate } = await ec2.send(new sdk.CreateLaunchTemplateCommand(asked));
  return { launch_template_id: LaunchTemplate?.LaunchTemplateId, launch_template_version: 1 };
};

const run = (more: Record<string, unknown> = {}) =>
  propose(aws, 'ec2_run_instances', {
    image_id: image,
    instance_type: 't3.micro',
    subnet_id: subnet,
    security_group_ids: [closed],
    ...more,
  });
const runBare = (more: Record<string, unknown>) => propose(aws, 'ec2_run_instances', more);

const lastRequest = async () => (await cloud.requests('RunInstances')).at(-1)?.parameters ?? {};

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ tags: { Name: 'base' } }] }, { latencyMs: 5 });
  aws = testAws(cloud.endpoint);
  ec2 = new sdk.EC2Client({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  const { Subnets = [] } = await ec2.send(new sdk.DescribeSubnetsCommand({}));
  ({ SubnetId: subnet = '', VpcId: vpc = '' } = Subnets[0] ?? {});
  image = await imageOf(ec2);
  open = await group('open', '0.0.0.0/0');
  closed = await group('closed', '10.0.0.0/8');
});
afterAll(async () => {
  ec2.destroy();
  await cloud[Symbol.asyncDispose]();
});

const JOINS = 'expose AWS::EC2::SecurityGroup';

/** The ids of the instances that a ticket's outcome tells of. */
async function launched(proposal: Proposal): Promise<string[]> {
  const outcome = await proposal.outcome();
  expect(outcome).toMatchObject({ state: 'succeeded' });
  return outcome.resources.map(({ resource }) => resource.split('/')[1] ?? '');
}

test('instances are created, one line each, in the subnet and groups that are the targets', async () => {
  const launch = await run({ count: 2, tags: { env: 'dev' }, disable_api_termination: true });
  expect(effects(launch)).toEqual([JOINS, 'create AWS::EC2::Instance', 'create AWS::EC2::Instance']);
  expect(launch.impact[1]).toMatchObject({ resource: 'new instance 1 of 2', recoverable: true });
  expect(launch.impact[1]?.detail).toMatch(
    /^t3\.micro in subnet-\w+ with sg-\w+ and a public address: starts, and costs/,
  );
  // The tags of the call are no tags of the targets: an environment isn't chosen by them.
  expect(launch.targets.map(({ name, tags }) => [name, tags])).toEqual([
    [subnet, {}],
    [closed, {}],
  ]);
  expect(await launch.observe()).toMatchObject({ state: 'unknown', resources: [] });
  await launch.execute();
  const ids = await launched(launch);
  expect(ids).toHaveLength(2);
  const { instances } = await read(aws, 'ec2_describe_instances', { instance_ids: ids });
  expect(instances[0]).toMatchObject({ image_id: image, tags: { env: 'dev' }, subnet_id: subnet });
  await expect(propose(aws, 'ec2_terminate_instances', { instance_ids: ids })).rejects.toMatchObject({
    code: 'protected',
  });
});

test('sent twice, it launches once: the token is the ticket', async () => {
  const launch = await run();
  await launch.execute();
  const ids = await launched(launch);
  await launch.execute();
  expect(await launched(launch)).toEqual(ids);
});

test('a public address in a group that is open to the internet exposes', async () => {
  const launch = await run({ security_group_ids: [open, closed] });
  expect(effects(launch)).toEqual([JOINS, JOINS, 'create AWS::EC2::Instance']);
  const told = (id: string) => launch.impact.find(({ resource }) => resource.endsWith(id))?.detail;
  expect(told(open)).toMatch(
    /they get a public address, and this group lets in from outside: tcp 22-22 0\.0\.0\.0\/0$/,
  );
  expect(told(closed)).not.toContain('outside');
  const inside = await run({ security_group_ids: [open], associate_public_ip_address: false });
  expect(effects(inside)).toEqual([JOINS, 'create AWS::EC2::Instance']);
  expect(inside.impact[0]?.detail).not.toContain('outside');
  await inside.execute();
  await launched(inside);
  expect(await lastRequest()).toMatchObject({
    NetworkInterfaces: [{ AssociatePublicIpAddress: false, SubnetId: subnet, Groups: [open] }],
  });
});

test.each(['203.0.113.7/32', '0.0.0.0/1', '128.0.0.0/1', '11.0.0.0/8'])('%s is outside', async (cidr) => {
  const launch = await run({ security_group_ids: [await group(`from ${cidr}`, cidr)] });
  expect(launch.impact[0]?.detail).toContain(`lets in from outside: tcp 22-22 ${cidr}`);
});

test('an instance profile exposes: whoever is on the instance has its role', async () => {
  const launch = await run({ iam_instance_profile: 'admin' });
  expect(launch.impact[0]).toMatchObject({ resource: 'admin', type: 'AWS::IAM::InstanceProfile', effect: 'expose' });
  await launch.execute();
  const { instances } = await read(aws, 'ec2_describe_instances', { instance_ids: await launched(launch) });
  expect(instances[0].iam_instance_profile).toMatch(/instance-profile\/admin$/);
});

test('without groups it is the default group of the VPC', async () => {
  const launch = await runBare({ image_id: image, instance_type: 't3.micro', subnet_id: subnet });
  expect(effects(launch)).toEqual([JOINS, 'create AWS::EC2::Instance']);
  expect(launch.impact[0]?.detail).toMatch(/join sg-\w+ "default" and get in .*: its own members let each other in$/);
  expect(launch.targets).toHaveLength(2);
  await launch.execute();
  await launched(launch);
  expect(await lastRequest()).not.toHaveProperty('SecurityGroupIds');
});

test('a launch template says what the call does not, its user data included', async () => {
  const from = await template('web', {
    ImageId: image,
    InstanceType: 'm5.large',
    SecurityGroupIds: [open],
    IamInstanceProfile: { Name: 'web-role' },
    UserData: Buffer.from('#!/bin/sh\necho hunter2').toString('base64'),
    InstanceMarketOptions: { MarketType: 'spot' },
  });
  const launch = await runBare({ ...from, subnet_id: subnet });
  expect(launch.summary).toMatch(/^launch 1 m5\.large from lt-\w+ version 1$/);
  expect(effects(launch)).toEqual([
    'expose AWS::EC2::LaunchTemplate',
    'expose AWS::IAM::InstanceProfile',
    JOINS,
    'create AWS::EC2::Instance',
  ]);
  const text = JSON.stringify(launch.plan);
  expect(text).not.toContain('hunter2');
  expect(text).toContain('user data, which was not looked at');
  expect(text).toContain('as a Spot instance');
  await launch.execute();
  const { instances } = await read(aws, 'ec2_describe_instances', { instance_ids: await launched(launch) });
  expect(instances[0]).toMatchObject({ instance_type: 'm5.large', instance_lifecycle: 'spot' });
  expect(instances[0].security_groups).toMatchObject([{ id: open }]);
  const both = runBare({ ...from, subnet_id: subnet, associate_public_ip_address: false });
  await expect(both).rejects.toMatchObject({ code: 'invalid_input' });
});

test('interfaces of a launch template count, and one that is there already is unknown', async () => {
  const own = await template('own', {
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet, Groups: [open], AssociatePublicIpAddress: true }],
  });
  const launch = await runBare({ image_id: image, instance_type: 't3.micro', ...own });
  expect(effects(launch)).toEqual(['expose AWS::EC2::LaunchTemplate', JOINS, 'create AWS::EC2::Instance']);
  await launch.execute();
  await launched(launch);
  expect(await lastRequest()).not.toHaveProperty('NetworkInterfaces');
  await expect(run(own)).rejects.toMatchObject({ code: 'invalid_input', message: /interfaces of its own/ });

  const there = await template('there', {
    NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: 'eni-00000000000000001' }],
  });
  const unknown = await runBare({ image_id: image, instance_type: 't3.micro', ...there });
  expect(effects(unknown)).toContain('unknown AWS::EC2::LaunchTemplate');
  const named = await template('named', { SecurityGroups: ['default'] });
  const byName = await runBare({ image_id: image, instance_type: 't3.micro', subnet_id: subnet, ...named });
  expect(effects(byName)).toContain('unknown AWS::EC2::LaunchTemplate');
});

test.each([
  ['an image that is not there', { image_id: 'ami-00000000000000001' }, 'not_found'],
  ['a type that is not there', { instance_type: 'q1.large' }, 'not_found'],
  ['a subnet that is not there', { subnet_id: 'subnet-00000000000000001' }, 'not_found'],
  ['a group that is not there', { security_group_ids: ['sg-00000000000000001'] }, 'not_found'],
  [
    'a template that is not there',
    { launch_template_id: 'lt-00000000000000001', launch_template_version: 1 },
    'not_found',
  ],
  ['another architecture', { instance_type: 't4g.micro' }, 'invalid_input'],
  ['no image', { image_id: undefined }, 'invalid_input'],
  ['no type', { instance_type: undefined }, 'invalid_input'],
  ['no subnet', { subnet_id: undefined }, 'invalid_input'],
])('%s is refused', async (_what, change, code) => {
  await expect(run(change)).rejects.toMatchObject({ code });
});

test('a group of another VPC is refused', async () => {
  const { Vpc } = await ec2.send(new sdk.CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const foreign = await group('foreign', '10.9.0.0/16', Vpc?.VpcId);
  await expect(run({ security_group_ids: [closed, foreign] })).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining(foreign),
  });
});

test('a version of a template that is not there', async () => {
  const from = await template('versions', { InstanceType: 't3.micro' });
  await expect(run({ ...from, launch_template_version: 2 })).rejects.toMatchObject({ code: 'not_found' });
});

test('an image that is not ready yet', async () => {
  await using slow = await startCloud({ instances: [{}] }, { latencyMs: 60_000 });
  const client = new sdk.EC2Client({ endpoint: slow.endpoint, region: 'eu-west-1', credentials });
  const launch = propose(testAws(slow.endpoint), 'ec2_run_instances', {
    image_id: await imageOf(client),
    instance_type: 't3.micro',
    subnet_id: subnet,
  });
  await expect(launch).rejects.toMatchObject({ code: 'wrong_state', message: expect.stringContaining('pending') });
  client.destroy();
});

test('the guard sees that a group was opened meanwhile', async () => {
  const own = await group('moving', '10.1.0.0/16');
  const launch = await run({ security_group_ids: [own] });
  expect(await launch.again()).toEqual({
    summary: launch.summary,
    targets: launch.targets,
    impact: launch.impact,
    guard: launch.guard,
  });
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await ec2.send(new sdk.AuthorizeSecurityGroupIngressCommand({ GroupId: own, IpPermissions }));
  const again = await launch.again();
  expect(again.guard).not.toEqual(launch.guard);
  expect(effects(again)).toContain('expose AWS::EC2::SecurityGroup');
});

test.each([
  { launch_template_id: 'lt-00000000000000001' },
  { count: 0 },
  { count: 1.5 },
  { count: 51 },
  { tags: { 'holdshort:ticket': 'x' } },
  { image_id: 'ami-*' },
  { user_data: 'IyEvYmluL3No' },
])('%j is no launch', (change) => {
  const tool = TOOLS.find(({ name }) => name === 'ec2_run_instances');
  const given = { image_id: 'ami-00000000000000001', instance_type: 't3.micro', reason: REASON, ...change };
  expect(tool?.input.safeParse(given).success).toBe(false);
});
