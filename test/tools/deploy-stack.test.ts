import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';

let cloud: Cloud;
let aws: Aws;

const QUEUE = { Type: 'AWS::SQS::Queue', Properties: { ReceiveMessageWaitTimeSeconds: 1 } };
const TABLE = {
  Type: 'AWS::DynamoDB::Table',
  DeletionPolicy: 'Retain',
  Properties: {
    TableName: 'orders',
    DeletionProtectionEnabled: true,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  },
};
const GROUP = {
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { GroupDescription: 'web', SecurityGroupIngress: [rule('10.0.0.0/8')] },
};
const RESOURCES = { Queue: QUEUE, Table: TABLE, Group: GROUP };

function rule(CidrIp: string) {
  return { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp };
}

function template(resources: Record<string, unknown>, rest: Record<string, unknown> = {}): string {
  return JSON.stringify({ Resources: resources, ...rest });
}

beforeAll(async () => {
  cloud = await startCloud(
    {
      stacks: ['app', 'run', 'left', 'tagged'].map((name) => ({
        name,
        template: template({
          ...RESOURCES,
          Table: { ...TABLE, Properties: { ...TABLE.Properties, TableName: `${name}-orders` } },
        }),
        tags: { env: 'dev', team: 'one' },
      })),
    },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

/** The `app` stack's template with something changed. */
function changed(change: Record<string, unknown>, rest?: Record<string, unknown>): string {
  const table = { ...TABLE, Properties: { ...TABLE.Properties, TableName: 'app-orders' } };
  return template({ ...RESOURCES, Table: table, ...change }, rest);
}

async function effectsOf(template_body: string): Promise<readonly string[]> {
  const proposal = await propose(aws, 'cloudformation_deploy_stack', { stack_name: 'app', template_body });
  await proposal.discard();
  return effects(proposal);
}

const TABLE_NOW = { ...TABLE, Properties: { ...TABLE.Properties, TableName: 'app-orders' } };

describe('an update is what its change set does', () => {
  test.each([
    ['an added resource', changed({ More: QUEUE }), ['create AWS::SQS::Queue']],
    [
      'a property changed in place',
      changed({ Queue: { ...QUEUE, Properties: { ReceiveMessageWaitTimeSeconds: 2 } } }),
      ['modify AWS::SQS::Queue'],
    ],
    [
      'a renamed table',
      changed({ Table: { ...TABLE, Properties: { ...TABLE.Properties, TableName: 'other' } } }),
      ['replace AWS::DynamoDB::Table'],
    ],
    ['a removed queue', changed({ Queue: undefined }), ['delete AWS::SQS::Queue']],
    ['a removed table that is retained', changed({ Table: undefined }), ['weaken AWS::DynamoDB::Table']],
    [
      'a removed Retain',
      changed({ Table: { ...TABLE_NOW, DeletionPolicy: undefined } }),
      ['weaken AWS::DynamoDB::Table'],
    ],
    [
      'deletion protection off',
      changed({ Table: { ...TABLE_NOW, Properties: { ...TABLE_NOW.Properties, DeletionProtectionEnabled: false } } }),
      ['weaken AWS::DynamoDB::Table'],
    ],
    [
      'a group opened to the world',
      changed({ Group: { ...GROUP, Properties: { ...GROUP.Properties, SecurityGroupIngress: [rule('0.0.0.0/0')] } } }),
      ['expose AWS::EC2::SecurityGroup'],
    ],
    [
      'a group narrowed',
      changed({
        Group: { ...GROUP, Properties: { ...GROUP.Properties, SecurityGroupIngress: [rule('10.1.0.0/16')] } },
      }),
      ['disrupt AWS::EC2::SecurityGroup'],
    ],
    [
      'a new open group',
      changed({ Open: { ...GROUP, Properties: { ...GROUP.Properties, SecurityGroupIngress: [rule('0.0.0.0/0')] } } }),
      ['expose AWS::EC2::SecurityGroup'],
    ],
    [
      'a new role',
      changed({ Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } } }),
      ['expose AWS::IAM::Role'],
    ],
    [
      'a custom resource',
      changed({
        Custom: {
          Type: 'Custom::Thing',
          Properties: { ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:f' },
        },
      }),
      ['unknown Custom::Thing'],
    ],
    ['only an output', changed({}, { Outputs: { A: { Value: 'b' } } }), ['modify AWS::CloudFormation::Stack']],
  ])('%s', async (_, body, expected) => {
    const needs = /IAM/.test(body) ? { capabilities: ['CAPABILITY_IAM'] } : {};
    const given = { stack_name: 'app', template_body: body, ...needs };
    const proposal = await propose(aws, 'cloudformation_deploy_stack', given);
    expect(effects(proposal)).toEqual(expected);
    expect(await proposal.again()).toEqual({
      ...{ summary: proposal.summary, targets: proposal.targets, impact: proposal.impact, guard: proposal.guard },
      lifecycle: { kind: 'stack', name: 'app', event: 'update' },
      ...(proposal.undo && { undo: proposal.undo }),
    });
    await proposal.discard();
  });

  test('the worst line comes first', async () => {
    const body = changed({ More: QUEUE, Queue: undefined });
    expect(await effectsOf(body)).toEqual(['delete AWS::SQS::Queue', 'create AWS::SQS::Queue']);
  });

  test('nothing to change is refused', async () => {
    const same = propose(aws, 'cloudformation_deploy_stack', { stack_name: 'app', template_body: changed({}) });
    await expect(same).rejects.toMatchObject({ code: 'no_changes' });
  });

  test('stack tags that are added, changed or removed are a weakening, those that stay are not', async () => {
    const change = await propose(aws, 'cloudformation_deploy_stack', {
      stack_name: 'tagged',
      use_previous_template: true,
      tags: { env: 'prod', team: 'one' },
    });
    expect(new Set(change.impact.map((line) => line.effect))).toEqual(new Set(['weaken']));
    expect(effects(change)).toContain('weaken AWS::CloudFormation::Stack');
    const more = await propose(aws, 'cloudformation_deploy_stack', {
      stack_name: 'tagged',
      use_previous_template: true,
      tags: { env: 'dev', team: 'one', more: 'yes' },
    });
    expect(new Set(more.impact.map((line) => line.effect))).toEqual(new Set(['weaken']));
    expect(more.impact.find((line) => line.type === 'AWS::CloudFormation::Stack')).toMatchObject({
      properties: [{ name: 'Tags.more', after: 'yes' }],
    });
    const now = changed({}).replaceAll('app-orders', 'tagged-orders');
    const kept = await propose(aws, 'cloudformation_deploy_stack', {
      stack_name: 'tagged',
      template_body: now.replace('"ReceiveMessageWaitTimeSeconds":1', '"ReceiveMessageWaitTimeSeconds":2'),
      tags: { team: 'one', env: 'dev' },
    });
    expect(new Set(kept.impact.map((line) => line.effect))).toEqual(new Set(['modify']));
    expect(effects(kept)).not.toContain('modify AWS::CloudFormation::Stack');
    await kept.discard();
    // What classification looks at is what AWS has, not what the call brings.
    expect(change.targets[0]?.tags).toMatchObject({ env: 'dev' });
    await change.discard();
    await more.discard();
  });

  test('the same call gives the same guard, another one another', async () => {
    const given = { stack_name: 'app', template_body: changed({ More: QUEUE }) };
    const [one, two] = [
      await propose(aws, 'cloudformation_deploy_stack', given),
      await propose(aws, 'cloudformation_deploy_stack', given),
    ];
    expect(two.guard).toEqual(one.guard);
    const other = await propose(aws, 'cloudformation_deploy_stack', {
      ...given,
      template_body: changed({ Less: QUEUE }),
    });
    expect(other.guard).not.toEqual(one.guard);
    for (const proposal of [one, two, other]) await proposal.discard();
  });
});

test('an update of parameters in which AWS lists no change is unknown', async () => {
  const body = (Default: string) =>
    template(
      { Queue: QUEUE },
      { Parameters: { Note: { Type: 'String', Default } }, Outputs: { Note: { Value: { Ref: 'Note' } } } },
    );
  const create = await propose(aws, 'cloudformation_deploy_stack', { stack_name: 'noted', template_body: body('a') });
  await create.execute();
  await create.outcome();
  const update = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'noted',
    use_previous_template: true,
    parameters: { Note: 'b' },
  });
  expect(effects(update)).toEqual(['unknown AWS::CloudFormation::Stack']);
});

