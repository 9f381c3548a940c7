import { z } from 'zod';
import type { Instance } from '../../ports/ec2-instances.ts';
import type { Taking } from '../storage/taking.ts';

/* Of which volumes of instances that are terminated snapshots are taken first, and in which requests. */

/** In a guard: the volumes of an instance of which a snapshot is taken before it goes, and those of which none is. */
export const SnapshotFirst = z.strictObject({
  volumes: z.array(z.string()),
  without: z.array(z.string()),
  without_root: z.boolean(),
  /** Can one request take them all? */
  together: z.boolean(),
});
export type SnapshotFirst = z.output<typeof SnapshotFirst>;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceSpecification.html, ExcludeDataVolumeId */
const MOST_WITHOUT = 40;

/**
 * The volumes that are deleted with it; undefined where none is. Of what stays no snapshot is taken, and AWS takes the
 * root out by another name than the others: where it isn't told which that is, each is asked for by itself.
 */
export function firstOf(
  { block_devices }: Pick<Instance, 'block_devices'>,
  root: string | undefined,
): SnapshotFirst | undefined {
  const going = block_devices.filter(({ delete_on_termination }) => delete_on_termination);
  const staying = block_devices.filter(({ delete_on_termination }) => !delete_on_termination);
  if (going.length === 0) return undefined;
  const without = staying.filter(({ device_name }) => device_name !== root).map(({ volume_id }) => volume_id);
  return {
    volumes: going.map(({ volume_id }) => volume_id).sort(),
    without: without.sort(),
    without_root: without.length < staying.length,
    together: (staying.length === 0 || root !== undefined) && without.length <= MOST_WITHOUT,
  };
}

/** In the order in which snapshots are taken of them. A volume may hang on several of the instances. */
export function takenFirstOf(
  guard: Readonly<Record<string, { readonly snapshot_first?: SnapshotFirst }>>,
): readonly Taking[] {
  const takings: Taking[] = [];
  const before = new Set<string>();
  for (const instance_id of Object.keys(guard).sort()) {
    const first = guard[instance_id]?.snapshot_first;
    if (!first) continue;
    const volumes = first.volumes.filter((id) => !before.has(id));
    const { together, without_root } = first;
    const without = [...first.without, ...first.volumes.filter((id) => before.has(id))];
    if (together && volumes.length > 1) takings.push({ volumes, together: { instance_id, without, without_root } });
    else takings.push(...volumes.map((id) => ({ volumes: [id] })));
    for (const id of volumes) before.add(id);
  }
  return takings;
}
