import type { Json } from '../../src/kernel/digest.ts';

/**
 * EC2's things right before they change, as AWS describes them, with the secrets that are in them. Reads only; throws
 * for what isn't there.
 */
export interface Ec2Keeper {
  /** The tags of anything. */
  tags(ids: readonly string[]): Promise<Json>;
  instances(ids: readonly string[]): Promise<Json>;
  /** By the instances' ids, as AWS gives it (base64); null where there is none. */
  userData(ids: readonly string[]): Promise<Json>;
  volumes(ids: readonly string[]): Promise<Json>;
  /** What AWS Backup has of them: images of instances, snapshots of volumes. */
  imagesOfBackup(instanceIds: readonly string[]): Promise<Json>;
  snapshotsOfBackup(volumeIds: readonly string[]): Promise<Json>;
  group(groupId: string): Promise<Json>;
  /** The rules of a security group, in both directions. */
  rules(groupId: string): Promise<Json>;
}
