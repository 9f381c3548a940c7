import { afterEach, expect, test } from 'vitest';
import { type Endpoint, http, identity, startEndpoint } from '../scenes/endpoints.ts';
import { makePlace } from '../scenes/front-door.ts';

const DAY_MS = 24 * 3_600_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

let server: Endpoint | undefined;
afterEach(async () => await server?.close());

/** Two pages: on the first nothing is old, on the second some is, and one has no time at all. */
async function agent() {
  let pages = 0;
  const volume = (id: string, time: string) => `<item><volumeId>${id}</volumeId>${time}</item>`;
  const snapshot = (id: string, time: string) => `<item><snapshotId>${id}</snapshotId>${time}</item>`;
  server = await startEndpoint((action) => {
    if (action === 'GetCallerIdentity') return identity();
    const first = pages++ % 2 === 0;
    const next = first ? '<nextToken>more</nextToken>' : '';
    const ages: readonly (readonly [string, number])[] = first
      ? [['1', 3]]
      : [
          ['2', 91],
          ['3', 89],
        ];
    const [set, item, member] =
      action === 'DescribeVolumes'
        ? (['volumeSet', volume, 'createTime'] as const)
        : (['snapshotSet', snapshot, 'startTime'] as const);
    const items = ages.map(([id, days]) => item(id, `<${member}>${daysAgo(days)}</${member}>`)).join('');
    return http(
      200,
      `<${action}Response><${set}>${items}${first ? '' : item('4', '')}</${set}>${next}</${action}Response>`,
    );
  });
  const place = makePlace({ endpoint: server.endpoint });
  return { place, client: await place.agent() };
}

test('D28: volumes and snapshots are filtered by age, past pages on which nothing is old enough', async () => {
  const { place, client } = await agent();
  await using _ = place;
  const volumes = await client.call('ec2_describe_volumes', { older_than_days: 90 });
  expect(volumes.volumes.map(({ volume_id }: { volume_id: string }) => volume_id)).toEqual(['2']);
  expect(volumes).not.toHaveProperty('cursor');
  const snapshots = await client.call('ec2_describe_snapshots', { older_than_days: 88 });
  expect(snapshots.snapshots.map(({ snapshot_id }: { snapshot_id: string }) => snapshot_id)).toEqual(['2', '3']);
  const all = await client.call('ec2_describe_volumes');
  expect(all.volumes).toHaveLength(1);
  expect(all.cursor).toEqual(expect.any(String));
});

test('D28: what is wrong inside a nested argument is told with what that argument takes', async () => {
  const { place, client } = await agent();
  await using _ = place;
  const wrong = await client.call('ec2_authorize_security_group_ingress', {
    group_id: 'sg-00000001',
    rules: [{ protocol: 'tcp', from_port: 22, to_port: 22, cidr_ip: '192.0.2.0/24' }],
    reason: 'The wrong member is what this is about.',
  });
  expect(wrong.refusal.code).toBe('invalid_input');
  expect(wrong.refusal.recovery).toMatch(/rules\.0 takes ip_protocol, from_port, to_port, cidr_ip/);
  const missing = await client.call('ec2_authorize_security_group_ingress', {
    group_id: 'sg-00000001',
    ingress_rules: [],
    reason: 'The wrong member is what this is about.',
  });
  expect(missing.refusal.recovery).toMatch(/each of rules takes ip_protocol, from_port/);
  const outermost = await client.call('ec2_describe_volumes', { age: 3 });
  expect(outermost.refusal.recovery).not.toContain('; age');
  expect(outermost.refusal.recovery).toContain('older_than_days');
});
