import {
  DeleteStackCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { cloudUnderTest, DATABASE, failureOf } from './clients.ts';
import { buckets, created, history, stackOf } from './stack-story.ts';

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
