import { closeSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Lanes } from '../executor/lanes.ts';
import { makeFolder } from '../store/make-folder.ts';
import { isBusy } from '../store/sqlite/busy.ts';

/**
 * A file for each lane, which who has it locks: SQLite's lock, as Node has none that ends with its process. Nothing is
 * ever written. They are for courtesy alone: where they can't be had, this executor takes what is due as if it had one.
 */
export function laneFiles(folder: string, count = availableParallelism()): Lanes {
  const files: Database[] = [];
  let mine: Database | undefined;

  async function open(name: string): Promise<Database> {
    const { default: Sqlite } = await import('better-sqlite3');
    makeFolder(folder);
    const file = join(folder, name);
    // SQLite would make it with the process's umask.
    closeSync(openSync(file, 'a', 0o600));
    return new Sqlite(file, { timeout: 0 });
  }

  return {
    async enter() {
      for (let n = 0; n < count && !mine; n++) {
        try {
          files[n] ??= await open(`lane-${n + 1}`);
          files[n]?.exec('BEGIN EXCLUSIVE');
          mine = files[n];
        } catch (error) {
          if (!isBusy(error)) return true;
        }
      }
      return mine !== undefined;
    },
    leave() {
      mine?.exec('ROLLBACK');
      mine = undefined;
    },
  };
}
