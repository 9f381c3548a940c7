import { z } from 'zod';
import { defineChangeTool } from '../define.ts';
import { CreationTags, Reason, Region, VolumeId } from '../fields.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { ec2Arn } from './network/target.ts';
import { anyOf, taggingIn } from './permits.ts';
import { theVolume, volumeGuard, waitOr } from './storage/guard.ts';
import { observeMade } from './storage/observe.ts';
import { attachmentText, listText, snapshotArn, volumeTarget, volumeText } from './storage/target.ts';
import { madeBy, StoredTags, TAG_NOTE, tagsWithTicket } from './tags/ticket-tag.ts';

export default defineChangeTool({
  name: 'ec2_create_snapshot',
  title: 'Create a snapshot',
  description: 'Take a snapshot of an EBS volume, for example before a risky change. May need approval (ticket).',
  toolset: 'ec2',
  // With a tag in the request, ec2:CreateTags is needed too.
  action: 'ec2:CreateSnapshot',
  reads: ['ec2:DescribeVolumes', 'ec2:DescribeSnapshots'],
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
    const used =
      volume.attachments.length === 0
        ? ''
        : `, attached to ${listText(volume.attachments.map(attachmentText))}: what the instance has not written yet is not in it`;
    return {
      summary: `take a snapshot of ${volumeText(volume)}`,
      targets: [volumeTarget(volume, readers.caller)],
      impact: [
        {
          resource: `new snapshot of ${volume_id}`,
          type: 'AWS::EC2::Snapshot',
          effect: 'create',
          detail: `of ${volumeText(volume)}${used}; ${volume.encrypted ? 'encrypted' : 'not encrypted'}; costs storage until it is deleted${TAG_NOTE}`,
          recoverable: true,
        },
      ],
      guard: { [volume_id]: volumeGuard(volume) },
    };
  },

  permits(plan) {
    const place = placeOf(plan);
    const made = ['snapshot'];
    const resources = [
      ...[plan.arguments.volume_id].map((id) => ec2Arn(id, place)),
      ...made.map((kind) => anyOf(kind, place)),
    ];
    return {
      permissions: [{ actions: ['ec2:CreateSnapshot'], resources }, taggingIn('CreateSnapshot', made, place)],
    };
  },

  async execute({ ticket, arguments: { volume_id, description, tags } }, { ec2 }, attempt) {
    await ec2.createSnapshot({
      volume_id,
      ...(description === undefined ? {} : { description }),
      tags: tagsWithTicket(tags, ticket, attempt),
    });
  },

  async observe({ arguments: { volume_id } }, { ec2, caller }, attempt) {
    const tagged = await ec2.everyOwnSnapshot(madeBy(attempt));
    // Copies made with their tags carry it too; they name no volume.
    const ours = tagged.filter((snapshot) => snapshot.volume_id === volume_id);
    return observeMade(
      ours.map(({ snapshot_id, state, progress, state_message }) => ({
        resource: snapshotArn(snapshot_id, caller),
        id: snapshot_id,
        state,
        note: state_message ?? progress,
      })),
      { noun: 'snapshot of it', under_way: ['pending'], done: ['completed'] },
    );
  },
});
