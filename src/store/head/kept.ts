import type { Database } from 'better-sqlite3';
import type { StoredEntry } from '../../audit/log.ts';
import { appendLeaf, type Frontier, leafHash, peaksOf, rootOf } from '../../audit/merkle.ts';
import { type Remembered, recordedIn, remember, stateAfter } from '../../audit/remembered.ts';
import type { Recorded } from '../../kernel/statement.ts';
import { gone, noHead, notContinued, shorter } from './failures.ts';
import type { Accepted, Head, Lost, Verified } from './port.ts';

/** The log as a gate may read it: by primary key, and the tree's row. All of it of one moment. */
export interface LogReader {
  tree(): Frontier;
  /** Both ends included. */
  entries(from: number, to: number): readonly StoredEntry[];
}

/** What `work` reads of the log is of one moment. */
export type ReadLog = <T>(work: (log: LogReader) => T) => T;

/** Entries that one transaction reads. */
const PAGE = 1000;

/**
 * The kept head over its own database. Each entry is read and hashed once, when it is new; what gates weigh is read
 * again by its number and compared with what was kept. It only grows: nothing but an admin's signed word (`accept`)
 * puts another log in its place.
 */
export class Kept {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  head(): Head | undefined {
    const row = this.#db
      .prepare<[], { size: number; peaks: Uint8Array; at: string }>('SELECT size, peaks, at FROM head')
      .get();
    return row && { size: row.size, peaks: peaksOf(row.peaks), at: row.at };
  }

  /**
   * Takes in what the log holds since, at most a page of it. The read comes after the lock: what others took in
   * meanwhile is in it. Where there is nothing new, nobody waits for anyone: the head is read before the log, and what
   * was kept of a later moment is not less.
   * @returns false when there is more
   * @throws log_not_continued
   */
  extend(read: ReadLog): boolean {
    const head = this.head();
    if (head && read((log) => isSame(head, log.tree()))) return true;
    return this.#exclusively(() => read((log) => this.#takeIn(log)));
  }

  /**
   * What was kept is of one moment, and the log of a later one: what others take in meanwhile must not look like lost.
   * @throws log_not_continued where something that was seen isn't there any more as it was
   */
  verified(log: LogReader, ticket: string): Verified {
    return this.#db.transaction(() => this.#verified(log, ticket)).deferred();
  }

