import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AttachVolumeCommand, CreateSnapshotCommand, CreateVolumeCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { REASON, TAKES_KEY } from '../scenes/front-door.ts';
import { instanceIds, verified } from '../scenes/whole.ts';
import { type Ec2Scene, ec2Scene } from './ec2-scene.ts';

/*
 * What brings something back counts as what was changed did: what will be made has no tags yet, and by the account
 * alone it would be development, where less is asked.
 */

const DEVELOPMENT = '  - { name: development, match: { accounts: ["123456789012"] } }\n';
const BY_TAG = `environments:\n  - { name: production, match: { tags: { env: production } } }\n${DEVELOPMENT}`;
const BY_TEAM = `environments:\n  - { name: production, match: { tags: { team: shop } } }\n${DEVELOPMENT}`;
const NO_PRODUCTION = `environments:\n${DEVELOPMENT}`;

let scene: Ec2Scene;

beforeAll(async () => {
  scene = await ec2Scene({ instances: [{ tags: { env: 'production', Name: 'db' } }] }, BY_TAG);
});
beforeEach(() => configured(BY_TAG));
afterAll(async () => await scene[Symbol.asyncDispose]());

function configured(environments: string): void {
  writeFileSync(join(scene.place.home, 'config.yaml'), `${environments}${TAKES_KEY}`);
}

const planOf = async (id: string) => (await scene.agent.call('ticket_get', { ticket_id: id })).plan;

/** A volume with this tag, which was deleted with a person's yes. */
async function deleted(Key: string, Value: string) {
  const { VolumeId: volume_id = '' } = await scene.ec2.send(
    new CreateVolumeCommand({
      ...{ AvailabilityZone: 'eu-west-1a', Size: 10, VolumeType: 'gp3' },
      TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key, Value }] }],
    }),
  );
  await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: volume_id }));
  const id = await scene.done('ec2_delete_volume', { volume_id });
  return { id, environment: (await planOf(id)).environment };
}

/** Asked for again, and what it then says. */
async function back(ticket_id: string, part = 1) {
  const { id, state } = await scene.ask('ticket_restore', { ticket_id, part });
  const { plan, ticket } = await scene.agent.call('ticket_get', { ticket_id: id });
  return { id, state, environment: plan.environment, requirement: ticket.requirement, restores: plan.restores };
}

const HELD = {
  ...{ state: 'pending', environment: 'production', restores: { environment: 'production' } },
  requirement: { approvals: 1, assurance: 'key', operator_may_approve: false },
};

test('a volume comes back as the environment in which it was deleted, whatever its new one has', async () => {
  const { id, environment } = await deleted('env', 'production');
  expect(environment).toBe('production');
  const held = await back(id);
  expect(held).toMatchObject(HELD);
  const { stdout } = await scene.place.cli(['tickets', 'show', held.id]);
  expect(stdout).toContain('It is decided as production at least, as what that ticket changed');
  await scene.run(held.id);
});

test('so does an instance that was terminated, with each part that it takes', async () => {
  const [instance = ''] = await instanceIds(scene);
  const { BlockDeviceMappings: [root] = [], Placement } = await scene.instance(instance);
  const { VolumeId = '' } = await scene.ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: Placement?.AvailabilityZone, Size: 10, VolumeType: 'gp3' }),
  );
  await scene.ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: instance, Device: '/dev/sdg' }));
  await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: root?.Ebs?.VolumeId }));
  const id = await scene.done('ec2_terminate_instances', { instance_ids: [instance] });
  const { undo } = await planOf(id);
  expect(undo.by).toEqual(['ec2_run_instances', 'ec2_attach_volume']);
  const { stdout } = await scene.place.cli(['restore', id, '--reason', REASON]);
  expect(stdout, 'as it can be typed').toContain(`dist/cli.js restore ${id} --part 2 --reason TEXT`);
  for (const part of [1, 2]) {
    const held = await back(id, part);
    expect(held).toMatchObject(HELD);
    await scene.run(held.id);
  }
});

test('a rule that is gone by then makes it no milder, for an agent or a person, before or after the decision', async () => {
  const { id } = await deleted('env', 'production');
  configured(NO_PRODUCTION);
  const held = await back(id);
  expect(held).toMatchObject(HELD);
  const asked = await scene.place.json(['restore', id, '--reason', REASON]);
  expect(asked.plan).toMatchObject({ environment: 'production' });
  expect(asked.ticket).toMatchObject({ state: 'pending' });
  expect(asked.next.join(' '), 'for a person').toContain(`dist/cli.js approve ${asked.ticket.id}`);
  expect(JSON.stringify([asked.message, asked.next])).not.toMatch(/ticket_|your user|you can send/);
  // The recheck finds the same.
  await scene.run(held.id);
});

test('a rule that came since holds for what was there, though the new one has no tag of it', async () => {
  const { id, environment } = await deleted('team', 'shop');
  expect(environment).toBe('development');
  configured(BY_TEAM);
  expect(await back(id)).toMatchObject(HELD);
});

test('where no rule is left, all that comes back is production', async () => {
  const { id } = await deleted('team', 'blog');
  configured('');
  expect(await back(id)).toMatchObject(HELD);
});

test('what was nothing stricter comes back as it was deleted', async () => {
  const { id } = await deleted('team', 'blog');
  const free = await back(id);
  expect(free).toMatchObject({
    ...{ environment: 'development', restores: { environment: 'development' } },
    requirement: { approvals: 1, assurance: 'client' },
  });
  await scene.run(free.id);
  await verified(scene);
});
