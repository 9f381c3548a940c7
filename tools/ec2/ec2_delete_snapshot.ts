import { z } from 'zod';
import type { Impact } from '../../src/kernel/plan.ts';
import { defineChangeTool, type Readers } from '../define.ts';
import { Reason, Region, SnapshotId } from '../fields.ts';
import type { Snapshot } from '../ports/ec2-storage.ts';
import { inUse } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { observeGone } from './observe-gone.ts';
import { onThings } from './permits.ts';
import { ownSnapshot } from './storage/guard.ts';
import { templateLines, templatesUnseen, templateUsers, usersGuard } from './storage/launch-template-users.ts';
import { dataElsewhere, elsewhereText, sharingText } from './storage/snapshot-data.ts';
import { driftOf, lifecycleOf, listText, refuseAwsBackups, snapshotArn, snapshotTarget } from './storage/target.ts';

export default defineChangeTool({
  name: 'ec2_delete_snapshot',
  title: 'Delete a snapshot',
  description: 'Propose deleting an EBS snapshot for good. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:DeleteSnapshot',
  reads: [
    'ec2:DescribeSnapshots',
    'ec2:DescribeSnapshotAttribute',
    'ec2:DescribeVolumes',
    'ec2:DescribeImages',
    'ec2:DescribeLaunchTemplateVersions',
  ],
  effects: ['delete', 'disrupt'],
  refusals: {
    not_found: 'there is no such snapshot, or it belongs to another account',
    in_use: 'images are made of it; deregister them first',
    protected: 'it is a recovery point of AWS Backup, which EC2 does not delete',
  },
  input: z.strictObject({ snapshot_id: SnapshotId, region: Region.optional(), reason: Reason }),
  log: { snapshot_id: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ snapshot_id: z.string() }),

  async plan({ snapshot_id }, readers) {
    const snapshot = await ownSnapshot(snapshot_id, readers);
    refuseAwsBackups(snapshot_id, snapshot.tags);
    await refuseImages(snapshot_id, readers);
    const elsewhere = await dataElsewhere(snapshot, readers);
    const shared = await readers.ec2.snapshotSharedWith(snapshot_id);
    const users = await templateUsers(readers, ({ snapshot_ids }) => snapshot_ids.includes(snapshot_id));
    const text = elsewhereText(snapshot, elsewhere);
    const line: Impact = {
      resource: snapshotArn(snapshot_id, readers.caller),
      type: 'AWS::EC2::Snapshot',
      effect: 'delete',
      detail: `${text}; ${factsOf(snapshot)}${sharingText(shared, 'make volumes from it')}${lifecycleOf(snapshot.tags)}${driftOf(snapshot.tags)}; gone for good unless a Recycle Bin rule, which can't be read here, keeps it; ${templatesUnseen(users)}`,
      recoverable: false,
    };
    return {
      summary: `delete snapshot ${snapshot_id}: ${text}`,
      targets: [snapshotTarget(snapshot, readers.caller)],
      impact: [line, ...templateLines(users, snapshot_id)],
      guard: {
        [snapshot_id]: { state: snapshot.state, start_time: snapshot.start_time ?? null, tags: { ...snapshot.tags } },
        images_made_of_it: [],
        shared_with: [...shared],
        volume_exists: elsewhere.volume_exists,
        other_snapshots: elsewhere.others.map((other) => other.snapshot_id),
        launch_templates: usersGuard(users),
      },
    };
  },

  permits: (plan) => onThings('ec2:DeleteSnapshot', [plan.arguments.snapshot_id], placeOf(plan)),

  async execute({ arguments: { snapshot_id } }, { ec2 }) {
    await ec2.deleteSnapshot(snapshot_id);
  },

  async observe({ arguments: { snapshot_id } }, { ec2, caller }) {
    const [found] = await ec2.everyOwnSnapshot([{ name: 'snapshot-id', values: [snapshot_id] }]);
    // A snapshot that was still being made goes when it is complete: before, its state says nothing of the deletion.
    return observeGone(snapshotArn(snapshot_id, caller), found, {
      verb: 'deleted',
      under_way: ['pending'],
      done: ['recoverable'],
    });
  },
});

/**
 * Also the account's disabled images hold theirs. Looked for among all: the filter for it isn't known to every
 * endpoint.
 */
async function refuseImages(snapshotId: string, { ec2 }: Readers): Promise<void> {
  const images = (await ec2.everyOwnImage([])).filter(({ snapshot_ids }) => snapshot_ids.includes(snapshotId));
  if (images.length === 0) return;
  const named = listText(images.map(({ image_id, state }) => `${image_id} (${state})`).sort());
  throw inUse(
    `${snapshotId} is what image ${named} is made of`,
    'if the image is to go, propose ec2_deregister_image first; otherwise leave the snapshot',
  );
}

function factsOf({ size_gib, start_time, state, storage_tier }: Snapshot): string {
  const pending = state === 'pending' ? '; is still being made and goes once it is complete' : '';
  const tier = storage_tier === 'archive' ? '; in the archive tier' : '';
  return `what the volume (${size_gib} GiB) held at ${start_time ?? 'a time that AWS does not say'} is lost${pending}${tier}`;
}
