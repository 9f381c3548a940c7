import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tool } from '../../tools/define.ts';
import { TOOLS } from '../../tools/index.ts';
import { type Cloud, startCloud } from '../cloud.ts';
import { type Agent, makePlace, type Place } from '../front-door.ts';
import { callsOf } from './inputs.ts';

/** Through the built command, over stdio, against the embedded cloud. Nothing is approved, so nothing runs. */
const CALLS = 20_000;
const AT_ONCE = 24;
const ANSWER_BYTES = 64 * 1024;
const SEED = Number(process.env.HOLDSHORT_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

const QUEUE = 'Resources: { Queue: { Type: "AWS::SQS::Queue" } }';

let cloud: Cloud;
let place: Place;
let agent: Agent;
let known: readonly string[];

beforeAll(async () => {
  cloud = await startCloud(
    {
      stacks: [{ name: 'orders', template: QUEUE, tags: { env: 'production' } }],
      instances: [{ count: 2, tags: { Name: 'web \u001b[31m' } }, { state: 'stopped' }],
    },
    { latencyMs: 0 },
  );
  place = makePlace({ endpoint: cloud.endpoint });
  agent = await place.agent(['--no-executor']);
  const { instances } = await agent.call('ec2_describe_instances');
  known = [
    'orders',
    'nobody',
    QUEUE,
    'tkt_0123456789abcdefghjk',
    ...instances.map((instance: { instance_id: string }) => instance.instance_id),
    ...instances.map((instance: { block_devices: { volume_id: string }[] }) => instance.block_devices[0]?.volume_id),
    ...['vol', 'snap', 'ami', 'sg', 'sgr', 'subnet', 'vpc', 'eipalloc', 'eni', 'i'].map(
      (kind) => `${kind}-0123456789abcdef0`,
    ),
  ];
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

interface Call {
  readonly tool: Tool;
  readonly args: Record<string, unknown>;
}

const isValid = ({ tool, args }: Call) => {
  // Half a surrogate pair is refused before any schema is asked.
  return JSON.stringify(args) === JSON.stringify(args).toWellFormed() && tool.input.safeParse(args).success;
};

/** Makes the calls, some at a time, and looks at each answer. */
async function make(calls: readonly Call[], check: (answer: any, call: Call) => void): Promise<void> {
  const waiting = calls.values();
  const worker = async () => {
    for (const call of waiting) {
      const result = await agent.client.callTool({ name: call.tool.name, arguments: call.args });
      const answer = result.structuredContent as Record<string, unknown>;
      const what = `${call.tool.name} ${JSON.stringify(call.args).slice(0, 2_000)}, seed ${SEED}`;
      expect(JSON.stringify(result).length, what).toBeLessThanOrEqual(ANSWER_BYTES);
      expect(JSON.stringify(result), what).toMatch(/^[\x20-\x7e]*$/);
      expect((answer.refusal as { code?: string } | undefined)?.code, what).not.toBe('internal');
      check(answer, call);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

test(`${CALLS} generated calls over all tools: what isn't understood sends nothing, and nothing breaks the server`, async () => {
  const each = Math.ceil(CALLS / TOOLS.length);
  const calls = TOOLS.flatMap((tool, index) =>
    fc
      .sample(callsOf(tool, known), { seed: SEED + index, numRuns: each })
      // Waiting for a ticket that nobody decides takes its whole timeout.
      .map((args) => ({ tool, args: tool.name === 'ticket_wait' ? { ...args, timeout_seconds: 0 } : args })),
  );
  expect(calls.length).toBeGreaterThanOrEqual(CALLS);
  const invalid = calls.filter((call) => !isValid(call));
  const valid = calls.filter(isValid);
  // Both kinds must be there in numbers, or this shows little.
  expect(invalid.length).toBeGreaterThan(CALLS / 10);
  expect(valid.length).toBeGreaterThan(CALLS / 20);

  const before = (await cloud.requests()).length;
  await make(invalid, (answer, { tool, args }) => {
    expect(answer, `${tool.name} ${JSON.stringify(args).slice(0, 2_000)}, seed ${SEED}`).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'invalid_input', recovery: expect.stringMatching(/./) },
    });
  });
  expect((await cloud.requests()).length, `seed ${SEED}`).toBe(before);

  await make(valid, (answer, { tool }) => {
    if (tool.kind === 'change')
      expect(['pending_approval', 'refused', 'in_progress'], `${JSON.stringify(answer)}, seed ${SEED}`).toContain(
        answer.outcome,
      );
  });
  const changing = /^(?!Describe|List|Get|Validate|CreateChangeSet|Detect)/;
  const sent = (await cloud.requests()).filter(({ action }) => changing.test(action)).map(({ action }) => action);
  expect(new Set(sent)).toEqual(new Set());
  expect((await agent.client.listTools()).tools.length).toBeGreaterThan(0);
  expect(await place.cli(['audit', 'verify'])).toMatchObject({ code: 0 });
}, 600_000);
