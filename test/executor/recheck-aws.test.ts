import { DeleteChangeSetCommand } from '@aws-sdk/client-cloudformation';
import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { NOTHING_ASKED, policyOf, type RecheckScene, recheckScene, stopped, waits } from '../scenes/executor.ts';

/* What AWS says between the approval and the request. */

const TEMPLATE = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });

let scene: RecheckScene;
let instances: string[];
let volumes: string[];
beforeAll(async () => {
  scene = await recheckScene({ instances: [{ count: 5 }], volumes: Array.from({ length: 24 }, () => ({})) });
  const { Reservations = [] } = await scene.ec2.send(new DescribeInstancesCommand({}));
  const found = Reservations.flatMap(({ Instances = [] }) => Instances);
  instances = found.map(({ InstanceId = '' }) => InstanceId);
  const used = new Set(
    found.flatMap(({ BlockDeviceMappings = [] }) => BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId)),
  );
  volumes = (await scene.volumes()).filter((id) => !used.has(id));
});
afterAll(async () => await scene[Symbol.asyncDispose]());

/** One that no other test has. */
const instance = () => instances.pop()!;
const volume = () => volumes.pop()!;
const deletion = (volume_id: string, more = {}) => scene.approved('ec2_delete_volume', { volume_id }, more);
const termination = (id: string) => scene.approved('ec2_terminate_instances', { instance_ids: [id] });

const LOOK = /^read the present state and let the agent ask again$/;
const moved = (what: string) => stopped('stale', 'stale', `AWS is no longer as planned: ${what}`, LOOK);
const refused = (what: RegExp) =>
  stopped('stale', 'stale', new RegExp(`^AWS is no longer as planned: .*${what.source}`));

test('a plan of a tool that is gone, or takes other arguments now, is stale', async () => {
  const ticket = await deletion(volume());
  const { context } = scene;
  const other = stopped('stale', 'stale', 'ec2_delete_volume is not the version that made this plan', /ask again$/);
  for (const known of [undefined, { ...context.toolOf('ec2_delete_volume')!, schema: 'another' }]) {
    scene.context = { ...context, toolOf: () => known };
    expect(await scene.recheck(ticket)).toEqual(other);
  }
  scene.context = context;
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
});

test('something else in the guard is named, and makes it stale', async () => {
  const id = volume();
  const ticket = await deletion(id);
  await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: id }));
  expect(await scene.recheck(ticket)).toEqual(moved('completed snapshots changed'));
});

test('what only one of the two guards has makes it stale', async () => {
  const now = { [volumes.at(-1)!]: {}, completed_snapshots: [] };
  for (const [guard, what] of [
    [{ some_other_thing: 1, ...now }, 'some other thing changed'],
    [{}, /^AWS is no longer as planned: vol-\w+ changed$/],
  ] as const) {
    const outcome = await scene.recheck(await deletion(volume(), { plan: { guard } }));
    expect(outcome).toEqual(typeof what === 'string' ? moved(what) : stopped('stale', 'stale', what, LOOK));
  }
});

test.each([
  ['targets', { tags: { env: 'other' } }, 'the targets or their tags changed'],
  ['impact', { detail: 'nothing much' }, 'what it would do changed'],
])('%s that are not those that people were shown make it stale', async (member, other, what) => {
  const id = volume();
  const { plan } = await deletion(id);
  const [first] = JSON.parse(plan!.bytes)[member];
  expect(await scene.recheck(await deletion(id, { plan: { [member]: [{ ...first, ...other }] } }))).toEqual(
    moved(what),
  );
});

test('another service role than people were shown makes it stale', async () => {
  const goes_on = { as: 'service_role', role_arn: 'arn:aws:iam::123456789012:role/gone' } as const;
  expect(await scene.recheck(await deletion(volume(), { plan: { goes_on } }))).toEqual(
    moved('the service role changed'),
  );
});

test('other requests than people were shown make it stale', async () => {
  const id = instance();
  const resize = async (more = {}) =>
    await scene.approved('ec2_modify_instance_attribute', { instance_id: id, instance_type: 'm5.xlarge' }, more);
  const ticket = await resize();
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
  const { steps } = JSON.parse(ticket.plan!.bytes);
  expect(await scene.recheck(await resize({ plan: { steps: [...steps].reverse() } }))).toEqual(
    moved('the requests that it takes changed'),
  );
});

