import { expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Meeting, startGateway } from '../scenes/gateway.ts';
import { entriesOf, NOTHING_HELD, setScene, verified } from '../scenes/whole.ts';

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

test.each(MEETINGS)('C21: %s: %s', async (_, outcome, meeting) => {
  await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0, speed: 5 });
  await using gateway = await startGateway(scene.cloud.endpoint, { RunInstances: meeting });
  const agent = await scene.place.agent([], { env: { AWS_ENDPOINT_URL: gateway.endpoint } });
  const { instances } = await agent.call('ec2_describe_instances');
  const { image_id, subnet_id } = instances[0];
  const launch = { image_id, subnet_id, instance_type: 't3.micro', reason: REASON };
  const answer = await agent.call('ec2_run_instances', launch);
  expect(answer, JSON.stringify(answer)).toMatchObject({ outcome });
  expect(entriesOf(scene, answer.ticket.id, 'ticket.executing')).toBe(1);
  expect(gateway.passed.filter((action) => action === 'RunInstances')).toHaveLength(1);
  await agent.close();
  await verified(scene);
});
