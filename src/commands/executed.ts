import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Executed } from '../executor/context.ts';

/**
 * The tickets that this machine ever began to execute, in a file beside the keys: a line when it begins, another when
 * AWS accepted the request, a third where a look then showed it not done. The attacker writes to the database, and
 * could put back a copy from before an execution, where the ticket is still approved and its decisions still verify; or
 * have someone else's change pass for a ticket's.
 */
export function executedTickets(keysDir: string): Executed {
  const file = join(keysDir, 'executed');
  const has = (line: string) => {
    try {
      return readFileSync(file, 'utf8').includes(`${line}\n`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  };
  const add = (line: string) => {
    const open = openSync(file, 'a', 0o600);
    try {
      writeSync(open, `${line}\n`);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
  };
  return {
    has,
    add,
    accept: (id) => add(`${id} accepted`),
    doubt: (id) => add(`${id} doubted`),
    wasDoubted: (id) => has(`${id} doubted`),
    wasAccepted: (id) => has(`${id} accepted`) && !has(`${id} doubted`),
  };
}
