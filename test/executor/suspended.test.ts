import { type ChildProcess, execFileSync } from 'node:child_process';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { laterClock } from '../scenes/clock.ts';
import { REASON, stop, until } from '../scenes/front-door.ts';
import {
  entriesOf,
  instanceIds,
  instanceState,
  NOTHING_HELD,
  type Scene,
  setScene,
  verified,
} from '../scenes/whole.ts';

/*
 * An executor that the system suspends (SIGSTOP, a laptop's lid, a frozen container) for longer than its claim holds,
 * and that wakes up (SIGCONT) when another one has long taken over: whatever it was about to do, one request is sent.
 */

/** Loaded before the built command: it suspends itself where `when` is so, once. */
function suspendedBy(when: 'its intent was noted' | 'its bytes leave', action: string): string {
  const code = `
    let done = false;
    const suspend = () => { if (!done) { done = true; process.kill(process.pid, 'SIGSTOP'); } };
    const fs = process.getBuiltinModule('node:fs');
    const http = process.getBuiltinModule('node:http');
    const [when, action] = ${JSON.stringify([when, action])};
    const write = fs.writeSync;
    fs.writeSync = (...args) => {
      const written = write(...args);
      if (when === 'its intent was noted' && / begun [0-9a-f]+\\n$/.test(String(args[1]))) suspend();
      return written;
    };
    const { end } = http.ClientRequest.prototype;
    http.ClientRequest.prototype.end = function (...args) {
      if (when !== 'its bytes leave' || new URLSearchParams(String(args[0])).get('Action') !== action)
        return end.apply(this, args);
      // Once it is connected: what wakes up later than its own limits would give up on connecting first.
      const leave = () => { suspend(); end.apply(this, args); };
      this.once('socket', (socket) => (socket.connecting ? socket.once('connect', leave) : leave()));
      return this;
    };
    process.getBuiltinModule('node:module').syncBuiltinESMExports();`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}

const isSuspended = ({ pid }: ChildProcess) =>
  execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T');

const suspended = async (executor: ChildProcess) => void (await until(() => isSuspended(executor), Boolean));

const [FIRST, SECOND] = ['FIRST', 'SECOND'] as const;
const start = ({ place }: Scene, as: string, option = '') =>
  place.start(['executor'], {
    AWS_ACCESS_KEY_ID: as,
    NODE_OPTIONS: [place.env.NODE_OPTIONS, option].filter(Boolean).join(' '),
  });

/** Nothing waits for the call's outcome: how long it takes is not its agent's to see. */
async function asked({ agent, rows }: Scene, tool: string, args: object): Promise<string> {
  agent.call(tool, { ...args, reason: REASON }).catch(() => undefined);
  const found = () => rows("SELECT id FROM ticket_overview WHERE tool = ? AND state <> 'planning'", tool)[0]?.id;
  return (await until(found, Boolean)) ?? '';
}

const sentBy = async ({ cloud }: Scene, action: string) =>
  (await cloud.requests(action)).map(({ user_identity }) => user_identity?.accessKeyId);

/** It wakes up, does another ticket all by itself, and ends: whatever it still had to do of the first is done then. */
async function wakes(scene: Scene, first: ChildProcess, second: ChildProcess, other: string): Promise<void> {
  await stop(second);
  await scene.cloud.release();
  first.kill('SIGCONT');
  const ticket = await asked(scene, 'ec2_stop_instances', { instance_ids: [other] });
  expect(await scene.settled(ticket)).toBe('succeeded');
  expect(await sentBy(scene, 'StopInstances')).toEqual([FIRST]);
}

const detailOf = ({ rows }: Scene, ticket: string, type: string) =>
  rows('SELECT detail FROM audit_events WHERE ticket = ? AND type = ?', ticket, type)[0]?.detail;

/** Who wakes up hears AWS's yes to its own request; or gave up waiting for it while it was suspended. */
const OWN_YES = ['succeeded', 'unknown'];

/** AWS's own clock is as slow as ours: what leaves minutes later is still in time, however slow this machine is. */
const FAST = { config: NOTHING_HELD, speed: 5, now: Date.now };
const made = () => setScene({ instances: [{}, {}] }, FAST);
const TERMINATE = ['ec2_terminate_instances', 'TerminateInstances'] as const;

