import { CreateSnapshotCommand, DescribeSnapshotsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyChange, SEED } from '../executor/every-change.ts';
import { REASON, until } from '../scenes/front-door.ts';
import { NOTHING_HELD, type Scene, setScene } from '../scenes/whole.ts';

/* What the plan of each change tool says of its way back, and that this way is there and can be gone to its end. */

interface Way {
  readonly exists: string;
  readonly by?: readonly string[];
}
const yes = (...by: readonly string[]): Way => ({ exists: 'yes', by });
const inPart = (...by: readonly string[]): Way => ({ exists: 'in_part', by });
const NO: Way = { exists: 'no' };
/** Nothing is destroyed, so nothing is said. */
const NOTHING = undefined;

/** Closed, so that a new tool has to say which it is. */
const SAYS: Readonly<Record<string, Way | undefined>> = {
  cloudformation_cancel_update_stack: NO,
  cloudformation_continue_update_rollback: NO,
  cloudformation_delete_stack: inPart('cloudformation_deploy_stack'),
  cloudformation_deploy_stack: NOTHING,
  'cloudformation_deploy_stack, that removes a queue': inPart('cloudformation_deploy_stack'),
  cloudformation_rollback_stack: NO,
  cloudformation_set_stack_policy: yes('cloudformation_set_stack_policy'),
  cloudformation_update_termination_protection: yes('cloudformation_update_termination_protection'),
  ec2_attach_volume: yes('ec2_detach_volume'),
  ec2_authorize_security_group_ingress: yes('ec2_revoke_security_group_ingress'),
  ec2_create_image: NOTHING,
  ec2_create_security_group: NOTHING,
  ec2_create_snapshot: NOTHING,
  ec2_create_tags: yes('ec2_delete_tags'),
  ec2_create_volume: NOTHING,
  ec2_delete_security_group: inPart('ec2_create_security_group'),
  ec2_delete_snapshot: NO,
  ec2_delete_tags: yes('ec2_create_tags'),
  ec2_delete_volume: inPart('ec2_create_volume'),
  ec2_deregister_image: NO,
  ec2_detach_volume: inPart('ec2_attach_volume'),
  ec2_modify_instance_attribute: NOTHING,
  'ec2_modify_instance_attribute, that lifts a protection': yes('ec2_modify_instance_attribute'),
  ec2_reboot_instances: NO,
  ec2_release_address: NO,
  ec2_revoke_security_group_ingress: inPart('ec2_authorize_security_group_ingress'),
  ec2_run_instances: NO,
  ec2_start_instances: NOTHING,
  ec2_stop_instances: inPart('ec2_start_instances'),
  ec2_terminate_instances: inPart('ec2_run_instances', 'ec2_run_instances'),
};

let scene: Scene;
const told: Record<string, { readonly id: string; readonly undo: Way | undefined }> = {};

/** What lets through as much as none is brought back by nothing. */
const POLICY = {
  Statement: [{ Effect: 'Allow', Action: 'Update:Modify', Principal: '*', Resource: '*' }],
};
/** Of what a tool's row in `everyChange` destroys nothing by. */
const FURTHER: Readonly<Record<string, readonly [more: string, args: Record<string, unknown>]>> = {
  cloudformation_deploy_stack: [
    'that removes a queue',
    { template_body: JSON.stringify({ Resources: { A: { Type: 'AWS::SQS::Queue' } } }) },
  ],
  ec2_modify_instance_attribute: ['that lifts a protection', { disable_api_termination: false }],
};

async function carriedOut(name: string, tool: string, args: Record<string, unknown>): Promise<void> {
  const answer = await scene.agent.call(tool, { ...args, reason: REASON });
  expect(answer, `${name}: ${JSON.stringify(answer)}`).toMatchObject({ outcome: 'completed' });
  const { exists, by } = answer.plan.undo ?? {};
  told[name] = { id: answer.ticket.id, undo: answer.plan.undo && { exists, ...(by && { by }) } };
}

beforeAll(async () => {
  scene = await setScene(SEED, { config: NOTHING_HELD, latencyMs: 0 });
  const changes = await everyChange(scene);
  // Without one of each there would be no way back for what deletes them.
  const { Volumes = [] } = await scene.ec2.send(new DescribeVolumesCommand({}));
  for (const { VolumeId } of Volumes) await scene.ec2.send(new CreateSnapshotCommand({ VolumeId }));
  await until(
    async () => (await scene.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))).Snapshots ?? [],
    (all) => all.every(({ State }) => State === 'completed'),
  );
  scene.place.start(['executor']);
  for (const { tool, args } of changes) {
    const changed = 'stack_policy_body' in args ? { ...args, stack_policy_body: JSON.stringify(POLICY) } : args;
    await carriedOut(tool, tool, changed);
    const [more, others] = FURTHER[tool] ?? [];
    if (more !== undefined) await carriedOut(`${tool}, ${more}`, tool, { ...args, ...others });
  }
}, 120_000);
afterAll(async () => await scene[Symbol.asyncDispose]());

const byName = <T>(all: Readonly<Record<string, T>>, of: (one: T) => unknown) =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, of(one)]));

test('each says whether there is a way back, and by which tools', () => {
  expect(byName(told, ({ undo }) => undo)).toEqual(SAYS);
});

test('each way that is said to be there is gone to its end', async () => {
  const gone: Record<string, readonly string[]> = {};
  for (const [name, { id, undo }] of Object.entries(told)) {
    const outcomes: string[] = [];
    for (const at of undo?.by?.keys() ?? []) {
      const part = { ticket_id: id, part: at + 1, reason: REASON };
      const { outcome, ...more } = await scene.agent.call('ticket_restore', part);
      outcomes.push(outcome === 'completed' ? outcome : JSON.stringify(more));
    }
    gone[name] = outcomes;
  }
  expect(gone).toEqual(byName(SAYS, (way) => (way?.by ?? []).map(() => 'completed')));
}, 120_000);

test('where none is said to be there nothing was kept, and who asks for it is told to do it by hand', async () => {
  for (const { id, undo } of Object.values(told)) {
    if (undo && undo.exists !== 'no') continue;
    const { refusal } = await scene.agent.call('ticket_restore', { ticket_id: id, reason: REASON });
    expect(refusal).toMatchObject({ code: 'wrong_state', recovery: expect.stringContaining('bring it back by hand') });
  }
});
