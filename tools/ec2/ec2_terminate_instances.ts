import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Impact, Step } from '../../src/kernel/plan.ts';
import type { Target } from '../../src/kernel/target.ts';
import { type Caller, defineChangeTool } from '../define.ts';
import { InstanceIds, Reason, Region, SnapshotFirst } from '../fields.ts';
import type { Instance, SpotRequest } from '../ports/ec2-instances.ts';
import type { Volume } from '../ports/ec2-storage.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { EXAMINE_READS, type Examined, examineThese, instancesFor } from './instances/guard.ts';
import { LOAD_BALANCERS, storeLoss } from './instances/losses.ts';
import { observeInstances } from './instances/observe.ts';
import { instanceArn, instanceTarget, ownersOf } from './instances/target.ts';
import { onThings } from './permits.ts';
import { pointsAmong, pointsText } from './storage/recovery-points.ts';
import { snapshotsFirst, TAKES, takenAt, takenDiffers, takenOf } from './storage/snapshot-first.ts';
import { observeTaking, permitsTaking, TOGETHER, take } from './storage/taking.ts';
import { listText, volumeTarget } from './storage/target.ts';
import { type LaunchesRead, launchAgain, launchesBack, readLaunches, TerminatedGuard } from './undo/launches-back.ts';
import { takenFirstOf } from './undo/taken-first.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_terminate_instances',
  title: 'Terminate instances',
  description: 'Terminate EC2 instances for good, with the volumes that go along. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:TerminateInstances',
  reads: [...EXAMINE_READS, 'ec2:DescribeVolumes', 'ec2:DescribeSnapshots', 'ec2:DescribeImages'],
  effects: ['delete', 'modify', 'create'],
  refusals: {
    not_found: 'an instance does not exist',
    protected: 'termination or stop protection is on; a person lifts it outside this server',
    wrong_state: 'an instance is terminated already; or no snapshot can be taken of a volume first',
    invalid_input: 'more volumes go with them than one ticket takes snapshots of first',
  },
  input: z.strictObject({
    instance_ids: InstanceIds,
    snapshot_first: SnapshotFirst.optional(),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { instance_ids: 'shown', snapshot_first: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ instance_ids: z.array(z.string()), snapshot_first: z.literal(true).exactOptional() }),
  guard: TerminatedGuard,
  record: ({ instance_ids, snapshot_first }) => ({
    instance_ids: [...instance_ids].sort(),
    ...(snapshot_first ? { snapshot_first } : {}),
  }),

  async plan({ instance_ids, snapshot_first = false }, readers) {
    const instances = await instancesFor(instance_ids, readers, refuseState);
    const [examined, read] = await Promise.all([
      examineThese(instances, readers),
      readLaunches(instances, readers, snapshot_first),
    ]);
    for (const one of examined) refuseProtected(one);
    const { guard, lost, unsaved } = launchesBack(examined, read);
    const first = snapshotsFirst(takenFirstOf(guard), read.volumes, terminating(examined));
    const impact = [
      ...examined.flatMap((one) => linesOf(one, { unsaved, snapshot_first, read }, readers.caller)),
      ...first.lines,
    ];
    return {
      summary: `terminate ${examined.length} instance${examined.length === 1 ? '' : 's'}`,
      targets: [
        ...examined.map(({ instance }) => instanceTarget(instance, readers.caller)),
        ...volumeTargets(examined, read.volumes, readers.caller),
      ],
      impact: [...impact].sort((a, b) => Number(a.effect !== 'delete') - Number(b.effect !== 'delete')),
      ...(first.steps ? { steps: first.steps } : {}),
      ...(snapshot_first ? { snapshot_first } : {}),
      ...undoOf(impact, { calls: launchAgain(guard, new Map()), lost }),
      guard,
    };
  },

  snapshotFirst: (given) => ({ ...given, snapshot_first: true as const }),

  async keep({ guard, arguments: { instance_ids } }, { ec2 }, made) {
    const volumes = Object.values(guard).flatMap(({ block_devices }) =>
      block_devices.flatMap((text) => text.split(' ').filter((word) => word.startsWith('vol-'))),
    );
    const [instances, disks, user_data, images, snapshots] = await Promise.all([
      ec2.instances(instance_ids),
      volumes.length > 0 ? ec2.volumes(volumes) : [],
      ec2.userData(instance_ids),
      ec2.imagesOfBackup(instance_ids),
      volumes.length > 0 ? ec2.snapshotsOfBackup(volumes) : [],
    ]);
    return {
      calls: launchAgain(guard, takenOf(takenFirstOf(guard), made)),
      as_it_was: { instances, volumes: disks, user_data, recovery_points: { images, snapshots } },
    };
  },

  several: {
    tools: [TAKES, 'ec2_terminate_instances'],
    actions: [TOGETHER],
    makes: [TAKES],
    count: ({ guard }, step) => takenFirstOf(guard)[step - 1]?.volumes.length ?? 0,
    differs: (plan, readers, step, made) =>
      takenDiffers(takenFirstOf(plan.guard).slice(0, step - 1), made, plan, readers),
  },

  permits(plan, attempt) {
    const place = placeOf(plan);
    const taken = takenAt(takenFirstOf(plan.guard), plan, attempt);
    if (taken !== undefined) return permitsTaking(taken, place);
    return onThings('ec2:TerminateInstances', plan.arguments.instance_ids, place);
  },

  async execute(plan, writers, attempt) {
    const taken = takenAt(takenFirstOf(plan.guard), plan, attempt);
    if (taken !== undefined) await take(taken, plan.ticket, writers, attempt);
    else await writers.ec2.terminateInstances(plan.arguments.instance_ids);
  },

  async observe(plan, readers, attempt) {
    const taken = takenAt(takenFirstOf(plan.guard), plan, attempt);
    if (taken !== undefined) return await observeTaking(taken, readers, attempt);
    // `shutting-down` can't be stopped any more and ends in `terminated`.
    return await observeInstances(plan.arguments.instance_ids, plan.guard, readers, attempt, {
      verb: 'terminated',
      under_way: [],
      done: ['shutting-down', 'terminated'],
    });
  },
});

