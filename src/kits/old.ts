import { lstatSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** What is younger may be about to be named: a process that is stopped for long goes on within a day, or is dead. */
const OLD_MS = 24 * 3_600_000;
const WHOLE = /^([0-9a-f]{64})\.age$/;
/** What `writeDurably` writes a kit into until it is whole. */
const PART = /^[0-9a-f]{64}\.age\.[0-9a-f]{12}\.part$/;

/*
 * Files are dated by the clock of the machine that wrote them, so that is what their age goes by: not the store's,
 * which may be another machine's.
 */

/** It is young from here on. */
export function touch(file: string): void {
  const now = new Date();
  utimesSync(file, now, now);
}

/** Files of a kits folder that nobody wrote, or needed, for a day. Whatever else is in it is nobody's to remove. */
export interface OldKits {
  /** The digests of whole kits. */
  whole(): readonly string[];
  /** Removes it, where it is that old still: a process that wakes up touches it before it names it. */
  remove(sha256: string): void;
  /** Removes what crashes left of kits that were never whole. @returns how many */
  removeParts(): number;
}

export function oldKitsIn(folder: string): OldKits {
  const isOld = (name: string) => {
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return found?.isFile() === true && Date.now() - found.mtimeMs > OLD_MS;
  };
  const removeOld = (name: string) => {
    if (isOld(name)) rmSync(join(folder, name), { force: true });
  };
  const names = () => {
    try {
      return readdirSync(folder);
    } catch (error) {
      // No kit was made yet.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };
  return {
    whole: () => names().flatMap((name) => (isOld(name) ? (WHOLE.exec(name)?.slice(1) ?? []) : [])),
    remove: (sha256) => removeOld(`${sha256}.age`),
    removeParts() {
      const parts = names().filter((name) => PART.test(name) && isOld(name));
      for (const part of parts) removeOld(part);
      return parts.length;
    },
  };
}
