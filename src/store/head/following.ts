import type { StoredEntry } from '../../audit/log.ts';
import { appendLeaf, type Frontier, leafHash, rootOf } from '../../audit/merkle.ts';
import { type Remembered, recordedIn, remember, stateAfter } from '../../audit/remembered.ts';
import type { RecordedDecision } from '../../kernel/statement.ts';
import type { TicketState } from '../../kernel/ticket.ts';
import { gone, notContinued, shorter, unreadable } from './failures.ts';
import type { Head } from './port.ts';

/** Entries that are read together, at most; one that is longer by itself. */
export const MOST_BYTES = 16 * 1024 * 1024;

/** Where a log ends, and which it is. */
export interface Tree extends Frontier {
  readonly log_id: string;
}

/** The log as a gate may read it: by primary key, and the tree's row. All of it of one moment. */
export interface LogReader {
  tree(): Tree;
  /** Whose data it is; undefined for a file. */
  readonly server: string | undefined;
  /** Told first how far the log was seen. Where it is read as it was before that, it is read again as it is now. */
  seen(size: number): void;
  /** Both ends included. */
  entries(from: number, to: number): readonly StoredEntry[];
  /** The last of these that can be read together with the first: memory has room for so many. */
  fitting(from: number, to: number): number;
  /** Those of these numbers that are there. */
  those(seqs: readonly number[]): readonly StoredEntry[];
}

/** What `work` reads of the log is of one moment. */
export type ReadLog = <T>(work: (log: LogReader) => T) => T;

export interface KeptRow {
  readonly seq: number;
  readonly leaf: Uint8Array;
  readonly type: string;
  /** 1 where it can never count for anything: it isn't read again. */
  readonly void?: number;
}

const BEGUN: ReadonlySet<string> = new Set<TicketState>(['executing', 'succeeded', 'failed', 'unknown']);

/**
 * Goes on from the head with the log's entries, at most to its end.
 * @param anchored what other hosts saw, at least as far as the head: it must be on the way
 * @returns how far it was seen now
 * @throws log_not_continued
 */
export function follow(
  log: LogReader,
  head: Head,
  anchored: Head,
  tree: Frontier,
  to: number,
  see: (seq: number, entry: Remembered) => void,
): Frontier {
  if (tree.size < anchored.size) throw shorter(anchored, tree.size);
  let frontier: Frontier = head;
  const compare = () => {
    if (frontier.size === anchored.size && !isSame(frontier, anchored))
      throw notContinued(anchored, 'it went on in another way than other hosts saw it');
  };
  compare();
  const entries = to > head.size ? log.entries(head.size + 1, to) : [];
  for (let seq = head.size + 1; seq <= to; seq++) {
    const entry = remember(seq, entries[seq - head.size - 1]);
    if (!entry) throw notContinued(head, `entry ${seq} is not an entry as they are written`);
    frontier = appendLeaf(frontier, entry.leaf);
    compare();
    see(seq, entry);
  }
  if (to === tree.size && !isSame(frontier, tree))
    throw notContinued(head, 'what was seen before stands in it no more, or was changed');
  return frontier;
}

/** What is known of a ticket, and of who may decide and what is stopped. */
export interface Standing {
  readonly statements: KeptRow[];
  decisions: KeptRow[];
  state: string | undefined;
  digest: string | undefined;
}

/** What `#keep` would come to, for one ticket. */
export function add(
  standing: Standing,
  ticket: string,
  seq: number,
  { leaf, statement, decision, step }: Remembered,
): void {
  if (statement !== undefined) standing.statements.push({ seq, leaf, type: statement });
  if (decision === ticket) standing.decisions.push({ seq, leaf, type: 'decision.recorded' });
  if (step?.ticket !== ticket) return;
  const state = stateAfter(standing.state, step.state);
  standing.state = state;
  standing.digest = step.digest ?? standing.digest;
  if (isDecided(state)) standing.decisions = [];
}

/** Nothing decides about it any more. (Of one that is carried out, decisions are weighed before each further step.) */
export function isDecided(state: string): boolean {
  return state !== 'planning' && state !== 'pending' && state !== 'approved' && state !== 'executing';
}

/**
 * Is it no loss where the database's attacker takes it out again before the next look, a second later? What was signed
 * is kept at once, and so is what ends or changes a ticket that has not begun. Of one that has begun, `keys/executed`
 * has what keeps it from being begun again, and from going on: each request with a digest of its intent, and that it
 * ended where steps were left.
 */
export function mayWait({ statement, decision, step }: Remembered): boolean {
  return statement === undefined && decision === undefined && (!step || BEGUN.has(step.state));
}

export function recorded(log: LogReader, rows: readonly KeptRow[]): readonly RecordedDecision[] {
  const there = stillThere(
    log,
    rows.filter((row) => row.void !== 1),
  );
  return rows.map((row) => {
    if (row.void === 1) return { seq: row.seq, at: '', statement: '', signature: '' };
    const entry = there.get(row.seq);
    if (!entry) throw gone(row);
    const found = recordedIn(entry);
    if (!found) throw unreadable(row);
    return found;
  });
}

export function isSame(one: Frontier, other: Frontier): boolean {
  return one.size === other.size && Buffer.compare(Buffer.concat(one.peaks), Buffer.concat(other.peaks)) === 0;
}

export function rootText(frontier: Frontier): string {
  return Buffer.from(rootOf(frontier)).toString('hex');
}

/** Those that are in the log as they were kept, by their numbers. */
export function stillThere(log: LogReader, rows: readonly KeptRow[]): ReadonlyMap<number, StoredEntry> {
  const kept = new Map(rows.map(({ seq, leaf }) => [seq, leaf]));
  const same = ({ seq, text }: StoredEntry) => Buffer.compare(leafHash(text), kept.get(seq) ?? Buffer.alloc(0)) === 0;
  const found = rows.length === 0 ? [] : log.those([...kept.keys()]);
  return new Map(found.filter(same).map((entry) => [entry.seq, entry]));
}
