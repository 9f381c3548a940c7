import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { effects, propose, testAws } from '../scenes/tools.ts';

let cloud: Cloud;
let aws: Aws;

const TEMPLATE = {
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue' },
    Bucket: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' },
    Volume: {
      Type: 'AWS::EC2::Volume',
      DeletionPolicy: 'Snapshot',
      Properties: { AvailabilityZone: 'eu-west-1a', Size: 1 },
    },
  },
};

/** The table keeps the deletion from coming to its end. */
const STUCK = {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        DeletionProtectionEnabled: true,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    },
  },
};

beforeAll(async () => {
  cloud = await startCloud(
    {
      stacks: [
        { name: 'gone', template: TEMPLATE, tags: { env: 'dev' } },
        { name: 'kept', template: TEMPLATE, terminationProtection: true },
        { name: 'moving', template: TEMPLATE },
        { name: 'theirs', template: TEMPLATE },
        { name: 'stuck', template: STUCK },
      ],
    },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

test('a line per resource, with what its deletion policy does', async () => {
  const proposal = await propose(aws, 'cloudformation_delete_stack', { stack_name: 'gone' });
  expect(effects(proposal)).toEqual([
    'delete AWS::CloudFormation::Stack',
    'delete AWS::SQS::Queue',
    'delete AWS::EC2::Volume',
    'weaken AWS::S3::Bucket',
  ]);
  expect(proposal.impact.map((line) => line.recoverable)).toEqual([false, false, true, true]);
  expect(proposal.targets).toMatchObject([{ name: 'gone', tags: { env: 'dev' } }]);
  expect(await proposal.observe()).toMatchObject({ state: 'unknown', resources: [] });
  await proposal.execute();
  const outcome = await proposal.outcome();
  expect(outcome.state).toBe('succeeded');
  expect(outcome.resources.map((one) => one.detail)).toEqual(['deleted', 'deleted', 'deleted', 'kept']);
  const [sent] = await cloud.requests('DeleteStack');
  expect(sent?.parameters).toMatchObject({ StackName: proposal.targets[0]?.id });
});

test('termination protection is refused', async () => {
  const kept = propose(aws, 'cloudformation_delete_stack', { stack_name: 'kept' });
  await expect(kept).rejects.toMatchObject({ code: 'protected' });
});

test.each([
  ['a stack that is not there', { stack_name: 'nobody' }, 'not_found'],
  [
    'an ARN of another region',
    { stack_name: 'arn:aws:cloudformation:us-east-1:123456789012:stack/x/0b1c' },
    'invalid_input',
  ],
  [
    'resources to keep while deletion has not failed',
    { stack_name: 'moving', retain_resources: ['Queue'] },
    'wrong_state',
  ],
])('%s is refused', async (_, given, code) => {
  await expect(propose(aws, 'cloudformation_delete_stack', given)).rejects.toMatchObject({ code });
});

test('a plan is no longer the same once the stack has changed', async () => {
  const proposal = await propose(aws, 'cloudformation_delete_stack', { stack_name: 'moving' });
  const update = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'moving',
    template_body: JSON.stringify({ Resources: { ...TEMPLATE.Resources, More: { Type: 'AWS::SQS::Queue' } } }),
  });
  await update.execute();
  await update.outcome();
  const again = await proposal.again();
  expect(again.guard).not.toEqual(proposal.guard);
  expect(again.impact).toHaveLength(proposal.impact.length + 1);
});

test('a stack that somebody else deletes meanwhile is not counted as ours', async () => {
  const ours = await propose(aws, 'cloudformation_delete_stack', { stack_name: 'theirs' });
  const theirs = await propose(aws, 'cloudformation_delete_stack', { stack_name: 'theirs' });
  await theirs.execute();
  expect(await theirs.outcome()).toMatchObject({ state: 'succeeded' });
  expect(await ours.outcome()).toMatchObject({ state: 'failed' });
});

test('a resource to keep that has gone makes the plan stale, not the call wrong', async () => {
  const first = await propose(aws, 'cloudformation_delete_stack', { stack_name: 'stuck' });
  await first.execute();
  expect(await first.outcome()).toMatchObject({ state: 'failed' });
  const given = { stack_name: 'stuck', retain_resources: ['Table'] };
  expect(effects(await propose(aws, 'cloudformation_delete_stack', given))).toContain('weaken AWS::DynamoDB::Table');
  const gone = propose(aws, 'cloudformation_delete_stack', { ...given, retain_resources: ['Elsewhere'] });
  await expect(gone).rejects.toMatchObject({ code: 'wrong_state', message: expect.stringContaining('Elsewhere') });
});
