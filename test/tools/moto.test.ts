import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AttachNetworkInterfaceCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateLaunchTemplateCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  DescribeSubnetsCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RegisterImageCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { useMoto } from '../scenes/moto.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';

let aws: Aws;
let cloudformation: CloudFormationClient;
let ec2: EC2Client;

useMoto((direct) => {
  aws = testAws(direct.endpoint);
  cloudformation = new CloudFormationClient(direct);
  ec2 = new EC2Client(direct);
});

const TEMPLATE = JSON.stringify({
  Parameters: {
    DbPassphrase: { Type: 'String' },
    Hidden: { Type: 'String', NoEcho: true },
    Size: { Type: 'String', Default: 's' },
  },
  AWSTemplateFormatVersion: '2010-09-09',
  Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
  Outputs: { Hint: { Value: { Ref: 'Hidden' } }, Size: { Value: { Ref: 'Size' } } },
});
const parameters = { DbPassphrase: 'open-sesame', Hidden: 'hush-hush' };

async function createStack(StackName: string, more: object = {}): Promise<void> {
  const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody: TEMPLATE, Parameters, ...more }));
}

async function run(input: object = {}): Promise<string> {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({ ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', ...input }),
  );
  return Instances?.[0]?.InstanceId ?? '';
}

test('NoEcho values, which moto returns in clear, are masked, and so are outputs that repeat them', async () => {
  await createStack('app');
  const text = JSON.stringify(await read(aws, 'cloudformation_describe_stack', { stack_name: 'app' }));
  expect(text).not.toContain('hush-hush');
  expect(text).not.toContain('open-sesame');
  expect(JSON.parse(text)).toMatchObject({
    parameters: expect.arrayContaining([
      { key: 'Hidden', value: expect.stringMatching(/^\[hidden:Hidden#/) },
      { key: 'Size', value: 's' },
    ]),
    outputs: expect.arrayContaining([{ key: 'Hint', value: '[hidden:secret]' }]),
  });
});

test('a stack with termination protection, which moto would delete, is refused', async () => {
  await createStack('app', { EnableTerminationProtection: true });
  const proposal = propose(aws, 'cloudformation_delete_stack', { stack_name: 'app' });
  await expect(proposal).rejects.toMatchObject({ code: 'protected' });
});

test('a stack from its creation to its deletion', async () => {
  const create = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'app',
    template_body: TEMPLATE,
    parameters,
  });
  expect(effects(create)).toEqual(['create AWS::SQS::Queue']);
  expect(JSON.stringify(create.plan)).not.toMatch(/hush-hush|open-sesame/);
  await create.execute();
  expect(await create.outcome()).toMatchObject({ state: 'succeeded' });

  const same = propose(aws, 'cloudformation_deploy_stack', { stack_name: 'app', template_body: TEMPLATE });
  await expect(same).rejects.toMatchObject({ code: 'no_changes' });

  // moto doesn't say what an update replaces.
  const update = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'app',
    template_body: TEMPLATE.replace(
      '"AWS::SQS::Queue"',
      '"AWS::SQS::Queue","Properties":{"ReceiveMessageWaitTimeSeconds":7}',
    ),
  });
  expect(effects(update)).toEqual(['unknown AWS::SQS::Queue']);
  expect(update.impact[0]?.detail).toContain('whether it was changed by hand since is not known (this endpoint');
  await update.discard();
  await update.discard();

  const remove = await propose(aws, 'cloudformation_delete_stack', { stack_name: 'app' });
  expect(await remove.observe()).toMatchObject({ state: 'unknown' });
  await remove.execute();
  // Its events carry no tokens: there is only the state.
  expect(await remove.outcome()).toMatchObject({ state: 'succeeded', evidence: 'state' });
  const gone = propose(aws, 'cloudformation_delete_stack', { stack_name: 'app' });
  await expect(gone).rejects.toMatchObject({ code: 'not_found' });
});

