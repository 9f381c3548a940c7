import type { Readers } from '../../define.ts';
import type { Image, Snapshot } from '../../ports/ec2-storage.ts';

/*
 * What AWS Backup keeps of volumes and instances is in EC2 as snapshots and images, with a tag that tells of what. AWS
 * reserves its prefix, so nobody else can write it. Those of other regions and accounts are not looked at.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/recovery-points.html
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceLinkedRolePolicyForBackup.html
 */
const SOURCE = 'aws:backup:source-resource';

interface RecoveryPoint {
  readonly id: string;
  /** ISO 8601 */
  readonly at: string | undefined;
}

/** Of a volume, among its completed snapshots. */
export function pointsAmong(snapshots: readonly Snapshot[] = []): readonly RecoveryPoint[] {
  return snapshots
    .filter(({ tags }) => Object.hasOwn(tags, SOURCE))
    .map(({ snapshot_id, start_time }) => ({ id: snapshot_id, at: start_time }));
}

/** Of instances, by their ids: images that can be used. */
export async function pointsOfInstances(
  ids: readonly string[],
  { ec2 }: Readers,
): Promise<ReadonlyMap<string, readonly RecoveryPoint[]>> {
  const images = await ec2.everyOwnImage([{ name: `tag:${SOURCE}`, values: ids.map((id) => `*${id}`) }]);
  return new Map(ids.map((id) => [id, images.filter((one) => isOf(one, id)).map(pointOf)]));
}

/** The tag has an ARN, or the id alone. */
function isOf({ tags, state }: Image, id: string): boolean {
  const source = tags[SOURCE];
  return state === 'available' && (source === id || source?.endsWith(`:instance/${id}`) === true);
}

function pointOf({ image_id, creation_date }: Image): RecoveryPoint {
  return { id: image_id, at: creation_date };
}

/** The end of the line about a thing that goes; empty where there is none. That one restores it, nobody tried. */
export function pointsText(points: readonly RecoveryPoint[] = []): string {
  const [newest] = [...points].sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1));
  if (!newest) return '';
  const all = points.length === 1 ? 'a recovery point' : `${points.length} recovery points`;
  return `; AWS Backup has ${all} of it${points.length === 1 ? ',' : ', the newest'} ${newest.id} of ${newest.at ?? 'an unknown time'}, which nobody has tried here`;
}

const keyOf = ({ at = '', id }: RecoveryPoint) => `${at} ${id}`;
