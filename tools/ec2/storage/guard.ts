import type { Json } from '../../../src/kernel/digest.ts';
import type { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Readers } from '../../define.ts';
import type { Image, Snapshot, Volume } from '../../ports/ec2-storage.ts';
import { notFound } from '../../refusing.ts';
import { theOne } from '../asking.ts';
import { attachmentText } from './target.ts';

/** What a plan about a volume rests on. */
export function volumeGuard(volume: Volume): Json {
  const { state, size_gib, volume_type, availability_zone, encrypted, tags } = volume;
  return {
    state,
    size_gib,
    volume_type,
    availability_zone,
    encrypted,
    attachments: volume.attachments.map((one) => `${attachmentText(one)} ${one.state}`).sort(),
    tags: { ...tags },
  };
}

/** States that end by themselves, of volumes, snapshots and instances. All others are waited for in vain. */
const PASSING = new Set(['creating', 'pending', 'stopping']);

/** What to do about a state that isn't one of the `wanted`. */
export function waitOr(state: string, wanted: string, otherwise: string): string {
  return PASSING.has(state) ? `wait until it is ${wanted}, then ask again` : otherwise;
}

/** @throws not_found */
export async function theVolume(id: string, { ec2 }: Readers): Promise<Volume> {
  return theOne(await ec2.volumesById([id]), id);
}

/** One of the account's own: what others share can be read, but not deleted. @throws not_found */
export async function ownSnapshot(id: string, { ec2, caller }: Readers): Promise<Snapshot> {
  const snapshot = theOne(await ec2.snapshotsById([id]), id);
  if (snapshot.owner_id !== caller.account) throw notOurs(`snapshot ${id}`, snapshot.owner_id);
  return snapshot;
}

/** @throws not_found */
export async function ownImage(id: string, { ec2, caller }: Readers): Promise<Image> {
  const image = theOne(await ec2.imagesById([id]), id);
  if (image.owner_id !== caller.account) throw notOurs(`image ${id}`, image.owner_id);
  return image;
}

function notOurs(what: string, owner: string): HoldshortError {
  return notFound(
    `${what} belongs to account ${owner}, which alone can remove it`,
    'leave it; there is nothing of this account to remove',
  );
}
