import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  InvalidChangeSetStatusException,
  ListChangeSetsCommand,
  type ResourceChange,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { cloudUnderTest, DATABASE, failureOf } from './clients.ts';

type Cloud = Awaited<ReturnType<typeof cloudUnderTest>>;

async function withStack(TemplateBody = DATABASE, more = {}) {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(new CreateStackCommand({ StackName: 'orders', TemplateBody, ...more }));
  cloud.settle();
  return cloud;
}

function propose({ cf }: Cloud, ChangeSetName: string, input: Partial<CreateChangeSetCommandInput>) {
  return cf.send(new CreateChangeSetCommand({ StackName: 'orders', ChangeSetName, ...input }));
}

const storage = (size: number) => DATABASE.replace('AllocatedStorage: 20', `AllocatedStorage: ${size}`);

/** Makes a change set and describes it once it is done. */
async function proposed(cloud: Cloud, input: Partial<CreateChangeSetCommandInput>, IncludePropertyValues = true) {
  const name = `set-${Math.random().toString(36).slice(2)}`;
  await propose(cloud, name, input);
  cloud.settle();
  return cloud.cf.send(
    new DescribeChangeSetCommand({ StackName: 'orders', ChangeSetName: name, IncludePropertyValues }),
  );
}

async function changesOf(
  cloud: Cloud,
  input: Partial<CreateChangeSetCommandInput>,
): Promise<Record<string, ResourceChange>> {
  const { Changes } = await proposed(cloud, input);
  return Object.fromEntries(Changes!.map(({ ResourceChange: change }) => [change!.LogicalResourceId, change!]));
}

const execute = ({ cf }: Cloud, ChangeSetName: string, ClientRequestToken?: string) =>
  cf.send(new ExecuteChangeSetCommand({ StackName: 'orders', ChangeSetName, ClientRequestToken }));

const statusOf = async ({ cf }: Cloud) =>
  (await cf.send(new DescribeStacksCommand({ StackName: 'orders' }))).Stacks![0]!.StackStatus;

test('a new identifier replaces the database, and may replace nothing that only reads its address', async () => {
  const cloud = await withStack();
  const TemplateBody = DATABASE.replace('Identifier: orders', 'Identifier: orders2');
  const { Database, Address } = await changesOf(cloud, { TemplateBody });
  expect(Database).toMatchObject({
    Action: 'Modify',
    Replacement: 'True',
    PolicyAction: 'ReplaceAndDelete',
    PhysicalResourceId: 'orders',
    Scope: ['Properties'],
    Details: [
      {
        ChangeSource: 'DirectModification',
        Evaluation: 'Static',
        Target: {
          Attribute: 'Properties',
          Name: 'DBInstanceIdentifier',
          Path: '/Properties/DBInstanceIdentifier',
          RequiresRecreation: 'Always',
          BeforeValue: 'orders',
          AfterValue: 'orders2',
        },
      },
    ],
  });
  expect(JSON.parse(Database!.BeforeContext!).Properties).toMatchObject({
    DBInstanceIdentifier: 'orders',
    MasterUserPassword: '****',
  });
  expect(JSON.parse(Database!.AfterContext!).Properties).toMatchObject({ DBInstanceIdentifier: 'orders2' });
  expect(Address).toMatchObject({ Action: 'Modify', Replacement: 'False' });
  expect(Address!.Details).toContainEqual(
    expect.objectContaining({
      ChangeSource: 'ResourceAttribute',
      Evaluation: 'Dynamic',
      CausingEntity: 'Database.Endpoint.Address',
    }),
  );
});

test('another engine may replace the database, and does', async () => {
  const cloud = await withStack(DATABASE.replace('      DBInstanceIdentifier: orders\n', ''));
  const TemplateBody = DATABASE.replace('      DBInstanceIdentifier: orders\n', '').replace('postgres', 'mysql');
  const { Database } = await changesOf(cloud, { TemplateBody });
  expect(Database).toMatchObject({ Replacement: 'Conditional' });
  expect(Database!.PolicyAction).toBeUndefined();
  expect(Database!.Details![0]!.Target).toMatchObject({ Name: 'Engine', RequiresRecreation: 'Conditionally' });
  const before = Database!.PhysicalResourceId;
  await cloud.cf.send(new UpdateStackCommand({ StackName: 'orders', TemplateBody }));
  cloud.settle();
  const again = await changesOf(cloud, {
    TemplateBody: TemplateBody.replace('AllocatedStorage: 20', 'AllocatedStorage: 30'),
  });
  expect(again.Database!.PhysicalResourceId).not.toBe(before);
});

