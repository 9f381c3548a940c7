import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Executed } from '../executor/recheck.ts';

/**
 * The tickets that this machine ever began to execute, in a file beside the keys. The attacker writes to the database, and could put
 * back a copy from before an execution, where the ticket is still approved and its decisions still verify.
 */
export function executedTickets(keysDir: string): Executed {
  const file = join(keysDir, 'executed');
  return {
    has(id) {
      try {
        return readFileSync(file, 'utf8').includes(`${id}\n`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      }
    },
    add(id) {
      const open = openSync(file, 'a', 0o600);
      try {
        writeSync(open, `${id}\n`);
        fsyncSync(open);
      } finally {
        closeSync(open);
      }
    },
  };
}
