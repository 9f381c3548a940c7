import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace } from '../scenes/front-door.ts';
import { read, testAws } from '../scenes/tools.ts';

let cloud: Cloud;
let aws: Aws;

beforeAll(async () => {
  const queue = { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } };
  const many = Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`Queue${at}`, { Type: 'AWS::SQS::Queue' }]));
  cloud = await startCloud({
    stacks: [
      ...Array.from({ length: 120 }, (_, at) => ({ name: `stack-${at}`, template: queue })),
      { name: 'many', template: { Resources: many }, tags: { note: 'a\u202eb' } },
    ],
    instances: [
      { count: 95, tags: { env: 'dev', long: 'x'.repeat(250) } },
      { count: 40, tags: { env: 'prod', long: 'x'.repeat(250), more: 'y'.repeat(250) }, state: 'stopped' },
    ],
  });
  aws = testAws(cloud.endpoint);
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

/** Every item of a list, following its cursor; each page is checked against the limits. */
async function all(tool: string, key: string, input: Record<string, unknown> = {}): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(aws, tool, { ...input, ...(cursor ? { cursor } : {}) });
    expect(page[key].length).toBeLessThanOrEqual(100);
    expect(JSON.stringify(page).length).toBeLessThanOrEqual(64 * 1024);
    if (page.left_out) expect(page.cursor).toBeTypeOf('string');
    items.push(...page[key]);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
}

test('following the cursor gives everything once', async () => {
  const stacks = await all('cloudformation_list_stacks', 'stacks');
  expect(new Set(stacks.map((one) => one.stack_name)).size).toBe(121);
  expect(stacks).toHaveLength(121);
  const resources = await all('cloudformation_list_stack_resources', 'resources', { stack_name: 'many' });
  expect(new Set(resources.map((one) => one.logical_id)).size).toBe(130);
  expect(resources).toHaveLength(130);
  const instances = await all('ec2_describe_instances', 'instances');
  expect(new Set(instances.map((one) => one.instance_id)).size).toBe(135);
  expect(instances).toHaveLength(135);
});

test('instances by filter and by id', async () => {
  const off = await all('ec2_describe_instances', 'instances', {
    state: 'stopped',
    tags: { env: 'prod' },
  });
  expect(off).toHaveLength(40);
  const ids = off.slice(0, 2).map((one) => one.instance_id);
  const { instances } = await read(aws, 'ec2_describe_instances', { instance_ids: ids });
  expect(instances.map((one: { instance_id: string }) => one.instance_id)).toEqual(ids);
  const both = read(aws, 'ec2_describe_instances', { instance_ids: ids, state: 'stopped' });
  await expect(both).rejects.toMatchObject({ code: 'invalid_input' });
});

test('what AWS says reaches the agent as printable ASCII', async () => {
  await using place = makePlace({ endpoint: cloud.endpoint });
  const agent = await place.agent();
  const stack = await agent.call('cloudformation_describe_stack', { stack_name: 'many' });
  expect(stack.tags).toEqual({ note: 'a\\u{202e}b' });
});

test('a made-up cursor and a missing stack are refused', async () => {
  const made = read(aws, 'cloudformation_list_stacks', { cursor: 'aGVsbG8' });
  await expect(made).rejects.toMatchObject({ code: 'invalid_input' });
  const missing = read(aws, 'cloudformation_describe_stack', { stack_name: 'nobody' });
  await expect(missing).rejects.toMatchObject({ code: 'not_found' });
});
