import { SetStackPolicyCommand } from '@aws-sdk/client-cloudformation';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLI, REASON } from '../scenes/front-door.ts';
import { instanceIds, type Scene, setScene } from '../scenes/whole.ts';

/* An agent, or somebody before it, uses a credential as a name or a text of AWS. What is masked when it is read back is
   never found again. */

const SECRET = `ghp_${'aB3'.repeat(12)}`;

let scene: Scene;
let vpc_id: string;
let instance_id: string;
beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [{ name: 'shop', template: 'Resources: {Q: {Type: AWS::SQS::Queue}}' }],
      instances: [{ tags: { Name: 'web' } }],
    },
    { latencyMs: 1, serve: ['--no-executor'] },
  );
  const { Vpcs = [] } = await scene.ec2.send(new DescribeVpcsCommand({}));
  vpc_id = Vpcs[0]?.VpcId ?? '';
  instance_id = (await instanceIds(scene))[0] ?? '';
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

function kept(): string {
  return JSON.stringify([...scene.rows('SELECT * FROM entry'), ...scene.rows('SELECT * FROM ticket')]);
}

const policy = (Sid: string) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*', Sid }] });

test.each<[string, string, string, () => object]>([
  [
    "a group's name",
    'ec2_create_security_group',
    'group_name',
    () => ({ group_name: SECRET, description: 'a', vpc_id }),
  ],
  [
    "a group's description",
    'ec2_create_security_group',
    'description',
    () => ({ group_name: 'a', description: `password=${SECRET}`, vpc_id }),
  ],
  ["an image's name", 'ec2_create_image', 'name', () => ({ instance_id, name: SECRET })],
  [
    "a snapshot's description",
    'ec2_create_snapshot',
    'description',
    () => ({ volume_id: 'vol-00000001', description: `of ${SECRET}` }),
  ],
  [
    "a tag's key",
    'ec2_create_tags',
    'tags.[hidden:secret]',
    () => ({ resources: [instance_id], tags: { [SECRET]: 'v' } }),
  ],
  [
    "a key pair's name",
    'ec2_run_instances',
    'key_name',
    () => ({ image_id: 'ami-00000001', instance_type: 't3.micro', subnet_id: 'subnet-00000001', key_name: SECRET }),
  ],
  [
    "a stack's name",
    'cloudformation_deploy_stack',
    'stack_name',
    () => ({ stack_name: 'AKIAIOSFODNN7EXAMPLE', template_body: 'Resources: {Q: {Type: AWS::SQS::Queue}}' }),
  ],
  [
    "a new stack policy's text",
    'cloudformation_set_stack_policy',
    'stack_policy_body',
    () => ({ stack_name: 'shop', stack_policy_body: policy(SECRET) }),
  ],
])('B13: a credential as %s is not taken', async (_, tool, where, args) => {
  const answer = await scene.agent.call(tool, { ...args(), reason: REASON });
  expect(answer.refusal, JSON.stringify(answer)).toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(/^.{4,40}: looks like a credential; .* so keep it somewhere else$/),
  });
  expect(answer.refusal.message.startsWith(`${where}: `)).toBe(true);
  expect(JSON.stringify(answer) + kept()).not.toMatch(/ghp_|IOSFODNN7/);
});

test('B13: what only names what is there may look like one: such a tag can be taken away', async () => {
  const answer = await scene.agent.call('ec2_delete_tags', {
    resources: [instance_id],
    tag_keys: [SECRET],
    reason: REASON,
  });
  expect(answer.refusal).toMatchObject({ code: 'no_changes' });
});

test('a name or text that is about secrets and is none is taken', async () => {
  const made = await scene.agent.call('ec2_create_security_group', {
    group_name: 'token service',
    description: 'secrets (web)',
    vpc_id,
    reason: REASON,
  });
  expect(made.ticket, JSON.stringify(made)).toBeDefined();
});

test('B13: a credential in the present stack policy is not read out when another one is set', async () => {
  await scene.cloudformation.send(
    new SetStackPolicyCommand({ StackName: 'shop', StackPolicyBody: policy(`token ${SECRET}`) }),
  );
  const answer = await scene.agent.call('cloudformation_set_stack_policy', {
    stack_name: 'shop',
    stack_policy_body: policy('another'),
    reason: REASON,
  });
  expect(JSON.stringify(answer)).toContain('token [hidden:secret]');
  expect(JSON.stringify(answer) + kept()).not.toContain(SECRET);
});

test('B13: neither an unknown tool, a resource nor a client puts one into the log by its name', async () => {
  const answer = await scene.agent.call(SECRET, {});
  expect(answer.refusal).toMatchObject({ message: expect.stringContaining('no tool [hidden:secret]') });
  await expect(scene.agent.client.readResource({ uri: `holdshort://tickets/${SECRET}` })).rejects.toThrow();
  const other = new Client({ name: `bot ${SECRET}`, version: SECRET });
  const { env } = scene.place;
  await other.connect(
    new StdioClientTransport({ command: process.execPath, args: [CLI, 'serve'], env, stderr: 'ignore' }),
  );
  await other.callTool({ name: 'ticket_list', arguments: {} });
  await other.close();
  expect(kept()).toContain('bot [hidden:secret]');
  expect(JSON.stringify(answer) + kept()).not.toContain(SECRET);
});
