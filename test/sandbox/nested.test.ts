import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, test } from 'vitest';
import { cloudUnderTest, failureOf } from './clients.ts';

const URL = 'https://templates.example/data.json';
const data = (more: object = {}) => ({
  Parameters: { Delay: { Type: 'String', Default: '1' } },
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { ReceiveMessageWaitTimeSeconds: { Ref: 'Delay' } } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { TableName: 'orders', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
    },
    ...more,
  },
  Outputs: { Url: { Value: { Ref: 'Queue' } } },
});
const root = (Delay: string, more: object = {}) => ({
  Resources: {
    Data: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: URL, Parameters: { Delay } } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::GetAtt': ['Data', 'Outputs.Url'] } } },
    ...more,
  },
});

async function nestedCloud() {
  const cloud = await cloudUnderTest({
    seed: { region: 'eu-west-1', templates: { [URL]: data() }, stacks: [{ name: 'app', template: root('1') }] },
  });
  const { cf, settle } = cloud;
  return {
    ...cloud,
    async resources(StackName: string) {
      settle();
      return (await cf.send(new ListStackResourcesCommand({ StackName }))).StackResourceSummaries ?? [];
    },
    async changeSet(template: object, more: object = {}) {
      const given = { StackName: 'app', ChangeSetName: 'c', TemplateBody: JSON.stringify(template), ...more };
      const { Id } = await cf.send(new CreateChangeSetCommand({ IncludeNestedStacks: true, ...given }));
      settle();
      return await cf.send(new DescribeChangeSetCommand({ ChangeSetName: Id, IncludePropertyValues: true }));
    },
  };
}

describe('nested stacks', () => {
  test('are made with the stack around them, give it their outputs, and go with it', async () => {
    const { cf, resources, settle } = await nestedCloud();
    const [nested, topic] = await resources('app');
    expect(nested).toMatchObject({ ResourceType: 'AWS::CloudFormation::Stack', ResourceStatus: 'CREATE_COMPLETE' });
    expect(topic?.ResourceStatus).toBe('CREATE_COMPLETE');
    const { Stacks } = await cf.send(new DescribeStacksCommand({ StackName: nested?.PhysicalResourceId }));
    expect(Stacks?.[0]).toMatchObject({ StackStatus: 'CREATE_COMPLETE', ParentId: expect.stringContaining('/app/') });
    expect((await resources(nested?.PhysicalResourceId ?? '')).map((one) => one.LogicalResourceId)).toEqual([
      'Queue',
      'Table',
    ]);
    await cf.send(new DeleteStackCommand({ StackName: 'app' }));
    settle();
    const { StackSummaries = [] } = await cf.send(new ListStacksCommand({}));
    expect(StackSummaries.map((one) => one.StackStatus)).toEqual(['DELETE_COMPLETE', 'DELETE_COMPLETE']);
  });

  test('have change sets of their own, which only the root executes', async () => {
    const { cf, changeSet, resources } = await nestedCloud();
    const made = await changeSet(root('2'));
    expect(made).toMatchObject({ Status: 'CREATE_COMPLETE', IncludeNestedStacks: true });
    const nestedId = made.Changes?.[0]?.ResourceChange?.ChangeSetId;
    const nested = await cf.send(new DescribeChangeSetCommand({ ChangeSetName: nestedId }));
    expect(nested.Changes?.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId)).toEqual(['Queue']);
    expect(nested).toMatchObject({ RootChangeSetId: made.ChangeSetId, ParentChangeSetId: made.ChangeSetId });
    const StackName = nested.StackId;
    expect(await failureOf(cf.send(new ExecuteChangeSetCommand({ ChangeSetName: nestedId, StackName })))).toMatchObject(
      {
        name: 'ValidationError',
      },
    );
    await cf.send(new ExecuteChangeSetCommand({ ChangeSetName: made.ChangeSetId }));
    expect((await resources('app'))[0]?.ResourceStatus).toBe('UPDATE_COMPLETE');
    const inner = await resources(StackName ?? '');
    expect(inner.find((one) => one.LogicalResourceId === 'Queue')?.ResourceStatus).toBe('UPDATE_COMPLETE');
    const { Stacks } = await cf.send(new DescribeStacksCommand({ StackName }));
    expect(Stacks?.[0]).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Parameters: [{ ParameterValue: '2' }] });
  });

  test('that do not change are not listed', async () => {
    const { changeSet } = await nestedCloud();
    const made = await changeSet(root('1', { More: { Type: 'AWS::SQS::Queue' } }));
    expect(made.Changes?.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId)).toEqual(['More']);
  });

  test('that are new are empty shells until then, and go with the change set', async () => {
    const { cf, changeSet } = await nestedCloud();
    const more = { New: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `${URL}?new` } } };
    const missing = await changeSet(root('1', more));
    expect(missing).toMatchObject({ Status: 'FAILED', StatusReason: expect.stringContaining('TemplateURL') });
    await cf.send(new DeleteChangeSetCommand({ ChangeSetName: missing.ChangeSetId }));
  });

  test('a template is put by its URL', async () => {
    const { cf, changeSet, sandbox, resources } = await nestedCloud();
    const put = (body: unknown) =>
      fetch(`${sandbox.endpoint}/_sandbox/templates`, { method: 'PUT', body: JSON.stringify(body) });
    expect(
      (await put({ [`${URL}?new`]: JSON.stringify({ Resources: { Q: { Type: 'AWS::SQS::Queue' } } }) })).status,
    ).toBe(200);
    expect((await put([])).status).toBe(400);
    const more = { New: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `${URL}?new` } } };
    const made = await changeSet(root('1', more));
    const count = async () => (await cf.send(new ListStacksCommand({}))).StackSummaries?.length;
    expect(await count()).toBe(3);
    await cf.send(new DeleteChangeSetCommand({ ChangeSetName: made.ChangeSetId }));
    expect(await count()).toBe(2);
    const again = await changeSet(root('1', more));
    await cf.send(new ExecuteChangeSetCommand({ ChangeSetName: again.ChangeSetId }));
    expect((await resources('app')).map((one) => one.ResourceStatus)).toEqual([
      'CREATE_COMPLETE',
      'CREATE_COMPLETE',
      'CREATE_COMPLETE',
    ]);
    expect(await count()).toBe(3);
  });

  test('a failure in one undoes the whole', async () => {
    const { cf, changeSet, settle } = await nestedCloud();
    // The name is taken: the table in the nested stack has it.
    const taken = {
      Type: 'AWS::DynamoDB::Table',
      DependsOn: 'Data',
      Properties: { TableName: 'orders', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
    };
    const made = await changeSet(root('2', { Taken: taken }));
    await cf.send(new ExecuteChangeSetCommand({ ChangeSetName: made.ChangeSetId }));
    settle();
    const { Stacks = [] } = await cf.send(new DescribeStacksCommand({}));
    settle();
    const statuses = (await cf.send(new DescribeStacksCommand({}))).Stacks?.map((stack) => [
      stack.StackStatus,
      stack.Parameters?.[0]?.ParameterValue,
    ]);
    expect(Stacks).toHaveLength(2);
    expect(statuses).toEqual([
      ['UPDATE_COMPLETE', '1'],
      ['UPDATE_ROLLBACK_COMPLETE', undefined],
    ]);
  });
});

