import type { Database } from 'better-sqlite3';
import type { StoredEntry } from '../../audit/log.ts';
import { appendLeaf, type Frontier, leafHash, peaksOf, rootOf } from '../../audit/merkle.ts';
import { type Remembered, recordedIn, remember, stateAfter } from '../../audit/remembered.ts';
import type { Recorded } from '../../kernel/statement.ts';
import type { TicketState } from '../../kernel/ticket.ts';
import { HeadDatabase } from './database.ts';
import { gone, noHead, notContinued, shorter, unreadable } from './failures.ts';
import type { Accepted, Head, Lost, Verified } from './port.ts';

/** The log as a gate may read it: by primary key, and the tree's row. All of it of one moment. */
export interface LogReader {
  tree(): Frontier;
  /** Told first how far the log was seen. Where it is read as it was before that, it is read again as it is now. */
  seen(size: number): void;
  /** Both ends included. */
  entries(from: number, to: number): readonly StoredEntry[];
  /** Those of these numbers that are there. */
  those(seqs: readonly number[]): readonly StoredEntry[];
}

/** What `work` reads of the log is of one moment. */
export type ReadLog = <T>(work: (log: LogReader) => T) => T;

/** Entries that one transaction reads. */
const PAGE = 1000;
/** Entries that are read again by each gate until they are kept, at most. */
const FEW = 20;

const STANDING = 'SELECT state, digest FROM ticket WHERE id = ?';
const DECISION = "'decision.recorded' AS type";
const BEGUN: ReadonlySet<string> = new Set<TicketState>(['executing', 'succeeded', 'failed', 'unknown']);

/** What may be weighed, and is there anything in it that has to be kept before it is? */
export interface Seen extends Verified {
  readonly keepFirst: boolean;
}

/**
 * The kept head over its own database. Each entry is read and hashed once, when it is new; what gates weigh is read
 * again by its number and compared with what was kept. It only grows: nothing but an admin's signed word (`accept`)
 * puts another log in its place.
 */
export class Kept {
  readonly #db: HeadDatabase;

  constructor(db: Database) {
    this.#db = new HeadDatabase(db);
  }

  head(): Head | undefined {
    const row = this.#db.get<{ size: number; peaks: Uint8Array; at: string }>('SELECT size, peaks, at FROM head');
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
   * What may be weighed about a ticket: what was kept, which is of one moment, and what the log, which is of a later
   * one, holds since. (What others take in meanwhile must not look like lost.) Nothing is kept by it.
   * @returns undefined where so much is new that it is kept first
   * @throws log_not_continued where something that was seen isn't there any more as it was
   */
  verified(log: LogReader, ticket: string): Seen | undefined {
    return this.#db.transaction('deferred', () => this.#verified(log, ticket));
  }

  /**
   * The same for who has the log's lock meanwhile.
   * @throws store_unavailable where another process has the head: to be tried again without that lock
   */
  verifiedInHurry(log: LogReader, ticket: string): Seen | undefined {
    return this.#db.hurried(() => this.verified(log, ticket));
  }

  #verified(log: LogReader, ticket: string): Seen | undefined {
    const head = this.head();
    log.seen(head?.size ?? 0);
    const missing = this.#lost(log)[0];
    if (missing) throw gone(missing);
    const known = this.#db.get<{ state: string; digest: string | null }>(STANDING, ticket);
    const standing: Standing = {
      statements: this.#db.all('SELECT seq, leaf, type FROM statement ORDER BY seq'),
      decisions: this.#db.all(`SELECT seq, leaf, ${DECISION} FROM decision WHERE ticket = ? ORDER BY seq`, ticket),
      state: known?.state,
      digest: known?.digest ?? undefined,
    };
    const tree = log.tree();
    if (!head) throw noHead(tree.size);
    if (tree.size - head.size > PAGE) return undefined;
    let keepFirst = tree.size - head.size > FEW;
    follow(log, head, tree, tree.size, (seq, entry) => {
      keepFirst ||= !mayWait(entry);
      add(standing, ticket, seq, entry);
    });
    const { statements, decisions, state, digest } = standing;
    return { statements: recorded(log, statements), decisions: recorded(log, decisions), state, digest, keepFirst };
  }

