import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ModifyInstanceAttributeCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { REASON, stop, until } from '../scenes/front-door.ts';
import { onceStopped, startGateway } from '../scenes/gateway.ts';
import { instanceIds, instanceState, NOTHING_HELD, type Scene, setScene } from '../scenes/whole.ts';

/*
 * A copy of everything from between two steps is put back, but for the list of what was begun, and the world is as it
 * was then.
 */

const FILES = ['holdshort.db', 'holdshort.db-wal', 'holdshort.db-shm', 'keys/head.db'];

function copy({ place: { home } }: Scene, from: string, to: string): void {
  for (const file of FILES) {
    const target = join(home, `${file}${to}`);
    if (existsSync(target)) rmSync(target);
    if (existsSync(join(home, `${file}${from}`))) copyFileSync(join(home, `${file}${from}`), target);
  }
}

test('D28: a step that was begun here is not begun again, whatever copy of the database is put back', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0, speed: 5 });
  const { cloud, ec2, place } = scene;
  const [id = ''] = await instanceIds(scene);
  const reached = Promise.withResolvers<void>();
  const held = onceStopped(() => {
    reached.resolve();
    return new Promise(() => undefined);
  });
  await using gateway = await startGateway(cloud.endpoint, held);
  const call = scene.agent.call('ec2_modify_instance_attribute', {
    instance_id: id,
    instance_type: 'm5.large',
    reason: REASON,
  });
  const first = place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  await reached.promise;
  await stop(first, 'SIGKILL');
  copy(scene, '', '.copy');
  const second = place.start(['executor']);
  const { ticket } = await call;
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  await stop(second);
  await scene.agent.close();

  await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await until(
    () => instanceState(scene, id),
    (state) => state === 'stopped',
  );
  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: 't3.micro' } }));
  copy(scene, '.copy', '');
  expect(scene.state(ticket.id)).toBe('executing');

  place.start(['executor']);
  expect(await scene.settled(ticket.id)).toBe('failed');
  const shown = await place.json(['tickets', 'show', ticket.id]);
  expect(shown.refusal).toMatchObject({ code: 'tampered', message: expect.stringContaining('step 2 ran here before') });
  // Ours, and the one that put it back.
  expect(await cloud.requests('ModifyInstanceAttribute')).toHaveLength(2);
  expect(await cloud.requests('StartInstances')).toHaveLength(1);
});
