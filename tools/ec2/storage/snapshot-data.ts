import type { Readers } from '../../define.ts';
import type { Snapshot } from '../../ports/ec2-storage.ts';
import { listText } from './target.ts';

/**
 * What a copied snapshot has in place of a volume's id:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopySnapshot.html
 */
const NO_VOLUME = 'vol-ffffffff';

/** Where else the data of a snapshot, or of its volume, may be. */
export interface Elsewhere {
  readonly volume_exists: boolean;
  /** The account's other completed snapshots of the volume, newest first. */
  readonly others: readonly Snapshot[];
}

export async function dataElsewhere({ snapshot_id, volume_id }: Snapshot, readers: Readers): Promise<Elsewhere> {
  if (isCopy(volume_id)) return { volume_exists: false, others: [] };
  const volumes = await readers.ec2.everyVolume([{ name: 'volume-id', values: [volume_id] }]);
  const others = await completedSnapshots(volume_id, readers);
  return {
    volume_exists: volumes.some(({ state }) => state !== 'deleting' && state !== 'deleted'),
    others: others.filter((other) => other.snapshot_id !== snapshot_id),
  };
}

/** The account's own, newest first. Only a completed one holds what the volume held. */
export async function completedSnapshots(volumeId: string, readers: Readers): Promise<readonly Snapshot[]> {
  return (await completedSnapshotsOf([volumeId], readers)).get(volumeId) ?? [];
}

/** EC2 takes at most 200 values in a filter. */
const AT_ONCE = 200;

/** The same of several volumes, by their ids. */
export async function completedSnapshotsOf(
  volumeIds: readonly string[],
  { ec2 }: Readers,
): Promise<ReadonlyMap<string, readonly Snapshot[]>> {
  const snapshots: Snapshot[] = [];
  for (let at = 0; at < volumeIds.length; at += AT_ONCE)
    snapshots.push(...(await ec2.everyOwnSnapshot([{ name: 'volume-id', values: volumeIds.slice(at, at + AT_ONCE) }])));
  const order = ({ start_time = '', snapshot_id }: Snapshot) => `${start_time} ${snapshot_id}`;
  const completed = snapshots
    .filter(({ state }) => state === 'completed')
    .sort((a, b) => (order(a) < order(b) ? 1 : -1));
  return Map.groupBy(completed, ({ volume_id }) => volume_id);
}

/** The decisive fact about a snapshot's deletion. */
export function elsewhereText({ volume_id, state }: Snapshot, { volume_exists, others }: Elsewhere): string {
  if (state === 'error') return `a failed snapshot of ${volume_id}, which holds nothing that could be restored`;
  if (isCopy(volume_id))
    return 'a copy of another snapshot: AWS does not say of which, so it may be all that holds its data';
  const [newest] = others;
  if (!volume_exists && newest === undefined)
    return `the last snapshot of ${volume_id}, which no longer exists: nothing else here holds its data`;
  const volume = `its volume ${volume_id} ${volume_exists ? 'exists' : 'no longer exists'}`;
  return newest === undefined
    ? `${volume}; this is the only snapshot of it`
    : `${volume}; ${others.length} other completed snapshot${others.length === 1 ? '' : 's'} of it, the newest ${newestText(newest)}`;
}

/** `snap-… of 2026-01-01T00:00:00.000Z` */
export function newestText({ snapshot_id, start_time }: Snapshot): string {
  return `${snapshot_id} of ${start_time ?? 'an unknown time'}`;
}

/** Who else loses it; empty when it is shared with nobody. */
export function sharingText(shared: readonly string[], use: string): string {
  if (shared.length === 0) return '';
  const accounts = shared.filter((who) => who !== 'all');
  const everybody = shared.includes('all') ? ['everybody (it is public)'] : [];
  return `; shared with ${listText([...everybody, ...accounts])}, who can't ${use} any more`;
}

function isCopy(volumeId: string): boolean {
  return volumeId === NO_VOLUME || volumeId === '';
}
