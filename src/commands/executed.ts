import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from '../../tools/define.ts';
import type { Executed } from '../executor/context.ts';
import { digestOf, stableJson } from '../kernel/digest.ts';
import { appendedLines } from './appended-lines.ts';

const BEGUN = ' begun ';

/**
 * The requests that this machine ever began, in a file beside the keys: a line with a digest of the intent when it
 * begins, another when AWS accepted it, a third where a look then showed it not done; and one for a ticket that ended
 * with steps left. The attacker writes to the database, and could put back a copy from before an execution, where the
 * ticket is still approved and its decisions still verify; have someone else's change pass for a ticket's; make up that
 * a step ran, or take out that the ticket ended, so that the next step follows.
 */
export function executedTickets(keysDir: string): Executed {
  const file = join(keysDir, 'executed');
  const lines = appendedLines(file, namedIn);
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
    has: (name) => lines.ever(`${name}${BEGUN}`),
    hasAs: (name, intent) => lines.has(`${name}${BEGUN}${digestOfIntent(intent)}`),
    add: (name, intent) => add(`${name}${BEGUN}${digestOfIntent(intent)}`),
    accept: (id) => add(`${id} accepted`),
    doubt: (id) => add(`${id} doubted`),
    wasDoubted: (id) => lines.ever(`${id} doubted`),
    wasAccepted: (id) => lines.has(`${id} accepted`) && !lines.ever(`${id} doubted`),
    end: (ticket) => add(`${ticket} ended`),
    hasEnded: (ticket) => lines.ever(`${ticket} ended`),
  };
}

/** Of a whole line, what is asked of it without its digest: two that a crash made one are none. */
function namedIn(line: string): string | undefined {
  return /^tkt_[0-9a-z]+(?: step \d+)?(?: begun (?=[0-9a-f]{64}$)| accepted$| doubted$| ended$)/.exec(line)?.[0];
}

function digestOfIntent(intent: Attempt): string {
  return digestOf('holdshort/intent/v1', stableJson({ ...intent }));
}
