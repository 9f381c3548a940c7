import { type AuditEvent, entryText } from '../../audit/entry.ts';
import { appendLeaf, type Frontier, leafHash, peaksOf } from '../../audit/merkle.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import type { Connection } from './connection.ts';

/**
 * How far the clock may be behind the newest entry: clocks are slewed, and processes read them in another order than
 * they write.
 */
const CLOCK_TOLERANCE_MS = 2000;

/** A write transaction that appends to the log. Everything in it happened at one moment, `at`. */
export interface Writing {
  readonly connection: Connection;
  /** ISO 8601 UTC; never before the newest entry. */
  readonly at: string;
  /** How many signed statements the log holds. */
  readonly statements: number;
  /**
   * Appends an entry and returns its sequence number. `numbered` adds one to the count of statements. An entry that is
   * numbered among a ticket's or the statements is news to watchers.
   */
  log(event: AuditEvent, numbered?: 'statement'): number;
}

interface Head {
  readonly size: number;
  readonly frontier: Uint8Array;
  readonly statements: number;
  readonly newest: number | null;
  readonly at: string | null;
}

const HEAD = `SELECT size, frontier, statements, seq AS newest, text ->> '$.at' AS at
  FROM tree LEFT JOIN entry ON seq = (SELECT max(seq) FROM entry)`;

/**
 * What only takes back, or tells what became of something that was sent, is written whatever the clock says: a clock
 * that was ahead once must keep nobody from stopping. Such an entry has the time of the newest one, and the writer's
 * clock in its detail.
 */
export type Purpose = 'opens' | 'stops';

/**
 * Runs `work` in one durable transaction.
 * @throws clock_went_back unless it only stops something
 * @throws tampered when the newest entry isn't the one that the tree ends with
 */
export function writeLog<T>(connection: Connection, work: (writing: Writing) => T, purpose: Purpose = 'opens'): T {
  return connection.writing(() => {
    const head = connection.get<Head>(HEAD);
    if (!head || (head.newest ?? 0) !== head.size || head.frontier.length !== 32 * bitsOf(head.size))
      throw broken(head);
    const clock = connection.clock();
    const now = new Date(clock).toISOString();
    const newest = newestOf(head) ?? clock;
    const behind = clock < newest - CLOCK_TOLERANCE_MS;
    if (behind && purpose !== 'stops') throw clockWentBack(now, new Date(newest).toISOString());
    const at = new Date(Math.max(clock, newest)).toISOString();
    let frontier: Frontier = { size: head.size, peaks: peaksOf(head.frontier) };
    let statements = head.statements;
    let news = 0;
    const result = work({
      connection,
      at,
      statements: head.statements,
      log(event, numbered) {
        const seq = frontier.size + 1;
        const text = entryText(seq, at, behind ? { ...event, detail: { ...event.detail, clock: now } } : event);
        const leaf = leafHash(text);
        connection.run('INSERT INTO entry (seq, text, leaf) VALUES (?, ?, ?)', seq, text, leaf);
        frontier = appendLeaf(frontier, leaf);
        if (numbered === 'statement') statements += 1;
        if (event.detail.ticket_seq !== undefined || event.detail.statement_seq !== undefined) news += 1;
        return seq;
      },
    });
    if (frontier.size > head.size) {
      const { changes } = connection.run(
        'UPDATE tree SET size = ?, frontier = ?, statements = ?, news = news + ? WHERE size = ?',
        frontier.size,
        Buffer.concat(frontier.peaks),
        statements,
        news,
        head.size,
      );
      if (changes !== 1) throw broken(head);
    }
    return result;
  });
}

function newestOf({ at }: Head): number | undefined {
  if (at === null) return undefined;
  const newest = Date.parse(at);
  if (Number.isNaN(newest)) throw broken(undefined);
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

function broken(head: Head | undefined): HoldshortError {
  return new HoldshortError(
    'tampered',
    `the log does not end where its tree ends${head ? ` (entry ${head.newest ?? 0}, size ${head.size})` : ''}`,
    'nothing was changed; run `holdshort audit verify`, then go on from a backup',
  );
}