function terminating(examined: readonly Examined[]): Step {
  const ids = examined.map(({ instance }) => instance.instance_id);
  const tool = 'ec2_terminate_instances';
  return { tool, detail: `terminates ${listText(ids)}`, leaves: 'they are gone, with the volumes that go along' };
}

/**
 * The volumes that go with their instances, or lose them, by tags of their own: one that people tagged as production's
 * may hang on an instance that an agent tagged as its own.
 */
function volumeTargets(examined: readonly Examined[], volumes: readonly Volume[], caller: Caller): readonly Target[] {
  const instanceOf = new Map(
    examined.flatMap(({ instance }) => instance.block_devices.map(({ volume_id }) => [volume_id, instance] as const)),
  );
  return volumes.flatMap((volume) => {
    const around = instanceOf.get(volume.volume_id)?.tags ?? {};
    const differs = Object.entries(volume.tags).some(([key, value]) => around[key] !== value);
    return differs ? [volumeTarget({ ...volume, tags: { ...around, ...volume.tags } }, caller)] : [];
  });
}

function refuseState({ instance_id, state }: Instance): void {
  if (state !== 'terminated' && state !== 'shutting-down') return;
  throw wrongState(`${instance_id} is ${state} already`, 'leave it out');
}

/**
 * Stop protection protects from termination too.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-stop-protection.html
 */
function refuseProtected({ instance: { instance_id }, protection }: Examined): void {
  if (!protection.disable_api_termination && !protection.disable_api_stop) return;
  throw new HoldshortError(
    'protected',
    `${protection.disable_api_termination ? 'termination' : 'stop'} protection is on for ${instance_id}`,
    'a person turns it off outside this server, if the instance is really to go; or leave it out',
  );
}

interface Saved {
  /** The volumes of which there is nothing. */
  readonly unsaved: ReadonlySet<string>;
  readonly snapshot_first: boolean;
  readonly read: LaunchesRead;
}

function linesOf(one: Examined, { unsaved, snapshot_first, read }: Saved, caller: Caller): Impact[] {
  const { instance, elastic_ips, spot } = one;
  const { instance_id, instance_type, state, public_ip_address: address } = instance;
  const elastic = elastic_ips.some(({ public_ip }) => public_ip === address);
  const lost = address === undefined || elastic ? '' : `; its public address ${address} is lost`;
  const line: Impact = {
    resource: instanceArn(instance_id, caller),
    type: 'AWS::EC2::Instance',
    effect: 'delete',
    detail: `${instance_type}, ${state}${comesBack(spot)}${storeLoss(one)}${lost}${LOAD_BALANCERS}${ownersOf(instance, true)}${pointsText(read.points.get(instance_id))}`,
    recoverable: false,
  };
  const volumes = instance.block_devices.map(
    ({ volume_id, device_name, delete_on_termination }): Impact => ({
      resource: volume_id,
      type: 'AWS::EC2::Volume',
      effect: delete_on_termination ? 'delete' : 'modify',
      detail: delete_on_termination
        ? `${device_name} of ${instance_id}: deleted with it${snapshot_first ? '; a snapshot of it is taken right before' : ''}${unsaved.has(volume_id) ? '; there is no snapshot of it that a volume can be made of' : ''}${pointsText(pointsAmong(read.completed?.get(volume_id)))}`
        : `${device_name} of ${instance_id}: detached, stays`,
      recoverable: !delete_on_termination,
    }),
  );
  const addresses = elastic_ips.map(
    ({ allocation_id, public_ip }): Impact => ({
      resource: allocation_id || public_ip,
      type: 'AWS::EC2::EIP',
      effect: 'modify',
      detail: `Elastic IP ${public_ip}: taken off ${instance_id}; stays yours, and costs`,
      recoverable: true,
    }),
  );
  const interfaces = instance.more_interfaces.map(
    ({ id, delete_on_termination }): Impact => ({
      resource: id,
      type: 'AWS::EC2::NetworkInterface',
      effect: delete_on_termination ? 'delete' : 'modify',
      detail: delete_on_termination
        ? `network interface of ${instance_id}: deleted with it, and its private addresses are free for others`
        : `network interface of ${instance_id}: detached, stays`,
      recoverable: !delete_on_termination,
    }),
  );
  return [line, ...volumes, ...interfaces, ...addresses];
}

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances-request.html, "Terminate a Spot Instance"
 */
function comesBack(spot: SpotRequest | undefined): string {
  if (spot?.type !== 'persistent' || spot.state === 'cancelled' || spot.state === 'closed') return '';
  return `; its Spot request ${spot.spot_request_id} is persistent and launches another unless it is cancelled first`;
}
