import { afterEach, expect, test } from 'vitest';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import type { ChangeTool } from '../../tools/define.ts';
import { TOOLS } from '../../tools/index.ts';
import { type Endpoint, http, identity, startEndpoint } from '../scenes/endpoints.ts';
import { read, testAws } from '../scenes/tools.ts';

/* What becomes of a launch, by answers that only AWS itself gives. */

const TOKEN = 'holdshort-0123456789';
const USER = 'User initiated (2026-11-24 07:00:00 GMT)';

let server: Endpoint | undefined;
afterEach(async () => await server?.close());

interface Given {
  readonly state: string;
  /** Of its launch; '' where AWS tells none. */
  readonly token?: string;
  readonly reason?: string;
  readonly why?: string;
}

function instance({ state, token = TOKEN, reason = '', why = '' }: Given, at: number): string {
  return `<item><instanceId>i-0000000${at}</instanceId><instanceState><name>${state}</name></instanceState>${token === '' ? '' : `<clientToken>${token}</clientToken>`}<stateReason><message>${why}</message></stateReason><reason>${reason}</reason></item>`;
}

async function observed(count: number, instances: readonly Given[]) {
  const set = `<item><reservationId>r-1</reservationId><instancesSet>${instances.map(instance).join('')}</instancesSet></item>`;
  const xml = `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet>${set}</reservationSet></DescribeInstancesResponse>`;
  server = await startEndpoint((action) => (action === 'GetCallerIdentity' ? identity() : http(200, xml)));
  const tool = TOOLS.find(({ name }) => name === 'ec2_run_instances') as ChangeTool;
  const guard = { launch: { image_id: 'ami-1', instance_type: 't3.micro' } };
  const plan = { arguments: { count }, guard } as unknown as PlanRecord;
  const attempt = { token: TOKEN, intended_at: '2026-11-24T07:00:00.000Z' };
  const seen = await tool.observe(plan, await testAws(server.endpoint).readers(), attempt);
  return { state: seen.state, each: 'resources' in seen ? seen.resources.map(({ outcome }) => outcome) : [], seen };
}

test.each<[string, number, readonly Given[], string, readonly string[]]>([
  ['none', 1, [], 'unknown', []],
  ['all run', 2, [{ state: 'running' }, { state: 'running' }], 'succeeded', ['succeeded', 'succeeded']],
  ['one is starting', 2, [{ state: 'running' }, { state: 'pending' }], 'pending', []],
  ['not all are listed yet', 2, [{ state: 'running' }], 'unknown', ['succeeded']],
  [
    'AWS ended one',
    2,
    [{ state: 'running' }, { state: 'terminated', why: 'Client.VolumeLimitExceeded: Volume limit exceeded' }],
    'failed',
    ['succeeded', 'failed'],
  ],
  ['somebody ended it', 1, [{ state: 'terminated', reason: USER }], 'succeeded', ['succeeded']],
  // A tag can be forged, the token of a launch can't.
  ['of another launch', 1, [{ state: 'running', token: 'other' }], 'unknown', []],
  ['of a launch without a token', 1, [{ state: 'running', token: '' }], 'unknown', []],
  ['a tag that was copied', 2, [{ state: 'running' }, { state: 'running', token: '' }], 'unknown', ['succeeded']],
  ['one that starts elsewhere', 1, [{ state: 'running' }, { state: 'pending', token: '' }], 'succeeded', ['succeeded']],
])('%s', async (_what, count, instances, state, each) => {
  expect(await observed(count, instances)).toMatchObject({ state, each });
});

test('why AWS ended it is told', async () => {
  const { seen } = await observed(1, [{ state: 'terminated', why: 'Client.VolumeLimitExceeded' }]);
  expect(JSON.stringify(seen)).toContain('Client.VolumeLimitExceeded');
});

const ID = 'i-00000000000000001';

test.each([
  ['ec2_describe_instance_status', {}],
  ['ec2_describe_instance_status', { instance_ids: [ID] }],
  ['ec2_get_console_output', { instance_id: ID }],
])('%s of an answer that lacks what was asked for is an error, not emptiness', async (tool, input) => {
  server = await startEndpoint((action) =>
    action === 'GetCallerIdentity' ? identity() : http(200, `<${action}Response></${action}Response>`),
  );
  await expect(read(testAws(server.endpoint), tool, input)).rejects.toMatchObject({ code: 'aws_unreachable' });
});
