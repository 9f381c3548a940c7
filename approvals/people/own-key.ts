import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Desk, Enrolled } from '../desk.ts';
import { createKey, type KeyFile, type KeyUse, readKey, retireKey, type Signer, unlockKey } from '../keys/keys.ts';
import { rootPath } from '../keys/root.ts';
import { pendingRequests } from './requests.ts';

interface Wanted {
  readonly name: string;
  readonly use: KeyUse;
  /** Undefined for a file without one. */
  readonly passphrase: string | undefined;
}

/** How to get out of a first enrolment that nobody can finish: by the hand of the folder's owner, never by itself. */
export const UNFINISHED = (root: string) =>
  `If nobody can finish it (its passphrase is lost) and nobody was ever enrolled here, remove ${root} and begin again`;

/**
 * This person's key, open: a new one, or the one that an enrolment or a request which was interrupted left behind. A
 * revoked one is put aside, and so is one on which nothing rests and that isn't locked as it is wanted: someone stopped
 * before it was of any use.
 * @throws key_invalid where the passphrase doesn't open a key that something rests on
 */
export async function ownKey(
  desk: Desk,
  enrolled: Enrolled,
  wanted: Wanted,
): Promise<{ readonly file: KeyFile; readonly signer: Signer }> {
  const { name, use, passphrase } = wanted;
  const found = readKey(desk.keysDir, name, use);
  if (found && enrolled.registry.keys.get(found.id)?.revokedAt) await retireKey(found, 'revoked');
  else if (found && restsOn(enrolled, found.id))
    return { file: found, signer: await openKey(desk, enrolled, found, passphrase) };
  else if (found) {
    const signer = await asWanted(found, passphrase);
    if (signer) return { file: found, signer };
    await retireKey(found, 'unused');
  }
  const file = await createKey(desk.keysDir, name, use, passphrase);
  return { file, signer: await unlockKey(file, async () => passphrase ?? '') };
}

/** Does anything need this very key: that it is enrolled, pinned as the first, or asked for? */
function restsOn(enrolled: Enrolled, id: string): boolean {
  return (
    enrolled.registry.keys.has(id) ||
    enrolled.root?.key === id ||
    pendingRequests(enrolled).some((request) => request.id === id)
  );
}

/** Undefined for a key that is locked otherwise than this person wants theirs to be. */
async function asWanted(file: KeyFile, passphrase: string | undefined): Promise<Signer | undefined> {
  if (file.locked !== (passphrase !== undefined)) return undefined;
  try {
    return await unlockKey(file, async () => passphrase ?? '');
  } catch (error) {
    if (error instanceof HoldshortError && error.code === 'key_invalid') return undefined;
    throw error;
  }
}

async function openKey(desk: Desk, enrolled: Enrolled, file: KeyFile, passphrase: string | undefined): Promise<Signer> {
  try {
    return await unlockKey(file, async () => passphrase ?? '');
  } catch (cause) {
    if (!(cause instanceof HoldshortError)) throw cause;
    const begun = enrolled.registry.keys.size === 0 && enrolled.root?.key === file.id;
    throw new HoldshortError(
      cause.code,
      `${file.path} was left by an enrolment that did not finish, and does not open with this passphrase`,
      `enroll with the passphrase from then. ${begun ? UNFINISHED(rootPath(desk.keysDir)) : 'If it is lost, let an admin revoke that key, then enroll again'}`,
      cause,
    );
  }
}