test('a create that does not run leaves no stack, and none of its secrets in the plan', async () => {
  const create = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'app',
    template_body: TEMPLATE,
    parameters,
    tags: { env: 'sandbox' },
  });
  // moto shows the call's tags on the stack that isn't created yet; no environment may be chosen by them.
  expect(create.targets[0]?.tags).toEqual({});
  const { cloudformation: reader } = await aws.readers();
  const { stack_id, id: arn } = (create.plan.made ?? {}) as { stack_id: string; id: string };
  // It also gives no template for the change set: then no value is known not to be a secret.
  const made = await reader.changeSet(stack_id, arn);
  expect(made?.parameters.map(({ value }) => value.startsWith('[hidden:'))).toEqual([true, true]);
  await create.discard();
  await create.discard();
  expect(await read(aws, 'cloudformation_list_stacks')).toMatchObject({ stacks: [] });
});

test('an update of parameters alone is unknown', async () => {
  await createStack('app');
  const proposal = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'app',
    use_previous_template: true,
    parameters: { Size: 'l' },
  });
  expect(effects(proposal)[0]).toMatch(/^unknown /);
});

test('instances are stopped, started and terminated', async () => {
  const id = await run();
  const stop = await propose(aws, 'ec2_stop_instances', { instance_ids: [id] });
  await stop.execute();
  expect(await stop.outcome()).toMatchObject({ state: 'succeeded' });
  const start = await propose(aws, 'ec2_start_instances', { instance_ids: [id] });
  await start.execute();
  expect(await start.outcome()).toMatchObject({ state: 'succeeded' });
  const terminate = await propose(aws, 'ec2_terminate_instances', { instance_ids: [id] });
  expect(effects(terminate)).toContain('delete AWS::EC2::Volume');
  await terminate.execute();
  expect(await terminate.outcome()).toMatchObject({ state: 'succeeded' });
});

test('protected instances are refused', async () => {
  const id = await run();
  const protect = (attribute: object) => ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, ...attribute }));
  await protect({ DisableApiTermination: { Value: true } });
  await protect({ DisableApiStop: { Value: true } });
  for (const tool of ['ec2_terminate_instances', 'ec2_stop_instances'])
    await expect(propose(aws, tool, { instance_ids: [id] })).rejects.toMatchObject({ code: 'protected' });
});

test('of a batch that AWS refuses and carries out in part, each instance is told', async () => {
  // moto goes through them in the order sent, and stops at the protected one.
  const [free = '', held = ''] = [await run(), await run()].sort();
  const terminate = await propose(aws, 'ec2_terminate_instances', { instance_ids: [free, held] });
  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: held, DisableApiTermination: { Value: true } }));
  await expect(terminate.execute()).rejects.toMatchObject({ code: 'aws_rejected', certainty: 'refused' });
  const outcome = await terminate.outcome();
  expect(outcome.state).toBe('unknown');
  expect(outcome.resources.map((one) => one.outcome)).toEqual(['succeeded', 'unknown']);
});

