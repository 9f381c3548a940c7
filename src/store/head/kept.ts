import type { Database, Statement } from 'better-sqlite3';
import type { StoredEntry } from '../../audit/log.ts';
import { appendLeaf, type Frontier, leafHash, peaksOf, rootOf } from '../../audit/merkle.ts';
import { type Remembered, recordedIn, remember, stateAfter } from '../../audit/remembered.ts';
import type { Recorded } from '../../kernel/statement.ts';
import type { TicketState } from '../../kernel/ticket.ts';
import { gone, noHead, notContinued, shorter } from './failures.ts';
import type { Accepted, Head, Lost, Verified } from './port.ts';

/** The log as a gate may read it: by primary key, and the tree's row. All of it of one moment. */
export interface LogReader {
  tree(): Frontier;
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
  readonly #db: Database;
  readonly #statements = new Map<string, Statement<unknown[], unknown>>();

  constructor(db: Database) {
    this.#db = db;
  }

  head(): Head | undefined {
    const row = this.#get<{ size: number; peaks: Uint8Array; at: string }>('SELECT size, peaks, at FROM head');
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
    return this.#db.transaction(() => this.#verified(log, ticket)).deferred();
  }

  #verified(log: LogReader, ticket: string): Seen | undefined {
    const missing = this.lost(log)[0];
    if (missing) throw gone(missing);
    const known = this.#get<{ state: string; digest: string | null }>(STANDING, ticket);
    const standing: Standing = {
      statements: this.#all('SELECT seq, leaf, type FROM statement ORDER BY seq'),
      decisions: this.#all(`SELECT seq, leaf, ${DECISION} FROM decision WHERE ticket = ? ORDER BY seq`, ticket),
      state: known?.state,
      digest: known?.digest ?? undefined,
    };
    const [head, tree] = [this.head(), log.tree()];
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

  /** Signed statements, and decisions about open tickets, that were seen and aren't in the log any more. */
  lost(log: LogReader): readonly Lost[] {
    const rows = this.#all<KeptRow>(
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
    const to = Math.min(tree.size, head.size + most);
    let { at }: Head = head;
    const { size, peaks } = follow(log, head, tree, to, (seq, entry) => {
      ({ at } = entry);
      this.#keep(seq, entry);
    });
    if (to > head.size) this.#run('UPDATE head SET size = ?, peaks = ?, at = ?', size, Buffer.concat(peaks), at);
    return to === tree.size;
  }

  #keep(seq: number, { leaf, statement, decision, step }: Remembered): void {
    if (statement !== undefined)
      this.#run('INSERT INTO statement (seq, leaf, type) VALUES (?, ?, ?)', seq, leaf, statement);
    if (decision !== undefined)
      this.#run('INSERT INTO decision (seq, leaf, ticket) VALUES (?, ?, ?)', seq, leaf, decision);
    if (!step) return;
    const before = this.#get<{ state: string }>(STANDING, step.ticket)?.state;
    const state = stateAfter(before, step.state);
    this.#run(
      'INSERT INTO ticket (id, state, digest) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state, digest = coalesce(excluded.digest, digest)',
      step.ticket,
      state,
      step.digest ?? null,
    );
    if (isDecided(state)) this.#run('DELETE FROM decision WHERE ticket = ?', step.ticket);
  }

  #get<Row>(sql: string, ...values: unknown[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  #all<Row>(sql: string, ...values: unknown[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  #run(sql: string, ...values: unknown[]): void {
    this.#prepared(sql).run(...values);
  }

  #prepared(sql: string): Statement<unknown[], unknown> {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
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
 * is kept at once, and so is what ends or changes a ticket that has not begun. That one has begun is in `keys/executed`
 * too.
 */
function mayWait({ statement, decision, step }: Remembered): boolean {
  return statement === undefined && decision === undefined && (!step || BEGUN.has(step.state));
}

function recorded(log: LogReader, rows: readonly KeptRow[]): readonly Recorded[] {
  const there = stillThere(log, rows);
  return rows.map((row) => {
    const entry = there.get(row.seq);
    const found = entry && recordedIn(entry);
    if (!found) throw gone(row);
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
