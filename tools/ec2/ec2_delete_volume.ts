import { z } from 'zod';
import type { KitCall } from '../../src/kernel/kit.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import type { Lost } from '../../src/kernel/undo.ts';
import { defineChangeTool } from '../define.ts';
import { Reason, Region, VolumeId } from '../fields.ts';
import type { Snapshot, Volume } from '../ports/ec2-storage.ts';
import { inUse, wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { observeGone } from './observe-gone.ts';
import { onThings } from './permits.ts';
import { theVolume, volumeGuard, waitOr } from './storage/guard.ts';
import { completedSnapshots, newestText } from './storage/snapshot-data.ts';
import { attachmentText, driftOf, listText, volumeArn, volumeTarget, volumeText } from './storage/target.ts';
import { usable, VolumeBack, volumeBack } from './undo/volume-back.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_delete_volume',
  title: 'Delete a volume',
  description:
    'Propose deleting an EBS volume with its data; consider ec2_create_snapshot first. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:DeleteVolume',
  reads: ['ec2:DescribeVolumes', 'ec2:DescribeSnapshots'],
  effects: ['delete'],
  refusals: {
    not_found: 'there is no such volume',
    in_use: 'it is attached; detach it first',
    wrong_state: 'it is being created or deleted',
  },
  input: z.strictObject({ volume_id: VolumeId, region: Region.optional(), reason: Reason }),
  log: { volume_id: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ volume_id: z.string() }),
  guard: z.looseObject({ back: VolumeBack.nullable() }),

  async plan({ volume_id }, readers) {
    const volume = await theVolume(volume_id, readers);
    refuseUsed(volume);
    const snapshots = await completedSnapshots(volume_id, readers);
    const snapshot = usable(snapshots, volume);
    const what = rest(snapshots, snapshot);
    const impact: Impact[] = [
      {
        resource: volumeArn(volume_id, readers.caller),
        type: 'AWS::EC2::Volume',
        effect: 'delete',
        detail: `${volumeText(volume)}: ${what}${driftOf(volume.tags)}`,
        // No snapshot is known to have all: what was written after it is gone.
        recoverable: false,
      },
    ];
    const { back, lost } = snapshot ? volumeBack(volume, snapshot) : { back: undefined, lost: [] };
    const line = (why: string): Lost => ({ resource: volume_id, type: 'AWS::EC2::Volume', why });
    return {
      summary: `delete volume ${volumeText(volume)}: ${what}`,
      targets: [volumeTarget(volume, readers.caller)],
      impact,
      ...undoOf(impact, { calls: makeAgain(back), lost: lost.map(line) }),
      guard: {
        [volume_id]: volumeGuard(volume),
        completed_snapshots: snapshots.map(({ snapshot_id }) => snapshot_id),
        back: back ?? null,
      },
    };
  },

  async keep({ arguments: { volume_id }, guard }, { ec2 }) {
    return { calls: makeAgain(guard.back ?? undefined), as_it_was: await ec2.volumes([volume_id]) };
  },

  permits: (plan) => onThings('ec2:DeleteVolume', [plan.arguments.volume_id], placeOf(plan)),

  async execute({ arguments: { volume_id } }, { ec2 }) {
    await ec2.deleteVolume(volume_id);
  },

  async observe({ arguments: { volume_id } }, { ec2, caller }) {
    const [found] = await ec2.everyVolume([{ name: 'volume-id', values: [volume_id] }]);
    return observeGone(volumeArn(volume_id, caller), found, {
      verb: 'deleted',
      under_way: ['deleting'],
      done: ['deleted'],
    });
  },
});

function makeAgain(back: VolumeBack | undefined): readonly KitCall[] {
  return back ? [{ tool: 'ec2_create_volume', arguments: { ...back } }] : [];
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
