import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from '../../tools/define.ts';
import type { Executed } from '../executor/context.ts';
import { digestOf, stableJson } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Notes } from '../store/anchor/anchor.ts';
import { appendedLines } from './appended-lines.ts';

const BEGUN = ' begun ';

/** How what is noted of a request is called: in the list's lines, and in names of the anchor's files. */
type Kind = 'begun' | 'accepted' | 'doubted' | 'ended';

/**
 * The requests that were ever begun, in a file beside the keys: a line with a digest of the intent when it
 * begins, another when AWS accepted it, a third where a look then showed it not done; and one for a ticket that ended
 * with steps left. The attacker writes to the database, and could put back a copy from before an execution, where the
 * ticket is still approved and its decisions still verify; have someone else's change pass for a ticket's; make up that
 * a step ran, or take out that the ticket ended, so that the next step follows.
 *
 * Where hosts share an anchor, the same is noted there, first and for all of them; what either knows counts.
 * @param anchored what hosts share
 */
export function executedTickets(keysDir: string, anchored?: Notes): Executed {
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
  const elsewhere = (name: string, kind: Kind) => anchored?.read(nameOf(name, kind));
  const ever = (name: string, kind: Kind) => lines.ever(`${name} ${kind}`) || elsewhere(name, kind) !== undefined;
  const note = (name: string, kind: Kind) => {
    anchored?.make(nameOf(name, kind), '');
    add(`${name} ${kind}`);
  };
  return {
    // A crash may have cut the line off: it began nonetheless.
    has: (name) => lines.ever(`${name}${BEGUN}`) || elsewhere(name, 'begun') !== undefined,
    hasAs(name, intent) {
      const digest = digestOfIntent(intent);
      return lines.has(`${name}${BEGUN}${digest}`) || elsewhere(name, 'begun') === digest;
    },
    add(name, intent) {
      const digest = digestOfIntent(intent);
      if (anchored?.make(nameOf(name, 'begun'), digest) === false) return false;
      add(`${name}${BEGUN}${digest}`);
      return true;
    },
    accept: (id) => note(id, 'accepted'),
    doubt: (id) => note(id, 'doubted'),
    wasDoubted: (id) => ever(id, 'doubted'),
    wasAccepted: (id) =>
      (lines.has(`${id} accepted`) || elsewhere(id, 'accepted') !== undefined) && !ever(id, 'doubted'),
    end: (ticket) => note(ticket, 'ended'),
    hasEnded: (ticket) => ever(ticket, 'ended'),
  };
}

/**
 * Tells all hosts what was begun here, of tickets that may still come to something: what has ended stays so in the log
 * that they share from now on. A line that a crash cut off counts as begun, with no intent that is known.
 * @throws unsettled where another host began one of them with another intent
 */
export function shareExecuted(keysDir: string, open: ReadonlySet<string>, anchored: Notes): void {
  const file = join(keysDir, 'executed');
  const text = existsSync(file) ? readFileSync(file, 'latin1') : '';
  for (const [, ticket = '', step = '', kind, digest = ''] of text.matchAll(NOTED)) {
    if (!open.has(ticket)) continue;
    const name = nameOf(`${ticket}${step}`, kind as Kind);
    if (!anchored.make(name, digest) && anchored.read(name) !== digest) throw begunElsewhere(`${ticket}${step}`);
  }
}

function begunElsewhere(name: string): HoldshortError {
  return new HoldshortError(
    'unsettled',
    `${name} was begun here, and the anchor says that another host began it too, asking for something else`,
    'nothing was moved; look in AWS at what came of both, then move with an anchor that is new, which only hosts of this store share',
  );
}

const NOTED = /(tkt_[0-9a-z]+)( step \d+)? (begun(?= )|accepted|doubted|ended)(?: ([0-9a-f]{64})$)?/gm;

/** `TICKET step 2` has blanks. */
function nameOf(name: string, kind: Kind): string {
  return `${name.replaceAll(' ', '-')}.${kind}`;
}

/** Of a whole line, what is asked of it without its digest: two that a crash made one are none. */
function namedIn(line: string): string | undefined {
  return /^tkt_[0-9a-z]+(?: step \d+)?(?: begun (?=[0-9a-f]{64}$)| accepted$| doubted$| ended$)/.exec(line)?.[0];
}

function digestOfIntent(intent: Attempt): string {
  return digestOf('holdshort/intent/v1', stableJson({ ...intent }));
}