describe('executing', () => {
  test('a change set runs once and is observed by its token', async () => {
    const proposal = await propose(aws, 'cloudformation_deploy_stack', {
      stack_name: 'run',
      template_body: template({
        ...RESOURCES,
        Table: { ...TABLE, Properties: { ...TABLE.Properties, TableName: 'run-orders' } },
        More: QUEUE,
      }),
    });
    expect(await proposal.observe()).toMatchObject({ state: 'unknown', resources: [] });
    await proposal.execute();
    const outcome = await proposal.outcome();
    expect(outcome).toMatchObject({ state: 'succeeded', detail: 'the stack is UPDATE_COMPLETE' });
    expect(outcome.resources).toMatchObject([{ outcome: 'succeeded' }]);
    await expect(proposal.again()).rejects.toMatchObject({ code: 'wrong_state' });
    const sent = await cloud.requests('ExecuteChangeSet');
    expect(sent.filter(({ parameters }) => parameters.ChangeSetName === proposal.plan.made?.id)).toHaveLength(1);
  });

  test('a failed update is told per resource', async () => {
    const proposal = await propose(aws, 'cloudformation_deploy_stack', {
      stack_name: 'left',
      template_body: template({
        ...RESOURCES,
        Table: { ...TABLE, Properties: { ...TABLE.Properties, TableName: 'run-orders' } },
      }),
    });
    await proposal.execute();
    const outcome = await proposal.outcome();
    expect(outcome.state).toBe('failed');
    expect(outcome.resources.some((one) => one.outcome === 'failed')).toBe(true);
  });
});