describe('suspended for longer than its claim holds, while another executor takes over', () => {
  test('before its intent: the other one does it, and it wakes up to nothing', async () => {
    await using scene = await made();
    const [instance = '', other = ''] = await instanceIds(scene);
    const ticket = await asked(scene, TERMINATE[0], { instance_ids: [instance] });
    const reads = (await scene.cloud.requests('DescribeInstances')).length;
    await scene.cloud.fault({ action: 'DescribeInstances', mode: 'hold_before' });
    const first = start(scene, FIRST);
    await scene.cloud.arrived('DescribeInstances', reads + 1);
    first.kill('SIGSTOP');
    await suspended(first);
    expect(scene.state(ticket)).toBe('approved');
    const second = start(scene, SECOND);
    expect(await scene.settled(ticket)).toBe('succeeded');
    await wakes(scene, first, second, other);
    await stop(first);
    expect(await sentBy(scene, TERMINATE[1])).toEqual([SECOND]);
    expect(scene.state(ticket)).toBe('succeeded');
    expect(entriesOf(scene, ticket, 'ticket.executing')).toBe(1);
    expect(entriesOf(scene, ticket, 'ticket.succeeded')).toBe(1);
    await verified(scene);
  });

  test('between its intent and the last look at its claim: nothing is ever sent, by either', async () => {
    await using scene = await made();
    const [instance = '', other = ''] = await instanceIds(scene);
    const ticket = await asked(scene, TERMINATE[0], { instance_ids: [instance] });
    const first = start(scene, FIRST, suspendedBy('its intent was noted', TERMINATE[1]));
    await suspended(first);
    expect(scene.state(ticket)).toBe('executing');
    const second = start(scene, SECOND);
    expect(await scene.settled(ticket)).toBe('unknown');
    await wakes(scene, first, second, other);
    await stop(first);
    expect(await sentBy(scene, TERMINATE[1])).toEqual([]);
    expect(await instanceState(scene, instance)).toBe('running');
    // Only it knows that it sent nothing, and says so.
    expect(scene.state(ticket)).toBe('failed');
    expect(detailOf(scene, ticket, 'ticket.failed')).toContain('the executor lost its claim before it sent anything');
    expect(entriesOf(scene, ticket, 'ticket.executing')).toBe(1);
    await verified(scene);
  });

  test('when its bytes are leaving: they leave when it wakes up, once, and nobody was told that they had not', async () => {
    await using scene = await made();
    const [instance = '', other = ''] = await instanceIds(scene);
    const ticket = await asked(scene, TERMINATE[0], { instance_ids: [instance] });
    const first = start(scene, FIRST, suspendedBy('its bytes leave', TERMINATE[1]));
    await suspended(first);
    expect(scene.state(ticket)).toBe('executing');
    const second = start(scene, SECOND);
    expect(await scene.settled(ticket)).toBe('unknown');
    expect(await sentBy(scene, TERMINATE[1])).toEqual([]);
    await wakes(scene, first, second, other);
    await stop(first);
    expect(await sentBy(scene, TERMINATE[1])).toEqual([FIRST]);
    // A look has shown it not done: by then a person may have done it, for all that anyone can tell.
    expect(scene.state(ticket)).toBe('unknown');
    expect(entriesOf(scene, ticket, 'ticket.executing')).toBe(1);
    await verified(scene);
  });

  test('when its bytes are leaving, and someone else does it meanwhile: it is not told as its own', async () => {
    await using scene = await made();
    const [instance = '', other = ''] = await instanceIds(scene);
    const ticket = await asked(scene, TERMINATE[0], { instance_ids: [instance] });
    const first = start(scene, FIRST, suspendedBy('its bytes leave', TERMINATE[1]));
    await suspended(first);
    const second = start(scene, SECOND);
    expect(await scene.settled(ticket)).toBe('unknown');
    // A person who was told that it is unknown, and that the instance runs.
    await scene.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance] }));
    await wakes(scene, first, second, other);
    await stop(first);
    // AWS says yes to that too.
    expect(await sentBy(scene, TERMINATE[1])).toEqual(['AKIDTEST', FIRST]);
    expect(scene.state(ticket)).toBe('unknown');
    expect(entriesOf(scene, ticket, 'ticket.succeeded')).toBe(0);
    await verified(scene);
  });

  test('when its bytes are leaving, nobody can say that it did not happen: it is launched once, however it is asked for', async () => {
    await using scene = await setScene({ instances: [{}] }, { ...FAST, approvers: ['noa'] });
    const { image_id, subnet_id } = (await scene.agent.call('ec2_describe_instances')).instances[0];
    const launch = { image_id, subnet_id, instance_type: 't3.micro' };
    const ticket = await asked(scene, 'ec2_run_instances', launch);
    const first = start(scene, FIRST, suspendedBy('its bytes leave', 'RunInstances'));
    await suspended(first);
    const second = start(scene, SECOND);
    expect(await scene.settled(ticket)).toBe('unknown');
    const { ticket: shown } = await scene.place.json(['tickets', 'show', ticket]);
    const known = ['--digest', shown.digest, '--seen', shown.seen, '--yes', '--as', 'noa'];
    const word = ['tickets', 'resolve', ticket, '--as-not-happened', '--reason', 'there is none', ...known];
    expect(await scene.place.cli(word)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`AWS may take its request until ${shown.may_arrive_until}`),
    });
    expect(Date.parse(shown.may_arrive_until) - Date.parse(shown.created_at)).toBeGreaterThan(20 * 60_000);
    const again = await scene.ask('ec2_run_instances', launch);
    expect(again.state).toBe('pending');
    await stop(second);
    first.kill('SIGCONT');
    expect(
      await until(
        () => sentBy(scene, 'RunInstances'),
        ({ length }) => length > 0,
      ),
    ).toEqual([FIRST]);
    expect(
      await until(
        () => scene.state(ticket),
        (state) => state === 'succeeded',
      ),
    ).toBe('succeeded');
    await stop(first);
    expect(scene.state(again.id)).toBe('pending');
    expect(await sentBy(scene, 'RunInstances')).toEqual([FIRST]);
    await verified(scene);
  });

  test('when its bytes leave after all that a person could say it did not happen: AWS refuses their signature, and the word stays true', async () => {
    let later = 0;
    const now = () => Date.now() + later;
    await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, approvers: ['noa'], now });
    const { place, cloud, agent } = scene;
    const { image_id, subnet_id } = (await agent.call('ec2_describe_instances')).instances[0];
    const ticket = await asked(scene, 'ec2_run_instances', { image_id, subnet_id, instance_type: 't3.micro' });
    const first = start(scene, FIRST, suspendedBy('its bytes leave', 'RunInstances'));
    await suspended(first);
    // Half an hour passes for all others: without a session of its own a request is good for a quarter.
    Object.assign(place.env, laterClock(30));
    later = 30 * 60_000;
    const second = start(scene, SECOND);
    expect(await scene.settled(ticket)).toBe('unknown');
    await stop(second);
    const { ticket: shown } = await place.json(['tickets', 'show', ticket]);
    const known = ['--digest', shown.digest, '--seen', shown.seen, '--yes', '--as', 'noa'];
    const said = ['tickets', 'resolve', ticket, '--as-not-happened', '--reason', 'there is none', ...known];
    expect(await place.cli(said)).toMatchObject({ code: 0 });
    first.kill('SIGCONT');
    await cloud.arrived('RunInstances');
    await stop(first);
    expect(await cloud.requests('RunInstances')).toMatchObject([{ error: 'RequestExpired' }]);
    expect(await instanceIds(scene)).toHaveLength(1);
    expect(scene.state(ticket)).toBe('resolved');
    await verified(scene);
  });

  test('after its bytes, before the answer: seen by the other one, by the token where there is one', async () => {
    await using scene = await made();
    const [instance = '', other = ''] = await instanceIds(scene);
    const { instances } = await scene.agent.call('ec2_describe_instances');
    const { image_id, subnet_id } = instances[0];
    const launch = { image_id, subnet_id, instance_type: 't3.micro' };
    const terminates = await asked(scene, TERMINATE[0], { instance_ids: [instance] });
    const runs = await asked(scene, 'ec2_run_instances', launch);
    await scene.cloud.fault({ action: 'TerminateInstances', mode: 'hold_after' });
    await scene.cloud.fault({ action: 'RunInstances', mode: 'hold_after' });
    const first = start(scene, FIRST);
    await Promise.all([scene.cloud.arrived('TerminateInstances'), scene.cloud.arrived('RunInstances')]);
    first.kill('SIGSTOP');
    await suspended(first);
    const second = start(scene, SECOND);
    expect(await scene.settled(runs)).toBe('succeeded');
    expect(await scene.settled(terminates)).toBe('unknown');
    await wakes(scene, first, second, other);
    await stop(first);
    expect(await sentBy(scene, 'RunInstances')).toEqual([FIRST]);
    expect(await sentBy(scene, 'TerminateInstances')).toEqual([FIRST]);
    expect(OWN_YES).toContain(scene.state(terminates));
    for (const ticket of [terminates, runs]) expect(entriesOf(scene, ticket, 'ticket.executing')).toBe(1);
    expect(entriesOf(scene, runs, 'ticket.succeeded')).toBe(1);
    await verified(scene);
  });
});
