import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, test } from 'vitest';
import { CLI, REASON } from '../scenes/front-door.ts';
import { NOTHING_HELD, type Scene, setScene } from '../scenes/whole.ts';

/** Detecting drift starts something in AWS, which compares and changes nothing. */
const READ = /^(Describe|List|Get|Validate|Detect)[A-Z]/;

function database(password: unknown) {
  return {
    Type: 'AWS::RDS::DBInstance',
    Properties: {
      DBInstanceClass: 'db.t3.micro',
      Engine: 'postgres',
      AllocatedStorage: '20',
      MasterUsername: 'shop',
      MasterUserPassword: password,
    },
  };
}

const TEMPLATE = {
  Parameters: {
    Name: { Type: 'String', Default: 'plain' },
    Key: { Type: 'String', NoEcho: true, Default: 'none' },
    AdminPassword: { Type: 'String', Default: 'none' },
  },
  Resources: {
    One: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 1 } },
    Note: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { Ref: 'Name' } } },
    Accounts: database({ Ref: 'Key' }),
    Admins: database({ Ref: 'AdminPassword' }),
  },
};
const SEED = {
  stacks: [
    { name: 'shop', template: TEMPLATE },
    { name: 'safe', template: TEMPLATE, terminationProtection: true },
  ],
  instances: [{}, { state: 'stopped' as const }],
  volumes: [{ snapshots: 1 }],
  securityGroups: [{ name: 'web', ingress: [{ fromPort: 443, cidr: '10.0.0.0/24' }] }],
  addresses: [{}],
};

const POLICY = '{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}';
const WHOLE = ['--toolset', 'cloudformation,ec2'];

async function instancesOf({ ec2 }: Scene): Promise<string[]> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
}

/** What the cloud was asked for, but for reads. */
async function changesSent({ cloud }: Scene): Promise<string[]> {
  return (await cloud.requests()).map(({ action }) => action).filter((action) => !READ.test(action));
}

const withMore = JSON.stringify({ ...TEMPLATE, Resources: { ...TEMPLATE.Resources, Two: TEMPLATE.Resources.One } });

/** Every tool at least once, with what it takes and with what it refuses. */
async function session(scene: Scene): Promise<[string, Record<string, unknown>][]> {
  const [running, stopped] = await instancesOf(scene);
  const { ec2 } = scene;
  const volume = (await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'status', Values: ['available'] }] })))
    .Volumes?.[0]?.VolumeId;
  const snapshot = (await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))).Snapshots?.[0]?.SnapshotId;
  const web = { Filters: [{ Name: 'group-name', Values: ['web'] }] };
  const group = (await ec2.send(new DescribeSecurityGroupsCommand(web))).SecurityGroups?.[0];
  const subnet = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[0];
  const address = (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.[0]?.AllocationId;
  const rule = (cidr_ip: string) => [{ ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ip }];
  const image = 'ami-0abcdef1234567890';
  const reason = REASON;
  return [
    ['ec2_describe_instance_status', {}],
    ['ec2_get_console_output', { instance_id: running }],
    ['ec2_describe_volumes', {}],
    ['ec2_describe_snapshots', {}],
    ['ec2_describe_images', {}],
    ['ec2_describe_security_groups', {}],
    ['ec2_describe_vpcs', {}],
    ['ec2_describe_subnets', {}],
    ['ec2_describe_addresses', {}],
    ['ec2_run_instances', { image_id: image, instance_type: 't3.micro', subnet_id: subnet?.SubnetId, reason }],
    ['ec2_reboot_instances', { instance_ids: [running], reason }],
    ['ec2_modify_instance_attribute', { instance_id: running, disable_api_termination: true, reason }],
    ['ec2_create_snapshot', { volume_id: volume, reason }],
    ['ec2_delete_snapshot', { snapshot_id: snapshot, reason }],
    ['ec2_create_image', { instance_id: running, name: 'an-image', reason }],
    ['ec2_deregister_image', { image_id: image, reason }],
    ['ec2_create_volume', { availability_zone: 'eu-west-1a', size: 8, reason }],
    ['ec2_attach_volume', { volume_id: volume, instance_id: running, device: '/dev/sdf', reason }],
    ['ec2_detach_volume', { volume_id: volume, reason }],
    ['ec2_delete_volume', { volume_id: volume, reason }],
    ['ec2_create_tags', { resources: [volume], tags: { env: 'dev' }, reason }],
    ['ec2_delete_tags', { resources: [volume], tag_keys: ['env'], reason }],
    ['ec2_authorize_security_group_ingress', { group_id: group?.GroupId, rules: rule('0.0.0.0/0'), reason }],
    ['ec2_revoke_security_group_ingress', { group_id: group?.GroupId, rules: rule('10.0.0.0/24'), reason }],
    ['ec2_create_security_group', { group_name: 'db', description: 'a new one', vpc_id: subnet?.VpcId, reason }],
    ['ec2_delete_security_group', { group_id: group?.GroupId, reason }],
    ['ec2_release_address', { allocation_id: address, reason }],
    ['cloudformation_list_stacks', {}],
    ['cloudformation_describe_stack', { stack_name: 'shop' }],
    ['cloudformation_describe_stack', { stack_name: 'none' }],
    ['cloudformation_list_stack_resources', { stack_name: 'shop' }],
    ['cloudformation_describe_stack_events', { stack_name: 'shop' }],
    ['cloudformation_get_template', { stack_name: 'shop' }],
    ['cloudformation_validate_template', { template_body: withMore }],
    ['cloudformation_describe_change_set', { stack_name: 'shop', change_set_name: 'none' }],
    ['cloudformation_detect_stack_drift', { stack_name: 'shop' }],
    ['cloudformation_list_exports', {}],
    [
      'cloudformation_update_termination_protection',
      { stack_name: 'shop', enable_termination_protection: false, reason },
    ],
    ['cloudformation_set_stack_policy', { stack_name: 'shop', stack_policy_body: POLICY, reason }],
    ['cloudformation_cancel_update_stack', { stack_name: 'shop', reason }],
    ['cloudformation_continue_update_rollback', { stack_name: 'shop', reason }],
    ['cloudformation_rollback_stack', { stack_name: 'shop', reason }],
    ['ec2_describe_instances', {}],
    ['ec2_describe_instances', { instance_ids: [running] }],
    ['cloudformation_deploy_stack', { stack_name: 'shop', template_body: withMore, reason }],
    ['cloudformation_deploy_stack', { stack_name: 'new', template_body: withMore, reason }],
    ['cloudformation_deploy_stack', { stack_name: 'shop', use_previous_template: true, reason }],
    ['cloudformation_deploy_stack', { stack_name: 'broken', template_body: '{"Resources":{"A":{}}}', reason }],
    ['cloudformation_delete_stack', { stack_name: 'shop', reason }],
    ['cloudformation_delete_stack', { stack_name: 'safe', reason }],
    ['ec2_terminate_instances', { instance_ids: [running], reason }],
    ['ec2_stop_instances', { instance_ids: [running], reason }],
    ['ec2_stop_instances', { instance_ids: [stopped], reason }],
    ['ec2_start_instances', { instance_ids: [stopped], reason }],
    ['ticket_list', {}],
  ];
}

