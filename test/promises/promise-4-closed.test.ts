import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import {
  type Agent,
  approve,
  enroll,
  makePlace,
  type Place,
  REASON,
  stop,
  TAKES_KEY,
  until,
} from '../scenes/front-door.ts';
import { events, lastOutcome, stateOf, ticketCount } from '../scenes/state.ts';
import { copyInto, letExecutorRun } from '../scenes/tampering.ts';

/*
 * Whatever is missing, broken or in doubt: nothing runs. Each test breaks a copy of one installation that has a ticket
 * approved and ready to run, and another one pending. The cloud is shared, so an effect of any test would be seen by
 * all.
 */

const DEV = 'environments:\n  - name: development\n    match: { tags: { env: dev } }\n';
const EFFECTS = ['TerminateInstances', 'StartInstances', 'StopInstances', 'ExecuteChangeSet', 'DeleteStack'] as const;

interface Held {
  readonly id: string;
  readonly digest: string;
}

let cloud: Cloud;
let base: Place;
let approved: Held;
let pending: Held;
let instance: string;
let idle: string;

const propose = (agent: Agent, tool: string, id: string) => agent.call(tool, { instance_ids: [id], reason: REASON });

beforeAll(async () => {
  cloud = await startCloud({
    stacks: [{ name: 'dev-shop', template: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } } }],
    instances: [{ tags: { Name: 'web', env: 'dev' } }, { tags: { Name: 'idle', env: 'dev' }, state: 'stopped' }],
  });
  base = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(base, 'ana');
  const agent = await base.agent(['--no-executor']);
  const { instances } = await agent.call('ec2_describe_instances');
  const idOf = (name: string) =>
    instances.find((one: { tags: { Name: string } }) => one.tags.Name === name).instance_id;
  [instance, idle] = [idOf('web'), idOf('idle')];
  approved = (await propose(agent, 'ec2_terminate_instances', instance)).ticket;
  expect((await approve(base, approved, 'ana')).code).toBe(0);
  pending = (await propose(agent, 'ec2_stop_instances', instance)).ticket;
  await agent.close();
  // What arrives is counted and refused: no test finds a cloud that another one changed.
  for (const action of EFFECTS)
    await cloud.fault({ action, mode: 'error', code: 'UnauthorizedOperation', status: 403, times: 10_000 });
});
afterAll(async () => {
  await base?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

async function effects(): Promise<number> {
  const counts = await Promise.all(EFFECTS.map(async (action) => (await cloud.requests(action)).length));
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * A copy of the installation; with another configuration, if given, which takes a key in production unless it names a
 * policy itself.
 */
function copied(config?: string, files: Record<string, string> = {}): Place {
  const place = makePlace({ endpoint: cloud.endpoint });
  copyInto(place, base);
  const named = config?.includes('policy:') ? '' : TAKES_KEY;
  if (config !== undefined) writeFileSync(join(place.home, 'config.yaml'), `${config}${named}`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place.home, name), text);
  return place;
}

/** One call of every kind of tool; the change would run at once where development is configured. */
const EVERY_TOOL: readonly (readonly [string, () => Record<string, unknown>])[] = [
  ['cloudformation_list_stacks', () => ({})],
  ['cloudformation_describe_stack', () => ({ stack_name: 'dev-shop' })],
  ['cloudformation_list_stack_resources', () => ({ stack_name: 'dev-shop' })],
  [
    'cloudformation_deploy_stack',
    () => ({ stack_name: 'dev-shop', use_previous_template: true, tags: { a: 'b' }, reason: REASON }),
  ],
  ['cloudformation_delete_stack', () => ({ stack_name: 'dev-shop', reason: REASON })],
  ['ec2_describe_instances', () => ({})],
  ['ec2_start_instances', () => ({ instance_ids: [idle], reason: REASON })],
  ['ec2_stop_instances', () => ({ instance_ids: [instance], force: true, reason: REASON })],
  ['ec2_terminate_instances', () => ({ instance_ids: [idle], reason: REASON })],
  ['ticket_get', () => ({ ticket_id: pending.id })],
  ['ticket_wait', () => ({ ticket_id: pending.id, timeout_seconds: 1 })],
  ['ticket_list', () => ({})],
  ['ticket_withdraw', () => ({ ticket_id: pending.id, reason: REASON })],
];

const SAMPLES: Readonly<Record<string, unknown>> = {
  reason: REASON,
  stack_name: 'dev-shop',
  change_set_name: 'some-set',
  template_body: 'Resources: { Queue: { Type: "AWS::SQS::Queue" } }',
  stack_policy_body: '{"Statement":[]}',
  enable_termination_protection: true,
  instance_id: 'i-0123456789abcdef0',
  instance_ids: ['i-0123456789abcdef0'],
  volume_id: 'vol-0123456789abcdef0',
  snapshot_id: 'snap-0123456789abcdef0',
  image_id: 'ami-0123456789abcdef0',
  group_id: 'sg-0123456789abcdef0',
  subnet_id: 'subnet-0123456789abcdef0',
  allocation_id: 'eipalloc-0123456789abcdef0',
  device: '/dev/sdf',
  availability_zone: 'eu-west-1a',
  name: 'a-name',
  group_name: 'a-group',
  description: 'a description',
  resources: ['vol-0123456789abcdef0'],
  tags: { Name: 'a name' },
  tag_keys: ['Name'],
  rules: [{ ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ip: '10.0.0.0/24' }],
};

/** The tools that are not in EVERY_TOOL, with what they require; what they name isn't there. */
function otherTools(tools: Awaited<ReturnType<Agent['client']['listTools']>>['tools']): typeof EVERY_TOOL {
  return tools
    .filter(({ name }) => !EVERY_TOOL.some(([known]) => known === name))
    .map(({ name, inputSchema }) => [
      name,
      () => Object.fromEntries((inputSchema.required ?? []).map((key) => [key, SAMPLES[key]])),
    ]);
}

/** Calls tools and expects each to be refused with this code and a way on, and nothing to reach AWS that changes it. */
async function expectAllRefused(agent: Agent, code: string, tools = EVERY_TOOL): Promise<void> {
  const before = await effects();
  for (const [name, args] of tools) {
    const asked = performance.now();
    const answer = await agent.client.callTool({ name, arguments: args() });
    expect(answer, name).toMatchObject({
      isError: true,
      structuredContent: {
        outcome: 'refused',
        refusal: { code, message: expect.stringMatching(/\w/), recovery: expect.stringMatching(/\w/) },
      },
    });
    // What CONTRACT promises of every answer, not a measure of speed.
    expect(performance.now() - asked, name).toBeLessThan(45_000);
  }
  expect(await effects()).toBe(before);
}

describe('what nobody configured', () => {
  test('[P4-1] without a configuration everything is production, and the operator may not approve', async () => {
    await using place = copied();
    const agent = await place.agent(['--no-executor', '--operator', 'ana']);
    const { outcome, plan, ticket } = await agent.call('cloudformation_delete_stack', {
      stack_name: 'dev-shop',
      reason: REASON,
    });
    expect([outcome, plan.environment]).toEqual(['pending_approval', 'production']);
    expect(ticket.requirement).toEqual({ approvals: 1, assurance: 'key', operator_may_approve: false });
    const harmless = await propose(agent, 'ec2_start_instances', idle);
    expect([harmless.outcome, harmless.plan.environment]).toEqual(['pending_approval', 'production']);
  });

  test('[P4-2] an unknown key in the configuration stops every command, naming key, file and line', async () => {
    await using place = copied(`${DEV}approvals:\n  expires_after: 1h\n`);
    for (const args of [['serve'], ['executor'], ['tickets', 'list'], ['approve', pending.id], ['audit', 'list']]) {
      const { code, stderr } = await place.cli(args);
      expect([code, stderr], args.join(' ')).toEqual([
        2,
        expect.stringContaining(`${place.home}/config.yaml:5: unknown key approvals.expires_after`),
      ]);
    }
  });

  test('[P4-3] a policy that is not one answers every call, naming file and line', async () => {
    const broken = '@id("all")\npermit (principal, action, resource)\nwhen { context.nonsense };\n';
    await using place = copied(`${DEV}policy: ./policy.cedar\n`, { 'policy.cedar': broken });
    const agent = await place.agent();
    const asking = EVERY_TOOL.filter(([name]) => !name.startsWith('ticket_'));
    await expectAllRefused(agent, 'policy_invalid', asking);
    const { refusal } = await agent.call('ec2_describe_instances');
    expect(refusal.message).toMatch(/policy\.cedar:3:/);
    // The executor has an approved ticket, and waits until the policy can be read.
    const [waiting] = await until(
      () => events(place, 'execution.waiting'),
      (found) => found.length > 0,
    );
    expect(waiting).toMatchObject({ ticket: approved.id, outcome: 'policy_invalid' });
    rmSync(join(place.home, 'policy.cedar'));
    await expectAllRefused(agent, 'policy_invalid', asking.slice(-1));
    expect(stateOf(place, approved.id)).toBe('approved');
  });
});

describe('between approval and execution', () => {
  test('[P4-4] a policy that became stricter holds back what was approved, and the log says so', async () => {
    const strict = '@id("two")\npermit (principal, action, resource)\nwhen { context.approvals.all.key >= 2 };\n';
    await using place = copied('policy: ./policy.cedar\n', { 'policy.cedar': strict });
    const before = await effects();
    await letExecutorRun(place, approved.id, approved.id);
    expect([await effects(), lastOutcome(place, approved.id)]).toEqual([before, 'approval_invalid']);
  });

  test('[P4-5] a configuration that became stricter does too', async () => {
    await using place = copied(DEV);
    const agent = await place.agent(['--no-executor', '--operator', 'ana']);
    const args = { instance_ids: [instance], force: true, reason: REASON };
    const { ticket } = await agent.call('ec2_stop_instances', args);
    await agent.close();
    expect(ticket.requirement).toEqual({ approvals: 1, assurance: 'client', operator_may_approve: true });
    expect((await approve(place, ticket, 'ana')).code).toBe(0);
    // From now on it is production, where the operator's own approval is not enough.
    writeFileSync(join(place.home, 'config.yaml'), TAKES_KEY);
    await letExecutorRun(place, ticket.id, ticket.id);
    expect(lastOutcome(place, ticket.id)).toBe('approval_invalid');
    expect(await cloud.requests('StopInstances')).toEqual([]);
  });

  test('[P4-6] a halt holds back what is approved, until an approver lifts it', async () => {
    await using place = copied();
    const before = await effects();
    expect((await place.cli(['halt', '--reason', 'an incident', '--as', 'ana'])).code).toBe(0);
    const agent = await place.agent();
    expect((await agent.call('ec2_describe_instances')).instances).toHaveLength(2);
    const [waiting] = await until(
      () => events(place, 'execution.waiting'),
      ({ length }) => length > 0,
    );
    expect(waiting).toMatchObject({ ticket: approved.id, outcome: 'halted' });
    expect([await effects(), stateOf(place, approved.id)]).toEqual([before, 'approved']);
    expect((await place.cli(['resume', '--as', 'ana'])).code).toBe(0);
    await until(
      () => stateOf(place, approved.id),
      (state) => state === 'failed',
    );
    expect(await effects()).toBe(before + 1);
  });

  test('[P4-7] an approval that comes to nothing in time is worth nothing later', async () => {
    await using place = copied('approvals:\n  expire_after: 20s\n');
    const agent = await place.agent(['--no-executor']);
    const { ticket } = await propose(agent, 'ec2_start_instances', idle);
    await agent.close();
    expect((await approve(place, ticket, 'ana')).code).toBe(0);
    await until(
      () => Date.now(),
      (now) => now > Date.parse(ticket.expires_at),
    );
    await letExecutorRun(place, ticket.id, ticket.id);
    expect([stateOf(place, ticket.id), await cloud.requests('StartInstances')]).toEqual(['expired', []]);
  });
});

test('[P4-8] where nobody is enrolled, a ticket waits and expires, and then can not be approved', async () => {
  await using place = makePlace({ endpoint: cloud.endpoint, config: 'approvals:\n  expire_after: 3s\n' });
  const agent = await place.agent();
  const { outcome, ticket } = await propose(agent, 'ec2_start_instances', idle);
  expect(outcome).toBe('pending_approval');
  expect((await approve(place, ticket, 'ana')).code).toBe(3);
  const ended = await until(
    () => agent.call('ticket_wait', { ticket_id: ticket.id, timeout_seconds: 5 }),
    (answer) => answer.ticket.state !== 'pending',
  );
  expect(ended).toMatchObject({ ticket: { state: 'expired', decisions: [] }, refusal: { code: 'expired' } });
  await enroll(place, 'ana');
  expect(await approve(place, ticket, 'ana')).toMatchObject({ code: 3, stderr: expect.stringContaining('expired') });
  expect(stateOf(place, ticket.id)).toBe('expired');
  expect(await cloud.requests('StartInstances')).toEqual([]);
});

describe('a record that can not be written', () => {
  test('[P4-9] a store that another process keeps locked: calls answer, nothing runs, and it goes on afterwards', async () => {
    await using place = copied(DEV);
    const before = await effects();
    const tools = EVERY_TOOL.filter(([name]) => /describe_instances|start_instances|withdraw/.test(name));
    const agents = await Promise.all(tools.map((_, index) => place.agent(index === 0 ? [] : ['--no-executor'])));
    const lock = new Sqlite(place.database);
    lock.exec('BEGIN EXCLUSIVE');
    try {
      await Promise.all(tools.map((tool, index) => expectAllRefused(agents[index]!, 'store_unavailable', [tool])));
      expect(await effects()).toBe(before);
    } finally {
      lock.close();
    }
    // What was approved has waited; it runs once.
    await until(
      () => stateOf(place, approved.id),
      (state) => state === 'failed',
    );
    expect(await effects()).toBe(before + 1);
    expect([stateOf(place, pending.id), ticketCount(place)]).toEqual(['pending', 2]);
  });

  test('[P4-10] an audit log that takes no entry: every tool says so, and what was approved does not run', async () => {
    await using place = copied(DEV);
    const raw = new Sqlite(place.database);
    raw.exec("CREATE TRIGGER stuck BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'no entries today'); END");
    raw.close();
    const agent = await place.agent(['--toolset', 'cloudformation,ec2']);
    const { tools } = await agent.client.listTools();
    const every = [...EVERY_TOOL, ...otherTools(tools)];
    expect(every.map(([name]) => name).sort()).toEqual(tools.map(({ name }) => name).sort());
    await expectAllRefused(agent, 'tampered', every);
    const before = await effects();
    await letExecutorRun(place, approved.id, approved.id);
    expect([await effects(), stateOf(place, approved.id)]).toEqual([before, 'approved']);
    expect((await approve(place, pending, 'ana')).code).toBe(5);
    expect([stateOf(place, pending.id), ticketCount(place)]).toEqual(['pending', 2]);
  });

  test('[P4-11] a full disk: every tool says so, and what was approved does not run', async (context) => {
    await using place = onOwnDisk(context);
    const agent = await place.agent(['--no-executor']);
    expect((await agent.call('ticket_list')).tickets).toHaveLength(2);
    fill(place.home);
    await expectAllRefused(agent, 'store_unavailable');
    const before = await effects();
    await letExecutorRun(place, approved.id, approved.id);
    expect([await effects(), stateOf(place, approved.id)]).toEqual([before, 'approved']);
  });

  test('[P4-12] a read-only disk: every tool says so, and what was approved does not run', async (context) => {
    await using place = onOwnDisk(context);
    execFileSync('mount', ['-o', 'remount,ro', place.home]);
    const agent = await place.agent();
    await expectAllRefused(agent, 'store_unavailable');
    const before = await effects();
    const executor = place.start(['executor']);
    let said = '';
    executor.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    await until(
      () => said,
      (text) => text.includes('"level":50'),
    );
    await stop(executor);
    expect(await effects()).toBe(before);
  });
});

test('[P4-13] a clock that went back: every tool but ticket_withdraw says so, and what was approved does not run', async () => {
  await using place = copied(DEV);
  const ahead = openSqliteStore({ file: place.database, clock: () => Date.now() + 5 * 3_600_000 });
  await ahead.forAgent('agent', 'ses_ahead').append({ type: 'session.opened', actor: 'agent:agent', detail: {} });
  await ahead.close();
  const agent = await place.agent();
  await expectAllRefused(
    agent,
    'clock_went_back',
    EVERY_TOOL.filter(([name]) => name !== 'ticket_withdraw'),
  );
  const before = await effects();
  await letExecutorRun(place, approved.id, approved.id);
  expect([await effects(), stateOf(place, approved.id)]).toEqual([before, 'approved']);
  expect((await approve(place, pending, 'ana')).code).toBe(1);
  expect(stateOf(place, pending.id)).toBe('pending');
});

describe('what others could have touched', () => {
  test.each([
    ['the keys folder', 'keys', 0o755, 'chmod 700'],
    ['a key', 'keys/ana.key.json', 0o644, 'chmod 600'],
    ['the state folder', '.', 0o777, 'chmod 700'],
  ])('[P4-14] %s in a loose mode is refused by every command', async (_what, name, mode, advice) => {
    await using place = copied();
    chmodSync(join(place.home, name), mode);
    const before = await effects();
    for (const args of [
      ['serve'],
      ['executor'],
      ['approve', pending.id, '--yes', '--digest', pending.digest, '--as', 'ana'],
      ['approvers', 'enroll', 'eve', '--no-passphrase', '--as', 'ana'],
    ])
      expect(await place.cli(args), args.join(' ')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining(advice),
      });
    expect([await effects(), stateOf(place, pending.id)]).toEqual([before, 'pending']);
  });

  test('[P4-15] a database that is gone is not begun anew', async () => {
    await using place = copied(DEV);
    for (const end of ['', '-wal', '-shm']) rmSync(place.database + end, { force: true });
    const agent = await place.agent();
    await expectAllRefused(agent, 'store_unavailable');
    const { refusal } = await agent.call('ticket_list');
    expect(refusal.message).toContain('holdshort.db.log-id');
    expect((await place.cli(['audit', 'verify'])).code).toBe(1);
  });

  test('[P4-16] approvers whose pinned first key is gone approve nothing, and nothing runs on their word', async () => {
    await using place = copied();
    rmSync(join(place.home, 'keys', 'root.json'));
    const before = await effects();
    expect((await approve(place, pending, 'ana')).code).toBe(5);
    await letExecutorRun(place, approved.id, approved.id);
    expect([await effects(), lastOutcome(place, approved.id)]).toEqual([before, 'approval_invalid']);
  });
});

/** The installation on a small disk of its own, which only root can make; elsewhere the test is skipped by name. */
function onOwnDisk(context: TestContext): Place {
  const place = makePlace({ endpoint: cloud.endpoint });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=0700', 'tmpfs', place.home], { stdio: 'ignore' });
  } catch {
    rmSync(place.home, { recursive: true });
    context.skip('needs the right to mount a small disk (root on Linux)');
  }
  copyInto(place, base);
  writeFileSync(join(place.home, 'config.yaml'), `${DEV}${TAKES_KEY}`);
  return {
    ...place,
    async [Symbol.asyncDispose]() {
      // Lazily: the processes that still have files open are ended by the place.
      execFileSync('umount', ['--lazy', place.home]);
      await place[Symbol.asyncDispose]();
    },
  };
}

function fill(folder: string): void {
  const file = join(folder, 'filler');
  for (const size of [65_536, 4_096, 1])
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
  expect(statfsSync(folder).bavail).toBe(0);
}