test('a change of a parameter alone is a change, and names the parameter', async () => {
  const cloud = await withStack();
  const Parameters = [
    { ParameterKey: 'Class', ParameterValue: 'db.m5.large' },
    { ParameterKey: 'Password', UsePreviousValue: true },
  ];
  const { Database } = await changesOf(cloud, { UsePreviousTemplate: true, Parameters });
  expect(Database).toMatchObject({
    Replacement: 'False',
    Details: [
      { ChangeSource: 'DirectModification', Evaluation: 'Dynamic', Target: { Name: 'DBInstanceClass' } },
      {
        ChangeSource: 'ParameterReference',
        CausingEntity: 'Class',
        Evaluation: 'Static',
        Target: {
          Name: 'DBInstanceClass',
          RequiresRecreation: 'Never',
          BeforeValue: 'db.t3.micro',
          AfterValue: 'db.m5.large',
        },
      },
    ],
  });
  expect(Database!.PolicyAction).toBeUndefined();
});

test('a secret parameter that changes is a change that shows no secret', async () => {
  const cloud = await withStack();
  const Parameters = [{ ParameterKey: 'Password', ParameterValue: 'swordfish-swordfish' }];
  const set = await proposed(cloud, { UsePreviousTemplate: true, Parameters });
  expect(set.Changes).toHaveLength(2);
  expect(set.Changes![0]!.ResourceChange!.Details![0]!.Target).toMatchObject({
    BeforeValue: '****',
    AfterValue: '****',
  });
  expect(JSON.stringify(set)).not.toMatch(/swordfish|hunter2/);
});

test('an addition is only an addition; a removal has the fate that the deployed template gave it', async () => {
  const cloud = await withStack();
  const added = `${DATABASE}`.replace('Outputs:', '  Logs: { Type: AWS::S3::Bucket }\nOutputs:');
  const more = await changesOf(cloud, { TemplateBody: added });
  expect(Object.keys(more)).toEqual(['Logs']);
  expect(more.Logs).toMatchObject({ Action: 'Add', ResourceType: 'AWS::S3::Bucket' });
  expect(more.Logs!.Replacement).toBeUndefined();
  const TemplateBody = JSON.stringify({ Resources: { Logs: { Type: 'AWS::S3::Bucket' } } });
  const { Database, Address } = await changesOf(cloud, { TemplateBody });
  // A DB instance outside a cluster is snapshotted unless the template says otherwise.
  expect(Database).toMatchObject({ Action: 'Remove', PolicyAction: 'Snapshot', PhysicalResourceId: 'orders' });
  expect(Address).toMatchObject({ Action: 'Remove', PolicyAction: 'Delete' });
});

test('policies that change are changes of their own', async () => {
  const bucket = (more: object) => JSON.stringify({ Resources: { Data: { Type: 'AWS::S3::Bucket', ...more } } });
  const cloud = await withStack(bucket({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }));
  const { Data } = await changesOf(cloud, {
    TemplateBody: bucket({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' }),
  });
  expect(Data).toMatchObject({
    Replacement: 'False',
    Scope: ['DeletionPolicy'],
    Details: [{ Target: { Attribute: 'DeletionPolicy', BeforeValue: 'Retain', AfterValue: 'Delete' } }],
  });
  const renamed = bucket({
    UpdateReplacePolicy: 'Retain',
    DeletionPolicy: 'Retain',
    Properties: { BucketName: 'new' },
  });
  expect((await changesOf(cloud, { TemplateBody: renamed })).Data).toMatchObject({
    PolicyAction: 'ReplaceAndRetain',
  });
});

test('what refers to a resource that is replaced is replaced where the property says so', async () => {
  const network = (range: string) =>
    JSON.stringify({
      Resources: {
        Network: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: range } },
        Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Network' }, CidrBlock: '10.0.0.0/24' } },
      },
    });
  const cloud = await withStack(network('10.0.0.0/16'));
  const { Network, Subnet } = await changesOf(cloud, { TemplateBody: network('10.0.0.0/8') });
  expect(Network).toMatchObject({ Replacement: 'True' });
  expect(Subnet).toMatchObject({
    Replacement: 'True',
    PolicyAction: 'ReplaceAndDelete',
    Details: [
      {
        ChangeSource: 'ResourceReference',
        CausingEntity: 'Network',
        Evaluation: 'Static',
        Target: { Name: 'VpcId', RequiresRecreation: 'Always', AfterValue: '{{changeSet:KNOWN_AFTER_APPLY}}' },
      },
    ],
  });
});

