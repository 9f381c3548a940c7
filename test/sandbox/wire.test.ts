import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as ec2 from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { cloudUnderTest, DATABASE, failureOf, signedBy } from './clients.ts';

test('text survives the way there and back', async () => {
  const { cf } = await cloudUnderTest();
  const TemplateBody = `${DATABASE}\n# <&>"' é 漢 \r\n  \n`;
  await cf.send(new cloudformation.CreateStackCommand({ StackName: 'orders', TemplateBody }));
  const answer = await cf.send(new cloudformation.GetTemplateCommand({ StackName: 'orders' }));
  expect(answer.TemplateBody).toBe(TemplateBody);
  expect(answer.StagesAvailable).toEqual(['Original', 'Processed']);
});

test('lists, dates, numbers and flags arrive as the SDK types them', async () => {
  const cloud = await cloudUnderTest();
  const made = await cloud.ec2.send(
    new ec2.RunInstancesCommand({
      ImageId: 'ami-0abcdef1234567890',
      InstanceType: 't3.micro',
      MinCount: 2,
      MaxCount: 2,
      DisableApiTermination: true,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: '<b>' }] }],
      BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 100, DeleteOnTermination: false } }],
    }),
  );
  expect(made.Instances).toHaveLength(2);
  const [instance] = made.Instances ?? [];
  expect(instance).toMatchObject({ State: { Code: 0, Name: 'pending' }, Tags: [{ Key: 'a', Value: '<b>' }] });
  expect(instance?.LaunchTime).toEqual(new Date(cloud.now()));
  const { Volumes } = await cloud.ec2.send(
    new ec2.DescribeVolumesCommand({ Filters: [{ Name: 'size', Values: ['100'] }] }),
  );
  expect(Volumes?.[0]).toMatchObject({ Size: 100, Attachments: [{ DeleteOnTermination: false, Device: '/dev/sdf' }] });
  const attribute = await cloud.ec2.send(
    new ec2.DescribeInstanceAttributeCommand({ InstanceId: instance?.InstanceId, Attribute: 'disableApiTermination' }),
  );
  expect(attribute).toMatchObject({ InstanceId: instance?.InstanceId, DisableApiTermination: { Value: true } });
});

test('an empty answer is an empty list', async () => {
  const cloud = await cloudUnderTest();
  expect(await cloud.cf.send(new cloudformation.DescribeStacksCommand({}))).toMatchObject({ Stacks: [] });
  expect(await cloud.cf.send(new cloudformation.ListStacksCommand({}))).toMatchObject({ StackSummaries: [] });
  expect(await cloud.ec2.send(new ec2.DescribeInstancesCommand({}))).toMatchObject({ Reservations: [] });
});

test('templates are described before they are used', async () => {
  const { cf } = await cloudUnderTest();
  const TemplateBody = JSON.stringify({
    Description: 'a role',
    Parameters: { Secret: { Type: 'String', NoEcho: true } },
    Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {}, RoleName: 'r' } } },
  });
  const valid = await cf.send(new cloudformation.ValidateTemplateCommand({ TemplateBody }));
  expect(valid).toMatchObject({ Description: 'a role', Parameters: [{ ParameterKey: 'Secret', NoEcho: true }] });
  const summary = await cf.send(new cloudformation.GetTemplateSummaryCommand({ TemplateBody }));
  expect(summary).toMatchObject({ Capabilities: ['CAPABILITY_NAMED_IAM'], ResourceTypes: ['AWS::IAM::Role'] });
});