  /** How far the log was seen, and what of it isn't there any more. */
  compared(log: LogReader): { readonly seen: Head | undefined; readonly lost: readonly Lost[] } {
    return this.#db.transaction('deferred', () => {
      const seen = this.head();
      log.seen(seen?.size ?? 0);
      return { seen, lost: this.#lost(log) };
    });
  }

  /** Signed statements, and decisions about open tickets, that were seen and aren't in the log any more. */
  #lost(log: LogReader): readonly Lost[] {
    const rows = this.#db.all<KeptRow>(
      `SELECT seq, leaf, type FROM statement UNION ALL SELECT seq, leaf, ${DECISION} FROM decision ORDER BY seq`,
    );
    const there = stillThere(log, rows);
    return rows.filter(({ seq }) => !there.has(seq)).map(({ seq, type }) => ({ seq, type }));
  }

  /**
   * Begins again with the log as it is. Which tickets had ended stays known.
   * @param accepted the root of the first `size` entries, as the admin signed it
   * @throws log_not_continued when that is not the log's
   */
  accept(read: ReadLog, accepted: Accepted): void {
    this.#exclusively(() =>
      read((log) => {
        log.seen(this.head()?.size ?? 0);
        this.#db.exec(
          `UPDATE head SET size = 0, peaks = x'', at = ''; DELETE FROM statement; DELETE FROM decision;
           DELETE FROM ticket WHERE state IN ('planning', 'pending', 'approved');`,
        );
        const { size, root } = accepted;
        for (let whole = false; !whole; ) {
          const seen = this.head()?.size ?? 0;
          whole = this.#takeIn(log, seen < size ? Math.min(PAGE, size - seen) : PAGE);
          const now = this.head();
          if (now?.size === size && rootText(now) !== root) throw notContinued(now, 'it changed while it was accepted');
        }
        const end = this.head();
        if (end && end.size < size) throw notContinued(end, 'it became shorter while it was accepted');
        return true;
      }),
    );
  }

  close(): void {
    this.#db.close();
  }

  /** Any error undoes all of it. */
  #exclusively<T>(work: () => T): T {
    return this.#db.transaction('immediate', work);
  }

  #takeIn(log: LogReader, most = PAGE): boolean {
    const head = this.head();
    log.seen(head?.size ?? 0);
    const tree = log.tree();
    if (!head) throw noHead(tree.size);
    const to = Math.min(tree.size, head.size + most);
    let { at }: Head = head;
    const { size, peaks } = follow(log, head, tree, to, (seq, entry) => {
      ({ at } = entry);
      this.#keep(seq, entry);
    });
    if (to > head.size) this.#db.run('UPDATE head SET size = ?, peaks = ?, at = ?', size, Buffer.concat(peaks), at);
    return to === tree.size;
  }

  #keep(seq: number, { leaf, statement, decision, step }: Remembered): void {
    if (statement !== undefined)
      this.#db.run('INSERT INTO statement (seq, leaf, type) VALUES (?, ?, ?)', seq, leaf, statement);
    if (decision !== undefined)
      this.#db.run('INSERT INTO decision (seq, leaf, ticket) VALUES (?, ?, ?)', seq, leaf, decision);
    if (!step) return;
    const before = this.#db.get<{ state: string }>(STANDING, step.ticket)?.state;
    const state = stateAfter(before, step.state);
    this.#db.run(
      'INSERT INTO ticket (id, state, digest) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state, digest = coalesce(excluded.digest, digest)',
      step.ticket,
      state,
      step.digest ?? null,
    );
    if (isDecided(state)) this.#db.run('DELETE FROM decision WHERE ticket = ?', step.ticket);
  }
}

/**
 * Goes on from the head with the log's entries, at most to its end.
 * @returns how far it was seen now
 * @throws log_not_continued
 */
function follow(
  log: LogReader,
  head: Head,
  tree: Frontier,
  to: number,
  see: (seq: number, entry: Remembered) => void,
): Frontier {
  if (tree.size < head.size) throw shorter(head, tree.size);
  let frontier: Frontier = head;
  const entries = to > head.size ? log.entries(head.size + 1, to) : [];
  for (let seq = head.size + 1; seq <= to; seq++) {
    const entry = remember(seq, entries[seq - head.size - 1]);
    if (!entry) throw notContinued(head, `entry ${seq} is not an entry as they are written`);
    frontier = appendLeaf(frontier, entry.leaf);
    see(seq, entry);
  }
  if (to === tree.size && !isSame(frontier, tree))
    throw notContinued(head, 'what was seen before stands in it no more, or was changed');
  return frontier;
}

/** What is known of a ticket, and of who may decide and what is stopped. */
interface Standing {
  readonly statements: KeptRow[];
  decisions: KeptRow[];
  state: string | undefined;
  digest: string | undefined;
}

/** What `#keep` would come to, for one ticket. */
function add(standing: Standing, ticket: string, seq: number, { leaf, statement, decision, step }: Remembered): void {
  if (statement !== undefined) standing.statements.push({ seq, leaf, type: statement });
  if (decision === ticket) standing.decisions.push({ seq, leaf, type: 'decision.recorded' });
  if (step?.ticket !== ticket) return;
  const state = stateAfter(standing.state, step.state);
  standing.state = state;
  standing.digest = step.digest ?? standing.digest;
  if (isDecided(state)) standing.decisions = [];
}

/** Nothing decides about it any more. (Of one that is carried out, decisions are weighed before each further step.) */
function isDecided(state: string): boolean {
  return state !== 'planning' && state !== 'pending' && state !== 'approved' && state !== 'executing';
}

/**
 * Is it no loss where the database's attacker takes it out again before the next look, a second later? What was signed
 * is kept at once, and so is what ends or changes a ticket that has not begun. Of one that has begun, `keys/executed`
 * has what keeps it from being begun again, and from going on: each request with a digest of its intent, and that it
 * ended where steps were left.
 */
function mayWait({ statement, decision, step }: Remembered): boolean {
  return statement === undefined && decision === undefined && (!step || BEGUN.has(step.state));
}

function recorded(log: LogReader, rows: readonly KeptRow[]): readonly Recorded[] {
  const there = stillThere(log, rows);
  return rows.map((row) => {
    const entry = there.get(row.seq);
    if (!entry) throw gone(row);
    const found = recordedIn(entry);
    if (!found) throw unreadable(row);
    return found;
  });
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

/** Those that are in the log as they were kept, by their numbers. */
function stillThere(log: LogReader, rows: readonly KeptRow[]): ReadonlyMap<number, StoredEntry> {
  const kept = new Map(rows.map(({ seq, leaf }) => [seq, leaf]));
  const same = ({ seq, text }: StoredEntry) => Buffer.compare(leafHash(text), kept.get(seq) ?? Buffer.alloc(0)) === 0;
  const found = rows.length === 0 ? [] : log.those([...kept.keys()]);
  return new Map(found.filter(same).map((entry) => [entry.seq, entry]));
}
