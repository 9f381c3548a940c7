import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { link, lstat, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { makeFolder } from '../../src/store/make-folder.ts';

/*
 * Files that only their owner may touch. A key that others can read signs for them; a folder that others can write lets
 * them put their own key in its place. Both are refused, never repaired: anyone who could read the key may have done
 * so.
 */

/** Makes the folder (0700) if it isn't there. @throws key_invalid when it is open to others, or not a folder */
export async function keysFolder(path: string): Promise<void> {
  makeFolder(path);
  checkFolder(path, await lstat(path));
}

/**
 * Writes a new file, mode 0600, complete or not at all: two processes that race see one file, and it is never half
 * written.
 * @returns false when there is one already, which is left alone
 */
export async function createPrivateFile(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Unlike rename, link fails where the name is taken: O_EXCL for a file that is already complete.
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

/**
 * The text of a private file; undefined where there is none.
 * @throws key_invalid when the file or its folder is open to others
 */
export function readPrivateFile(path: string): string | undefined {
  let file: number;
  try {
    checkFolder(dirname(path), lstatSync(dirname(path)));
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (error instanceof HoldshortError) throw error;
    throw new HoldshortError('key_invalid', `${path} can't be read`, 'it must be a file of your own, mode 0600', error);
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new HoldshortError('key_invalid', `${path} is not a file`, 'remove it');
    checkOwner(path, stats, 'chmod 600');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function checkFolder(path: string, stats: Stats): void {
  if (!stats.isDirectory()) throw new HoldshortError('key_invalid', `${path} is not a folder`, 'remove or rename it');
  checkOwner(path, stats, 'chmod 700');
}

function checkOwner(path: string, stats: Stats, repair: string): void {
  // Windows has no such bits; access there follows the user's profile folder.
  if (process.platform === 'win32') return;
  if ((stats.mode & 0o077) !== 0)
    throw new HoldshortError(
      'key_invalid',
      `${path} is open to others (mode ${(stats.mode & 0o777).toString(8).padStart(4, '0')})`,
      `${repair} ${path}; if somebody else may have read it, revoke the keys in it`,
    );
  if (process.getuid && stats.uid !== process.getuid())
    throw new HoldshortError('key_invalid', `${path} belongs to another user`, 'keep keys in a folder of your own');
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
