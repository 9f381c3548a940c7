import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  DescribeSubnetsCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DeleteObjectCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { useMoto } from '../scenes/moto.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';

let aws: Aws;
let cloudformation: CloudFormationClient;
let ec2: EC2Client;
let s3: S3Client;

const moto = useMoto((direct) => {
  aws = testAws(direct.endpoint);
  cloudformation = new CloudFormationClient(direct);
  ec2 = new EC2Client(direct);
  s3 = new S3Client({ ...direct, forcePathStyle: true });
});

const create = (StackName: string, template: object) =>
  cloudformation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
const deleting = (stack_name: string) => propose(aws, 'cloudformation_delete_stack', { stack_name });
async function physical(stack_name: string, logical_id: string): Promise<string> {
  const { resources } = await read(aws, 'cloudformation_list_stack_resources', { stack_name });
  return resources.find((one: { logical_id: string }) => one.logical_id === logical_id).physical_id;
}

const QUEUE = { Type: 'AWS::SQS::Queue' };
const GROUP = { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'of a stack' } };
const APP = {
  Parameters: { Secret: { Type: 'String', NoEcho: true, Default: 'hush-hush' } },
  AWSTemplateFormatVersion: '2010-09-09',
  Resources: { Queue: QUEUE },
  Outputs: { Name: { Value: 'x', Export: { Name: 'app-name' } } },
};

test('events, template and exports', async () => {
  await create('app', APP);
  const { events } = await read(aws, 'cloudformation_describe_stack_events', { stack_name: 'app' });
  expect(events[0]).toMatchObject({ status: 'CREATE_COMPLETE' });
  const { lines, total } = await read(aws, 'cloudformation_get_template', { stack_name: 'app' });
  const text = lines.join('\n');
  expect(text).not.toContain('hush-hush');
  expect(text).toContain('app-name');
  expect(total).toBe(text.length);
  // It validates with cfn-lint, which takes up to half a minute to load on a busy machine: left to the sandbox.
  // It answers ListImports with an HTML page and 500: the exports are told all the same.
  const { exports } = await read(aws, 'cloudformation_list_exports');
  expect(exports).toMatchObject([{ name: 'app-name', value: 'x', imported_by: 'not known' }]);
  const { impact } = await deleting('app');
  expect(impact[0]?.detail).toContain('who imports its exports could not be read (app-name)');
});

test('a change set with our verdict', async () => {
  await create('app', APP);
  const update = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'app',
    template_body: JSON.stringify({ ...APP, Resources: { Queue: QUEUE, More: QUEUE } }),
  });
  const change_set_name = update.plan.made?.id ?? '';
  const seen = await read(aws, 'cloudformation_describe_change_set', { stack_name: 'app', change_set_name });
  // It lists the untouched one as changed too, without saying how.
  expect(seen.changes).toMatchObject([
    { logical_id: 'More', effect: 'create' },
    { logical_id: 'Queue', effect: 'unknown' },
  ]);
});

test('what moto does not know is an error that says so, and nothing else', async () => {
  await create('app', APP);
  const drift = read(aws, 'cloudformation_detect_stack_drift', { stack_name: 'app' });
  await expect(drift).rejects.toMatchObject({ code: 'aws_unreachable', message: expect.stringContaining('not AWS') });
  const given = { stack_name: 'app', enable_termination_protection: true };
  const on = await propose(aws, 'cloudformation_update_termination_protection', given);
  await expect(on.execute()).rejects.toMatchObject({ code: 'aws_unreachable' });
  expect(await on.observe()).toMatchObject({ state: 'unknown' });
  for (const operation of ['cancel_update_stack', 'continue_update_rollback', 'rollback_stack']) {
    const tool = propose(aws, `cloudformation_${operation}`, { stack_name: 'app' });
    await expect(tool).rejects.toMatchObject({ code: 'wrong_state' });
  }
});

test('a stack policy is set and replaced', async () => {
  await create('app', APP);
  const allow = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' };
  const set = (...Statement: object[]) =>
    propose(aws, 'cloudformation_set_stack_policy', {
      stack_name: 'app',
      stack_policy_body: JSON.stringify({ Statement }),
    });
  const first = await set(allow);
  expect(effects(first)).toEqual(['modify AWS::CloudFormation::Stack']);
  await first.execute();
  expect(await first.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(set(allow)).rejects.toMatchObject({ code: 'no_changes' });
  expect(effects(await set({ ...allow, Effect: 'Deny' }))).toEqual([
    'weaken AWS::CloudFormation::Stack',
    'disrupt AWS::CloudFormation::Stack',
  ]);
});

test('a bucket with an object, or with nothing but old versions, keeps its stack', async () => {
  await create('app', { Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } } } });
  expect((await deleting('app')).impact[1]?.detail).toBe('Data: deleted; it is empty');
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'data', VersioningConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'a', Body: 'x' }));
  await expect(deleting('app')).rejects.toMatchObject({ code: 'in_use' });
  await s3.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'a' }));
  await expect(deleting('app')).rejects.toMatchObject({ code: 'in_use' });
});

test('an instance that is protected keeps its stack, which moto would delete', async () => {
  const Properties = { ImageId: 'ami-12345678', InstanceType: 't3.micro' };
  await create('app', { Resources: { Web: { Type: 'AWS::EC2::Instance', Properties } } });
  const InstanceId = await physical('app', 'Web');
  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, DisableApiTermination: { Value: true } }));
  await expect(deleting('app')).rejects.toMatchObject({ code: 'protected' });
});

test('a security group that an instance outside uses keeps its stack', async () => {
  const inside = {
    Type: 'AWS::EC2::Instance',
    Properties: {
      ImageId: 'ami-12345678',
      InstanceType: 't3.micro',
      SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }],
    },
  };
  await create('app', { Resources: { Group: GROUP, Inside: inside } });
  const group = await physical('app', 'Group');
  // Its own instance uses it too, and goes before it.
  expect(effects(await deleting('app'))).toContain('delete AWS::EC2::SecurityGroup');
  const run = { ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1, SecurityGroupIds: [group] };
  const { Instances } = await ec2.send(new RunInstancesCommand(run));
  const outside = Instances?.[0]?.InstanceId ?? '';
  await expect(deleting('app')).rejects.toMatchObject({ code: 'in_use', message: expect.stringContaining(outside) });
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [outside] }));
});

test('a security group that an interface of nobody, or a rule outside, names keeps its stack', async () => {
  await create('app', { Resources: { Group: GROUP } });
  const group = await physical('app', 'Group');
  const other = { GroupName: 'other', Description: 'outside of the stack' };
  const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand(other));
  const rule = { IpProtocol: 'tcp', FromPort: 1, ToPort: 2, UserIdGroupPairs: [{ GroupId: group }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
  await expect(deleting('app')).rejects.toMatchObject({ code: 'in_use', message: expect.stringContaining(GroupId) });
  await moto.reset();
  await create('app', { Resources: { Group: GROUP } });
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  const Groups = [await physical('app', 'Group')];
  const made = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: Subnets?.[0]?.SubnetId, Groups }));
  const id = made.NetworkInterface?.NetworkInterfaceId ?? 'none';
  await expect(deleting('app')).rejects.toMatchObject({ code: 'in_use', message: expect.stringContaining(id) });
});
