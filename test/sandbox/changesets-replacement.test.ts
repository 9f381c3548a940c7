import { UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { DATABASE } from './clients.ts';
import { changesOf, proposed, withStack } from './proposals.ts';

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
