import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Agent, makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { type Gateway, startGateway } from '../scenes/gateway.ts';
import { approve, enroll } from '../scenes/here.ts';
import { type Moto, NO_MOTO, startMoto } from '../scenes/moto.ts';

/*
 * The whole way, with the endpoint that a user would set, against an AWS that others wrote. A gateway in between counts
 * what is sent: what moto lets pass (it ignores termination protection, and executes a change set as often as it is
 * asked), this counts.
 */

const CONFIG = `environments:
  - name: development
    match: { stack_names: ["dev-*"] }
  - name: development
    match: { tags: { env: dev } }
`;

const template = (...queues: readonly string[]) =>
  JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: Object.fromEntries(
      queues.map((name) => [name, { Type: 'AWS::SQS::Queue', Properties: { QueueName: `queue-${name}` } }]),
    ),
  });

let moto: Moto | undefined;
let gateway: Gateway;
let place: Place;
let agent: Agent;
let cloudformation: CloudFormationClient;
let ec2: EC2Client;

beforeAll(async () => {
  moto = await startMoto();
  if (!moto) return;
  gateway = await startGateway(moto.endpoint, {});
  const direct = {
    endpoint: moto.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  };
  cloudformation = new CloudFormationClient(direct);
  ec2 = new EC2Client(direct);
  place = makePlace({ endpoint: gateway.endpoint, config: CONFIG, production: 'key' });
  await enroll(place, 'noa');
  agent = await place.agent(['--operator', 'mara']);
});
beforeEach((context) => {
  if (!moto) context.skip(NO_MOTO);
});
afterAll(async () => {
  if (!moto) return;
  await place[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const sent = (action: string) => gateway.passed.filter((passed) => passed === action).length;
const deploy = (stack_name: string, template_body: string) =>
  agent.call('cloudformation_deploy_stack', { stack_name, template_body, reason: REASON });
const ended = (ticket: { id: string }) => agent.call('ticket_wait', { ticket_id: ticket.id });

async function stackStatus(name: string): Promise<string | undefined> {
  const answer = await cloudformation.send(new DescribeStacksCommand({ StackName: name })).catch(() => undefined);
  return answer?.Stacks?.[0]?.StackStatus;
}

/** A row of a view, through the shell that every machine of ops has. */
function sqlite(query: string): readonly Record<string, unknown>[] {
  return JSON.parse(
    execFileSync('sqlite3', ['-readonly', '-json', place.database, query], { encoding: 'utf8' }) || '[]',
  );
}
const hasSqlite = spawnSync('sqlite3', ['-version']).status === 0;

test('a stack is created, held from deletion, and deleted once after a person approved it', async () => {
  // In production even what destroys nothing waits for one person.
  const creation = await deploy('payments', template('Orders', 'Invoices'));
  expect(creation).toMatchObject({
    outcome: 'pending_approval',
    plan: { environment: 'production', effects: ['create'] },
  });
  expect(await approve(place, creation.ticket, 'noa')).toMatchObject({ code: 0 });
  expect(await ended(creation.ticket)).toMatchObject({ ticket: { state: 'succeeded' } });
  expect(await stackStatus('payments')).toBe('CREATE_COMPLETE');

  const deletion = await agent.call('cloudformation_delete_stack', { stack_name: 'payments', reason: REASON });
  expect(deletion).toMatchObject({
    outcome: 'pending_approval',
    plan: { environment: 'production', effects: ['delete'], impact: [{ effect: 'delete' }, {}, {}] },
    ticket: { requirement: { approvals: 1, assurance: 'key', operator_may_approve: false } },
  });
  expect(await stackStatus('payments')).toBe('CREATE_COMPLETE');
  expect(sent('DeleteStack')).toBe(0);

  expect(await approve(place, deletion.ticket, 'noa')).toMatchObject({ code: 0 });
  const gone = await ended(deletion.ticket);
  expect(gone).toMatchObject({ ticket: { state: 'succeeded' } });
  expect(gone.result.resources.length).toBeGreaterThan(0);
  expect(await stackStatus('payments')).toBeUndefined();
  expect(sent('DeleteStack')).toBe(1);
  expect(sent('ExecuteChangeSet')).toBe(1);
  // Approving it again is too late, and sends nothing.
  expect((await approve(place, deletion.ticket, 'noa')).code).not.toBe(0);
  expect(sent('DeleteStack')).toBe(1);

  const events = (await place.json(['audit', 'list', '--ticket', deletion.ticket.id])) as { type: string }[];
  expect(events.map(({ type }) => type).filter((type) => !type.startsWith('call.'))).toEqual([
    'ticket.pending',
    'decision.recorded',
    'ticket.approved',
    'ticket.executing',
    'ticket.succeeded',
    'decision.rejected',
  ]);
  expect(await place.cli(['audit', 'verify'])).toMatchObject({ code: 0 });

  if (!hasSqlite) return;
  expect(sqlite(`SELECT * FROM ticket_overview WHERE id = '${deletion.ticket.id}'`)).toMatchObject([
    {
      state: 'succeeded',
      tool: 'cloudformation_delete_stack',
      agent: 'agent',
      operator: 'mara',
      environment: 'production',
      region: 'eu-west-1',
      effects: 'delete',
      decided_by: 'noa',
      finished_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    },
  ]);
  const story = sqlite(`SELECT seq, type, actor FROM audit_events WHERE ticket = '${deletion.ticket.id}' ORDER BY seq`);
  expect(story.filter(({ type }) => type === 'decision.recorded')).toMatchObject([{ actor: 'approver:noa' }]);
  expect(story.find(({ type }) => type === 'ticket.executing')).toMatchObject({
    actor: expect.stringMatching(/^executor:/),
  });
});

test('a stack with termination protection is refused, which moto would have deleted', async () => {
  const Protected = { StackName: 'vault', TemplateBody: template('Gold'), EnableTerminationProtection: true };
  await cloudformation.send(new CreateStackCommand(Protected));
  const before = sent('DeleteStack');
  const refused = await agent.call('cloudformation_delete_stack', { stack_name: 'vault', reason: REASON });
  expect(refused).toMatchObject({ outcome: 'refused', refusal: { code: 'protected' } });
  expect(refused.ticket).toBeUndefined();
  expect([await stackStatus('vault'), sent('DeleteStack')]).toEqual(['CREATE_COMPLETE', before]);
});

test('in development a new stack and an addition run at once; what removes, or can not be told, is held', async () => {
  expect(await deploy('dev-shop', template('Jobs'))).toMatchObject({
    outcome: 'completed',
    plan: { environment: 'development', effects: ['create'] },
  });
  expect(await deploy('dev-shop', template('Jobs', 'Mails'))).toMatchObject({
    outcome: 'completed',
    plan: { effects: ['create'] },
    ticket: { decisions: [] },
  });
  const executed = sent('ExecuteChangeSet');
  expect(await deploy('dev-shop', template('Mails'))).toMatchObject({
    outcome: 'pending_approval',
    plan: { effects: ['delete'] },
    ticket: { requirement: { approvals: 1, assurance: 'client' } },
  });
  // moto doesn't say whether a changed resource would be replaced: what isn't known counts as the worst.
  const changed = JSON.parse(template('Jobs', 'Mails'));
  changed.Resources.Jobs.Properties = { QueueName: 'another-name' };
  const held = await deploy('dev-shop', JSON.stringify(changed));
  expect(held).toMatchObject({ outcome: 'pending_approval', plan: { effects: ['unknown'] } });
  expect(sent('ExecuteChangeSet')).toBe(executed);
});

describe('instances', () => {
  const launch = async (env: string): Promise<string> => {
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12345678',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'env', Value: env }] }],
      }),
    );
    return Instances?.[0]?.InstanceId ?? '';
  };
  const stateOf = async (id: string) => {
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0]?.State?.Name;
  };
  const change = (verb: 'start' | 'stop' | 'terminate', ...instance_ids: readonly string[]) =>
    agent.call(`ec2_${verb}_instances`, { instance_ids, reason: REASON });

  test('are stopped, started and terminated, each with an outcome', async () => {
    const [one, other] = [await launch('dev'), await launch('dev')];
    const stopping = await change('stop', one, other);
    expect(stopping).toMatchObject({ outcome: 'pending_approval', plan: { effects: ['disrupt'] } });
    expect([await stateOf(one), sent('StopInstances')]).toEqual(['running', 0]);
    expect(await approve(place, stopping.ticket, 'noa')).toMatchObject({ code: 0 });
    const stopped = await ended(stopping.ticket);
    expect(stopped.ticket.state).toBe('succeeded');
    const outcomes = stopped.result.resources as { resource: string; outcome: string }[];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
    for (const id of [one, other]) expect(outcomes.some(({ resource }) => resource.includes(id))).toBe(true);
    expect(await stateOf(one)).toBe('stopped');

    // Starting destroys nothing, so in development it runs at once.
    expect(await change('start', one)).toMatchObject({ outcome: 'completed', plan: { effects: ['modify'] } });
    expect(await stateOf(one)).toBe('running');

    const terminating = await change('terminate', one);
    expect(terminating).toMatchObject({ outcome: 'pending_approval' });
    expect(await approve(place, terminating.ticket, 'noa')).toMatchObject({ code: 0 });
    expect(await ended(terminating.ticket)).toMatchObject({ ticket: { state: 'succeeded' } });
    expect(await stateOf(one)).toBe('terminated');
    expect([sent('StopInstances'), sent('StartInstances'), sent('TerminateInstances')]).toEqual([1, 1, 1]);
  });

  test('that are protected are refused, and so is a batch with one of them', async () => {
    const [plain, guarded] = [await launch('dev'), await launch('dev')];
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: guarded, DisableApiTermination: { Value: true } }));
    const before = sent('TerminateInstances');
    for (const ids of [[guarded], [plain, guarded]])
      expect(await change('terminate', ...ids)).toMatchObject({ outcome: 'refused', refusal: { code: 'protected' } });
    expect([await stateOf(plain), await stateOf(guarded)]).toEqual(['running', 'running']);

    // Protected after it was approved, while nobody executes: the recheck finds it, and nothing is sent.
    const stopping = await change('stop', plain);
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: plain, DisableApiStop: { Value: true } }));
    expect(await approve(place, stopping.ticket, 'noa')).toMatchObject({ code: 0 });
    expect(await ended(stopping.ticket)).toMatchObject({ ticket: { state: 'stale' }, refusal: { code: 'stale' } });
    expect([await stateOf(plain), sent('TerminateInstances')]).toEqual(['running', before]);
  });
});

test('an endpoint that answers with a web page is told from AWS', async () => {
  const page = '<!doctype html><html><head><title>Sign in \u001b[31m</title></head><body>Welcome</body></html>';
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await using elsewhere = makePlace({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  try {
    const lost = await elsewhere.agent();
    for (const [tool, args] of [
      ['ec2_describe_instances', {}],
      ['cloudformation_delete_stack', { stack_name: 'payments', reason: REASON }],
    ] as const) {
      const answer = await lost.call(tool, args);
      expect(answer).toMatchObject({ outcome: 'refused', refusal: { code: expect.stringMatching(/^aws_/) } });
      expect(answer.refusal.message).toMatch(/not.*AWS|web page|HTML/i);
      expect(JSON.stringify(answer)).not.toContain('\u001b');
    }
    expect(await elsewhere.json(['tickets', 'list'])).toMatchObject({ tickets: [] });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