test('instances are launched, rebooted and changed', async () => {
  const hvm = { Name: 'base image', VirtualizationType: 'hvm', Architecture: 'x86_64' } as const;
  const { ImageId } = await ec2.send(new RegisterImageCommand(hvm));
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const [{ SubnetId, VpcId } = {}] = Subnets;
  const group = { GroupName: 'open', Description: 'open', VpcId };
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(group));
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData: { UserData: 'aGk=' } }),
  );
  const launch = await propose(aws, 'ec2_run_instances', {
    image_id: ImageId,
    instance_type: 't3.micro',
    count: 2,
    subnet_id: SubnetId,
    security_group_ids: [GroupId],
    launch_template_id: LaunchTemplate?.LaunchTemplateId,
    launch_template_version: 1,
    tags: { env: 'dev' },
  });
  expect(effects(launch)).toEqual([
    'expose AWS::EC2::LaunchTemplate',
    'expose AWS::EC2::SecurityGroup',
    'create AWS::EC2::Instance',
    'create AWS::EC2::Instance',
  ]);
  expect(await launch.observe()).toMatchObject({ state: 'unknown' });
  await launch.execute();
  const outcome = await launch.outcome();
  expect(outcome).toMatchObject({
    state: 'succeeded',
    resources: [{ outcome: 'succeeded' }, { outcome: 'succeeded' }],
  });
  const [first = '', second = ''] = outcome.resources.map(({ resource }) => resource.split('/')[1] ?? '');

  const reboot = await propose(aws, 'ec2_reboot_instances', { instance_ids: [first, second] });
  await reboot.execute();
  expect(await reboot.observe()).toMatchObject({ state: 'succeeded' });

  const modify = (change: object) => propose(aws, 'ec2_modify_instance_attribute', { instance_id: first, ...change });
  const type = { instance_type: 't3.large' };
  const resize = await modify({ instance_type: 't3.small' });
  expect(effects(resize)).toEqual(['disrupt AWS::EC2::Instance']);
  for (const step of [1, 2, 3]) {
    if (step > 1) expect(await resize.differs(step)).toBeUndefined();
    await resize.execute(step);
    expect(await resize.outcome(step)).toMatchObject({ state: 'succeeded' });
  }
  await (await propose(aws, 'ec2_stop_instances', { instance_ids: [first] })).execute();
  await expect(modify({ instance_type: 't4g.micro' })).rejects.toMatchObject({ code: 'invalid_input' });
  for (const change of [type, { disable_api_termination: true }, { disable_api_termination: false }]) {
    const changed = await modify(change);
    expect(effects(changed)).toEqual([
      `${'disable_api_termination' in change && !change.disable_api_termination ? 'weaken' : 'modify'} AWS::EC2::Instance`,
    ]);
    await changed.execute();
    expect(await changed.outcome()).toMatchObject({ state: 'succeeded' });
  }
});

test('status and console output', async () => {
  const id = await run();
  const { statuses } = await read(aws, 'ec2_describe_instance_status', { instance_ids: [id] });
  expect(statuses).toMatchObject([{ instance_id: id, state: 'running', instance_status: { status: 'ok' } }]);
  const { lines, total } = await read(aws, 'ec2_get_console_output', { instance_id: id });
  expect(total).toBeGreaterThan(100);
  expect(lines.join('\n')).toContain('Linux version');
});

test('a second network interface stays or goes with its instance, as it was attached', async () => {
  const id = await run();
  const { SubnetId } = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[0] ?? {};
  const { instances } = await read(aws, 'ec2_describe_instances', { instance_ids: [id] });
  const asked = { SubnetId: instances[0].subnet_id ?? SubnetId };
  const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand(asked));
  const { NetworkInterfaceId = '' } = NetworkInterface ?? {};
  await ec2.send(new AttachNetworkInterfaceCommand({ InstanceId: id, NetworkInterfaceId, DeviceIndex: 1 }));
  const terminate = await propose(aws, 'ec2_terminate_instances', { instance_ids: [id] });
  const lines = terminate.impact.filter(({ type }) => type === 'AWS::EC2::NetworkInterface');
  expect(lines).toMatchObject([{ resource: NetworkInterfaceId }]);
  expect(lines[0]?.effect).toBe('modify');
});

test('an Elastic IP stays when its instance is terminated', async () => {
  const id = await run();
  const { AllocationId, PublicIp } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: id }));
  const terminate = await propose(aws, 'ec2_terminate_instances', { instance_ids: [id] });
  expect(terminate.impact.at(-1)).toMatchObject({ resource: AllocationId, type: 'AWS::EC2::EIP', effect: 'modify' });
  const stop = await propose(aws, 'ec2_stop_instances', { instance_ids: [id] });
  expect(stop.impact[0]?.detail).toContain(`Elastic IP ${PublicIp} stays with it`);
  expect(stop.impact[0]?.detail).not.toContain('public address');
});
