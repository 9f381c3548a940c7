import { z } from 'zod';
import { defineChangeTool } from '../define.ts';
import { CreationTags, Reason, Region, VolumeId } from '../fields.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { theVolume, volumeGuard, waitOr } from './storage/guard.ts';
import { observeTaking, permitsSnapshot, snapshotLine, takeSnapshot } from './storage/taking.ts';
import { volumeTarget, volumeText } from './storage/target.ts';
import { StoredTags } from './tags/ticket-tag.ts';

export default defineChangeTool({
  name: 'ec2_create_snapshot',
  title: 'Create a snapshot',
  description: 'Take a snapshot of an EBS volume, for example before a risky change. May need approval (ticket).',
  toolset: 'ec2',
  // With a tag in the request, ec2:CreateTags is needed too.
  action: 'ec2:CreateSnapshot',
  reads: ['ec2:DescribeVolumes', 'ec2:DescribeSnapshots'],
  evidence: 'a tag with its token',
  effects: ['create'],
  refusals: {
    not_found: 'there is no such volume',
    wrong_state: 'the volume is neither available nor in use',
  },
  input: z.strictObject({
    volume_id: VolumeId,
    description: z.string().max(255).optional(),
    tags: CreationTags.optional(),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { volume_id: 'shown', description: 'shown', tags: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({
    volume_id: z.string(),
    description: z.string().exactOptional(),
    tags: StoredTags.exactOptional(),
  }),
  record: ({ volume_id, description, tags }) => ({
    volume_id,
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
  }),

  async plan({ volume_id }, readers) {
    const volume = await theVolume(volume_id, readers);
    if (volume.state !== 'available' && volume.state !== 'in-use')
      throw wrongState(
        `${volume_id} is ${volume.state}`,
        waitOr(volume.state, 'available or in use', 'name another volume'),
      );
    return {
      summary: `take a snapshot of ${volumeText(volume)}`,
      targets: [volumeTarget(volume, readers.caller)],
      impact: [snapshotLine(volume)],
      guard: { [volume_id]: volumeGuard(volume) },
    };
  },

  permits: (plan) => permitsSnapshot(plan.arguments.volume_id, placeOf(plan)),

  execute: async (plan, writers, attempt) => await takeSnapshot(plan.arguments, plan.ticket, writers, attempt),

  observe: (plan, readers, attempt) => observeTaking({ volumes: [plan.arguments.volume_id] }, readers, attempt),
});
