import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, REASON, stop, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { type Endpoint, idsAt, startEndpoint } from '../scenes/webhook.ts';

test('an endpoint that hangs blocks no call; a process killed in the middle leaves the notice to the next', {
  timeout: 240_000,
}, async () => {
  const endpoint = await startEndpoint('hang');
  await using cloud = await startCloud({ instances: [{}] });
  const config = `notify: [{ url: '${endpoint.url}', secret_file: secret }]\n`;
  await using place = makePlace({ endpoint: cloud.endpoint, config });
  writeFileSync(join(place.home, 'secret'), `whsec_${randomBytes(32).toString('base64')}`, { mode: 0o600 });
  const first = place.start(['executor']);
  const agent = await place.agent(['--no-executor']);
  const [instance] = (await agent.call('ec2_describe_instances')).instances as { instance_id: string }[];
  const args = { instance_ids: [instance!.instance_id], reason: REASON };
  expect(await agent.call('ec2_stop_instances', args)).toMatchObject({ outcome: 'pending_approval' });
  const arrived = (count: number) =>
    until(
      () => endpoint.received.length,
      (length) => length >= count,
      60_000,
    );
  await arrived(1);
  // The endpoint has it and doesn't answer.
  expect(await agent.call('ec2_describe_instances')).toMatchObject({ instances: [{}] });
  await stop(first, 'SIGKILL');
  place.start(['executor']);
  await arrived(2);
  const [one, two] = idsAt(endpoint);
  expect(two).toBe(one);
  const wrong = await place.cli(['tickets', 'list', '--config', join(place.home, 'wrong.yaml')]);
  expect(wrong.code).toBe(2);
});

test('D24: a notice says that nobody who is enrolled could approve it, and what it takes', {
  timeout: 240_000,
}, async () => {
  const [standard, slack] = [await startEndpoint(), await startEndpoint()];
  await using cloud = await startCloud({ instances: [{}] });
  const on = 'on: [pending]';
  const config = `notify: [{ url: '${standard.url}', secret_file: secret, ${on} }, { url: '${slack.url}', format: slack, ${on} }]\n`;
  await using place = makePlace({ endpoint: cloud.endpoint, config, production: 'key' });
  writeFileSync(join(place.home, 'secret'), `whsec_${randomBytes(32).toString('base64')}`, { mode: 0o600 });
  place.start(['executor']);
  const agent = await place.agent(['--no-executor', '--operator', 'otto']);
  const [instance] = (await agent.call('ec2_describe_instances')).instances as { instance_id: string }[];
  const asks = () => agent.call('ec2_stop_instances', { instance_ids: [instance!.instance_id], reason: REASON });
  const told = async (endpoint: Endpoint, count: number) => {
    const arrived = (length: number) => length >= count;
    await until(() => endpoint.received.length, arrived, 60_000);
    return JSON.parse(endpoint.received.at(-1)!.body);
  };
  const { ticket } = (await asks()) as { ticket: { id: string; cannot_be_approved: object } };
  const short = (await told(standard, 1)).data.cannot_be_approved;
  expect(short).toEqual({
    message: expect.stringContaining('nobody is enrolled yet'),
    recovery: expect.stringContaining('approvers enroll'),
  });
  expect(ticket.cannot_be_approved).toMatchObject({ message: short.message });
  const { text } = await told(slack, 1);
  expect(text).toContain('Nobody can approve it as things are: it needs ');
  expect(text).toMatch(/What it takes: .*node \S+ approvers enroll/);

  // Once someone can, it says nothing of that.
  await agent.call('ticket_withdraw', { ticket_id: ticket.id, reason: 'It is asked again, when somebody is there.' });
  await enroll(place, 'ida', 'ida');
  await asks();
  const after = await told(standard, 2);
  expect(after).toMatchObject({ type: 'ticket.pending' });
  expect(after.data.cannot_be_approved).toBeUndefined();
});
