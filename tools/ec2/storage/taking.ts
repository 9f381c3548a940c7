import type { Impact } from '../../../src/kernel/plan.ts';
import type { Attempt, Observation, Readers, Writers } from '../../define.ts';
import type { Volume } from '../../ports/ec2-storage.ts';
import type { Permits, Place } from '../../session/permits.ts';
import { ec2Arn } from '../network/target.ts';
import { anyOf, taggingIn } from '../permits.ts';
import { madeBy, TAG_NOTE, tagsWithTicket } from '../tags/ticket-tag.ts';
import { observeMade } from './observe.ts';
import { attachmentText, listText, snapshotArn, volumeText } from './target.ts';

/* The one request that takes snapshots: of a volume, by itself or before it goes, or of several of an instance. */

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

/** Of which volumes one request takes snapshots. */
export interface Taking {
  /** In the order in which what it made is told. */
  readonly volumes: readonly string[];
  /** Where it is several: the instance that they are of, and of which of its volumes none is taken. */
  readonly together?: {
    readonly instance_id: string;
    readonly without: readonly string[];
    readonly without_root: boolean;
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html */
export const TOGETHER = 'ec2:CreateSnapshots';

export function permitsTaking({ volumes, together }: Taking, place: Place): Permits {
  const [one = ''] = volumes;
  if (!together) return permitsSnapshot(one, place);
  const things = [together.instance_id, ...volumes].map((id) => ec2Arn(id, place));
  return {
    permissions: [
      { actions: [TOGETHER], resources: [...things, anyOf('snapshot', place)] },
      taggingIn('CreateSnapshots', ['snapshot'], place),
    ],
  };
}

export async function take(
  { volumes, together }: Taking,
  ticket: string,
  writers: Writers,
  attempt: Attempt,
): Promise<void> {
  const [volume_id = ''] = volumes;
  if (together) await writers.ec2.createSnapshots({ ...together, tags: tagsWithTicket({}, ticket, attempt) });
  else await takeSnapshot({ volume_id }, ticket, writers, attempt);
}

/** All of them done, or how far each is. */
export async function observeTaking(
  { volumes }: Pick<Taking, 'volumes'>,
  { ec2, caller }: Readers,
  attempt: Attempt,
): Promise<Observation> {
  const tagged = await ec2.everyOwnSnapshot(madeBy(attempt));
  // Copies made with their tags carry it too; they name no volume.
  const seen = volumes.map((volumeId) =>
    observeMade(
      tagged
        .filter(({ volume_id }) => volume_id === volumeId)
        .map(({ snapshot_id, state, start_time, progress, state_message }) => ({
          resource: snapshotArn(snapshot_id, caller),
          id: snapshot_id,
          state,
          made_at: start_time,
          note: state_message ?? progress,
        })),
      { noun: `snapshot of ${volumeId}`, under_way: ['pending'], done: ['completed'] },
      attempt,
    ),
  );
  return together(seen);
}

/** The worst of them for all: what can't be told apart, what failed, what isn't there yet, what isn't done. */
function together(seen: readonly Observation[]): Observation {
  const detail = listText(seen.map((one) => one.detail));
  const settled = seen.flatMap((one) => (one.state === 'pending' ? [] : [one]));
  const resources = settled.flatMap((one) => one.resources);
  const unknown = settled.filter(({ state }) => state === 'unknown');
  const mixed = unknown.some(({ evidence }) => evidence === 'state');
  if (mixed) return { state: 'unknown', evidence: 'state', detail, resources };
  if (settled.some(({ state }) => state === 'failed'))
    return { state: 'failed', evidence: 'request', detail, resources };
  if (unknown.length > 0) return { state: 'unknown', evidence: 'request', detail, resources };
  return settled.length < seen.length
    ? { state: 'pending', detail }
    : { state: 'succeeded', evidence: 'request', detail, resources };
}
