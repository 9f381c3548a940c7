import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { limitsBy, workOf } from '../../src/hub/limits.ts';
import { LONGEST_MESSAGE, MOST_VALUES } from '../../src/kernel/message-bounds.ts';
import { makePlace, type Place } from '../scenes/front-door.ts';
import { type Hub, startHub, tokenOf, withIssuer } from '../scenes/hub.ts';
import type { TestIssuer } from '../scenes/issuer.ts';

/** A message whose parameters have so many members, or are so deep, or so long. */
const members = (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":1`).join()}}`;
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const calling = (args: string, id = 1) =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"ec2_describe_instances","arguments":${args}}}`;
const TOO_MANY: readonly (readonly [string, string])[] = [
  ['350,000 short names', members(350_000)],
  ['one member too many', members(MOST_VALUES)],
  ['600,000 levels', deep(600_000)],
  ['numbers', `{"a":[${'1,'.repeat(MOST_VALUES)}1]}`],
  ['names with escapes', members(MOST_VALUES).replaceAll('"k', '"\\"k')],
];

let place: Place;
let hub: Hub;
let issuer: TestIssuer;
beforeAll(async () => {
  place = makePlace({});
  const its = await withIssuer(place);
  issuer = its.issuer;
  hub = await startHub(place, its.url);
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
});

const by = async (sub: string) => ({ authorization: `Bearer ${await tokenOf(issuer, hub.url, { sub })}` });

describe('a message that is more to read than any tool needs', () => {
  it.each(TOO_MANY)('is not parsed by the hub: %s', async (what, args) => {
    const answer = await hub.post(calling(args), await by(what));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('send less at once') } });
  });

  it('is one that has too many members, not a long text with what looks like them', async () => {
    const answer = await hub.post(calling(JSON.stringify({ region: '{"a":[1,2,'.repeat(100_000) })), await by('long'));
    expect(answer.status).toBe(200);
    const many = await hub.post(calling(members(20_001)), await by('many'));
    expect(await many.text()).toContain('more than 20000 members');
  });

  it('is not parsed on stdio either, and the server goes on', async () => {
    const server = place.start(['serve', '--operator', 'otto', '--no-executor']);
    const lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]();
    for (const [at, [what, args]] of TOO_MANY.entries()) {
      server.stdin!.write(`${calling(args, at)}\n`);
      expect(JSON.parse((await lines.next()).value ?? 'null'), what).toEqual({
        jsonrpc: '2.0',
        id: at,
        error: { code: -32_600, message: expect.stringContaining('send less at once') },
      });
    }
    server.stdin!.write('{"jsonrpc":"2.0","id":"on","method":"ping"}\n');
    expect(JSON.parse((await lines.next()).value ?? 'null')).toMatchObject({ id: 'on', result: {} });
  });
});

test("a caller's budget is spent by how much there is to read, and nobody else's is", async () => {
  // As requests they are few.
  const ofEach = (sub: string, args: string) =>
    Promise.all(Array.from({ length: 20 }, async () => hub.post(calling(args), await by(sub))));
  for (const args of [members(20_001), JSON.stringify({ region: 'x'.repeat(4_000_000) })]) {
    const answers = await ofEach(`eve-${args.length}`, args);
    const busy = answers.filter(({ status }) => status === 429);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy.length).toBeLessThan(20);
    for (const answer of busy) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await hub.post('{"jsonrpc":"2.0","id":1,"method":"ping"}', await by('mara'))).status).toBe(200);
  }
});

test('what was sent beyond the budget is owed, and waited for', () => {
  let now = 0;
  const limits = limitsBy(() => now);
  const end = limits.enter('eve', false);
  expect(limits.enter('eve', false)).toBeTypeOf('function');
  expect(limits.spend('eve', workOf(LONGEST_MESSAGE, MOST_VALUES))).toBeUndefined();
  const busy = { status: 429, retryAfter: 48 };
  expect(limits.spend('eve', 0)).toEqual(busy);
  expect(limits.enter('eve', false)).toEqual(busy);
  expect(limits.enter('mara', false)).toBeTypeOf('function');
  now += 48_000;
  expect(limits.enter('eve', false)).toBeTypeOf('function');
  (end as () => void)();
});