test('[P7-1] a session of reads and proposals sends nothing but reads and CreateChangeSet', async () => {
  await using scene = await setScene(SEED, { serve: [...WHOLE, '--no-executor'] });
  const calls = await session(scene);
  const held = new Set<string>();
  for (const [tool, args] of calls) {
    const answer = await scene.agent.call(tool, args);
    if (args.stack_name !== 'broken')
      expect(answer.refusal?.code, `${tool}: ${JSON.stringify(answer)}`).not.toBe('invalid_input');
    if (answer.outcome === 'pending_approval') held.add(tool);
  }
  // The others are refused as the seed has nothing for them: no failed update, no image of ours, nothing attached or
  // tagged.
  expect([...held].sort()).toEqual([
    'cloudformation_delete_stack',
    'cloudformation_deploy_stack',
    'cloudformation_set_stack_policy',
    'ec2_attach_volume',
    'ec2_authorize_security_group_ingress',
    'ec2_create_image',
    'ec2_create_security_group',
    'ec2_create_snapshot',
    'ec2_create_tags',
    'ec2_create_volume',
    'ec2_delete_security_group',
    'ec2_delete_snapshot',
    'ec2_delete_volume',
    'ec2_modify_instance_attribute',
    'ec2_reboot_instances',
    'ec2_release_address',
    'ec2_revoke_security_group_ingress',
    'ec2_run_instances',
    'ec2_start_instances',
    'ec2_stop_instances',
    'ec2_terminate_instances',
  ]);
  const { tools } = await scene.agent.client.listTools();
  const untried = tools.map(({ name }) => name).filter((name) => !calls.some(([tool]) => tool === name));
  expect(untried.filter((name) => !name.startsWith('ticket_'))).toEqual([]);
  const sent = await changesSent(scene);
  expect(sent.length).toBeGreaterThan(1);
  expect(new Set(sent)).toEqual(new Set(['CreateChangeSet']));
});

test('[P7-2] serve --read-only has no tool that changes anything, and sends nothing but reads', async () => {
  await using scene = await setScene(SEED, { serve: [...WHOLE, '--read-only'], config: NOTHING_HELD });
  const { tools } = await scene.agent.client.listTools();
  expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([]);
  expect(tools.map(({ name }) => name)).toContain('cloudformation_describe_stack');
  for (const [tool, args] of await session(scene)) {
    const { refusal } = await scene.agent.call(tool, args);
    if (!tools.some(({ name }) => name === tool)) expect(refusal).toMatchObject({ code: 'unknown_tool' });
  }
  expect(await changesSent(scene)).toEqual([]);
  expect((await scene.cloud.requests()).length).toBeGreaterThan(4);
});

