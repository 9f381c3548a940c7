import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, read, testAws } from '../scenes/tools.ts';

let cloud: Cloud;
let aws: Aws;

beforeAll(async () => {
  const ingress = Array.from({ length: 70 }, (_, port) => ({ fromPort: port, description: 'x'.repeat(255) }));
  cloud = await startCloud({
    securityGroups: Array.from({ length: 60 }, (_, at) => ({ name: `g${at}`, ...(at < 5 ? { ingress } : {}) })),
    networkInterfaces: Array.from({ length: 30 }, () => ({ securityGroups: ['g0'], description: 'y'.repeat(255) })),
    addresses: Array.from({ length: 130 }, () => ({})),
  });
  aws = testAws(cloud.endpoint);
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

async function pagesOf(tool: string, list: string): Promise<any[][]> {
  const pages: any[][] = [];
  let cursor: string | undefined;
  do {
    const answer = await read(aws, tool, cursor === undefined ? {} : { cursor });
    expect(JSON.stringify(answer).length).toBeLessThan(64 * 1024);
    pages.push(answer[list]);
    cursor = answer.cursor;
  } while (cursor !== undefined);
  return pages;
}

test('groups come in pages that fit an answer, and none is left out or given twice', async () => {
  const pages = await pagesOf('ec2_describe_security_groups', 'security_groups');
  const groups = pages.flat();
  expect(pages.length).toBeGreaterThan(2);
  expect(groups).toHaveLength(61);
  expect(new Set(groups.map((group) => group.group_id)).size).toBe(61);
  const g0 = groups.find((group) => group.group_name === 'g0');
  expect(g0).toMatchObject({ ingress_left_out: 10, network_interfaces_left_out: 10 });
  expect(g0.ingress).toHaveLength(60);
});

test('addresses, which AWS gives all at once, come in pages too', async () => {
  const pages = await pagesOf('ec2_describe_addresses', 'addresses');
  expect(pages.map((page) => page.length)).toEqual([100, 30]);
});

test('of many who use a group the first are named, and all counted', async () => {
  const { security_groups } = await read(aws, 'ec2_describe_security_groups', { group_name: 'g0' });
  const remove = propose(aws, 'ec2_delete_security_group', { group_id: security_groups[0].group_id });
  await expect(remove).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringMatching(/used by 30 network interfaces \(.*and 27 more\)/),
  });
});