test('errors arrive under the names that the SDK models', async () => {
  const { cf, ec2: compute } = await cloudUnderTest();
  const describe = (StackName: string) => cf.send(new cloudformation.DescribeStacksCommand({ StackName }));
  expect(await failureOf(describe('nope'))).toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id nope does not exist',
    $metadata: { httpStatusCode: 400 },
  });
  await cf.send(new cloudformation.CreateStackCommand({ StackName: 'orders', TemplateBody: DATABASE }));
  const again = new cloudformation.CreateStackCommand({ StackName: 'orders', TemplateBody: DATABASE });
  expect(await failureOf(cf.send(again))).toBeInstanceOf(cloudformation.AlreadyExistsException);
  const set = new cloudformation.DescribeChangeSetCommand({ StackName: 'orders', ChangeSetName: 'nope' });
  expect(await failureOf(cf.send(set))).toBeInstanceOf(cloudformation.ChangeSetNotFoundException);
  const role = JSON.stringify({
    Resources: { R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } } },
  });
  const create = new cloudformation.CreateStackCommand({ StackName: 'iam', TemplateBody: role });
  const refused = await failureOf(cf.send(create));
  expect(refused).toBeInstanceOf(cloudformation.InsufficientCapabilitiesException);
  expect(refused.message).toBe('Requires capabilities : [CAPABILITY_IAM]');
  const unknown = await failureOf(compute.send(new ec2.DescribeKeyPairsCommand({})));
  expect(unknown).toMatchObject({ name: 'InvalidAction', $metadata: { httpStatusCode: 400 } });
  const dry = await failureOf(compute.send(new ec2.DescribeInstancesCommand({ DryRun: true })));
  expect(dry).toMatchObject({ name: 'DryRunOperation', $metadata: { httpStatusCode: 412 } });
});

test('a request without a name is told what is missing', async () => {
  const { cf } = await cloudUnderTest();
  const call = cf.send(new cloudformation.DeleteStackCommand({ StackName: undefined }));
  expect(await failureOf(call)).toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining("Value null at 'stackName'"),
  });
});

test('every region is a cloud of its own', async () => {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(new cloudformation.CreateStackCommand({ StackName: 'orders', TemplateBody: DATABASE }));
  const elsewhere = cloud.connect('us-west-2');
  expect(await elsewhere.cf.send(new cloudformation.DescribeStacksCommand({}))).toMatchObject({ Stacks: [] });
  const here = await cloud.cf.send(new cloudformation.DescribeStacksCommand({ StackName: 'orders' }));
  expect(here.Stacks?.[0]?.StackId).toMatch(/^arn:aws:cloudformation:eu-west-1:123456789012:stack\/orders\//);
});

test('an assumed role is who the caller then is', async () => {
  const cloud = await cloudUnderTest({ accountId: '210987654321' });
  const before = await cloud.sts.send(new GetCallerIdentityCommand({}));
  expect(before).toMatchObject({ Account: '210987654321', Arn: 'arn:aws:iam::210987654321:user/sandbox' });
  const { Credentials } = await cloud.sts.send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::210987654321:role/path/deployer', RoleSessionName: 'ticket-1' }),
  );
  expect(Credentials?.Expiration).toEqual(new Date(cloud.now() + 3600_000));
  const assumed = cloud.connect('eu-west-1', Credentials?.AccessKeyId);
  const after = await assumed.sts.send(new GetCallerIdentityCommand({}));
  expect(after.Arn).toBe('arn:aws:sts::210987654321:assumed-role/deployer/ticket-1');
});

test('what was signed more than a quarter of an hour ago, or is dated so far ahead, is refused, and nothing happens', async () => {
  const cloud = await cloudUnderTest();
  let off = 0;
  signedBy(() => cloud.now() + off, cloud.cf.config);
  const create = () =>
    cloud.cf.send(new cloudformation.CreateStackCommand({ StackName: 'late', TemplateBody: DATABASE }));
  for (off of [-15 * 60_000 - 2_000, 15 * 60_000 + 2_000])
    expect(await failureOf(create())).toMatchObject({ name: 'RequestExpired', message: 'Request has expired.' });
  off = -15 * 60_000 + 2_000;
  expect(await cloud.cf.send(new cloudformation.DescribeStacksCommand({}))).toMatchObject({ Stacks: [] });
  await create();
});

test('a signature is judged when its request arrives: what is carried out late was taken', async () => {
  const cloud = await cloudUnderTest();
  await cloud.control('faults', { action: 'CreateStack', mode: 'hold_before' });
  const late = cloud.cf.send(new cloudformation.CreateStackCommand({ StackName: 'late', TemplateBody: DATABASE }));
  await cloud.control('requests?action=CreateStack&count=1&wait=30000');
  cloud.pass(16 * 60_000);
  await cloud.control('release', {});
  await late;
  expect((await cloud.cf.send(new cloudformation.DescribeStacksCommand({}))).Stacks).toHaveLength(1);
});
