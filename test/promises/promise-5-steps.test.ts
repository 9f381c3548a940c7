import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON, stop, until } from '../scenes/front-door.ts';
import { type Gateway, type Meeting, startGateway } from '../scenes/gateway.ts';
import { entriesOf, NOTHING_HELD, type Scene, setScene, verified } from '../scenes/whole.ts';

/* Eight instances are being resized, each at another point, when their executor is killed; another one starts. */

const TOOL = 'ec2_modify_instance_attribute';
const REQUESTS = ['StopInstances', 'ModifyInstanceAttribute', 'StartInstances'] as const;

type Request = (typeof REQUESTS)[number];

interface Point {
  /** The request at which it is held: before it is delivered, or after, so that its answer is lost. */
  readonly at?: readonly ['before' | 'after', Request];
  /** Or the looks at the instance after that request was answered. */
  readonly after?: Request;
  readonly outcome: 'succeeded' | 'unknown';
  /** How many of the requests reach AWS in the end. */
  readonly delivered: number;
  /** How many of the steps were begun. */
  readonly begun: number;
}

const POINTS: Readonly<Record<string, Point>> = {
  'before the stop is delivered': { at: ['before', 'StopInstances'], outcome: 'unknown', delivered: 0, begun: 1 },
  'before the stop is answered': { at: ['after', 'StopInstances'], outcome: 'unknown', delivered: 1, begun: 1 },
  'between the first step and the second': { after: 'StopInstances', outcome: 'succeeded', delivered: 3, begun: 3 },
  'before the change is delivered': {
    at: ['before', 'ModifyInstanceAttribute'],
    outcome: 'unknown',
    delivered: 1,
    begun: 2,
  },
  'before the change is answered': {
    at: ['after', 'ModifyInstanceAttribute'],
    outcome: 'unknown',
    delivered: 2,
    begun: 2,
  },
  'between the second step and the third': {
    after: 'ModifyInstanceAttribute',
    outcome: 'succeeded',
    delivered: 3,
    begun: 3,
  },
  'before the start is delivered': { at: ['before', 'StartInstances'], outcome: 'unknown', delivered: 2, begun: 3 },
  'while it starts': { after: 'StartInstances', outcome: 'succeeded', delivered: 3, begun: 3 },
};

const FOREVER = new Promise<undefined>(() => undefined);

/** The state that an instance doesn't leave, as far as the executor hears, once that request was answered. */
const ON_THE_WAY: Partial<Record<Request, string>> = {
  StopInstances: '<code>64</code><name>stopping</name>',
  StartInstances: '<code>0</code><name>pending</name>',
};

let scene: Scene;
let gateway: Gateway;
const ids: Record<string, string> = {};
const reached = new Set<string>();
/** By instance, what was answered. */
const answered = new Map<string, Set<string>>();

/** The instances that a request names, as parameters or in a filter. */
function named(parameters: URLSearchParams): readonly string[] {
  return [...parameters.values()].filter((value) => value.startsWith('i-'));
}

function pointOf(id: string): readonly [string, Point] | undefined {
  return Object.entries(POINTS).find(([name]) => ids[name] === id);
}

/** A request of one instance, which is a change or a look that nobody shares. */
const meet =
  (action: string): Meeting =>
  async (forward, parameters) => {
    const [id = ''] = named(parameters);
    const [name, point] = pointOf(id) ?? [];
    if (name === undefined || point === undefined) return await forward();
    const held = (when: string) => point.at?.[0] === when && point.at[1] === action;
    if (held('before') || (point.after && answered.get(id)?.has(point.after))) {
      reached.add(name);
      return await FOREVER;
    }
    const answer = await forward();
    if (held('after')) {
      reached.add(name);
      return await FOREVER;
    }
    answered.set(id, (answered.get(id) ?? new Set()).add(action));
    return answer;
  };

/** Several are looked at together: what one of them waits for must not keep the others. */
const look: Meeting = async (forward, parameters) => {
  const on = named(parameters).flatMap((id) => {
    const [name, { after } = {}] = pointOf(id) ?? [];
    const state = after && answered.get(id)?.has(after) ? ON_THE_WAY[after] : undefined;
    return name !== undefined && state !== undefined ? [{ id, name, state }] : [];
  });
  if (on.length === 0) return await meet('DescribeInstances')(forward, parameters);
  const answer = await forward();
  let { body } = answer;
  for (const { id, name, state } of on) {
    const shown = new RegExp(`(<instanceId>${id}</instanceId>.*?<instanceState>).*?(</instanceState>)`, 's');
    if (!shown.test(body)) throw new Error(`${id} is not in the answer`);
    body = body.replace(shown, `$1${state}$2`);
    reached.add(name);
  }
  return { ...answer, body };
};

beforeAll(async () => {
  const names = Object.keys(POINTS);
  scene = await setScene(
    { instances: names.map((Name) => ({ tags: { Name } })) },
    { config: NOTHING_HELD, latencyMs: 50 },
  );
  const { Reservations = [] } = await scene.ec2.send(new DescribeInstancesCommand({}));
  for (const { InstanceId = '', Tags } of Reservations.flatMap(({ Instances = [] }) => Instances))
    ids[Tags?.find(({ Key }) => Key === 'Name')?.Value ?? ''] = InstanceId;
  const alone = [...REQUESTS, 'DescribeInstanceAttribute'];
  gateway = await startGateway(scene.cloud.endpoint, {
    ...Object.fromEntries(alone.map((action) => [action, meet(action)])),
    DescribeInstances: look,
  });
  const calls = names.map((name) =>
    scene.agent.call(TOOL, { instance_id: ids[name], instance_type: 'm5.large', reason: REASON }),
  );
  await until(
    () => scene.rows('SELECT id FROM ticket_overview WHERE tool = ?', TOOL).length,
    (count) => count === names.length,
  );
  const first = scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  await until(
    () => reached.size,
    (size) => size === names.length,
  );
  await stop(first, 'SIGKILL');
  scene.place.start(['executor']);
  await Promise.all(calls);
}, 240_000);
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await scene?.[Symbol.asyncDispose]();
});

test.each(Object.entries(POINTS))(
  '[P5-17] D28: killed %s: no request is sent twice, and what is told is true',
  async (name, point) => {
    const id = ids[name] ?? '';
    const [found] = scene.rows('SELECT id FROM ticket_overview WHERE targets LIKE ?', `%${id}%`);
    const ticket = found?.id ?? '';
    expect(await scene.settled(ticket)).toBe(point.outcome);
    const { result } = await scene.agent.call('ticket_get', { ticket_id: ticket });
    const reachedAws = (await scene.cloud.requests()).filter(
      ({ action, parameters }) => REQUESTS.some((one) => one === action) && JSON.stringify(parameters).includes(id),
    );
    expect(reachedAws.map(({ action }) => action)).toEqual(REQUESTS.slice(0, point.delivered));
    expect(entriesOf(scene, ticket, 'ticket.executing') + entriesOf(scene, ticket, 'execution.step')).toBe(point.begun);
    const outcomes = result.steps.map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes).toEqual(
      REQUESTS.map((_, at) =>
        at + 1 < point.begun ? 'succeeded' : at + 1 === point.begun ? point.outcome : 'not_sent',
      ),
    );
  },
);

test('[P5-17] D28: the log of it verifies', async () => {
  await verified(scene);
});
