import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Gateway, type Meeting, startGateway } from '../scenes/gateway.ts';
import { entriesOf, NOTHING_HELD, type Scene, setScene, verified } from '../scenes/whole.ts';

const said = (code: string) => ({
  status: 400,
  type: 'text/xml',
  body: `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>so it says</Message></Error></Errors><RequestID>1</RequestID></Response>`,
});

/** What the answer says, and whether the instance was launched all the same. */
const MEETINGS: readonly [string, string, Meeting][] = [
  [
    'the token is known, and it happened',
    'completed',
    async (forward) => (await forward()) && said('IdempotentParameterMismatch'),
  ],
  ['the token is known of an instance that is gone', 'unknown', async () => said('IdempotentInstanceTerminated')],
  ['the token is known, and nothing is there', 'unknown', async () => said('IdempotentParameterMismatch')],
  [
    'a no of a kind that nobody knows, and it happened',
    'completed',
    async (forward) => (await forward()) && said('NeverHeardOf'),
  ],
  ['a plain no', 'failed', async () => said('InsufficientInstanceCapacity')],
];

let scene: Scene;
let gateway: Gateway;
/** What comes of the next launch. */
let meeting: Meeting = async (forward) => await forward();

beforeAll(async () => {
  scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0, speed: 5 });
  gateway = await startGateway(scene.cloud.endpoint, { RunInstances: (...met) => meeting(...met) });
  scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

test.each(MEETINGS)('C21: %s: %s', async (what, outcome, met) => {
  meeting = met;
  const launches = () => gateway.passed.filter((action) => action === 'RunInstances').length;
  const before = launches();
  // After an unknown outcome the same is held, and so is whatever that agent launches next: each is another's.
  const agent = await scene.place.agent([
    '--no-executor',
    '--agent',
    `of-${MEETINGS.findIndex(([one]) => one === what)}`,
  ]);
  const { instances } = await agent.call('ec2_describe_instances');
  const { image_id, subnet_id } = instances[0];
  const launch = { image_id, subnet_id, instance_type: 't3.micro', tags: { Name: what }, reason: REASON };
  const answer = await agent.call('ec2_run_instances', launch);
  expect(answer, JSON.stringify(answer)).toMatchObject({ outcome });
  expect(entriesOf(scene, answer.ticket.id, 'ticket.executing')).toBe(1);
  expect(launches() - before).toBe(1);
  await agent.close();
  await verified(scene);
});
