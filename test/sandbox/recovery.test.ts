import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  GetStackPolicyCommand,
  ListStackResourcesCommand,
  RollbackStackCommand,
  SetStackPolicyCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { cloudUnderTest, failureOf, signedBy } from './clients.ts';

const QUEUE = { Type: 'AWS::SQS::Queue' };
const delayed = (ReceiveMessageWaitTimeSeconds: number) => ({
  ...QUEUE,
  Properties: { ReceiveMessageWaitTimeSeconds },
});
const body = (resources: object) => JSON.stringify({ Resources: resources });
const BEFORE = body({ A: delayed(1), B: { ...delayed(1), DependsOn: 'A' } });
const AFTER = body({ A: delayed(2), B: { ...delayed(2), DependsOn: 'A' } });

async function stackUnderTest() {
  const cloud = await cloudUnderTest({ region: 'eu-west-1' });
  const { cf } = cloud;
  await cf.send(new CreateStackCommand({ StackName: 's', TemplateBody: BEFORE }));
  cloud.settle();
  return {
    ...cloud,
    refuse: (logicalId: string, action: string, times = 1) =>
      cloud.control('refusals', { stack: 's', logicalId, action, times, reason: 'as ordered' }),
    update: (more: object = {}) => cf.send(new UpdateStackCommand({ StackName: 's', TemplateBody: AFTER, ...more })),
    status: async () => (await cf.send(new DescribeStacksCommand({ StackName: 's' }))).Stacks?.[0]?.StackStatus,
    statuses: async () => {
      const { StackResourceSummaries = [] } = await cf.send(new ListStackResourcesCommand({ StackName: 's' }));
      return Object.fromEntries(StackResourceSummaries.map((one) => [one.LogicalResourceId, one.ResourceStatus]));
    },
    reasons: async () => {
      const { StackEvents = [] } = await cf.send(new DescribeStackEventsCommand({ StackName: 's' }));
      return StackEvents.flatMap(({ ResourceStatusReason: reason }) => reason ?? []);
    },
  };
}

test('a cancelled update is rolled back under the token of whoever cancelled it', async () => {
  const { cf, update, status, pass, settle } = await stackUnderTest();
  expect((await failureOf(cf.send(new CancelUpdateStackCommand({ StackName: 's' })))).message).toMatch(
    /current stack status/,
  );
  await update({ ClientRequestToken: 'u-1' });
  pass(50);
  const cancel = () => cf.send(new CancelUpdateStackCommand({ StackName: 's', ClientRequestToken: 'c-1' }));
  await cancel();
  await cancel();
  expect(await status()).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
  settle();
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  const { StackEvents = [] } = await cf.send(new DescribeStackEventsCommand({ StackName: 's' }));
  const since = StackEvents.findIndex(({ ResourceStatus }) => ResourceStatus === 'UPDATE_IN_PROGRESS');
  expect(StackEvents.slice(0, since).every(({ ClientRequestToken }) => ClientRequestToken === 'c-1')).toBe(true);
  // It can be updated again, to the very same.
  await update();
  settle();
  expect(await status()).toBe('UPDATE_COMPLETE');
});

test('a rollback that fails is UPDATE_ROLLBACK_FAILED, and goes on once mended, or without what it fails on', async () => {
  const { cf, refuse, update, status, statuses, settle } = await stackUnderTest();
  const go = (ResourcesToSkip?: string[]) =>
    cf.send(new ContinueUpdateRollbackCommand({ StackName: 's', ...(ResourcesToSkip ? { ResourcesToSkip } : {}) }));
  expect((await failureOf(go())).name).toBe('ValidationError');
  await refuse('B', 'update', 2);
  await refuse('A', 'rollback', 3);
  await update();
  settle();
  expect(await status()).toBe('UPDATE_ROLLBACK_FAILED');
  expect(await statuses()).toMatchObject({ A: 'UPDATE_FAILED' });
  expect((await failureOf(update())).message).toMatch(/can not be updated/);
  await go();
  settle();
  expect(await status()).toBe('UPDATE_ROLLBACK_FAILED');
  expect((await failureOf(go(['B']))).message).toMatch(/not in the UPDATE_FAILED state/);
  await go(['A']);
  settle();
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await statuses()).toEqual({ A: 'UPDATE_COMPLETE', B: 'UPDATE_COMPLETE' });
});

