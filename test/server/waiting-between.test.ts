import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../src/policy/default.ts';
import { REASON, stop, until } from '../scenes/front-door.ts';
import { type Meeting, startGateway } from '../scenes/gateway.ts';
import { here } from '../scenes/here.ts';
import { entriesOf, instanceIds, NOTHING_HELD, type Scene, setScene, verified } from '../scenes/whole.ts';

/*
 * A resize whose executor died after the stop: why the process that took over doesn't go on, in the same words wherever
 * it is shown.
 */

const TOOL = 'ec2_modify_instance_attribute';
const SENT = 'ModifyInstanceAttribute';

/** The executor is killed at the look that comes before the second request. */
async function stoppedHalfWay(scene: Scene): Promise<string> {
  const [instance_id] = await instanceIds(scene);
  const reached = Promise.withResolvers<void>();
  let stopped = false;
  await using gateway = await startGateway(scene.cloud.endpoint, {
    StopInstances: async (forward) => {
      stopped = true;
      return await forward();
    },
    DescribeInstanceAttribute: async (forward) => {
      if (!stopped) return await forward();
      reached.resolve();
      return await new Promise(() => undefined);
    },
  });
  const first = scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  const asked = scene.agent.call(TOOL, { instance_id, instance_type: 'm5.large', reason: REASON });
  asked.catch(() => undefined);
  await reached.promise;
  await stop(first, 'SIGKILL');
  return scene.rows('SELECT id FROM ticket')[0]?.id ?? '';
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
  async (_, meetings, break_, code, text) => {
    await using scene = await setScene(
      { instances: [{}] },
      { config: `${NOTHING_HELD}policy: ./policy.cedar\n`, latencyMs: 0, speed: 5 },
    );
    const { place, agent } = scene;
    writeFileSync(policyFile(scene), DEFAULT_POLICY);
    const id = await stoppedHalfWay(scene);
    await using gateway = await startGateway(scene.cloud.endpoint, meetings);
    const second = place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint, ...break_(scene) });
    const { ticket, message } = await until(
      () => agent.call('ticket_get', { ticket_id: id }),
      (told) => told.ticket.waiting !== undefined,
    );
    const epoch = () => Number(scene.rows('SELECT claim_epoch AS epoch FROM ticket')[0]?.epoch);
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
    expect(await scene.cloud.requests(SENT)).toEqual([]);
    await until(epoch, (now) => now >= before + 2);
    expect(entriesOf(scene, id, 'execution.waiting')).toBe(1);
    await stop(second);
    writeFileSync(policyFile(scene), DEFAULT_POLICY);
    place.start(['executor']);
    expect(await scene.settled(id)).toBe('succeeded');
    expect((await agent.call('ticket_get', { ticket_id: id })).ticket.waiting).toBeUndefined();
    expect(await scene.cloud.requests(SENT)).toHaveLength(1);
    await verified(scene);
  },
);

test('B15: what could not be looked at no longer waits once it is looked at, though AWS is still at it', {
  timeout: 240_000,
}, async () => {
  await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0, speed: 5 });
  const { place, agent } = scene;
  const [instance] = await instanceIds(scene);
  let stopping = true;
  const looked = Promise.withResolvers<void>();
  await using gateway = await startGateway(scene.cloud.endpoint, {
    DescribeInstances: async (forward) => {
      const answer = await forward();
      if (!stopping || !answer.body.includes('>stopped<')) return answer;
      looked.resolve();
      return { ...answer, body: answer.body.replaceAll('>stopped<', '>stopping<') };
    },
  });
  const first = place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  const asked = agent.call('ec2_stop_instances', { instance_ids: [instance], reason: REASON });
  asked.catch(() => undefined);
  await looked.promise;
  await stop(first, 'SIGKILL');
  const id = scene.rows('SELECT id FROM ticket')[0]?.id ?? '';
  const waiting = async () => (await agent.call('ticket_get', { ticket_id: id })).ticket;
  const second = place.start(['executor'], { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
  await until(waiting, (ticket) => ticket.waiting !== undefined);
  await stop(second);
  place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  expect(await until(waiting, (ticket) => ticket.waiting === undefined)).toMatchObject({ state: 'executing' });
  expect(entriesOf(scene, id, 'execution.resumed')).toBe(1);
  stopping = false;
  expect(await scene.settled(id)).toBe('succeeded');
});
