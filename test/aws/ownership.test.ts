import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NamedThing } from '../../tools/ports/ownership.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, testAws } from '../scenes/tools.ts';

const ACCOUNT = '123456789012';
const PROD = {
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'prod-alerts' } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'prod-work' } },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'prod-role', AssumeRolePolicyDocument: {} } },
    Group: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: { AutoScalingGroupName: 'prod-web', MinSize: '1', MaxSize: '1' },
    },
    People: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'prod-people' } },
    Wall: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x' } },
    Zone: { Type: 'AWS::Route53::RecordSet', Properties: { Name: 'prod.example.com', Type: 'A' } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { TableName: 'prod-orders', KeySchema: [], Tags: [{ Key: 'env', Value: 'prod' }] },
    },
    Kept: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: 'prod-kept' } },
  },
};
/** An agent chooses the names in its own stack. */
const FORGED = {
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'prod-user' } },
    Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'prod/app' } },
    Custom: {
      Type: 'Custom::Anything',
      Properties: { ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:x' },
    },
  },
};

let cloud: Cloud;

beforeAll(async () => {
  cloud = await startCloud(
    {
      stacks: [
        { name: 'prod-shop', template: PROD, tags: { env: 'production' } },
        {
          name: 'dev-gone',
          template: {
            Resources: {
              Left: {
                Type: 'AWS::S3::Bucket',
                DeletionPolicy: 'Retain',
                Properties: { BucketName: 'left-behind', Tags: [{ Key: 'env', Value: 'dev' }] },
              },
            },
          },
        },
        { name: 'dev-forged', template: FORGED },
      ],
      securityGroups: [{ name: 'lone', tags: { env: 'dev' } }],
    },
    { latencyMs: 1 },
  );
  const deleted = await propose(testAws(cloud.endpoint), 'cloudformation_delete_stack', { stack_name: 'dev-gone' });
  await deleted.execute();
  await deleted.outcome();
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

const arn = (rest: string) => `arn:aws:${rest.replace('R:A', `eu-west-1:${ACCOUNT}`)}`;
async function find(things: readonly NamedThing[], mine: readonly NamedThing[] = []) {
  const { ownership } = await testAws(cloud.endpoint).readers();
  return await ownership.find(things, mine);
}
async function physicalId(logical: string): Promise<string> {
  const { cloudformation } = await testAws(cloud.endpoint).readers();
  const { items } = await cloudformation.resources('prod-shop');
  return items.find(({ logical_id }) => logical_id === logical)?.physical_id ?? '';
}

test('a name that no thing can have does not hide whose the others are', async () => {
  const odd = ['x" y', 'a b', 'ü'].map((name) => ({ name, type: 'AWS::Events::EventBus' }));
  const { things } = await find([...odd, { name: arn('sns:R:A:prod-alerts') }]);
  expect(things.map(({ owners }) => owners[0]?.stack?.name)).toEqual([undefined, undefined, undefined, 'prod-shop']);
});

describe('the owner of', () => {
  test.each<[NamedThing]>([
    [{ name: arn('sns:R:A:prod-alerts') }],
    [{ name: 'prod-alerts', type: 'AWS::SNS::Topic' }],
    [{ name: arn('sqs:R:A:prod-work') }],
    [{ name: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/prod-work` }],
    [{ name: 'prod-work', type: 'AWS::SQS::Queue' }],
    [{ name: 'prod-role', type: 'AWS::IAM::Role' }],
    [{ name: `arn:aws:iam::${ACCOUNT}:role/prod-role` }],
    [{ name: 'prod-web', type: 'AWS::AutoScaling::AutoScalingGroup' }],
    [{ name: 'prod-orders', type: 'AWS::DynamoDB::Table' }],
    [{ name: 'table/prod-orders' }],
    [{ name: arn('dynamodb:R:A:table/prod-orders/stream/2026-01-01T00:00:00.000') }],
    [{ name: 'arn:aws:s3:::prod-kept' }],
    [{ name: 'prod-kept', type: 'AWS::S3::Bucket' }],
  ])('%j is its stack, by its own tag', async (thing) => {
    const { things } = await find([thing]);
    expect(things[0]?.owners.map(({ found_by, stack }) => [found_by, stack?.name])).toContainEqual([
      'its own tag',
      'prod-shop',
    ]);
  });

  test.each([{ name: 'prod-people', type: 'AWS::IAM::Group' }, { name: `arn:aws:iam::${ACCOUNT}:group/prod-people` }])(
    '%j is its stack, which has it, as no tag can tell',
    async (thing) => {
      const { things } = await find([thing]);
      expect(things[0]?.owners).toMatchObject([{ found_by: 'the stack that has it', stack: { name: 'prod-shop' } }]);
    },
  );

  test('a security group, by its id', async () => {
    const { things } = await find([{ name: await physicalId('Wall') }]);
    expect(things[0]).toMatchObject({ type: 'AWS::EC2::SecurityGroup', owners: [{ stack: { name: 'prod-shop' } }] });
  });

  test('a thing with tags of its own: they count beside those of its stack', async () => {
    const { things } = await find([{ name: 'prod-orders', type: 'AWS::DynamoDB::Table' }]);
    expect(things[0]?.owners.map(({ tags }) => tags)).toEqual([{ env: 'prod' }, { env: 'production' }]);
  });

  test.each([{ name: '/prod/app', type: 'AWS::Logs::LogGroup' }, { name: arn('logs:R:A:log-group:/prod/app') }])(
    '$name is not the log group without the slash',
    async (thing) => {
      const { things } = await find([thing, { name: 'prod/app', type: 'AWS::Logs::LogGroup' }]);
      expect(things.map(({ owners }) => owners.map(({ stack }) => stack?.name))).toEqual([[], ['dev-forged']]);
    },
  );

  test('a group that no stack has is told by its tags', async () => {
    const { ec2 } = await testAws(cloud.endpoint).readers();
    const groups = await ec2.securityGroups({ filters: [{ name: 'group-name', values: ['lone'] }], limit: 10 });
    const { things } = await find([{ name: groups.items[0]!.group_id }]);
    expect(things[0]?.owners).toEqual([{ found_by: 'its tags', tags: { env: 'dev' } }]);
  });

  test('what a deleted stack left behind is not that stack', async () => {
    const { things } = await find([{ name: 'left-behind', type: 'AWS::S3::Bucket' }]);
    expect(things[0]?.owners).toEqual([{ found_by: 'its tags', tags: { env: 'dev' } }]);
  });
});

describe('nobody can tell whose it is:', () => {
  test.each<[string, NamedThing]>([
    ['a name without a type', { name: 'prod-web' }],
    ['a name that an own stack gave to another type', { name: 'prod-user', type: 'AWS::IAM::User' }],
    ['a name that is unique only within something', { name: 'prod.example.com', type: 'AWS::Route53::RecordSet' }],
    ['a group that is not there', { name: 'sg-0123456789abcdef0' }],
    ['another account', { name: 'arn:aws:sns:eu-west-1:999999999999:prod-alerts' }],
    ['another region', { name: `arn:aws:sns:us-east-1:${ACCOUNT}:prod-alerts` }],
    ['a text', { name: 'x'.repeat(10_000), type: 'AWS::S3::Bucket' }],
    ['nothing', { name: '' }],
  ])('%s', async (_what, thing) => {
    const { things } = await find([thing]);
    expect(things[0]?.owners).toEqual([]);
    expect(things[0]?.unknown_because).toBeTruthy();
  });

  test('a thing elsewhere says where it is', async () => {
    const { things } = await find([{ name: 'arn:aws:sns:us-east-1:999999999999:a' }, { name: 'arn:aws:s3:::nobodys' }]);
    expect(things).toMatchObject([
      { account: '999999999999', region: 'us-east-1' },
      { account: 'unknown', region: 'unknown' },
    ]);
  });

  test.each(['GetResources', 'DescribeStacks'])('when %s is refused; nothing fails for it', async (action) => {
    await cloud.fault({ action, mode: 'error_before', code: 'AccessDenied', status: 403 });
    const { things } = await find([{ name: arn('sns:R:A:prod-alerts') }]);
    expect(things[0]).toMatchObject({ owners: [], unknown_because: expect.stringContaining('AccessDenied') });
  });
});

describe('requests', () => {
  let before = 0;
  beforeEach(async () => {
    before = (await cloud.requests()).length;
  });
  const sent = async () =>
    (await cloud.requests()).slice(before).filter(({ action }) => action !== 'GetCallerIdentity');

  test('each name is asked for once, however often it is named', async () => {
    await find(Array.from({ length: 40 }, () => ({ name: arn('sns:R:A:prod-alerts') })));
    expect((await sent()).map(({ action }) => action)).toEqual(['GetResources', 'DescribeStacks']);
  });

  test('of 500 own things and 500 others, at most 50', async () => {
    const mine = Array.from({ length: 500 }, (_, at) => ({ name: `i-${at.toString(16).padStart(17, '0')}` }));
    const others = Array.from({ length: 500 }, (_, at) => ({ name: `unknown-${at}`, type: 'AWS::SQS::Queue' }));
    const { things } = await find(others, mine);
    expect(await sent()).toHaveLength(50);
    expect(things.at(-1)?.unknown_because).toContain('more than 50');
  });

  test('nothing is asked for nothing', async () => {
    await find([]);
    expect(await sent()).toEqual([]);
  });
});