test('[P7-3] reads and plans run as the read role, a change as the execution role in a session of its ticket', async () => {
  const read = 'arn:aws:iam::123456789012:role/read';
  const execution = 'arn:aws:iam::123456789012:role/execute';
  const config = `aws: { read_role_arn: "${read}", execution_role_arn: "${execution}" }\n`;
  await using scene = await setScene(SEED, { config, approvers: ['mara'] });
  const roles = async () =>
    (await scene.cloud.requests('AssumeRole')).map(({ parameters }) => [
      parameters.RoleArn,
      parameters.RoleSessionName,
    ]);
  const [running] = await instancesOf(scene);
  const ticket = await scene.approved('ec2_stop_instances', { instance_ids: [running] });
  expect(new Set((await roles()).map(([role]) => role))).toEqual(new Set([read]));
  scene.place.start(['executor']);
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  const others = (await roles()).filter(([role]) => role !== read);
  expect(others).toEqual([[execution, `holdshort-${ticket.id.slice(4)}`]]);
});

test('[P7-4] secrets in the arguments are in no file, no answer and no log', async () => {
  const secrets = {
    noEcho: 'correct-horse-noecho',
    named: 'battery-staple-named',
    literal: 'literal-in-the-template',
    kept: 'value-without-template',
    misplaced: 'in-a-call-that-is-wrong',
    echoed: 'echoed-by-the-endpoint',
    connection: 'in-a-connection-string',
  };
  const body = (more: Record<string, unknown>) =>
    JSON.stringify({ ...TEMPLATE, Resources: { ...TEMPLATE.Resources, ...more } });
  await using scene = await setScene(SEED, { approvers: ['mara'] });
  const { place, cloud } = scene;
  const heard: string[] = [];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, 'serve', '--no-executor', '--operator', 'otto'],
    env: place.env,
    stderr: 'pipe',
  });
  transport.stderr?.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
  const client = new Client({ name: 'secrets', version: '1.0.0' });
  await client.connect(transport);
  const call = async (name: string, args: Record<string, unknown>) => {
    const answer = await client.callTool({ name, arguments: args });
    heard.push(JSON.stringify(answer));
    return answer.structuredContent as { outcome: string; ticket: { id: string; digest: string } };
  };
  const executor = place.start(['executor']);
  for (const stream of [executor.stdout, executor.stderr])
    stream?.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
  const say = async (...args: string[]) => {
    const ran = await place.cli(args);
    heard.push(ran.stdout, ran.stderr);
    return ran;
  };

  const deploy = (args: Record<string, unknown>) =>
    call('cloudformation_deploy_stack', { stack_name: 'shop', reason: REASON, ...args });
  const first = await deploy({
    template_body: body({ Database: database(secrets.literal) }),
    parameters: { Key: secrets.noEcho, AdminPassword: secrets.named, Name: 'seen' },
  });
  const second = await deploy({ use_previous_template: true, parameters: { Key: secrets.kept } });
  const third = await deploy({
    template_body: body({}),
    parameters: { Name: `postgres://shop:${secrets.connection}@db/shop` },
  });
  for (const { outcome } of [first, second, third]) expect(outcome).toBe('pending_approval');
  await deploy({ parameter: { Key: secrets.misplaced } });
  await call('cloudformation_deploy', { parameters: { Key: secrets.misplaced } });
  // AWS repeats what doesn't fit: "Value '…' at 'parameters.1.member.parameterValue' failed to satisfy constraint".
  await fetch(`${cloud.endpoint}/_sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({
      action: 'CreateChangeSet',
      mode: 'error',
      code: 'ValidationError',
      status: 400,
      message: `Value '${secrets.echoed}' at 'parameters.1.member.parameterValue' failed to satisfy constraint`,
    }),
  });
  await deploy({ template_body: withMore, parameters: { Key: secrets.echoed } });

  await say('tickets', 'show', first.ticket.id);
  await say('approve', first.ticket.id, '--yes', '--digest', first.ticket.digest, '--as', 'mara');
  expect(await scene.settled(first.ticket.id)).toBe('succeeded');
  await call('ticket_get', { ticket_id: first.ticket.id });
  await call('cloudformation_describe_stack', { stack_name: 'shop' });
  await call('cloudformation_list_stack_resources', { stack_name: 'shop' });
  const last = await deploy({ template_body: body({ Database: database(`${secrets.literal}-2`) }) });
  await say('tickets', 'show', last.ticket.id);
  await say('tickets', 'list', '--json');
  await say('audit', 'list', '--json');
  await client.close();

  // AWS did get them: otherwise this test would prove nothing.
  const atAws = JSON.stringify(await cloud.requests('CreateChangeSet'));
  for (const secret of [secrets.noEcho, secrets.named, secrets.literal, secrets.kept, secrets.echoed])
    expect(atAws).toContain(secret);
  const files = filesUnder(place.home);
  expect(files.some((file) => file.endsWith('holdshort.db-wal'))).toBe(true);
  const found: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    for (const file of files) if (readFileSync(file).includes(secret)) found.push(`${name} in ${file}`);
    for (const text of heard) if (text.includes(secret)) found.push(`${name} in ${text.slice(0, 2000)}`);
  }
  expect(found).toEqual([]);
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}
