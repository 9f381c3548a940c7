import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { approve, enroll } from '../scenes/here.ts';

/*
 * All in development, where the default policy lets everything run at once that destroys nothing: what is held is held
 * for its effect.
 */

const CONFIG = `environments:
  - name: development
    match: { stack_names: ["dev-*"] }
  - name: development
    match: { tags: { env: dev } }
`;

const DATABASE = {
  Type: 'AWS::RDS::DBInstance',
  DeletionPolicy: 'Delete',
  UpdateReplacePolicy: 'Delete',
  Properties: {
    DBInstanceIdentifier: 'orders',
    Engine: 'postgres',
    DBInstanceClass: 'db.t4g.micro',
    AllocatedStorage: '20',
    DBParameterGroupName: 'default',
    MasterUsername: 'shop',
    ManageMasterUserPassword: true,
  },
};
const TABLE = {
  Type: 'AWS::DynamoDB::Table',
  DeletionPolicy: 'Retain',
  Properties: {
    TableName: 'carts',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  },
};
const ingress = (CidrIp: string) => ({ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp });
const FIREWALL = {
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { GroupDescription: 'database', SecurityGroupIngress: [ingress('10.0.0.0/8')] },
};
const QUEUE = { Type: 'AWS::SQS::Queue', Properties: { ReceiveMessageWaitTimeSeconds: 1 } };
const RESOURCES: Record<
  string,
  { readonly Type: string; readonly Properties: object; readonly DeletionPolicy?: string }
> = {
  Database: DATABASE,
  Table: TABLE,
  Firewall: FIREWALL,
  Queue: QUEUE,
};

/** The parameter reaches an output only: AWS lists no resource that changes. */
const NOTED = {
  Parameters: { Note: { Type: 'String', Default: 'a' } },
  Resources: { Queue: QUEUE },
  Outputs: { Note: { Value: { Ref: 'Note' } } },
};

interface Line {
  readonly resource: string;
  readonly type: string;
  readonly effect: string;
  readonly detail: string;
  readonly recoverable: boolean;
}

let cloud: Cloud;
let place: Place;
let agent: Agent;