test('what refers to a resource that may be replaced may be replaced', async () => {
  const host = (UserData: string) =>
    JSON.stringify({
      Resources: {
        Host: { Type: 'AWS::EC2::Instance', Properties: { ImageId: 'ami-1', UserData } },
        Address: { Type: 'AWS::EC2::EIPAssociation', Properties: { InstanceId: { Ref: 'Host' } } },
      },
    });
  const cloud = await withStack(host('one'));
  const { Host, Address } = await changesOf(cloud, { TemplateBody: host('two') });
  expect(Host).toMatchObject({ Replacement: 'Conditional' });
  expect(Address).toMatchObject({
    Replacement: 'Conditional',
    Details: [{ ChangeSource: 'ResourceReference', CausingEntity: 'Host', Evaluation: 'Dynamic' }],
  });
  expect(Address!.PolicyAction).toBeUndefined();
});

test('an export that is not there yet is only missed by the execution', async () => {
  const cloud = await withStack();
  const Extra = '  Extra: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !ImportValue later } }\n';
  const TemplateBody = DATABASE.replace('Outputs:', `${Extra}Outputs:`);
  const set = await proposed(cloud, { TemplateBody });
  expect(set.Changes![0]!.ResourceChange!.AfterContext).toContain('{{changeSet:KNOWN_AFTER_APPLY}}');
  await execute(cloud, set.ChangeSetName!);
  cloud.settle();
  expect(await statusOf(cloud)).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('property values are only given when they are asked for', async () => {
  const cloud = await withStack();
  const TemplateBody = storage(40);
  const { Changes } = await proposed(cloud, { TemplateBody }, false);
  const [change] = Changes!.map(({ ResourceChange: one }) => one!);
  expect(change!.Details![0]!.Target).toEqual({
    Attribute: 'Properties',
    Name: 'AllocatedStorage',
    RequiresRecreation: 'Never',
  });
  expect(change!.BeforeContext).toBeUndefined();
});

test('stack tags reach every resource that can carry them', async () => {
  const cloud = await withStack();
  const { Database } = await changesOf(cloud, { UsePreviousTemplate: true, Tags: [{ Key: 'env', Value: 'dev' }] });
  expect(Database).toMatchObject({ Scope: ['Tags'], Replacement: 'False' });
});

test('a set without changes fails and says so', async () => {
  const cloud = await withStack();
  const set = await proposed(cloud, { UsePreviousTemplate: true });
  expect(set).toMatchObject({
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
  });
  expect(await failureOf(execute(cloud, set.ChangeSetName!))).toBeInstanceOf(InvalidChangeSetStatusException);
});

test('a set of outputs alone has no changes and can be executed', async () => {
  const cloud = await withStack();
  const TemplateBody = `${DATABASE}  Extra: { Value: "yes" }\n`;
  const set = await proposed(cloud, { TemplateBody });
  expect(set).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', Changes: [] });
  await execute(cloud, set.ChangeSetName!);
  cloud.settle();
  const { Stacks } = await cloud.cf.send(new DescribeStacksCommand({ StackName: 'orders' }));
  expect(Stacks![0]!.Outputs!.map(({ OutputKey }) => OutputKey)).toEqual(['Endpoint', 'Extra']);
});

test('a set is made step by step, and cannot be executed before it is done', async () => {
  const cloud = await withStack();
  await propose(cloud, 'slow', { TemplateBody: storage(40) });
  const describe = () => cloud.cf.send(new DescribeChangeSetCommand({ StackName: 'orders', ChangeSetName: 'slow' }));
  expect(await describe()).toMatchObject({ Status: 'CREATE_PENDING', ExecutionStatus: 'UNAVAILABLE' });
  expect(await failureOf(execute(cloud, 'slow'))).toBeInstanceOf(InvalidChangeSetStatusException);
  cloud.pass(50);
  expect(await describe()).toMatchObject({ Status: 'CREATE_IN_PROGRESS' });
  cloud.pass(50);
  expect(await describe()).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
});

test('executing one set makes the others obsolete, then they are gone', async () => {
  const cloud = await withStack();
  const { Id: first } = await propose(cloud, 'first', { TemplateBody: storage(40) });
  await propose(cloud, 'second', { TemplateBody: storage(50) });
  cloud.settle();
  await execute(cloud, 'first');
  const second = new DescribeChangeSetCommand({ StackName: 'orders', ChangeSetName: 'second' });
  expect(await cloud.cf.send(second)).toMatchObject({ ExecutionStatus: 'OBSOLETE' });
  expect(await failureOf(execute(cloud, 'second'))).toBeInstanceOf(InvalidChangeSetStatusException);
  cloud.settle();
  expect(await statusOf(cloud)).toBe('UPDATE_COMPLETE');
  expect((await cloud.cf.send(new ListChangeSetsCommand({ StackName: 'orders' }))).Summaries).toEqual([]);
  expect(await failureOf(cloud.cf.send(second))).toMatchObject({ name: 'ChangeSetNotFoundException' });
  // The executed one is found by its ARN, and does not run again.
  const done = await cloud.cf.send(new DescribeChangeSetCommand({ ChangeSetName: first }));
  expect(done).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'EXECUTE_COMPLETE' });
  expect(await failureOf(execute(cloud, first!))).toBeInstanceOf(InvalidChangeSetStatusException);
});

