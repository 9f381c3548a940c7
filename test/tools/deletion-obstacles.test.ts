import { type EC2Client, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { directClient } from '../scenes/storage.ts';
import { propose, read, testAws } from '../scenes/tools.ts';

let cloud: Cloud;
let aws: Aws;
let ec2: EC2Client;

const QUEUE = { Type: 'AWS::SQS::Queue' };
const bucket = (BucketName: string, more: object = {}) => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName },
  ...more,
});
const EXPORTS = {
  Resources: { Queue: QUEUE },
  Outputs: { One: { Value: 'one', Export: { Name: 'one' } }, Two: { Value: 'two', Export: { Name: 'two' } } },
};
const DATABASES = {
  Resources: {
    Alone: { Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceClass: 'db.t3.micro', Engine: 'postgres' } },
    Cluster: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql' } },
    Member: {
      Type: 'AWS::RDS::DBInstance',
      Properties: {
        DBClusterIdentifier: { Ref: 'Cluster' },
        DBInstanceClass: 'db.t3.micro',
        Engine: 'aurora-postgresql',
      },
    },
    Dropped: {
      Type: 'AWS::RDS::DBInstance',
      DeletionPolicy: 'Delete',
      Properties: { DBInstanceClass: 'db.t3.micro', Engine: 'postgres' },
    },
  },
};

beforeAll(async () => {
  cloud = await startCloud(
    {
      stacks: [
        { name: 'exporter', template: EXPORTS },
        {
          name: 'importer',
          template: { Resources: { Queue: { ...QUEUE, Properties: { QueueName: { 'Fn::ImportValue': 'one' } } } } },
        },
        {
          name: 'buckets',
          template: { Resources: { Full: bucket('full'), Kept: bucket('kept', { DeletionPolicy: 'Retain' }) } },
        },
        {
          name: 'servers',
          template: { Resources: { Web: { Type: 'AWS::EC2::Instance', Properties: { ImageId: 'ami-1' } } } },
        },
        { name: 'databases', template: DATABASES },
        {
          name: 'grouped',
          template: {
            Resources: { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'for a test' } } },
          },
        },
      ],
    },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
  ec2 = directClient(cloud.endpoint);
});
afterAll(async () => {
  ec2.destroy();
  await cloud[Symbol.asyncDispose]();
});

const deleting = (stack_name: string) => propose(aws, 'cloudformation_delete_stack', { stack_name });
const object = (method: string, path: string) => fetch(`${cloud.endpoint}/${path}`, { method });

test('exports that another stack imports are refused, with their importers', async () => {
  await expect(deleting('exporter')).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringMatching(/one by importer/),
  });
  // Anyone who may not ask is told so; AWS refuses by itself.
  await cloud.fault({ action: 'ListImports', mode: 'error_before', code: 'AccessDenied', status: 403 });
  const blind = await deleting('exporter');
  expect(blind.impact[0]?.detail).toContain('who imports its exports could not be read (one, two)');
  await blind.execute();
  expect(await blind.outcome()).toMatchObject({ state: 'failed' });
  const gone = await deleting('importer');
  await gone.execute();
  await gone.outcome();
  expect((await deleting('exporter')).impact[0]?.detail).not.toContain('could not be read');
});

test('what passes by itself is no reason for a plan that says less', async () => {
  await cloud.fault({ action: 'ListImports', mode: 'error_before', code: 'Throttling', status: 400, times: 3 });
  await expect(deleting('exporter')).rejects.toMatchObject({ code: 'aws_unreachable' });
});

test('a bucket that holds something is refused unless it is kept', async () => {
  await object('PUT', 'full/a');
  await object('PUT', 'kept/a');
  await expect(deleting('buckets')).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringContaining('bucket full (Full) is not empty'),
  });
  await object('DELETE', 'full/a');
  const empty = await deleting('buckets');
  expect(empty.impact.map((line) => line.detail)).toContain('Full: deleted; it is empty');
  expect((await empty.again()).impact).toEqual(empty.impact);
  await object('PUT', 'full/b');
  await expect(empty.again()).rejects.toMatchObject({ code: 'in_use' });
  // The kept bucket isn't even looked into.
  const asked = (await cloud.requests('ListObjectVersions')).map(({ parameters }) => parameters.path);
  expect([...new Set(asked)]).toEqual(['/full/']);
});

test.each([
  ['may not be looked into', 'AccessDenied', 403, /may not be read/],
  ['is in another region', 'PermanentRedirect', 400, /may not be read/],
  ['is gone', 'NoSuchBucket', 404, /gone already/],
])('a bucket that %s is told as such', async (_, code, status, told) => {
  await cloud.fault({ action: 'ListObjectVersions', mode: 'error_before', code, status });
  const { impact } = await deleting('buckets');
  expect(impact.find((line) => line.resource === 'full')?.detail).toMatch(told);
});

test('an instance that is protected is refused; one that is gone is told', async () => {
  const { resources } = await read(aws, 'cloudformation_list_stack_resources', { stack_name: 'servers' });
  const InstanceId: string = resources[0].physical_id;
  const set = (Value: boolean) =>
    ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, DisableApiTermination: { Value } }));
  await set(true);
  await expect(deleting('servers')).rejects.toMatchObject({
    code: 'protected',
    message: expect.stringContaining(InstanceId),
  });
  await set(false);
  const proposal = await deleting('servers');
  const terminate = await propose(aws, 'ec2_terminate_instances', { instance_ids: [InstanceId] });
  await terminate.execute();
  await terminate.outcome();
  expect((await proposal.again()).impact).not.toEqual(proposal.impact);
  expect((await deleting('servers')).impact[1]?.detail).toContain('terminated already');
});

test('where instances may not be asked about, that is said', async () => {
  await cloud.fault({ action: 'DescribeInstances', mode: 'error_before', code: 'UnauthorizedOperation', status: 403 });
  expect((await deleting('servers')).impact[1]?.detail).toContain('could not be read');
});

test('databases are snapshotted by default, but not those of a cluster', async () => {
  const { impact } = await deleting('databases');
  const about = (name: string) => impact.find((line) => line.detail.startsWith(`${name}:`));
  expect(about('Alone')).toMatchObject({
    recoverable: true,
    detail: expect.stringContaining('after a final snapshot'),
  });
  expect(about('Cluster')).toMatchObject({
    recoverable: true,
    detail: expect.stringContaining('the default of its type'),
  });
  expect(about('Member')).toMatchObject({ recoverable: false, detail: 'Member: deleted' });
  expect(about('Dropped')).toMatchObject({ recoverable: false, detail: 'Dropped: deleted' });
});

test('a security group of which nobody may ask who uses it is told as such', async () => {
  await cloud.fault({
    action: 'DescribeNetworkInterfaces',
    mode: 'error_before',
    code: 'UnauthorizedOperation',
    status: 403,
  });
  const { impact } = await deleting('grouped');
  expect(impact[1]?.detail).toContain('who else uses it could not be read');
});
