import { CreateStackCommand, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { expect, onTestFinished, test } from 'vitest';
import { cloudUnderTest, DATABASE, failureOf } from './clients.ts';

const orders = new CreateStackCommand({ StackName: 'orders', TemplateBody: DATABASE });
const deletion = new DeleteStackCommand({ StackName: 'orders', ClientRequestToken: 'ticket-1' });
const description = new DescribeStacksCommand({ StackName: 'orders' });
const volume = new CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 8, ClientToken: 'ticket-1' });

type Cloud = Awaited<ReturnType<typeof cloudUnderTest>>;

/** A cloud with one stack, and what is to go wrong there. */
async function withOrders(...rules: readonly object[]): Promise<Cloud> {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(orders);
  cloud.settle();
  for (const rule of rules) expect(await cloud.control('faults', rule)).toMatchObject({ status: 200 });
  return cloud;
}
const statusOf = async ({ cf }: Cloud) => (await cf.send(description)).Stacks![0]!.StackStatus;
const volumesOf = async ({ ec2 }: Cloud) => (await ec2.send(new DescribeVolumesCommand({}))).Volumes!;
const arrivals = async (cloud: Cloud, action: string, count: number) =>
  (await cloud.control(`requests?action=${action}&count=${count}&wait=10000`)).body;

test.each([
  ['drop_before', 'CREATE_COMPLETE'],
  ['drop_after', 'DELETE_IN_PROGRESS'],
])('%s: the caller hears nothing, and the stack is %s', async (mode, status) => {
  const cloud = await withOrders({ action: 'DeleteStack', mode });
  expect(await failureOf(cloud.cf.send(deletion))).toMatchObject({ code: 'ECONNRESET' });
  expect(await statusOf(cloud)).toBe(status);
  expect(await arrivals(cloud, 'DeleteStack', 1)).toHaveLength(1);
});

test.each([
  ['error_before', 'CREATE_COMPLETE'],
  ['error_after', 'DELETE_IN_PROGRESS'],
])('%s: the caller is told of an error, and the stack is %s', async (mode, status) => {
  const cloud = await withOrders({ action: 'DeleteStack', mode });
  const said = { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } };
  expect(await failureOf(cloud.cf.send(deletion))).toMatchObject(said);
  expect(await statusOf(cloud)).toBe(status);
});

test('hold_before holds the effect back, hold_after the answer, until they are let go', async () => {
  const cloud = await withOrders({ action: 'DeleteStack', mode: 'hold_before' });
  const late = cloud.cf.send(deletion);
  await arrivals(cloud, 'DeleteStack', 1);
  expect(await statusOf(cloud)).toBe('CREATE_COMPLETE');
  await cloud.control('faults', { action: 'CreateVolume', mode: 'hold_after' });
  const unheard = cloud.ec2.send(volume);
  await arrivals(cloud, 'CreateVolume', 1);
  expect(await volumesOf(cloud)).toHaveLength(1);
  expect(await cloud.control('release?action=DeleteStack', {})).toMatchObject({ body: { released: 1 } });
  await late;
  expect(await statusOf(cloud)).toBe('DELETE_IN_PROGRESS');
  expect(await cloud.control('release', {})).toMatchObject({ body: { released: 1 } });
  expect((await unheard).VolumeId).toBe((await volumesOf(cloud))[0]!.VolumeId);
});

test('what is held is let go after a time where the rule says so, and broken by the end of the cloud', async () => {
  const cloud = await withOrders({ action: 'DescribeStacks', mode: 'hold_before', ms: 1 });
  expect(await statusOf(cloud)).toBe('CREATE_COMPLETE');
  await cloud.control('faults', { action: 'DeleteStack', mode: 'hold_after' });
  const lost = failureOf(cloud.cf.send(deletion));
  await arrivals(cloud, 'DeleteStack', 1);
  await cloud.sandbox.close();
  expect(await lost).toMatchObject({ code: 'ECONNRESET' });
});

test('a reset forgets the rules, and what is held does not happen to the new cloud', async () => {
  const cloud = await withOrders({ action: 'CreateVolume', mode: 'hold_before' }, { action: '*', mode: 'drop_before' });
  const lost = failureOf(cloud.ec2.send(volume));
  await arrivals(cloud, 'CreateVolume', 1);
  await cloud.control('reset', {});
  expect(await lost).toMatchObject({ code: 'ECONNRESET' });
  expect(await volumesOf(cloud)).toEqual([]);
});

test('throttled: each service in its own words, and nothing happened', async () => {
  const cloud = await withOrders({ action: '*', mode: 'throttled', times: 2 });
  const said = await Promise.all([failureOf(cloud.cf.send(deletion)), failureOf(cloud.ec2.send(volume))]);
  expect(said).toMatchObject([
    { name: 'Throttling', $metadata: { httpStatusCode: 400 } },
    { name: 'RequestLimitExceeded', $metadata: { httpStatusCode: 503 } },
  ]);
  expect([await statusOf(cloud), await volumesOf(cloud)]).toEqual(['CREATE_COMPLETE', []]);
});

