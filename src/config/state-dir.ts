import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { HoldshortError } from '../kernel/errors.ts';
import { makeFolder } from '../store/make-folder.ts';

/** What anyone but the owner could do with a file of this mode. */
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/**
 * Makes the state folder and its `keys/` where they are missing, readable by nobody else, and refuses what others could
 * read or write, and what belongs to someone else: a key that someone else may have copied no longer says who decided,
 * and a database that someone else may write no longer says what was decided.
 * @throws key_invalid for a loose mode or a strange owner
 * @throws store_unavailable where the folder can't be made or read
 */
export function openStateDir(config: {
  readonly stateDir: string;
  readonly keysDir: string;
  readonly database: string;
  readonly anchor?: string | undefined;
}): void {
  const { stateDir, keysDir, database, anchor } = config;
  // Each is looked at before anything is done in it: of someone else's folder that is what there is to say. Who can
  // write the first can put other folders and another database in place of ours.
  make(stateDir);
  refuseLoose(stateDir, OTHERS_WRITE, '0700');
  make(keysDir);
  refuseLoose(keysDir, OTHERS, '0700');
  for (const name of readdirSync(keysDir)) refuseLoose(join(keysDir, name), OTHERS, '0600');
  // What it says of a request counts as what keys/ says.
  if (anchor !== undefined) refuseLoose(anchor, OTHERS, '0700');
  // SQLite's -wal and -shm are the database as much as the file itself.
  for (const suffix of ['', '-wal', '-shm', '-journal']) refuseLoose(`${database}${suffix}`, OTHERS, '0600');
}

function make(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw new HoldshortError(
      'store_unavailable',
      `can't make the folder ${folder}: ${reasonOf(cause)}`,
      'see that nothing else is in its place and that this user may write there, or name another place in HOLDSHORT_HOME',
      cause,
    );
  }
}

function refuseLoose(path: string, forbidden: number, wanted: '0700' | '0600'): void {
  // Modes say nothing on Windows: there the user's profile folder keeps others out.
  if (process.platform === 'win32') return;
  const found = lookAt(path);
  if (!found) return;
  if (found.uid !== process.getuid?.())
    throw new HoldshortError(
      'key_invalid',
      `${path} belongs to another user (uid ${found.uid})`,
      'whoever owns it can write it: run as that user, or put a folder of your own into HOLDSHORT_HOME',
    );
  if ((found.mode & forbidden) === 0) return;
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
  const octal = found.isDirectory() ? '0700' : wanted;
  throw new HoldshortError(
    'key_invalid',
    `${path} is open to other users (mode ${mode})`,
    `run chmod ${octal.slice(1)} '${path}'; if somebody else may have read a key in it, revoke that key; if they may have written it, run \`holdshort audit verify\``,
  );
}

/** Undefined where there is nothing: another process may just have renamed or removed it. */
function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw new HoldshortError(
      'store_unavailable',
      `can't look at ${path}: ${reasonOf(cause)}`,
      'run as the user whose folder it is, or put a folder of your own into HOLDSHORT_HOME',
      cause,
    );
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
}
