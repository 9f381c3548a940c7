import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { HoldshortError } from '../../kernel/errors.ts';
import { makeFolder } from '../make-folder.ts';

/*
 * The anchor is a folder outside of the database that several hosts share. All that is asked of its file system is that
 * a name is given once: of two hosts that link a file to the same name, one is told that it was there (NFS since
 * version 3, SMB, and what clouds offer as shared folders). No lock is held, so that a host that dies keeps nobody
 * waiting, and no file is ever written again.
 */

/** A part of the anchor: files that are whole, durable and made once. */
export interface Once {
  /** Durable when it returns. @returns false where there was one of this name. @throws store_unavailable */
  make(name: string, text: string): boolean;
  /** @throws store_unavailable */
  read(name: string): string | undefined;
  names(): readonly string[];
  remove(name: string): void;
}

export function onceIn(anchor: string, part: string): Once {
  const folder = join(anchor, part);
  let there = false;
  const named = <T>(work: () => T): T => {
    try {
      // It itself is made by hand: an empty folder that a file system wasn't mounted on is not to pass for it.
      if (!there && statSync(anchor).isDirectory()) makeFolder(folder);
      there = true;
      return work();
    } catch (error) {
      throw unusable(anchor, error);
    }
  };
  return {
    make: (name, text) => named(() => make(folder, name, text)),
    read: (name) => named(() => read(join(folder, name))),
    names: () => named(() => readdirSync(folder).filter((name) => !name.startsWith('.'))),
    remove: (name) => named(() => removed(join(folder, name))),
  };
}

function make(folder: string, name: string, text: string): boolean {
  const part = join(folder, `.${process.pid}-${randomBytes(8).toString('hex')}`);
  try {
    const open = openSync(part, 'wx', 0o600);
    try {
      // All of it: of one `write` a full disk takes a part.
      writeFileSync(open, text);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    const made = linked(part, join(folder, name));
    syncFolder(folder);
    return made;
  } finally {
    removed(part);
  }
}

/** An answer that was lost on the way to a file server is asked for again, and the second one says EEXIST. */
function linked(part: string, path: string): boolean {
  try {
    linkSync(part, path);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return statSync(part).nlink === 2;
  }
}

function syncFolder(folder: string): void {
  const open = openSync(folder, 'r');
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function removed(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}

function unusable(anchor: string, cause: unknown): HoldshortError {
  return new HoldshortError(
    'store_unavailable',
    `the anchor ${anchor} can't be used: ${codeOf(cause) ?? 'unknown reason'}`,
    'see that the folder is there, mounted, and that this user may write in it; until then nothing runs',
    cause,
  );
}