beforeAll(async () => {
  cloud = await startCloud({
    stacks: [
      { name: 'dev-shop', template: { Resources: RESOURCES }, tags: { env: 'dev', team: 'one' } },
      { name: 'dev-jobs', template: { Resources: { Queue: QUEUE } } },
      { name: 'dev-noted', template: NOTED },
      { name: 'jobs', template: { Resources: { Queue: QUEUE } } },
    ],
    instances: [{ tags: { Name: 'web', env: 'dev' } }],
  });
  place = makePlace({ endpoint: cloud.endpoint, config: CONFIG });
  await enroll(place, 'ana');
  agent = await place.agent();
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const template = (resources: object) => JSON.stringify({ Resources: resources });
const deploy = (args: Record<string, unknown>, stack_name = 'dev-shop') =>
  agent.call('cloudformation_deploy_stack', { stack_name, reason: REASON, ...args });

/** One resource with some properties changed; undefined takes a property away. */
const altered = (name: string, properties: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  ...RESOURCES,
  [name]: { ...RESOURCES[name], ...rest, Properties: { ...RESOURCES[name]!.Properties, ...properties } },
});

const custom = {
  Type: 'Custom::Migration',
  Properties: { ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:f' },
};
const { Queue: _queue, ...withoutQueue } = RESOURCES;
const { Table: _table, ...withoutTable } = RESOURCES;

describe('the same tool, the same environment: what the change set does decides', () => {
  test.each([
    [
      '[P3-1] a renamed database is replaced',
      altered('Database', { DBInstanceIdentifier: 'orders-2' }),
      'replace',
      'AWS::RDS::DBInstance',
      false,
    ],
    [
      '[P3-2] what AWS may replace counts as replaced',
      altered('Database', { DBParameterGroupName: 'tuned' }),
      'replace',
      'AWS::RDS::DBInstance',
      false,
    ],
    ['[P3-3] a resource that leaves the template is deleted', withoutQueue, 'delete', 'AWS::SQS::Queue', false],
    [
      '[P3-4] a retained resource that leaves the template loses its protection',
      withoutTable,
      'weaken',
      'AWS::DynamoDB::Table',
      true,
    ],
    [
      '[P3-5] a Retain that is taken away is a weakening, though no resource changes',
      altered('Table', {}, { DeletionPolicy: undefined }),
      'weaken',
      'AWS::DynamoDB::Table',
      true,
    ],
    [
      '[P3-6] a security group opened to the internet is an exposure',
      altered('Firewall', { SecurityGroupIngress: [ingress('0.0.0.0/0')] }),
      'expose',
      'AWS::EC2::SecurityGroup',
      true,
    ],
    [
      '[P3-7] a larger database class interrupts',
      altered('Database', { DBInstanceClass: 'db.t4g.large' }),
      'disrupt',
      'AWS::RDS::DBInstance',
      true,
    ],
    [
      '[P3-8] a custom resource can not be classified',
      { ...RESOURCES, Custom: custom },
      'unknown',
      'Custom::Migration',
      false,
    ],
  ] as const)('%s', async (_title, resources, effect, type, recoverable) => {
    const before = (await cloud.requests('ExecuteChangeSet')).length;
    const { outcome, plan, ticket } = await deploy({ template_body: template(resources) });
    expect(outcome).toBe('pending_approval');
    // The custom resource names a function outside the stack, of which nobody can tell whose it is.
    const environment = type === 'Custom::Migration' ? 'production' : 'development';
    expect(plan).toMatchObject({ environment, effects: [effect] });
    expect(plan.impact).toMatchObject([{ effect, type, recoverable }]);
    expect(ticket.requirement).toMatchObject({ approvals: 1 });
    expect(await cloud.requests('ExecuteChangeSet')).toHaveLength(before);
  });

  test('[P3-9] parameters that change while AWS lists no change can not be classified', async () => {
    const { outcome, plan } = await deploy({ use_previous_template: true, parameters: { Note: 'b' } }, 'dev-noted');
    expect([outcome, plan.effects]).toEqual(['pending_approval', ['unknown']]);
  });

  test('[P3-10] a change in place, and one that only adds, run at once, each once', async () => {
    const inPlace = { ...QUEUE, Properties: { ReceiveMessageWaitTimeSeconds: 2 } };
    for (const [resources, effect] of [
      [{ Queue: inPlace }, 'modify'],
      [{ Queue: inPlace, DeadLetters: QUEUE }, 'create'],
    ] as const) {
      const before = (await cloud.requests('ExecuteChangeSet')).length;
      const done = await deploy({ template_body: template(resources) }, 'dev-jobs');
      expect(done).toMatchObject({
        outcome: 'completed',
        plan: { effects: [effect] },
        ticket: { state: 'succeeded', decisions: [] },
      });
      expect(await cloud.requests('ExecuteChangeSet')).toHaveLength(before + 1);
    }
    const { resources } = await agent.call('cloudformation_list_stack_resources', { stack_name: 'dev-jobs' });
    expect(resources.map(({ logical_id }: { logical_id: string }) => logical_id).sort()).toEqual([
      'DeadLetters',
      'Queue',
    ]);
  });

  test('[P3-11] the worst effect of several decides, and is named first', async () => {
    const { outcome, plan } = await deploy({
      template_body: template({
        ...altered('Database', { DBInstanceIdentifier: 'orders-3' }),
        Queue: undefined,
        More: QUEUE,
      }),
    });
    expect(outcome).toBe('pending_approval');
    expect(plan.effects).toEqual(['delete', 'replace', 'create']);
    expect(plan.impact.map(({ effect }: Line) => effect)).toEqual(['delete', 'replace', 'create']);
  });
});

test('[P3-12] a stack tag that comes, changes or goes is a weakening: environments rest on tags', async () => {
  const held = await deploy({ use_previous_template: true, tags: { env: 'dev' } });
  expect(held).toMatchObject({ outcome: 'pending_approval', plan: { effects: ['weaken'] } });
  const properties = held.plan.impact.flatMap((line: { properties?: { name: string }[] }) => line.properties ?? []);
  expect(properties.map(({ name }: { name: string }) => name).join()).toContain('team');
  const changed = await deploy({ use_previous_template: true, tags: { env: 'prod', team: 'one' } });
  expect(changed).toMatchObject({
    outcome: 'pending_approval',
    plan: { environment: 'development', effects: ['weaken'] },
  });
  const added = await deploy({ use_previous_template: true, tags: { note: 'x' } }, 'dev-jobs');
  expect(added).toMatchObject({ outcome: 'pending_approval', plan: { effects: ['weaken'] } });
});

test('[P3-13] deleting a stack lists every resource with what becomes of it', async () => {
  const { outcome, plan } = await agent.call('cloudformation_delete_stack', { stack_name: 'dev-shop', reason: REASON });
  const { resources } = await agent.call('cloudformation_list_stack_resources', { stack_name: 'dev-shop' });
  expect(outcome).toBe('pending_approval');
  const effects = Object.fromEntries(plan.impact.map(({ type, effect }: Line) => [type, effect]));
  expect(effects).toEqual({
    'AWS::CloudFormation::Stack': 'delete',
    'AWS::RDS::DBInstance': 'delete',
    'AWS::EC2::SecurityGroup': 'delete',
    'AWS::SQS::Queue': 'delete',
    'AWS::DynamoDB::Table': 'weaken',
  });
  const named = plan.impact.map(({ resource }: Line) => resource);
  for (const { physical_id } of resources as { physical_id: string }[]) expect(named).toContain(physical_id);
  expect(named).toHaveLength(resources.length + 1);
  expect(await cloud.requests('DeleteStack')).toEqual([]);
});

test('[P3-14] terminating says which volumes go, and only that runs once it is approved', async () => {
  const { instances } = await agent.call('ec2_describe_instances');
  const [{ instance_id, block_devices }] = instances;
  const { outcome, plan, ticket } = await agent.call('ec2_terminate_instances', {
    instance_ids: [instance_id],
    reason: REASON,
  });
  expect(outcome).toBe('pending_approval');
  expect(plan.impact).toMatchObject([
    { type: 'AWS::EC2::Instance', effect: 'delete', recoverable: false },
    ...block_devices.map(({ volume_id }: { volume_id: string }) => ({
      resource: volume_id,
      type: 'AWS::EC2::Volume',
      effect: 'delete',
      recoverable: false,
    })),
  ]);
  expect(block_devices).not.toEqual([]);
  expect((await approve(place, ticket, 'ana')).code).toBe(0);
  const ended = await agent.call('ticket_wait', { ticket_id: ticket.id });
  expect(ended.ticket.state).toBe('succeeded');
  expect(await cloud.requests('TerminateInstances')).toHaveLength(1);
});

test('[P3-15] the same harmless change needs somebody present in production: the environment comes from AWS, not from the call', async () => {
  const { outcome, plan, ticket } = await deploy(
    { template_body: template({ Queue: QUEUE, More: QUEUE }), tags: { env: 'dev' } },
    'jobs',
  );
  expect([outcome, plan.environment, plan.effects]).toEqual([
    'pending_approval',
    'production',
    expect.arrayContaining(['create']),
  ]);
  expect(ticket.requirement).toMatchObject({ approvals: 1, assurance: 'presence' });
});