test('D28: what takes several requests does not begin when there is no time for all of them', async () => {
  const ticket = await scene.approved('ec2_modify_instance_attribute', {
    instance_id: instance(),
    instance_type: 'm5.xlarge',
  });
  const { now } = scene;
  scene.now = Date.parse(ticket.draft.expires_at) - 15 * 60_000;
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
  scene.now += 1;
  expect(await scene.recheck(ticket)).toEqual(
    stopped('stale', 'stale', /too soon for all 3 of its requests: it could stop half-way$/, /ask again/),
  );
  scene.now = now;
});

test('what planning refuses now makes it stale: protected', async () => {
  const id = instance();
  const ticket = await termination(id);
  await scene.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value: true } }));
  expect(await scene.recheck(ticket)).toEqual(refused(/protection is on for i-/));
});

test('what planning refuses now makes it stale: wrong state', async () => {
  const id = instance();
  const ticket = await termination(id);
  await scene.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  expect(await scene.recheck(ticket)).toEqual(refused(/already/));
});

test('what planning refuses now makes it stale: in use', async () => {
  const [id, by] = [volume(), instance()];
  const ticket = await deletion(id);
  await scene.ec2.send(new StopInstancesCommand({ InstanceIds: [by] }));
  await scene.ec2.send(new AttachVolumeCommand({ VolumeId: id, InstanceId: by, Device: '/dev/sdf' }));
  expect(await scene.recheck(ticket)).toEqual(refused(/is attached to/));
});

test('what planning refuses now makes it stale: not found', async () => {
  const id = volume();
  const ticket = await deletion(id);
  await scene.ec2.send(new DeleteVolumeCommand({ VolumeId: id }));
  expect(await scene.recheck(ticket)).toEqual(refused(/vol-/));
});

test('what planning refuses now makes it stale: no changes', async () => {
  const id = volume();
  const ticket = await scene.approved('ec2_create_tags', { resources: [id], tags: { a: 'b' } });
  await scene.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] }));
  expect(await scene.recheck(ticket)).toEqual(refused(/would be tagged otherwise/));
});

test('what planning refuses now makes it stale: arguments that AWS would not take', async () => {
  const { SnapshotId = '' } = await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: volume() }));
  const args = { availability_zone: 'eu-west-1a', snapshot_id: SnapshotId, volume_type: 'gp3' };
  const smaller = { ...args, size: 1 };
  const ticket = await scene.approved('ec2_create_volume', args, { plan: { arguments: smaller } });
  expect(await scene.recheck(ticket)).toEqual(refused(/size 1 GiB is less than/));
});

test('what planning refuses now makes it stale: its change set is gone; while it is there, the plan comes out the same', async () => {
  const ticket = await scene.approved('cloudformation_deploy_stack', { stack_name: 'new', template_body: TEMPLATE });
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
  const { made } = JSON.parse(ticket.plan!.bytes);
  await scene.cloudformation.send(new DeleteChangeSetCommand({ ChangeSetName: made.id }));
  expect(await scene.recheck(ticket)).toEqual(refused(/the change set is gone/));
});

test.each([
  ['aws_denied', { code: 'UnauthorizedOperation', status: 403, times: 1 }],
  ['aws_unreachable', { code: 'InternalError', status: 500, times: 3 }],
])('an AWS that does not answer makes it wait: %s', async (code, fault) => {
  const ticket = await deletion(volume());
  await scene.cloud.fault({ action: 'DescribeVolumes', mode: 'error_before', ...fault });
  expect(await scene.recheck(ticket)).toEqual(waits(code, /./));
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
});

test('another account makes it wait for an executor of its own', async () => {
  const ticket = await deletion(volume());
  const { context } = scene;
  const elsewhere = await startSandbox({ accountId: '210987654321' });
  const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' };
  const aws = createAws({ endpoint: elsewhere.endpoint, region: 'eu-west-1', credentials });
  scene.context = { ...context, awsOf: async () => aws };
  const message = "this executor's credentials are for account 210987654321, not 123456789012";
  expect(await scene.recheck(ticket)).toEqual(waits('other_account', message));
  scene.context = context;
  await elsewhere.close();
});

