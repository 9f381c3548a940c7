import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, REASON, TAKES_KEY, until } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { events } from '../scenes/state.ts';
import { startEndpoint } from '../scenes/webhook.ts';

const POLICY = `
permit (principal, action in Action::"read", resource);
permit (principal, action, resource) when { context.approvals.without_operator.presence >= 2 };
permit (principal, action in Action::"change", resource == Environment::"production")
when { context.break_glass.key.contains("noa") };
`;

test('one person alone, through the built command: it runs once, is told, and is shouted until somebody else has looked', {
  timeout: 240_000,
}, async () => {
  const endpoint = await startEndpoint();
  await using cloud = await startCloud({ instances: [{}] });
  // Who only wants to hear of what waits is told all the same.
  const notify = `notify: [{ url: '${endpoint.url}', secret_file: secret, on: [pending] }]\n`;
  await using place = makePlace({ endpoint: cloud.endpoint, config: `${notify}${TAKES_KEY}` });
  writeFileSync(join(place.home, 'secret'), `whsec_${randomBytes(32).toString('base64')}`, { mode: 0o600 });
  writeFileSync(join(place.home, 'policy.cedar'), POLICY);
  await enroll(place, 'noa');
  await enroll(place, 'ida', 'noa');
  const agent = await place.agent(['--no-executor', '--operator', 'otto']);
  const [instance] = (await agent.call('ec2_describe_instances')).instances as { instance_id: string }[];
  const { ticket } = await agent.call('ec2_stop_instances', { instance_ids: [instance!.instance_id], reason: REASON });
  const sure = ['--yes', '--digest', ticket.digest];
  const glass = ['approve', ticket.id, '--break-glass', '--reason', 'checkout is down', ...sure];

  expect(await place.cli([...glass, '--as', 'ida'])).toMatchObject({ code: 3, stderr: expect.stringContaining('ida') });
  await done(place, 'halt', '--reason', 'wait', '--as', 'noa');
  const broken = await place.cli([...glass, '--as', 'noa']);
  expect(broken.code, broken.stderr).toBe(0);
  place.start(['executor']);
  // A halt holds, broken glass or not.
  await until(
    () => events(place, 'execution.waiting').some((entry) => entry.ticket === ticket.id),
    (waits) => waits,
  );
  expect(await cloud.requests('StopInstances')).toEqual([]);
  await done(place, 'resume', '--as', 'noa');
  const ended = await until(
    () => agent.call('ticket_wait', { ticket_id: ticket.id, timeout_seconds: 10 }),
    (answer) => answer.ticket.state === 'succeeded',
  );
  expect(await cloud.requests('StopInstances')).toHaveLength(1);
  expect(ended.ticket.decisions).toMatchObject([{ by: 'noa', decision: 'approve', break_glass: true }]);
  const told = await until(
    () => endpoint.received.map(({ body }) => JSON.parse(body)),
    (bodies) => bodies.length >= 2,
  );
  expect(told[1]).toMatchObject({ type: 'ticket.approved', data: { by: 'approver:noa', break_glass: true } });

  const list = async () => (await place.cli(['tickets', 'list', '--state', 'pending'])).stdout;
  expect(await list()).toMatch(/^GLASS BROKEN on tkt_/);
  const review = ['tickets', 'review', ticket.id, ...sure];
  expect((await place.cli([...review, '--as', 'noa'])).code).toBe(3);
  expect((await place.cli([...review, '--as', 'ida'])).code).toBe(0);
  expect(await list()).not.toContain('GLASS');

  expect((await place.cli(['audit', 'verify'])).code).toBe(0);
  const db = new Sqlite(place.database, { readonly: true });
  const types = db
    .prepare<[], string>(
      "SELECT type FROM audit_events WHERE detail ->> '$.break_glass' = 1 OR type = 'decision.reviewed' ORDER BY seq",
    )
    .pluck()
    .all();
  db.close();
  expect(types).toEqual(['decision.rejected', 'decision.recorded', 'ticket.approved', 'decision.reviewed']);
});
