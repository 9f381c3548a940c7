import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace } from '../scenes/front-door.ts';
import { read, testAws } from '../scenes/tools.ts';

const BOOT = [
  '[    0.000000] Linux version 6.1',
  '\u001b[32mok\u001b[0m started \u202e agent',
  'cloud-init: DB_PASS\u001b[0mWORD=hunter2-hunter2',
  'export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'curl --token s3cr3t-t0ken https://bob:pa55word@example.test/x',
  '{"api_key": "abcdef-12345", "size": 3}',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----',
  'Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc',
  'root:$6$saltsalt$0123456789abcdefghijklmnopqrstuvwxyz:19000:0',
  `long ${'x'.repeat(5_000)} end`,
  'login: ',
].join('\r\n');

let cloud: Cloud;
let aws: Aws;
const ids: Record<string, string> = {};

beforeAll(async () => {
  cloud = await startCloud({
    instances: [
      { count: 110, tags: { Name: 'many' } },
      { tags: { Name: 'sick' }, impaired: true, event: 'instance-retirement' },
      { tags: { Name: 'off' }, state: 'stopped' },
      { tags: { Name: 'boot' }, console: BOOT },
      { tags: { Name: 'noisy' }, console: '\u0001'.repeat(60_000) },
    ],
  });
  aws = testAws(cloud.endpoint);
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await read(aws, 'ec2_describe_instances', cursor === undefined ? {} : { cursor });
    for (const instance of page.instances) ids[instance.tags.Name] = instance.instance_id;
    cursor = page.cursor;
  }
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

const status = (input: Record<string, unknown>) => read(aws, 'ec2_describe_instance_status', input);
const consoleOf = (name: string, more: object = {}) =>
  read(aws, 'ec2_get_console_output', { instance_id: ids[name], ...more });

test('a failed check and what AWS has planned', async () => {
  const { statuses } = await status({ instance_status: 'impaired' });
  expect(statuses).toMatchObject([
    {
      instance_id: ids.sick,
      state: 'running',
      instance_status: { status: 'impaired', failed: ['reachability'] },
      system_status: { status: 'ok' },
      events: [{ code: 'instance-retirement', not_before: expect.stringMatching(/^\d{4}-/) }],
    },
  ]);
  expect((await status({ event_code: 'instance-retirement', system_status: 'ok' })).statuses).toHaveLength(1);
});

test('stopped instances are shown too, by id or by state', async () => {
  for (const input of [{ instance_ids: [ids.off] }, { state: 'stopped' }])
    expect((await status(input)).statuses).toMatchObject([{ instance_id: ids.off, state: 'stopped' }]);
  await expect(status({ instance_ids: [ids.off], state: 'stopped' })).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(status({ instance_ids: ['i-00000000000000001'] })).rejects.toMatchObject({ code: 'not_found' });
});

test('statuses come in pages, each instance once', async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page: any = await status(cursor === undefined ? {} : { cursor });
    expect(page.statuses.length).toBeLessThanOrEqual(100);
    seen.push(...page.statuses.map((one: { instance_id: string }) => one.instance_id));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(seen).toHaveLength(114);
  expect(new Set(seen).size).toBe(114);
});

test('console output is without what looks like a credential, and without terminal sequences', async () => {
  const { lines, total, offset } = await consoleOf('boot');
  const text = lines.join('\n');
  expect(offset).toBe(0);
  expect(total).toBeGreaterThan(5_000);
  for (const secret of ['hunter2', 'wJalrX', 's3cr3t', 'pa55word', 'abcdef-12345', 'MIIEow', 'eyJ', 'saltsalt'])
    expect(text, secret).not.toContain(secret);
  expect(text).not.toContain('\u001b');
  for (const plain of ['Linux version 6.1', 'started', '"size": 3', 'https://bob:', 'login: ', 'DB_PASSWORD='])
    expect(text, plain).toContain(plain);
});

test('a range that begins in the middle of a secret does not show the rest of it', async () => {
  const { total } = await consoleOf('boot');
  for (let offset = 0; offset < 600; offset += 7) {
    const text = (await consoleOf('boot', { offset })).lines.join('\n');
    expect(text).not.toMatch(/unter2|7MDENG|t0ken|55word|def-12345|IIEow/);
    expect(text).toMatch(/login: $/);
  }
  expect((await consoleOf('boot', { offset: total })).lines).toEqual([]);
  await expect(consoleOf('boot', { offset: total + 5 })).rejects.toMatchObject({ code: 'invalid_input' });
});

test('output that escapes to six times its size still fits an answer, in parts', async () => {
  await using place = makePlace({ endpoint: cloud.endpoint });
  const agent = await place.agent();
  let offset: number | undefined = 0;
  let characters = 0;
  while (offset !== undefined) {
    const answer: any = await agent.call('ec2_get_console_output', { instance_id: ids.noisy, offset });
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(64 * 1024);
    const text: string = answer.lines.join('');
    expect(text).not.toContain('more characters');
    characters += text.split('u{1}').length - 1;
    offset = answer.next_offset;
  }
  expect(characters).toBe(60_000);
});

test('the console of an instance that is not there', async () => {
  const missing = read(aws, 'ec2_get_console_output', { instance_id: 'i-00000000000000001' });
  await expect(missing).rejects.toMatchObject({ code: 'not_found' });
});