test('of two changes of the same, the second waits while the first runs, and is stale once nobody knows', async () => {
  const id = volume();
  const [first, second] = [await deletion(id), await deletion(id)];
  const claim = await scene.begun(first);
  const runs = `ticket ${first.id} on this target is not settled: its ec2_delete_volume is being carried out`;
  expect(await scene.recheck(second)).toEqual(waits('unsettled', runs, /when that one has ended$/));
  await scene.store.forExecutor('ex1').finish(claim, 'unknown', {}, undefined);
  const lost = `ticket ${first.id} on this target is not settled: nobody knows whether its ec2_delete_volume happened`;
  expect(await scene.recheck(second)).toEqual(stopped('stale', 'stale', lost, /^let a person look at AWS/));

  // Who was told of it may allow it all the same, and only as it was told.
  const about = { ticket: first.id, agent: 'claude', tool: 'ec2_delete_volume', at: first.draft.created_at };
  const told = async (state: 'unknown' | 'executing') =>
    await deletion(id, { circumstances: { ...NOTHING_ASKED, unsettled: [{ ...about, state }] } });
  expect(await scene.recheck(await told('unknown'))).toMatchObject({ kind: 'go' });
  expect(await scene.recheck(await told('executing'))).toMatchObject({ kind: 'stop', to: 'stale' });

  // One that runs may still end well: it is waited for, whatever else isn't known.
  const third = await told('unknown');
  await scene.begun(await told('unknown'));
  expect(await scene.recheck(third)).toMatchObject({ kind: 'wait', refusal: { code: 'unsettled' } });
  expect(await scene.recheck(second)).toMatchObject({ kind: 'wait', refusal: { code: 'unsettled' } });
});

test('where policy asks for nobody, the store is asked what is unsettled or deleted, not the plan', async () => {
  const { context } = scene;
  const policy = await policyOf('permit (principal, action, resource);');
  scene.context = { ...context, policy: async () => policy };
  const nobody = { approvals: 0, assurance: 'client', operator_may_approve: true } as const;
  const asked = async (id: string, more = {}, circumstances = NOTHING_ASKED) =>
    await scene.asked(
      'ec2_delete_volume',
      { volume_id: id },
      {
        ...{ circumstances, state: 'approved' },
        plan: { requirement: nobody, ...more },
      },
    );
  const id = volume();
  const first = await asked(id);
  await scene.store.forExecutor('ex1').finish(await scene.begun(first), 'unknown', {}, undefined);
  const about = { ticket: first.id, agent: 'claude', tool: 'ec2_delete_volume', at: first.draft.created_at };
  const told = await asked(id, {}, { ...NOTHING_ASKED, unsettled: [{ ...about, state: 'unknown' }] });
  const lost = `ticket ${first.id} on this target is not settled: nobody knows whether its ec2_delete_volume happened`;
  expect(await scene.recheck(told)).toEqual(stopped('stale', 'stale', lost, /^let a person look at AWS/));
  await scene.decided(scene.mara, told);
  expect(await scene.recheck(await scene.read(told))).toMatchObject({ kind: 'go' });

  const shop = (event: 'create' | 'update' | 'delete') => ({ lifecycle: { kind: 'stack', name: 'shop', event } });
  const before = await asked(volume(), shop('update'));
  scene.now += 1;
  const deleting = await asked(volume(), shop('delete'));
  scene.now += 1;
  const why = `ticket ${deleting.id} deletes the same (approved), and this plan does not say so`;
  for (const event of ['create', 'update'] as const)
    expect(await scene.gate(await asked(volume(), shop(event)))).toEqual(
      stopped('stale', 'stale', why, /^let the agent ask again/),
    );
  expect(await scene.gate(before)).toMatchObject({ kind: 'go' });
  expect(await scene.gate(deleting)).toMatchObject({ kind: 'go' });
  const deletion = { ticket: deleting.id, agent: 'claude', state: 'approved', at: deleting.draft.created_at } as const;
  const saying = await asked(volume(), shop('create'), { ...NOTHING_ASKED, deletion });
  expect(await scene.gate(saying)).toMatchObject({ kind: 'go' });
  scene.context = context;
});
