import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCloud } from '../cloud.ts';
import { makePlace, REASON, stop, until } from '../front-door.ts';
import { idsAt, startEndpoint } from './endpoint.ts';

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
