import { z } from 'zod';
import type { Json } from '../../../src/kernel/digest.ts';
import type { Snapshot, Volume } from '../../ports/ec2-storage.ts';
import { VolumeType, wrongPerformance, Zone } from '../storage/volume-input.ts';
import { tagsKept } from './tags-back.ts';

/** What `ec2_create_volume` is asked for, in a guard. */
export const VolumeBack = z.strictObject({
  availability_zone: z.string(),
  size: z.number(),
  volume_type: z.string(),
  iops: z.number().exactOptional(),
  throughput: z.number().exactOptional(),
  encrypted: z.literal(true).exactOptional(),
  snapshot_id: z.string().exactOptional(),
  /** The volume of which the ticket takes a snapshot itself first: that one, in place of one that there is. */
  taken_of: z.string().exactOptional(),
  tags: z.record(z.string(), z.string()).exactOptional(),
});
export type VolumeBack = z.output<typeof VolumeBack>;

/** Where a volume's data will be: a snapshot that there is, or one that the ticket takes right before. */
export type DataIn = Snapshot | TakenFirst;
interface TakenFirst {
  readonly taken_of: string;
  readonly encrypted: boolean;
}

export function takenFirst({ volume_id, encrypted }: Volume): TakenFirst {
  return { taken_of: volume_id, encrypted };
}

/** What no snapshot has for an id, and no tool takes: a volume that is made of nothing would be an empty disk. */
const NOT_TAKEN = 'not taken';

/** What `ec2_create_volume` is asked for. @param taken the snapshots that the ticket took, by the volumes' ids */
export function volumeAgain(
  { taken_of, ...given }: VolumeBack,
  taken: ReadonlyMap<string, string>,
): Readonly<Record<string, Json>> {
  return taken_of === undefined ? given : { ...given, snapshot_id: taken.get(taken_of) ?? NOT_TAKEN };
}

interface Back {
  /** Undefined where no call makes one like it. */
  readonly back: VolumeBack | undefined;
  /** What is not as it was. */
  readonly lost: readonly string[];
}

/** A volume that is deleted, made again of a snapshot of it. */
export function volumeBack(volume: Volume, snapshot: DataIn): Back {
  const { availability_zone, size_gib: size, volume_type, encrypted, kms_key_id } = volume;
  const performance = performanceOf(volume);
  const taken =
    VolumeType.safeParse(volume_type).success &&
    Zone.safeParse(availability_zone).success &&
    size > 0 &&
    wrongPerformance({ volume_type, ...performance }) === undefined;
  const tags = tagsKept(volume.tags);
  if (!taken) return { back: undefined, lost: ['the volume: no call makes one like it', dataLost(snapshot)] };
  return {
    back: {
      availability_zone,
      size,
      volume_type,
      ...performance,
      ...(encrypted ? { encrypted: true as const } : {}),
      ...('taken_of' in snapshot ? { taken_of: snapshot.taken_of } : { snapshot_id: snapshot.snapshot_id }),
      ...(Object.keys(tags.given).length > 0 ? { tags: tags.given } : {}),
    },
    lost: [
      'its id: the new one has another, and two tags of ours, too',
      dataLost(snapshot),
      ...(encrypted
        ? [keyLost(kms_key_id, snapshot.encrypted ? 'that of the snapshot' : "the account's default key")]
        : []),
      ...tags.lost,
      ...volume.others.map((one) => `its ${one}: the new one has what AWS gives by itself`),
    ],
  };
}

/** What of a volume's data is not in that snapshot of it. */
export function dataLost(snapshot: DataIn): string {
  if ('taken_of' in snapshot) return 'what is written to it after its snapshot, which is taken right before, was begun';
  const { start_time, snapshot_id } = snapshot;
  return `what was written to it since ${start_time ?? 'an unknown time'}, when ${snapshot_id} was begun`;
}

/**
 * The newest of which the volume can be made. Where there is none, there is no way back: the attacker has the only copy
 * of something deleted, and what would come back of it is an empty disk. An archived one makes none before it is
 * restored.
 * @param snapshots the account's own completed ones, newest first
 */
export function usable(
  snapshots: readonly Snapshot[] = [],
  { size_gib: size }: Pick<Volume, 'size_gib'>,
): Snapshot | undefined {
  return snapshots.find(({ storage_tier, size_gib }) => storage_tier !== 'archive' && size_gib <= size);
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html */
export function keyLost(key: string | undefined, other: string): string {
  return `that it is encrypted with ${key ?? 'its key'}: the new one has ${other}`;
}

/** AWS tells the rate of every type, and takes it of some. */
export function performanceOf({ volume_type, iops, throughput }: Volume) {
  return {
    ...(iops !== undefined && /^(io1|io2|gp3)$/.test(volume_type) ? { iops } : {}),
    ...(throughput !== undefined && volume_type === 'gp3' ? { throughput } : {}),
  };
}
