import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, type TestContext } from 'vitest';
import { connectionTo } from '../../src/store/postgres/address.ts';
import { openPostgresStore } from '../../src/store/postgres/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place, REASON, TAKES_KEY } from '../scenes/front-door.ts';
import { agentHere, approve, enroll } from '../scenes/here.ts';
import { asOwner, isDatabase, OF_STORE } from '../scenes/postgres.ts';
import { copyInto } from '../scenes/tampering.ts';

/*
 * Whatever is missing, broken or in doubt: nothing runs. Each test breaks a copy of one installation that has a ticket
 * approved and ready to run, and another one pending. The cloud is shared, so an effect of any test would be seen by
 * all.
 */

export const DEV = 'environments:\n  - name: development\n    match: { tags: { env: dev } }\n';
const EFFECTS = ['TerminateInstances', 'StartInstances', 'StopInstances', 'ExecuteChangeSet', 'DeleteStack'] as const;

interface Held {
  readonly id: string;
  readonly digest: string;
}

export let cloud: Cloud;
let base: Place;
export let approved: Held;
export let pending: Held;
export let instance: string;
export let idle: string;

export const propose = (agent: Agent, tool: string, id: string) =>
  agent.call(tool, { instance_ids: [id], reason: REASON });

/** Makes it before the tests of a file, and takes it away after them. */
export function useClosedInstallation(): void {
  beforeAll(setUp);
  afterAll(async () => {
    await base?.[Symbol.asyncDispose]();
    await cloud?.[Symbol.asyncDispose]();
  });
}

async function setUp(): Promise<void> {
  cloud = await startCloud({
    stacks: [{ name: 'dev-shop', template: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } } }],
    instances: [{ tags: { Name: 'web', env: 'dev' } }, { tags: { Name: 'idle', env: 'dev' }, state: 'stopped' }],
  });
  base = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(base, 'ana');
  const agent = await agentHere(base);
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
    await cloud.fault({ action, mode: 'error_before', code: 'UnauthorizedOperation', status: 403, times: 10_000 });
}

export async function effects(): Promise<number> {
  const counts = await Promise.all(EFFECTS.map(async (action) => (await cloud.requests(action)).length));
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * A copy of the installation; with another configuration, if given, which takes a key in production unless it names a
 * policy itself.
 */
export function copied(config?: string, files: Record<string, string> = {}): Place {
  const place = makePlace({ endpoint: cloud.endpoint });
  copyInto(place, base);
  const named = config?.includes('policy:') ? '' : TAKES_KEY;
  if (config !== undefined) writeFileSync(join(place.home, 'config.yaml'), `${config}${named}${OF_STORE}`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place.home, name), text);
  return place;
}

/** One call of every kind of tool; the change would run at once where development is configured. */
export const EVERY_TOOL: readonly (readonly [string, () => Record<string, unknown>])[] = [
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
export function otherTools(tools: Awaited<ReturnType<Agent['client']['listTools']>>['tools']): typeof EVERY_TOOL {
  return tools
    .filter(({ name }) => !EVERY_TOOL.some(([known]) => known === name))
    .map(({ name, inputSchema }) => [
      name,
      () => Object.fromEntries((inputSchema.required ?? []).map((key) => [key, SAMPLES[key]])),
    ]);
}

/** Calls tools and expects each to be refused with this code and a way on, and nothing to reach AWS that changes it. */
export async function expectAllRefused(agent: Agent, code: string, tools = EVERY_TOOL): Promise<void> {
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

/** The installation on a small disk of its own, which only root can make; elsewhere the test is skipped by name. */
export function onOwnDisk(context: TestContext): Place {
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

/** The clock of the store is put back after it wrote one: a process's own, or that of PostgreSQL's machine. */
export async function entryFromFiveHoursAhead({ database }: Place): Promise<void> {
  const ahead = { agent: 'agent', operator: 'ann', session: 'ses_ahead' };
  const entry = { type: 'session.opened', actor: 'agent:agent', detail: {} } as const;
  if (!isDatabase(database)) {
    const store = openSqliteStore({ file: database, clock: () => Date.now() + 5 * 3_600_000 });
    await store.forAgent(ahead).append(entry);
    return await store.close();
  }
  const [made] = asOwner(database, "SELECT pg_get_functiondef('holdshort.moment()'::regprocedure) AS text").rows;
  asOwner(database, made?.text.replace('clock_timestamp()', "(clock_timestamp() + interval '5 hours')"));
  const store = openPostgresStore({ to: connectionTo(database) });
  await store.forAgent(ahead).append(entry);
  await store.close();
  asOwner(database, made?.text);
}

export function fill(folder: string): void {
  const file = join(folder, 'filler');
  for (const size of [65_536, 4_096, 1])
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
  expect(statfsSync(folder).bavail).toBe(0);
}
