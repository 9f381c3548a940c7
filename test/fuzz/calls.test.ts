import { EC2Client } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tool } from '../../tools/define.ts';
import { TOOLS } from '../../tools/index.ts';
import { bounded } from '../scenes/bounded.ts';
import { type Cloud, type CloudRequest, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place } from '../scenes/front-door.ts';
import { callsOf, type Known } from './inputs.ts';
import { whatIsThere } from './known.ts';

/** Through the built command, over stdio, against the embedded cloud. Nothing is approved, so nothing runs. */
const CALLS = bounded('generated calls over all tools', 20_000, 2_000);
const AT_ONCE = 24;
const ANSWER_BYTES = 64 * 1024;
const SEED = Number(process.env.HOLDSHORT_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

const PART = 400;
const CHANGING = /^(?!Describe|List|Get|Validate|CreateChangeSet|Detect)/;

/** The change set that planning makes only to show what was changed by hand, it deletes again. */
function isOfShown({ action, parameters }: CloudRequest): boolean {
  return action === 'DeleteChangeSet' && String(parameters.ChangeSetName).endsWith('-live');
}

/** Whatever is asked for is planned, however much of it waits. */
const UNBOUND = 'quotas: { pending: 100000, destructive_per_hour: 100000 }\n';

/** What stops a call of any tool, so that each doesn't list it. */
const OF_ANY_TOOL = ['invalid_input'];

const QUEUE = 'Resources: { Queue: { Type: "AWS::SQS::Queue" } }';

let cloud: Cloud;
let place: Place;
let agent: Agent;
let known: Known;

beforeAll(async () => {
  cloud = await startCloud(
    {
      stacks: [{ name: 'orders', template: QUEUE, tags: { env: 'production' } }],
      securityGroups: [
        { name: 'web', tags: { env: 'production' }, ingress: [{ fromPort: 443, cidr: '0.0.0.0/0' }] },
        { name: 'db', ingress: [{ fromPort: 5432, group: 'web' }] },
      ],
      instances: [{ count: 2, tags: { Name: 'web \u001b[31m' }, securityGroups: ['web'] }, { state: 'stopped' }],
      volumes: [{ tags: { Name: 'data' }, snapshots: 1 }],
      addresses: [{ tags: { owner: 'ops' } }],
    },
    { latencyMs: 0 },
  );
  place = makePlace({ endpoint: cloud.endpoint, config: UNBOUND });
  agent = await place.agent(['--no-executor']);
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  const ec2 = new EC2Client({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  known = await whatIsThere(ec2, ['orders', 'nobody', QUEUE, 'tkt_0123456789abcdefghjk']);
  ec2.destroy();
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

/** The number of the request that AWS got last. */
async function lastRequest(): Promise<number> {
  return (await cloud.requests()).at(-1)?.seq ?? 0;
}

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

  const before = await lastRequest();
  await make(invalid, (answer, { tool, args }) => {
    expect(answer, `${tool.name} ${JSON.stringify(args).slice(0, 2_000)}, seed ${SEED}`).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'invalid_input', recovery: expect.stringMatching(/./) },
    });
  });
  expect(await lastRequest(), `seed ${SEED}`).toBe(before);

  // In parts, as the cloud remembers only its last requests.
  for (let from = 0; from < valid.length; from += PART) {
    const last = await lastRequest();
    await make(valid.slice(from, from + PART), (answer, { tool }) => {
      if (tool.kind !== 'change') return;
      const what = `${tool.name}: ${JSON.stringify(answer)}, seed ${SEED}`;
      expect(['pending_approval', 'refused', 'in_progress'], what).toContain(answer.outcome);
      if (answer.outcome === 'refused')
        expect([...Object.keys(tool.refusals), ...OF_ANY_TOOL], what).toContain(answer.refusal.code);
    });
    const sent = (await cloud.requests()).filter(({ seq }) => seq > last);
    expect(sent[0]?.seq ?? last + 1, 'all of them are remembered').toBe(last + 1);
    const changing = sent.filter((request) => CHANGING.test(request.action) && !isOfShown(request));
    expect(new Set(changing.map(({ action }) => action))).toEqual(new Set());
  }
  expect((await agent.client.listTools()).tools.length).toBeGreaterThan(0);
  expect(await place.cli(['audit', 'verify'])).toMatchObject({ code: 0 });
}, 600_000);
