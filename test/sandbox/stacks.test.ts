import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { cloudUnderTest, DATABASE, failureOf } from './clients.ts';
import { buckets, created, history, stackOf } from './stack-story.ts';

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
