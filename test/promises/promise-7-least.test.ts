import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, test } from 'vitest';
import { CLI, REASON } from '../scenes/front-door.ts';
import { contentOf, isDatabase } from '../scenes/postgres.ts';
import { listening } from '../scenes/processes.ts';
import { NOTHING_HELD, setScene } from '../scenes/whole.ts';

import { changesSent, database, instancesOf, SEED, session, TEMPLATE, WHOLE, withMore } from './session.ts';

test('[P7-1] a session of reads and proposals sends nothing but reads, CreateChangeSet, and the end of what it made only to show', async () => {
  await using scene = await setScene(SEED, { serve: [...WHOLE, '--no-executor'] });
  const calls = await session(scene);
  const held = new Set<string>();
  for (const [tool, args] of calls) {
    const answer = await scene.agent.call(tool, args);
    if (args.stack_name !== 'broken')
      expect(answer.refusal?.code, `${tool}: ${JSON.stringify(answer)}`).not.toBe('invalid_input');
    if (answer.outcome === 'pending_approval') held.add(tool);
  }
  const { tools } = await scene.agent.client.listTools();
  // Refused, as the seed has nothing for them: no update that goes on or failed, no image of ours, nothing attached or
  // tagged.
  const changes = tools.filter(({ name, annotations }) => !annotations?.readOnlyHint && !name.startsWith('ticket_'));
  const refused = changes.map(({ name }) => name).filter((name) => !held.has(name));
  expect(refused.sort()).toEqual([
    'cloudformation_cancel_update_stack',
    'cloudformation_continue_update_rollback',
    'cloudformation_rollback_stack',
    'cloudformation_update_termination_protection',
    'ec2_delete_tags',
    'ec2_deregister_image',
    'ec2_detach_volume',
  ]);
  const untried = tools.map(({ name }) => name).filter((name) => !calls.some(([tool]) => tool === name));
  expect(untried.filter((name) => !name.startsWith('ticket_'))).toEqual([]);
  const sent = await changesSent(scene);
  expect(sent.length).toBeGreaterThan(1);
  expect(new Set(sent)).toEqual(new Set(['CreateChangeSet', 'DeleteChangeSet']));
  const deleted = (await scene.cloud.requests('DeleteChangeSet')).map(({ parameters }) => parameters.ChangeSetName);
  const shown = (await scene.cloud.requests('CreateChangeSet')).filter(({ parameters }) => parameters.DeploymentMode);
  expect(deleted.sort()).toEqual(shown.map(({ parameters }) => parameters.ChangeSetName).sort());
});

test("[P7-5] a rehearsal, an agent's or a person's, only reads AWS: what it executes reaches a cloud of its own, which ends with it", async () => {
  await using scene = await setScene(SEED, { approvers: ['mara'], serve: ['--no-executor'] });
  const [, args] = (await session(scene)).find(([tool]) => tool === 'cloudformation_delete_stack')!;
  const before = listening(scene.agent.pid);
  const { plan, ticket } = await scene.agent.call('cloudformation_delete_stack', { ...args, rehearse: true });
  expect(plan.rehearsal.change).toMatchObject({ ended: 'to_its_end' });
  expect(plan.rehearsal.change.last_events[0].status).toBe('DELETE_COMPLETE');
  expect((await scene.place.cli(['rehearse', ticket.id])).stdout).toContain('The change went to its end there');
  const asked = await scene.cloud.requests();
  expect(asked.length).toBeGreaterThan(4);
  expect(asked.filter(({ action }) => !/^(Get|List|Describe)/.test(action))).toEqual([]);
  expect(listening(scene.agent.pid)).toEqual(before);
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

test('[P7-3] reads and plans run as the read role, a change as the execution role in a session of its ticket, with no more than its plan', async () => {
  const read = 'arn:aws:iam::123456789012:role/read';
  const execution = 'arn:aws:iam::123456789012:role/execute';
  const config = `aws: { read_role_arn: "${read}", execution_role_arn: "${execution}" }\n`;
  await using scene = await setScene(SEED, { config, approvers: ['mara'], serve: ['--no-executor'] });
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
  const assumed = (await scene.cloud.requests('AssumeRole')).map(({ parameters }) => parameters);
  const session = assumed.find(({ RoleArn }) => RoleArn === execution);
  expect(session).toMatchObject({
    SourceIdentity: ticket.id,
    Tags: [
      { Key: 'HoldshortAgent', Value: expect.any(String) },
      { Key: 'HoldshortApprovers', Value: 'mara' },
    ],
  });
  expect(JSON.parse(String(session?.Policy)).Statement).toEqual([
    { Effect: 'Allow', Action: ['ec2:StopInstances'], Resource: [expect.stringContaining(`:instance/${running}`)] },
  ]);
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
      mode: 'error_before',
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
  const stored = isDatabase(place.database) ? contentOf(place.database) : '';
  expect(stored.includes(first.ticket.id) || files.some((file) => file.endsWith('holdshort.db-wal'))).toBe(true);
  const found: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    expect(stored, name).not.toContain(secret);
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
