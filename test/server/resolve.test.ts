import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { laterClock } from '../scenes/clock.ts';
import { type Agent, approve, REASON, stop } from '../scenes/front-door.ts';
import { entriesOf, instanceIds, type Scene, setScene, verified } from '../scenes/whole.ts';

/* What nobody knows is settled by a person's word where AWS can't tell, and shown as that ever after. */

let scene: Scene;
let instance: string;
let stopping: { readonly id: string; readonly digest: string };
let known: { readonly seen: string; readonly may_arrive_until: string };
let executor: ChildProcess;
/** Whose processes go by the clock of now. */
let agent: Agent;

const said = (...more: readonly string[]) =>
  scene.place.cli(['tickets', 'resolve', stopping.id, '--digest', stopping.digest, '--yes', ...more]);
const word = (as: string, seen: string, which = '--as-not-happened') =>
  said(which, '--reason', 'the console shows it running', '--as', as, '--seen', seen);
const tag = async (value: string) =>
  (await agent.call('ec2_create_tags', { resources: [instance], tags: { a: value }, reason: REASON })).ticket;

beforeAll(async () => {
  scene = await setScene({ instances: [{}] }, { approvers: ['ann', 'ben'], latencyMs: 0, speed: 5 });
  agent = scene.agent;
  const enrolling = await scene.place.cli(['approvers', 'enroll', 'otto', '--no-passphrase', '--as', 'ann']);
  expect(enrolling.code, enrolling.stderr).toBe(0);
  [instance = ''] = await instanceIds(scene);
  stopping = await scene.ask('ec2_stop_instances', { instance_ids: [instance] });
  await scene.cloud.fault({ action: 'StopInstances', mode: 'drop_before' });
  await approve(scene.place, stopping, 'ann');
  executor = scene.place.start(['executor']);
  expect(await scene.settled(stopping.id)).toBe('unknown');
  const shown = await scene.place.cli(['tickets', 'show', stopping.id, '--json']);
  expect(shown.code, shown.stderr).toBe(0);
  known = JSON.parse(shown.stdout).ticket;
});
afterAll(async () => await scene[Symbol.asyncDispose]());

test('B10: the agent and people are told who settles it and how, and never to call again', async () => {
  const told = await agent.call('ticket_get', { ticket_id: stopping.id });
  expect(told.next).toMatch(/before anything else is asked for there, and wait/);
  expect(told.next).toContain('tickets resolve TICKET --as-happened|--as-not-happened --reason TEXT');
  const { stdout } = await scene.place.cli(['tickets', 'show', stopping.id]);
  expect(stdout).toContain(`tickets resolve ${stopping.id} --as-not-happened\n`);
  expect(stdout).toContain(known.seen);
});

test('B10: neither whom the agent works for, nor anyone about something else than what is known, settles it', async () => {
  expect((await word('otto', known.seen)).code).toBe(3);
  expect((await word('ben', '0'.repeat(64))).code).toBe(1);
  expect((await word('zoe', known.seen)).code).toBe(3);
  expect((await said('--as-happened', '--reason', 'x', '--as', 'ben')).code).toBe(2);
  expect(scene.state(stopping.id)).toBe('unknown');
});

test('B10: that it did not happen is not heard while AWS may still take its request; then all goes on later', async () => {
  const early = await word('ben', known.seen);
  expect(early).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`look at AWS again after ${known.may_arrive_until}, and say it then`),
  });
  expect(scene.state(stopping.id)).toBe('unknown');
  await Promise.all([agent.close(), stop(executor)]);
  Object.assign(scene.place.env, laterClock(60));
  scene.place.start(['executor']);
  agent = await scene.place.agent(['--no-executor', '--operator', 'otto']);
});

test('B10: an approver settles it; calls about the same are held for it no more, and it is told as their word', async () => {
  const before = await tag('before');
  expect((await agent.call('ticket_get', { ticket_id: before.id })).plan.summary).toContain('is not settled');

  const ran = await word('ben', known.seen);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(scene.state(stopping.id)).toBe('resolved');
  const resolution = { happened: false, by: 'ben', reason: 'the console shows it running' };
  const told = await agent.call('ticket_get', { ticket_id: stopping.id });
  expect(told).toMatchObject({ ticket: { state: 'resolved', resolution } });
  expect(told.message).toContain('ben says that it did not happen (not known from AWS): the console shows it running');
  expect(told.next).toBe('It counts as not done: ask for it only if it is still wanted.');
  const { tickets } = await agent.call('ticket_list', { state: 'resolved' });
  expect(tickets).toMatchObject([{ id: stopping.id, state: 'resolved', resolution }]);
  const list = await scene.place.cli(['tickets', 'list']);
  expect(list.stdout).toContain('ben says that it did not happen (not known from AWS)');

  const after = await tag('after');
  expect((await agent.call('ticket_get', { ticket_id: after.id })).plan.summary).not.toContain('is not settled');
  expect((await approve(scene.place, after, 'ann')).code).toBe(0);
  expect(await scene.settled(after.id)).toBe('succeeded');
  expect(entriesOf(scene, stopping.id, 'ticket.resolved')).toBe(1);
  expect(await scene.cloud.requests('StopInstances')).toHaveLength(1);
  // Once is enough.
  expect((await word('ann', known.seen, '--as-happened')).code).toBe(1);
  await verified(scene);
});