  #verified(log: LogReader, ticket: string): Verified {
    const standing = this.#db
      .prepare<[string], { state: string; digest: string | null }>('SELECT state, digest FROM ticket WHERE id = ?')
      .get(ticket);
    const missing = this.lost(log)[0];
    if (missing) throw gone(missing);
    return {
      statements: this.#again(log, 'SELECT seq, leaf, type FROM statement ORDER BY seq'),
      decisions: this.#again(
        log,
        "SELECT seq, leaf, 'decision.recorded' AS type FROM decision WHERE ticket = ? ORDER BY seq",
        ticket,
      ),
      state: standing?.state,
      digest: standing?.digest ?? undefined,
    };
  }

  /** Signed statements, and decisions about open tickets, that were seen and aren't in the log any more. */
  lost(log: LogReader): readonly Lost[] {
    const rows = this.#db
      .prepare<[], KeptRow>(
        "SELECT seq, leaf, type FROM statement UNION ALL SELECT seq, leaf, 'decision.recorded' FROM decision ORDER BY seq",
      )
      .all();
    return rows.filter((row) => !stillThere(log, row)).map(({ seq, type }) => ({ seq, type }));
  }

  /**
   * Begins again with the log as it is. Which tickets had ended stays known.
   * @param accepted the root of the first `size` entries, as the admin signed it
   * @throws log_not_continued when that is not the log's
   */
  accept(read: ReadLog, accepted: Accepted): void {
    this.#exclusively(() => {
      this.#db.exec(
        `UPDATE head SET size = 0, peaks = x'', at = ''; DELETE FROM statement; DELETE FROM decision;
         DELETE FROM ticket WHERE state IN ('planning', 'pending', 'approved');`,
      );
      return read((log) => {
        const { size, root } = accepted;
        for (let whole = false; !whole; ) {
          const seen = this.head()?.size ?? 0;
          whole = this.#takeIn(log, seen < size ? Math.min(PAGE, size - seen) : PAGE);
          const now = this.head();
          if (now?.size === size && rootText(now) !== root) throw notContinued(now, 'it changed while it was accepted');
        }
        return true;
      });
    });
  }

  close(): void {
    this.#db.close();
  }

  /** Any error undoes all of it. */
  #exclusively<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  #takeIn(log: LogReader, most = PAGE): boolean {
    const tree = log.tree();
    const head = this.head();
    if (!head) throw noHead(tree.size);
    if (tree.size < head.size) throw shorter(head, tree.size);
    const to = Math.min(tree.size, head.size + most);
    let { at }: Head = head;
    let frontier: Frontier = head;
    const entries = to > head.size ? log.entries(head.size + 1, to) : [];
    for (let seq = head.size + 1; seq <= to; seq++) {
      const entry = remember(seq, entries[seq - head.size - 1]);
      if (!entry) throw notContinued(head, `entry ${seq} is not an entry as they are written`);
      frontier = appendLeaf(frontier, entry.leaf);
      at = entry.at;
      this.#keep(seq, entry);
    }
    const whole = to === tree.size;
    if (whole && !isSame(frontier, tree))
      throw notContinued(head, 'what was seen before stands in it no more, or was changed');
    if (to > head.size)
      this.#db.prepare('UPDATE head SET size = ?, peaks = ?, at = ?').run(to, Buffer.concat(frontier.peaks), at);
    return whole;
  }

  #keep(seq: number, { leaf, statement, decision, step }: Remembered): void {
    if (statement !== undefined)
      this.#db.prepare('INSERT INTO statement (seq, leaf, type) VALUES (?, ?, ?)').run(seq, leaf, statement);
    if (decision !== undefined)
      this.#db.prepare('INSERT INTO decision (seq, leaf, ticket) VALUES (?, ?, ?)').run(seq, leaf, decision);
    if (!step) return;
    const before = this.#db.prepare<[string], string>('SELECT state FROM ticket WHERE id = ?').pluck().get(step.ticket);
    const state = stateAfter(before, step.state);
    this.#db
      .prepare(
        'INSERT INTO ticket (id, state, digest) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state, digest = coalesce(excluded.digest, digest)',
      )
      .run(step.ticket, state, step.digest ?? null);
    // Nothing decides about it any more. (Of one that is carried out, decisions are weighed before each further step.)
    if (state !== 'planning' && state !== 'pending' && state !== 'approved' && state !== 'executing')
      this.#db.prepare('DELETE FROM decision WHERE ticket = ?').run(step.ticket);
  }

  #again(log: LogReader, sql: string, ...values: string[]): readonly Recorded[] {
    return this.#db
      .prepare<string[], KeptRow>(sql)
      .all(...values)
      .map((row) => {
        const entry = stillThere(log, row);
        const recorded = entry && recordedIn(entry);
        if (!recorded) throw gone(row);
        return recorded;
      });
  }
}

function isSame(one: Frontier, other: Frontier): boolean {
  return one.size === other.size && Buffer.compare(Buffer.concat(one.peaks), Buffer.concat(other.peaks)) === 0;
}

export function rootText(frontier: Frontier): string {
  return Buffer.from(rootOf(frontier)).toString('hex');
}

interface KeptRow {
  readonly seq: number;
  readonly leaf: Uint8Array;
  readonly type: string;
}

function stillThere(log: LogReader, { seq, leaf }: KeptRow): StoredEntry | undefined {
  const [entry] = log.entries(seq, seq);
  return entry && Buffer.compare(leafHash(entry.text), leaf) === 0 ? entry : undefined;
}
