import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Target } from '../../../src/kernel/target.ts';
import type { Caller } from '../../define.ts';
import type { Image, Snapshot, Volume, VolumeAttachment } from '../../ports/ec2-storage.ts';

type Tags = Readonly<Record<string, string>>;

/** AWS reserves the prefix `aws:`, so that nobody else can write this tag. */
const STACK_NAME_TAG = 'aws:cloudformation:stack-name';
const STACK_ID_TAG = 'aws:cloudformation:stack-id';

export function volumeArn(id: string, { arn, region, account }: Caller): string {
  return `arn:${partitionOf(arn)}:ec2:${region}:${account}:volume/${id}`;
}

/**
 * Snapshots and images have no account in their ARN:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export function snapshotArn(id: string, { arn, region }: Caller): string {
  return `arn:${partitionOf(arn)}:ec2:${region}::snapshot/${id}`;
}

export function imageArn(id: string, { arn, region }: Caller): string {
  return `arn:${partitionOf(arn)}:ec2:${region}::image/${id}`;
}

function partitionOf(arn: string): string {
  return arn.split(':')[1] ?? 'aws';
}

export function volumeTarget({ volume_id, tags }: Volume, caller: Caller): Target {
  return target(volumeArn(volume_id, caller), 'AWS::EC2::Volume', volume_id, tags);
}

export function snapshotTarget({ snapshot_id, tags }: Snapshot, caller: Caller): Target {
  return target(snapshotArn(snapshot_id, caller), 'AWS::EC2::Snapshot', snapshot_id, tags);
}

export function imageTarget({ image_id, tags }: Image, caller: Caller): Target {
  return target(imageArn(image_id, caller), 'AWS::EC2::Image', image_id, tags);
}

function target(id: string, type: string, name: string, tags: Tags): Target {
  const stack = stackOf(tags);
  return { id, type, name, ...(stack === undefined ? {} : { stack_name: stack }), tags: { ...tags } };
}

export function stackOf(tags: Tags): string | undefined {
  return Object.hasOwn(tags, STACK_NAME_TAG) ? tags[STACK_NAME_TAG] : undefined;
}

/**
 * Do both belong to one stack? By its id: an agent gives a new stack the name of one that is gone and left a
 * disk behind.
 */
export function areOfOneStack(one: Tags, other: Tags): boolean {
  const [id, otherId] = [one, other].map((tags) =>
    Object.hasOwn(tags, STACK_ID_TAG) ? tags[STACK_ID_TAG] : undefined,
  );
  return id !== undefined && id === otherId;
}

/** Changing what a stack owns, behind its back, makes it drift; empty when no stack does. */
export function driftOf(tags: Tags): string {
  const stack = stackOf(tags);
  return stack === undefined ? '' : `; belongs to stack ${stack}, which isn't told and will have drifted`;
}

/** AWS Backup tags what it makes: https://docs.aws.amazon.com/aws-backup/latest/devguide/metadata-and-tags.html */
function isOfAwsBackup(tags: Tags): boolean {
  return Object.keys(tags).some((key) => key.startsWith('aws:backup:'));
}

/**
 * EC2 refuses to delete these: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-snapshot.html.
 * @throws protected
 */
export function refuseAwsBackups(id: string, tags: Tags): void {
  if (!isOfAwsBackup(tags)) return;
  throw new HoldshortError(
    'protected',
    `${id} is a recovery point of AWS Backup, which EC2 does not delete`,
    'a person deletes the recovery point in its backup vault, if it is really to go',
  );
}

/** What Data Lifecycle Manager made by a policy, and counts and removes by it; empty otherwise. */
export function lifecycleOf(tags: Tags): string {
  const managed = Object.keys(tags).some((key) => key.startsWith('aws:dlm:') || key.startsWith('dlm:'));
  return managed ? '; a scheduled backup made by Data Lifecycle Manager' : '';
}

/** `vol-… (8 GiB gp3)` */
export function volumeText({ volume_id, size_gib, volume_type }: Volume): string {
  return `${volume_id} (${size_gib} GiB ${volume_type})`;
}

export function attachmentText({ instance_id, device }: VolumeAttachment): string {
  return `${instance_id || 'something that is not an instance'} as ${device}`;
}

/** Part of a list for a person, the rest as a number. */
export function listText(items: readonly string[], most = 10): string {
  const more = items.length - most;
  return `${items.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
