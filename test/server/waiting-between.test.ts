import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../src/policy/default.ts';
import { REASON, stop, until } from '../scenes/front-door.ts';
import { type Gateway, type Meeting, onceStopped, startGateway } from '../scenes/gateway.ts';
import { here } from '../scenes/here.ts';
import { entriesOf, instanceIds, NOTHING_HELD, type Scene, setScene, verified } from '../scenes/whole.ts';

/*
 * A resize whose executor died after the stop: why the process that took over doesn't go on, in the same words wherever
 * it is shown.
 */

const TOOL = 'ec2_modify_instance_attribute';
const SENT = 'ModifyInstanceAttribute';

let scene: Scene;
let instances: string[];
/** The executors' way to AWS, and what happens on it. */
let gateway: Gateway;
let meetings: Readonly<Record<string, Meeting>> = {};
/** One that AWS answers; ended by the next that is tried. */
let sound: ChildProcess;

const throughGateway = (more: Record<string, string> = {}) =>
  scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint, ...more });

beforeAll(async () => {
  scene = await setScene(
    { instances: [{ count: REASONS.length + 1 }] },
    { config: `${NOTHING_HELD}policy: ./policy.cedar\n`, latencyMs: 0, speed: 5 },
  );
  writeFileSync(policyFile(scene), DEFAULT_POLICY);
  instances = await instanceIds(scene);
  const met =
    (action: string): Meeting =>
    async (forward, parameters) =>
      await (meetings[action] ?? ((pass: typeof forward) => pass()))(forward, parameters);
  const actions = ['StopInstances', 'DescribeInstanceAttribute', 'DescribeInstances', 'GetCallerIdentity'];
  gateway = await startGateway(
    scene.cloud.endpoint,
    Object.fromEntries(actions.map((action) => [action, met(action)])),
  );
  sound = throughGateway();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

/** The ticket that was asked for last. */
const newest = () => scene.rows('SELECT id FROM ticket ORDER BY n DESC LIMIT 1')[0]?.id ?? '';

const written = (id: string, type: string) =>
  until(
    () => entriesOf(scene, id, type),
    (count) => count > 0,
  );

/** The executor is killed at the look that comes before the second request. @returns the ticket */
async function stoppedHalfWay(instance_id: string): Promise<string> {
  const reached = Promise.withResolvers<void>();
  meetings = onceStopped(() => {
    reached.resolve();
    return new Promise(() => undefined);
  });
  const asked = scene.agent.call(TOOL, { instance_id, instance_type: 'm5.large', reason: REASON });
  asked.catch(() => undefined);
  await reached.promise;
  await stop(sound, 'SIGKILL');
  return newest();
}

const elsewhere: Meeting = async (forward) => {
  const answer = await forward();
  return { ...answer, body: answer.body.replaceAll('123456789012', '999999999999') };
};
const policyFile = ({ place }: Scene) => join(place.home, 'policy.cedar');

const REASONS: readonly [
  string,
  Readonly<Record<string, Meeting>>,
  (scene: Scene) => Record<string, string>,
  string,
  RegExp,
][] = [
  ['AWS out of reach', { GetCallerIdentity: async () => undefined }, () => ({}), 'aws_unreachable', /can't be reached/],
  [
    'no answer before its second request',
    { DescribeInstanceAttribute: async () => undefined },
    () => ({}),
    'aws_unreachable',
    /can't be reached/,
  ],
  [
    'no credentials',
    {},
    () => ({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }),
    'aws_unreachable',
    /no AWS credentials/,
  ],
  [
    'another account',
    { GetCallerIdentity: elsewhere },
    () => ({}),
    'other_account',
    /are for account 999999999999, not/,
  ],
  [
    'a policy that can not be read',
    {},
    (scene) => {
      writeFileSync(policyFile(scene), 'permit (');
      return {};
    },
    'policy_invalid',
    /policy/,
  ],
];

test.each(REASONS)(
  'B15: between two of its requests a ticket says that it waits for %s, and goes on when that is over',
  { timeout: 240_000 },
  async (what, broken, break_, code, text) => {
    const { place, agent } = scene;
    const instance = instances[REASONS.findIndex(([one]) => one === what)] ?? '';
    const id = await stoppedHalfWay(instance);
    meetings = broken;
    const second = throughGateway(break_(scene));
    await written(id, 'execution.waiting');
    const { ticket, message } = await agent.call('ticket_get', { ticket_id: id });
    const epoch = () => Number(scene.rows('SELECT claim_epoch AS epoch FROM ticket WHERE id = ?', id)[0]?.epoch);
    const before = epoch();
    expect(ticket).toMatchObject({ state: 'executing', waiting: { code, text: expect.stringMatching(text) } });
    expect(message).toMatch(/^Under way, not done yet: .*; 1 of its 3 requests is begun\. It waits: /);
    expect(message).toContain(ticket.waiting.text);
    // With a policy that can't be read, people's commands say that themselves.
    if (code !== 'policy_invalid') {
      const shown = (ran: { stdout: string }) => ran.stdout.replace(/\s+/g, ' ');
      expect(shown(await here(place, ['tickets', 'show', id]))).toMatch(/Under way, not done yet\. It waits: /);
      expect(shown(await here(place, ['tickets', 'list']))).toContain('waiting: ');
    }
    const sent = async () =>
      (await scene.cloud.requests(SENT)).filter(({ parameters }) => parameters.InstanceId === instance);
    expect(await sent()).toEqual([]);
    await until(epoch, (now) => now >= before + 2);
    expect(entriesOf(scene, id, 'execution.waiting')).toBe(1);
    await stop(second);
    meetings = {};
    writeFileSync(policyFile(scene), DEFAULT_POLICY);
    sound = throughGateway();
    expect(await scene.settled(id)).toBe('succeeded');
    expect((await agent.call('ticket_get', { ticket_id: id })).ticket.waiting).toBeUndefined();
    expect(await sent()).toHaveLength(1);
    await verified(scene);
  },
);

test('B15: what could not be looked at no longer waits once it is looked at, though AWS is still at it', {
  timeout: 240_000,
}, async () => {
  const { agent } = scene;
  let stopping = true;
  const looked = Promise.withResolvers<void>();
  meetings = {
    DescribeInstances: async (forward) => {
      const answer = await forward();
      if (!stopping || !answer.body.includes('>stopped<')) return answer;
      looked.resolve();
      return { ...answer, body: answer.body.replaceAll('>stopped<', '>stopping<') };
    },
  };
  const asked = agent.call('ec2_stop_instances', { instance_ids: [instances.at(-1)], reason: REASON });
  asked.catch(() => undefined);
  await looked.promise;
  await stop(sound, 'SIGKILL');
  const id = newest();
  const second = scene.place.start(['executor'], { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
  await written(id, 'execution.waiting');
  expect((await agent.call('ticket_get', { ticket_id: id })).ticket.waiting).toBeDefined();
  await stop(second);
  throughGateway();
  await written(id, 'execution.resumed');
  const { ticket } = await agent.call('ticket_get', { ticket_id: id });
  expect(ticket).toMatchObject({ state: 'executing' });
  expect(ticket.waiting).toBeUndefined();
  expect(entriesOf(scene, id, 'execution.resumed')).toBe(1);
  stopping = false;
  expect(await scene.settled(id)).toBe('succeeded');
});