test('what failed and was left is put back, or deleted if it was never complete', async () => {
  const { cf, refuse, update, status, control, settle } = await stackUnderTest();
  await refuse('B', 'update');
  await update({ DisableRollback: true });
  settle();
  expect(await status()).toBe('UPDATE_FAILED');
  await cf.send(new RollbackStackCommand({ StackName: 's' }));
  settle();
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await failureOf(cf.send(new RollbackStackCommand({ StackName: 's' })))).message).toMatch(
    /can not be rolled back/,
  );
  await control('refusals', { stack: 'n', logicalId: 'B', action: 'create' });
  const { StackId } = await cf.send(
    new CreateStackCommand({ StackName: 'n', TemplateBody: BEFORE, OnFailure: 'DO_NOTHING' }),
  );
  settle();
  await cf.send(new RollbackStackCommand({ StackName: 'n' }));
  settle();
  const { Stacks } = await cf.send(new DescribeStacksCommand({ StackName: StackId }));
  expect(Stacks?.[0]?.StackStatus).toBe('DELETE_COMPLETE');
});

const ALLOW = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' };

test.each([
  [
    'changing',
    { Effect: 'Deny', Action: 'Update:Modify', Principal: '*', Resource: 'LogicalResourceId/A' },
    AFTER,
    /Statement \[#2\] does not allow \[Update:Modify\] for resource \[LogicalResourceId\/A\]/,
  ],
  [
    'replacing',
    { Effect: 'Deny', Action: ['Update:Replace'], Principal: '*', Resource: 'LogicalResourceId/*' },
    body({ A: { ...QUEUE, Properties: { QueueName: 'other' } }, B: delayed(1) }),
    /\[Update:Replace\]/,
  ],
  [
    'removing',
    { Effect: 'Deny', NotAction: 'Update:Modify', Principal: '*', Resource: '*' },
    body({ A: delayed(1) }),
    /\[Update:Delete\] for resource \[LogicalResourceId\/B\]/,
  ],
  [
    'a type',
    {
      Effect: 'Deny',
      Action: '*',
      Principal: '*',
      Resource: '*',
      Condition: { StringLike: { ResourceType: ['AWS::SQS::*'] } },
    },
    AFTER,
    /denied by stack policy/,
  ],
])('a stack policy keeps an update from %s', async (_, statement, TemplateBody, reason) => {
  const { cf, update, status, reasons, settle } = await stackUnderTest();
  const StackPolicyBody = JSON.stringify({ Statement: [ALLOW, statement] });
  expect((await cf.send(new GetStackPolicyCommand({ StackName: 's' }))).StackPolicyBody).toBeUndefined();
  await cf.send(new SetStackPolicyCommand({ StackName: 's', StackPolicyBody }));
  expect((await cf.send(new GetStackPolicyCommand({ StackName: 's' }))).StackPolicyBody).toBe(StackPolicyBody);
  await update({ TemplateBody });
  settle();
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await reasons()).some((one) => reason.test(one))).toBe(true);
});

test('what no statement allows is denied, and what is no policy is refused', async () => {
  const { cf, update, status, settle } = await stackUnderTest();
  const set = (StackPolicyBody: string) => cf.send(new SetStackPolicyCommand({ StackName: 's', StackPolicyBody }));
  for (const wrong of ['{', '{}', '{"Statement":[{"Effect":"Maybe"}]}'])
    expect((await failureOf(set(wrong))).name).toBe('ValidationError');
  await set(JSON.stringify({ Statement: [{ ...ALLOW, Resource: 'LogicalResourceId/B' }] }));
  await update();
  settle();
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('drift is compared when it is asked for, and told when it is done', async () => {
  const { cf, control, pass, settle, status } = await stackUnderTest();
  const { StackDriftDetectionId } = await cf.send(new DetectStackDriftCommand({ StackName: 's' }));
  const look = () => cf.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
  expect((await look()).DetectionStatus).toBe('DETECTION_IN_PROGRESS');
  pass(100);
  expect(await look()).toMatchObject({ DetectionStatus: 'DETECTION_COMPLETE', StackDriftStatus: 'IN_SYNC' });
  await control('drift', { stack: 's', logicalId: 'A', path: '/ReceiveMessageWaitTimeSeconds', actual: '9' });
  await control('drift', { stack: 's', logicalId: 'B' });
  await cf.send(new DetectStackDriftCommand({ StackName: 's' }));
  settle();
  const { StackResourceDrifts = [] } = await cf.send(
    new DescribeStackResourceDriftsCommand({
      StackName: 's',
      StackResourceDriftStatusFilters: ['DELETED', 'MODIFIED'],
    }),
  );
  expect(StackResourceDrifts).toMatchObject([
    {
      LogicalResourceId: 'A',
      StackResourceDriftStatus: 'MODIFIED',
      PropertyDifferences: [{ PropertyPath: '/ReceiveMessageWaitTimeSeconds', ExpectedValue: '1', ActualValue: '9' }],
    },
    { LogicalResourceId: 'B', StackResourceDriftStatus: 'DELETED', PropertyDifferences: [] },
  ]);
  const { Stacks } = await cf.send(new DescribeStacksCommand({ StackName: 's' }));
  expect(Stacks?.[0]?.DriftInformation?.StackDriftStatus).toBe('DRIFTED');
  expect(await status()).toBe('CREATE_COMPLETE');
  const unknown = cf.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: 'none' }));
  expect((await failureOf(unknown)).name).toBe('ValidationError');
});

