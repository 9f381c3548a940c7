import { afterAll, beforeAll, expect } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { agentHere, approve, done, enroll, executing } from '../scenes/here.ts';
import { copyInto } from '../scenes/tampering.ts';

/*
 * Between approval and execution someone writes to the database. Each case works on a copy of an installation in which
 * no executor has run yet. The cloud counts what arrives and refuses it, so that no case can hide what another one did.
 */

const CONFIG = 'environments:\n  - name: development\n    match: { tags: { env: dev } }\n';
const EFFECTS = ['TerminateInstances', 'ExecuteChangeSet', 'DeleteStack'] as const;

export interface Held {
  readonly id: string;
  readonly digest: string;
}

export let cloud: Cloud;
export const instances: Record<string, string> = {};
/** Holds an approved termination, and an approved start of another instance with which nothing is wrong. */
export let approvedPlace: Place;
export let approved: Held;
export let other: Held;
/** Holds tickets that are pending, denied and succeeded, a pending stop in development, and an approved start. */
export let variousPlace: Place;
export let pending: Held;
export let denied: Held;
export let ran: Held;
export let nap: Held;
export let variousOther: Held;
/** Holds an approved deployment with its change set, and an approved start. */
export let deployPlace: Place;
export let deployment: Held;
export let deployOther: Held;

const held = async (agent: Agent, tool: string, args: Record<string, unknown>): Promise<Held> => {
  const { ticket } = await agent.call(tool, { reason: REASON, ...args });
  return { id: ticket.id, digest: ticket.digest };
};

async function approvedStart(place: Place, agent: Agent): Promise<Held> {
  const start = await held(agent, 'ec2_start_instances', { instance_ids: [instances.idle] });
  expect((await approve(place, start, 'ana')).code).toBe(0);
  return start;
}

/** Makes them before the tests of a file, and takes them away after those. */
export function useInstallations(): void {
  beforeAll(setUp);
  afterAll(async () => {
    for (const one of [approvedPlace, variousPlace, deployPlace, cloud]) await one?.[Symbol.asyncDispose]();
  });
}

async function setUp(): Promise<void> {
  const queue = { Type: 'AWS::SQS::Queue' };
  cloud = await startCloud({
    stacks: [{ name: 'app', template: { Resources: { Jobs: queue, Old: queue } } }],
    instances: [
      { tags: { Name: 'victim' } },
      { tags: { Name: 'spared' } },
      { tags: { Name: 'idle' }, state: 'stopped' },
      { tags: { Name: 'night', env: 'dev' }, state: 'stopped' },
      { tags: { Name: 'day', env: 'dev' } },
    ],
  });
  approvedPlace = makePlace({ endpoint: cloud.endpoint, config: CONFIG, production: 'key' });
  variousPlace = makePlace({ endpoint: cloud.endpoint, config: CONFIG, production: 'key' });
  deployPlace = makePlace({ endpoint: cloud.endpoint, config: CONFIG, production: 'key' });
  await enroll(approvedPlace, 'ana');
  copyInto(variousPlace, approvedPlace);
  copyInto(deployPlace, approvedPlace);

  const busy = await agentHere(variousPlace);
  const executor = await executing(variousPlace);
  for (const { tags, instance_id } of (await busy.call('ec2_describe_instances')).instances)
    instances[tags.Name] = instance_id;
  // Started, and stopped again: AWS is as it was when the start was planned, and only the record says that the start is
  // used up.
  const started = await busy.call('ec2_start_instances', { instance_ids: [instances.night], reason: REASON });
  expect(started.outcome).toBe('completed');
  ran = started.ticket;
  const stop = await held(busy, 'ec2_stop_instances', { instance_ids: [instances.night] });
  await approve(variousPlace, stop, 'ana');
  expect((await busy.call('ticket_wait', { ticket_id: stop.id })).ticket.state).toBe('succeeded');
  await busy.close();
  await executor.stop();

  // Clearing up too: a case that makes the change set look left over mustn't take it from the next one.
  for (const action of [...EFFECTS, 'DeleteChangeSet'])
    await cloud.fault({ action, mode: 'error_before', code: 'UnauthorizedOperation', status: 403, times: 10_000 });
  const idle = await agentHere(variousPlace);
  // Not the one of the next: what was denied is not to be had again for an hour.
  denied = await held(idle, 'ec2_terminate_instances', { instance_ids: [instances.spared] });
  await done(variousPlace, 'deny', denied.id, '--reason', 'no', '--yes', '--digest', denied.digest, '--as', 'ana');
  pending = await held(idle, 'ec2_terminate_instances', { instance_ids: [instances.victim] });
  nap = await held(idle, 'ec2_stop_instances', { instance_ids: [instances.day] });
  variousOther = await approvedStart(variousPlace, idle);
  await idle.close();

  const one = await agentHere(approvedPlace);
  approved = await held(one, 'ec2_terminate_instances', { instance_ids: [instances.victim] });
  expect((await approve(approvedPlace, approved, 'ana')).code).toBe(0);
  other = await approvedStart(approvedPlace, one);
  await one.close();

  const two = await agentHere(deployPlace);
  const template_body = JSON.stringify({ Resources: { Jobs: queue } });
  deployment = await held(two, 'cloudformation_deploy_stack', { stack_name: 'app', template_body });
  expect((await approve(deployPlace, deployment, 'ana')).code).toBe(0);
  deployOther = await approvedStart(deployPlace, two);
  await two.close();
}

/** How many effects have arrived in the cloud. */
export async function effects(): Promise<number> {
  const counts = await Promise.all(EFFECTS.map(async (action) => (await cloud.requests(action)).length));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** How often an action was asked for an instance. */
export async function sent(action: string, instance: string | undefined): Promise<number> {
  const requests = await cloud.requests(action);
  return requests.filter(({ parameters }) => JSON.stringify(parameters).includes(String(instance))).length;
}

export function copied(place: Place): Place {
  const copy = makePlace({ endpoint: cloud.endpoint, config: CONFIG, production: 'key' });
  copyInto(copy, place);
  return copy;
}
