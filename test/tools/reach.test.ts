import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EnvironmentRule, environmentOf, subjectsOf } from '../../src/kernel/environment.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, testAws } from '../scenes/tools.ts';

const ACCOUNT = '123456789012';
const HERE = { account: ACCOUNT, region: 'eu-west-1' };
const BY_NAME: readonly EnvironmentRule[] = [
  { name: 'production', match: { tags: { env: 'production' } } },
  { name: 'development', match: { stack_names: ['dev-*'] } },
];
const arn = (rest: string) => `arn:aws:${rest.replace('R:A', `eu-west-1:${ACCOUNT}`)}`;
const named = (of: string) => ({
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: `${of}-alerts` } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${of}-work` } },
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: `${of}-role`, AssumeRolePolicyDocument: {} } },
  Group: {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: { AutoScalingGroupName: `${of}-web`, MinSize: '1', MaxSize: '1' },
  },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: `${of}-files` } },
});

let cloud: Cloud;

beforeAll(async () => {
  cloud = await startCloud(
    {
      instances: [{ imageId: 'ami-1', tags: { env: 'dev' } }],
      stacks: [
        { name: 'prod-shop', template: { Resources: named('prod') } },
        { name: 'dev-shop', template: { Resources: named('dev') } },
        {
          name: 'dev-tagged',
          template: {
            Resources: {
              Mine: {
                Type: 'AWS::EC2::Instance',
                Properties: { ImageId: 'ami-1', Tags: [{ Key: 'env', Value: 'production' }] },
              },
              Queue: { Type: 'AWS::SQS::Queue' },
            },
          },
        },
      ],
    },
    { latencyMs: 1 },
  );
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

async function deploy(
  Resources: object,
  stack_name = 'dev-new',
  known: { id: string; environment: 'development' }[] = [],
) {
  const template_body = JSON.stringify({ Resources });
  const given = await propose(testAws(cloud.endpoint), 'cloudformation_deploy_stack', {
    stack_name,
    template_body,
    capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  await given.discard();
  const environment = environmentOf({ environments: BY_NAME, known }, subjectsOf({ ...HERE, targets: given.targets }));
  return { environment, details: given.impact.map(({ detail }) => detail).join('\n'), targets: given.targets };
}

/** One change that acts on, or acts as, what is called so: `of` is whose. */
const WAYS: Readonly<Record<string, (of: string) => object>> = {
  'an action of an alarm': (of) => ({
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      AlarmActions: [arn(`sns:R:A:${of}-alerts`)],
    },
  }),
  'a scheduled action': (of) => ({
    Type: 'AWS::AutoScaling::ScheduledAction',
    Properties: { AutoScalingGroupName: `${of}-web`, MinSize: 0, MaxSize: 0 },
  }),
  'a policy of a queue': (of) => ({
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [`https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/${of}-work`], PolicyDocument: {} },
  }),
  'a policy of a bucket': (of) => ({
    Type: 'AWS::S3::BucketPolicy',
    Properties: { Bucket: `${of}-files`, PolicyDocument: {} },
  }),
  'a policy on a role': (of) => ({
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'p', Roles: [`${of}-role`], PolicyDocument: {} },
  }),
  'a function that acts as a role': (of) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      Role: `arn:aws:iam::${ACCOUNT}:role/${of}-role`,
      Code: { ZipFile: 'x' },
      Handler: 'x',
      Runtime: 'nodejs24.x',
    },
  }),
};

describe.each(Object.entries(WAYS))('%s from a development stack', (_what, resource) => {
  test("on production's is production, and says whose it is", async () => {
    const { environment, details } = await deploy({ R: resource('prod') });
    expect(environment).toBe('production');
    expect(details).toContain('which is of stack prod-shop');
  });

  test("on development's is development", async () => {
    expect((await deploy({ R: resource('dev') })).environment).toBe('development');
  });
});

const alarm = (action: unknown) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, AlarmActions: [action] },
});

test('what the template makes itself is not reached', async () => {
  const { environment, targets } = await deploy({ R: alarm({ Ref: 'T' }), T: { Type: 'AWS::SNS::Topic' } });
  expect(environment).toBe('development');
  expect(targets).toHaveLength(1);
});

const scaled = (RoleARN: string) => ({
  Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
  Properties: {
    ...{ ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount', MinCapacity: 1, MaxCapacity: 2 },
    ...{ ResourceId: { 'Fn::Sub': `service/\${C}/\${S.Name}` }, RoleARN },
  },
});

test('a role that AWS has for its service alone is known by itself; one whose name only looks like it is not', async () => {
  const service =
    'aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECS';
  const stack = (role: string) => ({
    ...{ C: { Type: 'AWS::ECS::Cluster' }, S: { Type: 'AWS::ECS::Service', Properties: { Cluster: { Ref: 'C' } } } },
    T: scaled(`arn:aws:iam::${ACCOUNT}:role/${role}`),
  });
  expect((await deploy(stack(service))).environment).toBe('development');
  expect((await deploy(stack(`team/${service}`))).environment).toBe('production');
  expect((await deploy(stack('AWSServiceRoleForApplicationAutoScaling_ECS'))).environment).toBe('production');
});

test('an address that a topic tells is in no account; a queue is', async () => {
  const topic = (Protocol: string, Endpoint: string) => ({
    T: { Type: 'AWS::SNS::Topic', Properties: { Subscription: [{ Protocol, Endpoint }] } },
  });
  expect((await deploy(topic('email', 'team@example.com'))).environment).toBe('development');
  expect((await deploy(topic('sqs', arn('sqs:R:A:lone')))).environment).toBe('production');
  expect((await deploy(topic('https', 'https://example.com/a@b.example'))).environment).toBe('production');
});

test('what nobody can tell is production until known: says whose it is; the plan prints the line', async () => {
  const lone = arn('sns:R:A:lone');
  const { environment, details } = await deploy({ R: alarm(lone) });
  expect(environment).toBe('production');
  expect(details).toContain(`{ id: "${lone}", environment: … }`);
  expect((await deploy({ R: alarm(lone) }, 'dev-new', [{ id: lone, environment: 'development' }])).environment).toBe(
    'development',
  );
});

test('a thing of another account is production, whatever its name', async () => {
  expect((await deploy({ R: alarm('arn:aws:sns:eu-west-1:999999999999:dev-alerts') })).environment).toBe('production');
});

test("an instance that is tagged as production's in a development stack counts by its tag", async () => {
  const { environment, targets } = await deploy({ Queue: { Type: 'AWS::SQS::Queue' } }, 'dev-tagged');
  expect(targets).toContainEqual(expect.objectContaining({ type: 'AWS::EC2::Instance', tags: { env: 'production' } }));
  expect(environment).toBe('production');
  const deletion = await propose(testAws(cloud.endpoint), 'cloudformation_delete_stack', { stack_name: 'dev-tagged' });
  expect(environmentOf({ environments: BY_NAME, known: [] }, subjectsOf({ ...HERE, targets: deletion.targets }))).toBe(
    'production',
  );
});

test("a volume that is tagged as production's counts where its instance is terminated", async () => {
  const aws = testAws(cloud.endpoint);
  const { ec2 } = await aws.readers();
  const { items } = await ec2.instances({ filters: [{ name: 'tag:env', values: ['dev'] }], limit: 10 });
  const { instance_id, block_devices } = items[0]!;
  const terminate = () => propose(aws, 'ec2_terminate_instances', { instance_ids: [instance_id] });
  expect((await terminate()).targets).toHaveLength(1);
  const tagging = await propose(aws, 'ec2_create_tags', {
    resources: [block_devices[0]!.volume_id],
    tags: { env: 'production' },
  });
  await tagging.execute();
  expect((await terminate()).targets).toMatchObject([{}, { type: 'AWS::EC2::Volume', tags: { env: 'production' } }]);
});
