import { z } from 'zod';
import type { KitCall } from '../../src/kernel/kit.ts';
import type { Impact, Step } from '../../src/kernel/plan.ts';
import type { Lost } from '../../src/kernel/undo.ts';
import { defineChangeTool } from '../define.ts';
import { Reason, Region, SnapshotFirst, VolumeId } from '../fields.ts';
import type { Snapshot, Volume } from '../ports/ec2-storage.ts';
import { inUse, wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { observeGone } from './observe-gone.ts';
import { onThings } from './permits.ts';
import { theVolume, volumeGuard, waitOr } from './storage/guard.ts';
import { pointsAmong, pointsText } from './storage/recovery-points.ts';
import { completedSnapshots, newestText } from './storage/snapshot-data.ts';
import { snapshotsFirst, TAKES, takenAt, takenDiffers, takenOf } from './storage/snapshot-first.ts';
import { observeTaking, permitsTaking, type Taking, take } from './storage/taking.ts';
import { attachmentText, driftOf, listText, volumeArn, volumeTarget, volumeText } from './storage/target.ts';
import { takenFirst, usable, VolumeBack, volumeAgain, volumeBack } from './undo/volume-back.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_delete_volume',
  title: 'Delete a volume',
  description:
    'Propose deleting an EBS volume with its data; consider ec2_create_snapshot first. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:DeleteVolume',
  reads: ['ec2:DescribeVolumes', 'ec2:DescribeSnapshots'],
  effects: ['delete', 'create'],
  refusals: {
    not_found: 'there is no such volume',
    in_use: 'it is attached; detach it first',
    wrong_state: 'it is being created or deleted; or no snapshot can be taken of it first',
  },
  input: z.strictObject({
    volume_id: VolumeId,
    snapshot_first: SnapshotFirst.optional(),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { volume_id: 'shown', snapshot_first: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ volume_id: z.string(), snapshot_first: z.literal(true).exactOptional() }),
  guard: z.looseObject({ back: VolumeBack.nullable() }),
  record: ({ volume_id, snapshot_first }) => ({
    volume_id,
    ...(snapshot_first ? { snapshot_first } : {}),
  }),

  async plan({ volume_id, snapshot_first }, readers) {
    const volume = await theVolume(volume_id, readers);
    refuseUsed(volume);
    const first = snapshot_first && snapshotsFirst([{ volumes: [volume_id] }], [volume], deleting(volume));
    const snapshots = first ? [] : await completedSnapshots(volume_id, readers);
    const newest = usable(snapshots, volume);
    const snapshot = first ? takenFirst(volume) : newest;
    const what = first ? TAKEN_FIRST : rest(snapshots, newest);
    const impact: Impact[] = [
      {
        resource: volumeArn(volume_id, readers.caller),
        type: 'AWS::EC2::Volume',
        effect: 'delete',
        detail: `${volumeText(volume)}: ${what}${pointsText(pointsAmong(snapshots))}${driftOf(volume.tags)}`,
        // No snapshot is known to have all: what was written after it is gone.
        recoverable: false,
      },
      ...(first?.lines ?? []),
    ];
    const { back, lost } = snapshot ? volumeBack(volume, snapshot) : { back: undefined, lost: [] };
    const line = (why: string): Lost => ({ resource: volume_id, type: 'AWS::EC2::Volume', why });
    return {
      summary: `delete volume ${volumeText(volume)}: ${what}`,
      targets: [volumeTarget(volume, readers.caller)],
      impact,
      ...undoOf(impact, { calls: makeAgain(back, new Map()), lost: lost.map(line) }),
      ...(first ? { steps: first.steps, snapshot_first: true as const } : {}),
      guard: {
        [volume_id]: volumeGuard(volume),
        // Others than the one that is taken first are nothing that it rests on.
        ...(first ? {} : { completed_snapshots: snapshots.map(({ snapshot_id }) => snapshot_id) }),
        back: back ?? null,
      },
    };
  },

  snapshotFirst: (given) => ({ ...given, snapshot_first: true as const }),

  async keep(plan, { ec2 }, made) {
    const volumes = [plan.arguments.volume_id];
    const taken = takenOf(firstOf(plan.arguments), made);
    const [described, recovery_points] = await Promise.all([ec2.volumes(volumes), ec2.snapshotsOfBackup(volumes)]);
    return {
      calls: makeAgain(plan.guard.back ?? undefined, taken),
      as_it_was: { volumes: described, recovery_points },
    };
  },

  several: {
    tools: [TAKES, 'ec2_delete_volume'],
    makes: [TAKES],
    differs: (plan, readers, step, made) =>
      takenDiffers(firstOf(plan.arguments).slice(0, step - 1), made, plan, readers),
  },

  permits(plan, attempt) {
    const place = placeOf(plan);
    const taken = takenAt(firstOf(plan.arguments), plan, attempt);
    if (taken !== undefined) return permitsTaking(taken, place);
    return onThings('ec2:DeleteVolume', [plan.arguments.volume_id], place);
  },

  async execute(plan, writers, attempt) {
    const taken = takenAt(firstOf(plan.arguments), plan, attempt);
    if (taken !== undefined) await take(taken, plan.ticket, writers, attempt);
    else await writers.ec2.deleteVolume(plan.arguments.volume_id);
  },

  async observe(plan, readers, attempt) {
    const taken = takenAt(firstOf(plan.arguments), plan, attempt);
    if (taken !== undefined) return await observeTaking(taken, readers, attempt);
    const { volume_id } = plan.arguments;
    const [found] = await readers.ec2.everyVolume([{ name: 'volume-id', values: [volume_id] }]);
    return observeGone(volumeArn(volume_id, readers.caller), found, {
      verb: 'deleted',
      under_way: ['deleting'],
      done: ['deleted'],
    });
  },
});

const TAKEN_FIRST = 'a snapshot of it is taken right before, and waited for';

/** The volumes of which a snapshot is taken first. */
function firstOf({
  volume_id,
  snapshot_first,
}: {
  readonly volume_id: string;
  readonly snapshot_first?: true;
}): readonly Taking[] {
  return snapshot_first ? [{ volumes: [volume_id] }] : [];
}

function deleting(volume: Volume): Step {
  return { tool: 'ec2_delete_volume', detail: `deletes ${volumeText(volume)}`, leaves: 'it is gone' };
}

function makeAgain(back: VolumeBack | undefined, taken: ReadonlyMap<string, string>): readonly KitCall[] {
  return back ? [{ tool: 'ec2_create_volume', arguments: volumeAgain(back, taken) }] : [];
}

function refuseUsed({ volume_id, state, attachments }: Volume): void {
  if (attachments.length > 0) {
    throw inUse(
      `${volume_id} is attached to ${listText(attachments.map(attachmentText))}`,
      'if it is to go, propose ec2_detach_volume first',
    );
  }
  if (state !== 'available' && state !== 'error')
    throw wrongState(`${volume_id} is ${state}`, waitOr(state, 'available', 'look again with ec2_describe_volumes'));
}

/** What is left of the data. No clock: how old that is, is for the reader to see from the date. */
function rest(snapshots: readonly Snapshot[], snapshot: Snapshot | undefined): string {
  const [newest] = snapshots;
  if (!newest) return 'there is no completed snapshot of it, so all of its data is lost for good';
  if (!snapshot)
    return `there is no snapshot of it that a volume can be made of: ${newestText(newest)} is archived (${snapshots.length} in all)`;
  return `what was written after its newest completed snapshot, ${newestText(snapshot)}, is lost (${snapshots.length} in all)`;
}
