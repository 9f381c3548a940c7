import type { Impact } from '../../../src/kernel/plan.ts';
import type { Attempt, Observation, Readers, Writers } from '../../define.ts';
import type { Volume } from '../../ports/ec2-storage.ts';
import type { Permits, Place } from '../../session/permits.ts';
import { ec2Arn } from '../network/target.ts';
import { anyOf, taggingIn } from '../permits.ts';
import { madeBy, TAG_NOTE, tagsWithTicket } from '../tags/ticket-tag.ts';
import { observeMade } from './observe.ts';
import { attachmentText, listText, snapshotArn, volumeText } from './target.ts';

/* The one request that takes a snapshot of a volume: by itself, or before the volume is deleted. */

export function snapshotLine(volume: Volume): Impact {
  const { volume_id, attachments, encrypted } = volume;
  const used =
    attachments.length === 0
      ? ''
      : `, attached to ${listText(attachments.map(attachmentText))}: what the instance has not written yet is not in it`;
  return {
    resource: `new snapshot of ${volume_id}`,
    type: 'AWS::EC2::Snapshot',
    effect: 'create',
    detail: `of ${volumeText(volume)}${used}; ${encrypted ? 'encrypted' : 'not encrypted'}; costs storage until it is deleted${TAG_NOTE}`,
    recoverable: true,
  };
}

export function permitsSnapshot(volumeId: string, place: Place): Permits {
  const resources = [ec2Arn(volumeId, place), anyOf('snapshot', place)];
  return {
    permissions: [{ actions: ['ec2:CreateSnapshot'], resources }, taggingIn('CreateSnapshot', ['snapshot'], place)],
  };
}

interface Asked {
  readonly volume_id: string;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export async function takeSnapshot(
  { volume_id, description, tags }: Asked,
  ticket: string,
  { ec2 }: Writers,
  attempt: Attempt,
): Promise<void> {
  await ec2.createSnapshot({
    volume_id,
    ...(description === undefined ? {} : { description }),
    tags: tagsWithTicket(tags, ticket, attempt),
  });
}

export async function observeSnapshot(
  volumeId: string,
  { ec2, caller }: Readers,
  attempt: Attempt,
): Promise<Observation> {
  const tagged = await ec2.everyOwnSnapshot(madeBy(attempt));
  // Copies made with their tags carry it too; they name no volume.
  const ours = tagged.filter(({ volume_id }) => volume_id === volumeId);
  return observeMade(
    ours.map(({ snapshot_id, state, progress, state_message }) => ({
      resource: snapshotArn(snapshot_id, caller),
      id: snapshot_id,
      state,
      note: state_message ?? progress,
    })),
    { noun: 'snapshot of it', under_way: ['pending'], done: ['completed'] },
  );
}