describe('a new stack', () => {
  const given = { stack_name: 'dev-new', template_body: template({ Queue: QUEUE }), tags: { env: 'sandbox' } };

  test('planning leaves an empty shell that discarding removes, twice', async () => {
    const proposal = await propose(aws, 'cloudformation_deploy_stack', given);
    expect(effects(proposal)).toEqual(['create AWS::SQS::Queue']);
    expect(proposal.targets).toMatchObject([{ name: 'dev-new', stack_name: 'dev-new', tags: {} }]);
    expect(proposal.plan.made).toMatchObject({ created_stack: true });
    expect(proposal.residue).toMatchObject({ stack_name: 'dev-new' });
    await proposal.discard();
    await proposal.discard();
    const { stacks } = await read(aws, 'cloudformation_list_stacks');
    expect(stacks.map((stack: { stack_name: string }) => stack.stack_name)).not.toContain('dev-new');
  });

  test('a shell with a second change set stays until that one goes', async () => {
    const one = await propose(aws, 'cloudformation_deploy_stack', given);
    const two = await propose(aws, 'cloudformation_deploy_stack', given);
    expect(two.guard).toEqual(one.guard);
    expect(two.plan.made).toMatchObject({ created_stack: false });
    await one.discard();
    expect(await two.again()).toMatchObject({ guard: two.guard });
    await two.execute();
    expect(await two.outcome()).toMatchObject({ state: 'succeeded' });
    // What runs now is no shell any more: nothing that discards may touch it.
    await one.discard();
    await two.discard();
    expect(await read(aws, 'cloudformation_describe_stack', { stack_name: 'dev-new' })).toMatchObject({
      stack_status: 'CREATE_COMPLETE',
    });
  });

  test('without a template, or in a state that AWS does not update, it is refused', async () => {
    const without = propose(aws, 'cloudformation_deploy_stack', {
      stack_name: 'nothing-here',
      use_previous_template: true,
    });
    await expect(without).rejects.toMatchObject({ code: 'invalid_input' });
    const broken = propose(aws, 'cloudformation_deploy_stack', { stack_name: 'app', template_body: 'Resources: [' });
    await expect(broken).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test("one that can be read and is none to AWS is the caller's to correct", async () => {
    const empty = propose(aws, 'cloudformation_deploy_stack', { stack_name: 'app', template_body: 'Resources: {}' });
    await expect(empty).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('At least one Resources member must be defined'),
    });
  });
});