describe('imports', () => {
  const bucket = {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    Properties: { BucketName: 'kept' },
  };
  const ResourcesToImport = [
    { ResourceType: 'AWS::S3::Bucket', LogicalResourceId: 'Kept', ResourceIdentifier: { BucketName: 'kept' } },
  ];

  test('take what exists, and nothing else', async () => {
    const { cf, settle } = await cloudUnderTest({
      seed: { region: 'eu-west-1', stacks: [{ name: 'old', template: { Resources: { Kept: bucket } } }] },
    });
    const propose = async (Resources: object, StackName = 'new') => {
      const { Id } = await cf.send(
        new CreateChangeSetCommand({
          StackName,
          ChangeSetName: `c${Math.random()}`.replace('.', ''),
          ChangeSetType: 'IMPORT',
          TemplateBody: JSON.stringify({ Resources }),
          ResourcesToImport,
        }),
      );
      settle();
      return await cf.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
    };
    expect(await propose({ Kept: bucket })).toMatchObject({
      StatusReason: expect.stringContaining('already exists in stack'),
    });
    await cf.send(new DeleteStackCommand({ StackName: 'old' }));
    expect(await propose({ Kept: bucket, More: { Type: 'AWS::SQS::Queue' } })).toMatchObject({ Status: 'FAILED' });
    expect(await failureOf(propose({ Kept: { ...bucket, DeletionPolicy: undefined } }))).toMatchObject({
      name: 'ValidationError',
    });
    const made = await propose({ Kept: bucket });
    expect(made.Changes?.[0]?.ResourceChange).toMatchObject({ Action: 'Import', PhysicalResourceId: 'kept' });
    await cf.send(new ExecuteChangeSetCommand({ ChangeSetName: made.ChangeSetId }));
    settle();
    const { Stacks } = await cf.send(new DescribeStacksCommand({ StackName: 'new' }));
    expect(Stacks?.[0]?.StackStatus).toBe('IMPORT_COMPLETE');
    const { StackResourceSummaries } = await cf.send(new ListStackResourcesCommand({ StackName: 'new' }));
    expect(StackResourceSummaries).toMatchObject([{ PhysicalResourceId: 'kept', ResourceStatus: 'IMPORT_COMPLETE' }]);
  });
});

test('loops are written out, with the values that the request gives', async () => {
  const template = {
    Transform: 'AWS::LanguageExtensions',
    Parameters: { Names: { Type: 'CommaDelimitedList', Default: 'A,B' }, Keep: { Type: 'String', Default: 'Retain' } },
    Mappings: { Delays: { A: { Seconds: '5' } } },
    Resources: {
      'Fn::ForEach::Queues': [
        'Name',
        { Ref: 'Names' },
        {
          'Queue${Name}': {
            Type: 'AWS::SQS::Queue',
            DeletionPolicy: { Ref: 'Keep' },
            Properties: {
              // biome-ignore lint/suspicious/noTemplateCurlyInString: what the loop replaces
              QueueName: { 'Fn::Sub': 'q-${Name}' },
              ReceiveMessageWaitTimeSeconds: {
                'Fn::FindInMap': ['Delays', { Ref: 'Name' }, 'Seconds', { DefaultValue: '7' }],
              },
            },
          },
        },
      ],
    },
  };
  const { cf, settle } = await cloudUnderTest({ seed: { region: 'eu-west-1', stacks: [{ name: 'app', template }] } });
  const { TemplateBody = '' } = await cf.send(new GetTemplateCommand({ StackName: 'app', TemplateStage: 'Processed' }));
  expect(JSON.parse(TemplateBody).Resources.QueueB).toMatchObject({ DeletionPolicy: 'Retain' });
  const { Id } = await cf.send(
    new CreateChangeSetCommand({
      StackName: 'app',
      ChangeSetName: 'less',
      UsePreviousTemplate: true,
      Parameters: [{ ParameterKey: 'Names', ParameterValue: 'A' }],
    }),
  );
  settle();
  const { Changes } = await cf.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
  expect(Changes?.map(({ ResourceChange }) => [ResourceChange?.Action, ResourceChange?.LogicalResourceId])).toEqual([
    ['Remove', 'QueueB'],
  ]);
});