test('an update by another way makes a set stale', async () => {
  const cloud = await withStack();
  const { Id } = await propose(cloud, 'stale', { TemplateBody: storage(40) });
  cloud.settle();
  await cloud.cf.send(new UpdateStackCommand({ StackName: 'orders', TemplateBody: storage(60) }));
  expect((await failureOf(execute(cloud, Id!))).message).toMatch(/execution status of \[OBSOLETE\]/);
});

test('a token executes once and then answers as before', async () => {
  const cloud = await withStack();
  const { Id } = await propose(cloud, 'once', { TemplateBody: storage(40) });
  cloud.settle();
  await execute(cloud, Id!, 'ticket-7');
  await execute(cloud, Id!, 'ticket-7');
  cloud.settle();
  await execute(cloud, Id!, 'ticket-7');
  await execute(cloud, 'once', 'ticket-7');
  expect(await statusOf(cloud)).toBe('UPDATE_COMPLETE');
  const deletion = new DeleteStackCommand({ StackName: 'orders', ClientRequestToken: 'ticket-7' });
  expect(await failureOf(cloud.cf.send(deletion))).toMatchObject({ name: 'TokenAlreadyExistsException' });
});

test('a set that creates a stack leaves it in review until it is executed', async () => {
  const cloud = await cloudUnderTest();
  await propose(cloud, 'new', { ChangeSetType: 'CREATE', TemplateBody: DATABASE });
  expect(await statusOf(cloud)).toBe('REVIEW_IN_PROGRESS');
  cloud.settle();
  const set = await cloud.cf.send(new DescribeChangeSetCommand({ StackName: 'orders', ChangeSetName: 'new' }));
  expect(set.Changes!.map(({ ResourceChange: one }) => one!.Action)).toEqual(['Add', 'Add']);
  await execute(cloud, 'new');
  expect(await statusOf(cloud)).toBe('CREATE_IN_PROGRESS');
  cloud.settle();
  expect(await statusOf(cloud)).toBe('CREATE_COMPLETE');
});

test('a stack in review is deleted with its sets', async () => {
  const cloud = await cloudUnderTest();
  await propose(cloud, 'new', { ChangeSetType: 'CREATE', TemplateBody: DATABASE });
  cloud.settle();
  await cloud.cf.send(new DeleteChangeSetCommand({ StackName: 'orders', ChangeSetName: 'new' }));
  expect(await statusOf(cloud)).toBe('REVIEW_IN_PROGRESS');
  await cloud.cf.send(new DeleteStackCommand({ StackName: 'orders' }));
  expect(await failureOf(statusOf(cloud))).toMatchObject({ name: 'ValidationError' });
});

test('a request that is refused leaves nothing behind', async () => {
  const cloud = await cloudUnderTest();
  const unknown = JSON.stringify({ Resources: { A: { Type: 'AWS::Not::AType' } } });
  const refused = await failureOf(propose(cloud, 'new', { ChangeSetType: 'CREATE', TemplateBody: unknown }));
  expect(refused.message).toBe('Template format error: Unrecognized resource types: [AWS::Not::AType]');
  expect(await failureOf(statusOf(cloud))).toMatchObject({ name: 'ValidationError' });
  const absent = await failureOf(propose(cloud, 'new', { TemplateBody: DATABASE }));
  expect(absent.message).toBe('Stack [orders] does not exist');
});
