import { type AuditEvent, entryText } from '../../audit/entry.ts';
import type { StoredEntry } from '../../audit/log.ts';
import { appendLeaf, type Frontier, leafHash, peaksOf } from '../../audit/merkle.ts';
import { HoldshortError } from '../../kernel/errors.ts';

/**
 * How far the clock may be behind the newest entry: clocks are slewed, and processes read them in another order than
 * they write.
 */
const CLOCK_TOLERANCE_MS = 2000;

/** Where the log ends, as a write transaction reads it. */
export interface LogEnd {
  readonly size: number;
  /** The tree's peaks, 32 bytes each. */
  readonly frontier: Uint8Array;
  /** How many signed statements the log holds. */
  readonly statements: number;
  /** The number of the newest entry, and when it was written. */
  readonly newest: number | null;
  readonly at: string | null;
}

/**
 * What only takes back, or tells what became of something that was sent, is written whatever the clock says: a clock
 * that was ahead once must keep nobody from stopping. Such an entry has the time of the newest one, and the writer's
 * clock in its detail.
 */
export type Purpose = 'opens' | 'stops';

/** The log as one transaction goes on with it. Everything in it happens at one moment, `at`. */
export interface Continuation {
  /** ISO 8601 UTC; never before the newest entry. */
  readonly at: string;
  /** The next entry, to be stored. */
  append(event: AuditEvent): StoredEntry;
  /** What to store as the tree; undefined while nothing was appended. */
  end(): NewEnd | undefined;
}

export interface NewEnd extends Pick<LogEnd, 'size' | 'frontier' | 'statements'> {
  /** How many of the new entries are numbered among a ticket's or the statements: those are news to watchers. */
  readonly news: number;
}

/**
 * @param clock milliseconds since 1970
 * @throws clock_went_back unless it only stops something
 * @throws tampered when the newest entry isn't the one that the tree ends with
 */
export function continueLog(end: LogEnd | undefined, clock: number, purpose: Purpose): Continuation {
  if (!end || (end.newest ?? 0) !== end.size || end.frontier.length !== 32 * bitsOf(end.size)) throw brokenLog(end);
  const { at, stamped } = momentOf(newestOf(end), clock, purpose);
  let frontier: Frontier = { size: end.size, peaks: peaksOf(end.frontier) };
  let { statements } = end;
  let news = 0;
  return {
    at,
    append(event) {
      const seq = frontier.size + 1;
      const text = entryText(seq, at, stamped(event));
      const leaf = leafHash(text);
      frontier = appendLeaf(frontier, leaf);
      const { ticket_seq, statement_seq } = event.detail;
      if (statement_seq !== undefined) statements += 1;
      if (ticket_seq !== undefined || statement_seq !== undefined) news += 1;
      return { seq, text, leaf };
    },
    end: () =>
      frontier.size > end.size
        ? { size: frontier.size, frontier: Buffer.concat(frontier.peaks), statements, news }
        : undefined,
  };
}

/** When something is written, and how its entries say so. */
interface Moment {
  /** ISO 8601 UTC; never before the newest entry. */
  readonly at: string;
  stamped(event: AuditEvent): AuditEvent;
}

/**
 * @param newest when the newest entry was written; undefined where there is none
 * @param clock milliseconds since 1970
 * @throws clock_went_back unless it only stops something
 */
export function momentOf(newest: number | undefined, clock: number, purpose: Purpose): Moment {
  const now = new Date(clock).toISOString();
  const last = newest ?? clock;
  const behind = clock < last - CLOCK_TOLERANCE_MS;
  if (behind && purpose !== 'stops') throw clockWentBack(now, new Date(last).toISOString());
  return {
    at: new Date(Math.max(clock, last)).toISOString(),
    stamped: (event) => (behind ? { ...event, detail: { ...event.detail, clock: now } } : event),
  };
}

export function brokenLog(end: LogEnd | undefined): HoldshortError {
  return new HoldshortError(
    'tampered',
    `the log does not end where its tree ends${end ? ` (entry ${end.newest ?? 0}, size ${end.size})` : ''}`,
    'nothing was changed; run `holdshort audit verify`, then go on from a backup',
  );
}

function newestOf({ at }: LogEnd): number | undefined {
  if (at === null) return undefined;
  const newest = Date.parse(at);
  if (Number.isNaN(newest)) throw brokenLog(undefined);
  return newest;
}

function clockWentBack(now: string, newest: string): HoldshortError {
  return new HoldshortError(
    'clock_went_back',
    `the clock says ${now}, but the newest log entry was written at ${newest}`,
    `nothing was changed; set the clock right if it is behind; if it was ahead when that entry was written, wait until ${newest}; halting, denying, revoking and withdrawing work all the same`,
  );
}

function bitsOf(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