test('token_known: each service in its own words, and it happened; only of a request that has a token', async () => {
  const cloud = await withOrders({ action: '*', mode: 'token_known', times: 3 });
  const said = await Promise.all([
    failureOf(cloud.cf.send(deletion)),
    failureOf(cloud.ec2.send(volume)),
    failureOf(cloud.ec2.send(new DeleteVolumeCommand({ VolumeId: 'vol-1' }))),
  ]);
  expect(said).toMatchObject([
    { name: 'TokenAlreadyExistsException', $metadata: { httpStatusCode: 400 } },
    { name: 'IdempotentParameterMismatch', $metadata: { httpStatusCode: 400 } },
    { message: 'sandbox: this request has no token', $metadata: { httpStatusCode: 500 } },
  ]);
  expect([await statusOf(cloud), await volumesOf(cloud)]).toMatchObject(['DELETE_IN_PROGRESS', [{}]]);
});

test.each(['half_answer', 'malformed_answer'])('%s: it happened, and the answer can not be read', async (mode) => {
  const cloud = await withOrders({ action: 'CreateVolume', mode }, { action: 'GetResources', mode });
  const { $metadata: of, name } = await failureOf(cloud.ec2.send(volume));
  expect([of?.httpStatusCode ?? 200, name]).toEqual([200, expect.stringMatching(/Error$/)]);
  expect(await volumesOf(cloud)).toHaveLength(1);
  const tagging = new ResourceGroupsTaggingAPIClient({
    ...{ endpoint: cloud.sandbox.endpoint, region: 'eu-west-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'anything' },
  });
  onTestFinished(() => tagging.destroy());
  await expect(tagging.send(new GetResourcesCommand({}))).rejects.toThrow();
});

test('stale_reads: what comes after the change sees how it was, so often', async () => {
  const cloud = await withOrders(
    { action: 'DeleteStack', mode: 'stale_reads', reads: 2 },
    { action: 'CreateVolume', mode: 'stale_reads' },
  );
  await cloud.ec2.send(volume);
  await cloud.cf.send(deletion);
  cloud.settle();
  const seen = [await statusOf(cloud), await statusOf(cloud)];
  expect(seen).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
  expect(await failureOf(cloud.cf.send(description))).toMatchObject({ name: 'ValidationError' });
  expect([await volumesOf(cloud), await volumesOf(cloud)]).toMatchObject([[], [{ Size: 8 }]]);
});

test('what another region has is no reason to lag', async () => {
  const cloud = await withOrders({ action: 'CreateVolume', mode: 'stale_reads' });
  await cloud.ec2.send(volume);
  const other = { ...cloud, ...cloud.connect('eu-west-2') };
  await other.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'eu-west-2a', Size: 8 }));
  expect([await volumesOf(other), await volumesOf(cloud)]).toMatchObject([[{ Size: 8 }], []]);
});

test.each([
  ['part_and_error', /InternalFailure/],
  ['part_and_yes', /^yes to 2$/],
])('%s: the first half of a batch goes, and only that', async (mode, said) => {
  const seed = { region: 'eu-west-1', instances: [{ count: 2 }] };
  const cloud = await cloudUnderTest({ seed });
  await cloud.control('faults', { action: 'TerminateInstances', mode });
  const states = async () =>
    (await cloud.ec2.send(new DescribeInstancesCommand({}))).Reservations!.flatMap(({ Instances = [] }) => Instances);
  const InstanceIds = (await states()).map(({ InstanceId = '' }) => InstanceId);
  const heard = await cloud.ec2
    .send(new TerminateInstancesCommand({ InstanceIds }))
    .then(({ TerminatingInstances = [] }) => `yes to ${TerminatingInstances.length}`, String);
  expect(heard).toMatch(said);
  cloud.settle();
  expect((await states()).map(({ State }) => State?.Name)).toEqual(['terminated', 'running']);
});

test('what is no batch is not done in part, and says so', async () => {
  const cloud = await withOrders({ action: 'CreateTags', mode: 'part_and_yes' });
  const tags = new CreateTagsCommand({ Resources: ['vol-1'], Tags: [{ Key: 'a', Value: 'b' }] });
  expect((await failureOf(cloud.ec2.send(tags))).message).toContain('nothing of which a part could be done');
});

test('a rule says from which call on, which after it, and how often; the first that is due is the one', async () => {
  const cloud = await withOrders(
    { action: 'DescribeStacks', service: 'ec2', mode: 'drop_before', times: 9 },
    { action: 'DescribeStacks', mode: 'error_before', code: 'First', status: 400, from: 2, every: 3, times: 2 },
    { action: '*', mode: 'error_before', code: 'Second', status: 400, from: 2 },
  );
  const heard: string[] = [];
  for (let call = 0; call < 9; call++) heard.push(await statusOf(cloud).then(String, ({ name }) => name));
  const yes = 'CREATE_COMPLETE';
  // The second rule has counted the second call too, and is due at the next one that is free.
  expect(heard).toEqual([yes, 'First', 'Second', yes, 'First', yes, yes, yes, yes]);
});

test.each([
  { action: 'DeleteStack', mode: 'explode' },
  { action: 'DeleteStack' },
  { mode: 'drop_after' },
  { action: 'DeleteStack', mode: 'drop_after', ms: 5 },
  { action: 'DeleteStack', mode: 'drop_after', from: 0 },
])('%j is no rule', async (rule) => {
  const cloud = await cloudUnderTest();
  expect(await cloud.control('faults', rule)).toMatchObject({ status: 400 });
});
