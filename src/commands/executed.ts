import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from '../../tools/define.ts';
import type { Executed } from '../executor/context.ts';
import { digestOf, stableJson } from '../kernel/digest.ts';

/**
 * The requests that this machine ever began, in a file beside the keys: a line with a digest of the intent when it
 * begins, another when AWS accepted it, a third where a look then showed it not done; and one for a ticket that ended
 * with steps left. The attacker writes to the database, and could put back a copy from before an execution, where the
 * ticket is still approved and its decisions still verify; have someone else's change pass for a ticket's; make up that
 * a step ran, or take out that the ticket ended, so that the next step follows.
 */
export function executedTickets(keysDir: string): Executed {
  const file = join(keysDir, 'executed');
  const includes = (text: string) => {
    try {
      return readFileSync(file, 'utf8').includes(text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  };
  const has = (line: string) => includes(`${line}\n`);
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
    // A crash may have cut the line off: it began nonetheless.
    has: (name) => includes(`${name} begun `),
    hasAs: (name, intent) => has(`${name} begun ${digestOfIntent(intent)}`),
    add: (name, intent) => add(`${name} begun ${digestOfIntent(intent)}`),
    accept: (id) => add(`${id} accepted`),
    doubt: (id) => add(`${id} doubted`),
    wasDoubted: (id) => has(`${id} doubted`),
    wasAccepted: (id) => has(`${id} accepted`) && !has(`${id} doubted`),
    end: (ticket) => add(`${ticket} ended`),
    hasEnded: (ticket) => has(`${ticket} ended`),
  };
}

function digestOfIntent(intent: Attempt): string {
  return digestOf('holdshort/intent/v1', stableJson({ ...intent }));
}