test("a stack's bucket holds what is put there, and is not deleted before it is empty", async () => {
  const { cf, sandbox, settle, now } = await stackUnderTest();
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const s3 = new S3Client({
    endpoint: sandbox.endpoint,
    region: 'eu-west-1',
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  onTestFinished(() => s3.destroy());
  signedBy(now, s3.config);
  const TemplateBody = body({ Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } } });
  const { StackId } = await cf.send(new CreateStackCommand({ StackName: 'b', TemplateBody }));
  settle();
  const versions = async () => (await s3.send(new ListObjectVersionsCommand({ Bucket: 'data', MaxKeys: 1 }))).Versions;
  expect(await versions()).toBeUndefined();
  await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'a/b c', Body: 'x' }));
  expect(await versions()).toMatchObject([{ Key: 'a/b c' }]);
  expect((await s3.send(new ListObjectsV2Command({ Bucket: 'data' }))).Contents).toHaveLength(1);
  const state = async () => (await cf.send(new DescribeStacksCommand({ StackName: StackId }))).Stacks?.[0];
  await cf.send(new DeleteStackCommand({ StackName: 'b' }));
  settle();
  expect(await state()).toMatchObject({ StackStatus: 'DELETE_FAILED' });
  await s3.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'a/b c' }));
  await cf.send(new DeleteStackCommand({ StackName: 'b' }));
  settle();
  expect(await state()).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect((await failureOf(versions())).name).toBe('NoSuchBucket');
});

test('an order that makes no sense is refused', async () => {
  const { control } = await stackUnderTest();
  expect(await control('refusals', { stack: 's' })).toMatchObject({ status: 400 });
  expect(await control('drift', { stack: 's', logicalId: 'A', extra: 1 })).toMatchObject({ status: 400 });
  expect(await control('nothing', {})).toMatchObject({ status: 404 });
});

const WAITING = body({
  A: delayed(2),
  B: { ...delayed(2), DependsOn: 'A' },
  Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
  Wait: {
    Type: 'AWS::CloudFormation::WaitCondition',
    Properties: { Handle: { Ref: 'Handle' }, Timeout: 600 },
    DependsOn: 'B',
  },
});

test('an update that waits for a signal stays under way until it is cancelled', async () => {
  const { cf, update, status, statuses, pass, settle } = await stackUnderTest();
  await update({ TemplateBody: WAITING });
  pass(590_000);
  expect(await status()).toBe('UPDATE_IN_PROGRESS');
  expect(await statuses()).toEqual({
    ...{ A: 'UPDATE_COMPLETE', B: 'UPDATE_COMPLETE' },
    ...{ Handle: 'CREATE_COMPLETE', Wait: 'CREATE_IN_PROGRESS' },
  });
  await cf.send(new CancelUpdateStackCommand({ StackName: 's' }));
  settle();
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(Object.keys(await statuses())).toEqual(['A', 'B']);
});

test('… or until it times out, which fails it', async () => {
  const { update, status, reasons, pass, settle } = await stackUnderTest();
  await update({ TemplateBody: WAITING });
  pass(601_000);
  await status();
  settle();
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await reasons()).toContain('WaitCondition timed out. Received 0 conditions when expecting 1');
});
