import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { cloudUnderTest, DATABASE, failureOf } from './clients.ts';

type Cloud = Awaited<ReturnType<typeof cloudUnderTest>>;

async function stackOf({ cf }: Cloud, StackName: string) {
  const { Stacks } = await cf.send(new DescribeStacksCommand({ StackName }));
  return Stacks![0]!;
}

async function history({ cf }: Cloud, StackName: string) {
  const { StackEvents } = await cf.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents!.reverse().map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`);
}

async function created(cloud: Cloud, StackName: string, TemplateBody: string, more = {}) {
  const { StackId } = await cloud.cf.send(new CreateStackCommand({ StackName, TemplateBody, ...more }));
  cloud.settle();
  return StackId!;
}

const buckets = (resources: Record<string, object>) =>
  JSON.stringify({
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, more]) => [id, { Type: 'AWS::S3::Bucket', ...more }]),
    ),
  });

test('a stack is created resource by resource, each event with the request token', async () => {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(
    new CreateStackCommand({ StackName: 'orders', TemplateBody: DATABASE, ClientRequestToken: 'one' }),
  );
  expect(await stackOf(cloud, 'orders')).toMatchObject({ StackStatus: 'CREATE_IN_PROGRESS' });
  cloud.pass(100);
  expect(await history(cloud, 'orders')).toEqual([
    'orders CREATE_IN_PROGRESS',
    'Database CREATE_IN_PROGRESS',
    'Database CREATE_IN_PROGRESS',
    'Database CREATE_COMPLETE',
    'Address CREATE_IN_PROGRESS',
    'Address CREATE_IN_PROGRESS',
  ]);
  cloud.pass(100);
  const stack = await stackOf(cloud, 'orders');
  expect(stack).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    Description: 'a database and what uses it',
    Outputs: [
      { OutputKey: 'Endpoint', OutputValue: 'orders.eu-west-1.rds.amazonaws.com', ExportName: 'orders-endpoint' },
    ],
  });
  expect(stack.Parameters).toContainEqual({ ParameterKey: 'Password', ParameterValue: '****' });
  const { StackEvents } = await cloud.cf.send(new DescribeStackEventsCommand({ StackName: 'orders' }));
  expect(StackEvents!.every(({ ClientRequestToken }) => ClientRequestToken === 'one')).toBe(true);
  expect(JSON.stringify(StackEvents)).not.toContain('hunter2');
  const { StackResources } = await cloud.cf.send(new DescribeStackResourcesCommand({ PhysicalResourceId: 'orders' }));
  expect(StackResources).toContainEqual(expect.objectContaining({ LogicalResourceId: 'Database' }));
});

test('a stack whose resource fails is rolled back', async () => {
  const cloud = await cloudUnderTest();
  await created(cloud, 'first', buckets({ A: { Properties: { BucketName: 'taken' } } }));
  const template = buckets({ Good: {}, Bad: { Properties: { BucketName: 'taken' }, DependsOn: 'Good' } });
  await created(cloud, 'second', template);
  const stack = await stackOf(cloud, 'second');
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await history(cloud, 'second')).toEqual(
    expect.arrayContaining(['Bad CREATE_FAILED', 'second ROLLBACK_IN_PROGRESS', 'Good DELETE_COMPLETE']),
  );
  const update = cloud.cf.send(new UpdateStackCommand({ StackName: 'second', TemplateBody: buckets({ Good: {} }) }));
  expect((await failureOf(update)).message).toMatch(/is in ROLLBACK_COMPLETE state and can not be updated/);
});

test('an update that fails goes back to what was', async () => {
  const cloud = await cloudUnderTest();
  await created(cloud, 'other', buckets({ A: { Properties: { BucketName: 'taken' } } }));
  await created(cloud, 'mine', buckets({ A: { Properties: { BucketName: 'mine' } } }));
  const next = buckets({
    A: { Properties: { BucketName: 'mine-2' } },
    B: { Properties: { BucketName: 'taken' }, DependsOn: 'A' },
  });
  await cloud.cf.send(new UpdateStackCommand({ StackName: 'mine', TemplateBody: next }));
  cloud.settle();
  expect(await stackOf(cloud, 'mine')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  const { StackResourceSummaries } = await cloud.cf.send(new ListStackResourcesCommand({ StackName: 'mine' }));
  expect(StackResourceSummaries!.map(({ PhysicalResourceId }) => PhysicalResourceId)).toEqual(['mine']);
  await created(cloud, 'third', buckets({ A: { Properties: { BucketName: 'mine-2' } } }));
  expect(await stackOf(cloud, 'third')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
});

test('an update makes the new before it deletes the old, in the clean-up', async () => {
  const cloud = await cloudUnderTest();
  await created(cloud, 'orders', DATABASE);
  const TemplateBody = DATABASE.replace('DBInstanceIdentifier: orders', 'DBInstanceIdentifier: orders2');
  await cloud.cf.send(new UpdateStackCommand({ StackName: 'orders', TemplateBody, ClientRequestToken: 'two' }));
  cloud.pass(200);
  expect(await stackOf(cloud, 'orders')).toMatchObject({ StackStatus: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' });
  cloud.pass(100);
  expect(await stackOf(cloud, 'orders')).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  expect((await history(cloud, 'orders')).slice(-8)).toEqual([
    'Database UPDATE_IN_PROGRESS',
    'Database UPDATE_COMPLETE',
    'Address UPDATE_IN_PROGRESS',
    'Address UPDATE_COMPLETE',
    'orders UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'Database DELETE_IN_PROGRESS',
    'Database DELETE_COMPLETE',
    'orders UPDATE_COMPLETE',
  ]);
  const same = cloud.cf.send(new UpdateStackCommand({ StackName: 'orders', TemplateBody }));
  expect(await failureOf(same)).toMatchObject({ name: 'ValidationError', message: 'No updates are to be performed.' });
});

test('termination protection stops a deletion and changes nothing', async () => {
  const cloud = await cloudUnderTest();
  await created(cloud, 'orders', DATABASE, { EnableTerminationProtection: true });
  const refused = await failureOf(cloud.cf.send(new DeleteStackCommand({ StackName: 'orders' })));
  expect(refused).toMatchObject({
    name: 'ValidationError',
    message: 'Stack [orders] cannot be deleted while TerminationProtection is enabled',
  });
  cloud.settle();
  expect(await stackOf(cloud, 'orders')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  await cloud.cf.send(
    new UpdateTerminationProtectionCommand({ StackName: 'orders', EnableTerminationProtection: false }),
  );
  await cloud.cf.send(new DeleteStackCommand({ StackName: 'orders' }));
  expect(await stackOf(cloud, 'orders')).toMatchObject({ StackStatus: 'DELETE_IN_PROGRESS' });
});

test('a deleted stack is found by its id for 90 days, and by its name no more', async () => {
  const cloud = await cloudUnderTest();
  const id = await created(cloud, 'orders', DATABASE);
  await cloud.cf.send(new DeleteStackCommand({ StackName: 'orders', ClientRequestToken: 'end' }));
  cloud.settle();
  expect(await failureOf(stackOf(cloud, 'orders'))).toMatchObject({ name: 'ValidationError' });
  const gone = await stackOf(cloud, id);
  expect(gone).toMatchObject({ StackStatus: 'DELETE_COMPLETE', DeletionTime: expect.any(Date) });
  const { StackResourceSummaries } = await cloud.cf.send(new ListStackResourcesCommand({ StackName: id }));
  expect(StackResourceSummaries!.map(({ ResourceStatus }) => ResourceStatus)).toEqual([
    'DELETE_COMPLETE',
    'DELETE_COMPLETE',
  ]);
  const deleted = new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] });
  expect((await cloud.cf.send(deleted)).StackSummaries).toHaveLength(1);
  // A second deletion under the name of a stack that is gone succeeds, and does nothing.
  await cloud.cf.send(new DeleteStackCommand({ StackName: 'orders' }));
  cloud.pass(91 * 24 * 3600_000);
  expect((await cloud.cf.send(deleted)).StackSummaries).toEqual([]);
});

test('a token deletes once, even when a stack of that name comes back', async () => {
  const cloud = await cloudUnderTest();
  await created(cloud, 'orders', DATABASE);
  const deletion = new DeleteStackCommand({ StackName: 'orders', ClientRequestToken: 'ticket-1' });
  await cloud.cf.send(deletion);
  cloud.settle();
  await created(cloud, 'orders', DATABASE);
  await cloud.cf.send(deletion);
  cloud.settle();
  expect(await stackOf(cloud, 'orders')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  const other = new DeleteStackCommand({ StackName: 'another', ClientRequestToken: 'ticket-1' });
  expect(await failureOf(cloud.cf.send(other))).toMatchObject({ name: 'TokenAlreadyExistsException' });
});

test('deletion policies decide what is kept', async () => {
  const cloud = await cloudUnderTest();
  const named = (BucketName: string, DeletionPolicy: string) => ({ DeletionPolicy, Properties: { BucketName } });
  const template = buckets({
    Kept: named('kept', 'Retain'),
    Also: named('also', 'RetainExceptOnCreate'),
    Gone: named('gone', 'Delete'),
  });
  const id = await created(cloud, 'data', template);
  await cloud.cf.send(new DeleteStackCommand({ StackName: 'data' }));
  cloud.settle();
  expect(await history(cloud, id)).toEqual(
    expect.arrayContaining([
      'Kept DELETE_SKIPPED',
      'Also DELETE_SKIPPED',
      'Gone DELETE_COMPLETE',
      'data DELETE_COMPLETE',
    ]),
  );
  // What was retained still exists: its name is taken. What was deleted can be made again.
  await created(cloud, 'again', buckets({ Gone: named('gone', 'Delete') }));
  await created(cloud, 'clash', buckets({ Kept: named('kept', 'Delete') }));
  expect(await stackOf(cloud, 'again')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  expect(await stackOf(cloud, 'clash')).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
});

test('a deletion that fails keeps what could not go, and may then retain it', async () => {
  const cloud = await cloudUnderTest();
  const template = JSON.stringify({
    Resources: {
      Web: { Type: 'AWS::EC2::Instance', Properties: { ImageId: 'ami-1', DisableApiTermination: true } },
      Logs: { Type: 'AWS::S3::Bucket' },
    },
  });
  const id = await created(cloud, 'web', template);
  const early = cloud.cf.send(new DeleteStackCommand({ StackName: 'web', RetainResources: ['Web'] }));
  expect((await failureOf(early)).message).toMatch(/only when the stack is in the DELETE_FAILED state/);
  await cloud.cf.send(new DeleteStackCommand({ StackName: 'web' }));
  cloud.settle();
  expect(await stackOf(cloud, 'web')).toMatchObject({
    StackStatus: 'DELETE_FAILED',
    StackStatusReason: expect.stringContaining('[Web]'),
  });
  expect(await history(cloud, 'web')).toContain('Logs DELETE_COMPLETE');
  await cloud.cf.send(new DeleteStackCommand({ StackName: 'web', RetainResources: ['Web'] }));
  cloud.settle();
  expect(await stackOf(cloud, id)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  const { Reservations } = await cloud.ec2.send(new DescribeInstancesCommand({}));
  expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe('running');
});

test('an instance of a stack is a real one: tagged, changed, replaced and terminated with it', async () => {
  const cloud = await cloudUnderTest();
  const template = (ImageId: string, InstanceType: string) =>
    JSON.stringify({ Resources: { Web: { Type: 'AWS::EC2::Instance', Properties: { ImageId, InstanceType } } } });
  const instances = async () => {
    const Filters = [{ Name: 'tag:aws:cloudformation:stack-name', Values: ['web'] }];
    const { Reservations } = await cloud.ec2.send(new DescribeInstancesCommand({ Filters }));
    return Reservations!
      .flatMap(({ Instances }) => Instances!)
      .map((one) => [one.ImageId, one.InstanceType, one.State!.Name]);
  };
  const update = async (body: string) => {
    await cloud.cf.send(new UpdateStackCommand({ StackName: 'web', TemplateBody: body }));
    cloud.settle();
  };
  await created(cloud, 'web', template('ami-1', 't3.micro'));
  await update(template('ami-1', 't3.large'));
  expect(await instances()).toEqual([['ami-1', 't3.large', 'running']]);
  await update(template('ami-2', 't3.large'));
  expect(await instances()).toEqual([
    ['ami-1', 't3.large', 'terminated'],
    ['ami-2', 't3.large', 'running'],
  ]);
  await cloud.cf.send(new DeleteStackCommand({ StackName: 'web' }));
  cloud.settle();
  expect((await instances()).map(([, , state]) => state)).toEqual(['terminated', 'terminated']);
});

test('an export in use keeps its stack', async () => {
  const cloud = await cloudUnderTest();
  await created(cloud, 'orders', DATABASE);
  const importing = JSON.stringify({
    Resources: {
      P: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: { 'Fn::ImportValue': 'orders-endpoint' } },
      },
    },
  });
  await created(cloud, 'reader', importing);
  expect((await cloud.cf.send(new ListExportsCommand({}))).Exports).toMatchObject([{ Name: 'orders-endpoint' }]);
  expect(await cloud.cf.send(new ListImportsCommand({ ExportName: 'orders-endpoint' }))).toMatchObject({
    Imports: ['reader'],
  });
  await cloud.cf.send(new DeleteStackCommand({ StackName: 'orders' }));
  cloud.settle();
  expect(await stackOf(cloud, 'orders')).toMatchObject({ StackStatus: 'DELETE_FAILED' });
});

test('more than a hundred resources come in pages', async () => {
  const cloud = await cloudUnderTest();
  await created(
    cloud,
    'wide',
    buckets(Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`B${index}`, {}]))),
  );
  const first = await cloud.cf.send(new ListStackResourcesCommand({ StackName: 'wide' }));
  expect(first.StackResourceSummaries).toHaveLength(100);
  const rest = await cloud.cf.send(new ListStackResourcesCommand({ StackName: 'wide', NextToken: first.NextToken }));
  expect(rest.StackResourceSummaries).toHaveLength(50);
  expect(rest.NextToken).toBeUndefined();
});

test('changing an attribute of an instance needs it stopped where EC2 says so', async () => {
  const cloud = await cloudUnderTest({ seed: { instances: [{ state: 'stopped' }, {}] }, region: 'eu-west-1' });
  const { Reservations } = await cloud.ec2.send(new DescribeInstancesCommand({}));
  const [stopped, running] = Reservations!.map(({ Instances }) => Instances![0]!.InstanceId);
  const change = (InstanceId: string | undefined) =>
    cloud.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, InstanceType: { Value: 'm5.large' } }));
  await change(stopped);
  expect(await failureOf(change(running))).toMatchObject({ name: 'IncorrectInstanceState' });
});
