import type { Frontier } from '../../audit/merkle.ts';
import type { Refusal } from '../../kernel/errors.ts';
import type { Recorded, RecordedDecision } from '../../kernel/statement.ts';
import type { TicketId } from '../../kernel/ticket.ts';

/** How far the log was seen. */
export interface Head extends Frontier {
  /** When its last entry was written, ISO 8601; empty before the first. */
  readonly at: string;
}

/** A head, and of what it is one. */
export interface Placed extends Head {
  /** Whose data it was: `serverOf` of PostgreSQL; absent for a file. */
  readonly server?: string;
  /** How often an admin went on from a log that didn't continue it. */
  readonly accepted: number;
}

/** How far any host saw a log. */
export interface Shared extends Placed {
  /** Which log it is where it was empty: the hashes of what is in one say it otherwise. */
  readonly log_id?: string;
}

/** The newest head that any host has seen. */
export interface Anchored extends Shared {
  readonly number: number;
}

/** Where several hosts keep one head together, outside the database. */
export interface Anchor {
  /** @throws store_unavailable */
  read(): Anchored | undefined;
  /**
   * Durable when it returns.
   * @returns false where another host was faster; then it is read, and compared, again
   * @throws store_unavailable
   */
  replace(before: Anchored | undefined, next: Shared): boolean;
}

/**
 * What the executor knows of a ticket, and of who may decide and what is stopped, from entries that it hashed itself.
 */
export interface Verified {
  readonly statements: readonly Recorded[];
  readonly decisions: readonly RecordedDecision[];
  /** Only `approved` may begin, only `executing` go on. */
  readonly state: string | undefined;
  readonly digest: string | undefined;
}

export interface Lost {
  readonly seq: number;
  readonly type: string;
}

export interface Accepted {
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** Whose data it is: see `Placed`. */
  readonly server?: string | undefined;
}

/** The head that is kept, and the log as it is. */
export interface HeadComparison {
  readonly seen?: Accepted & { readonly at: string };
  readonly now: Accepted;
  /** Signed statements, and decisions about open tickets, that were seen and aren't in the log any more. */
  readonly lost: readonly Lost[];
  /** Why nothing runs; absent where the log continues what was seen. */
  readonly problem?: Refusal;
}

/**
 * What this installation has seen of the log, kept beside its keys where anyone who writes the database can't reach.
 */
export interface HeadStore {
  /** Takes in what the log holds since. @throws log_not_continued */
  keepUp(): Promise<void>;
  compare(): Promise<HeadComparison>;
  /**
   * Goes on from the log as it is; whose word that is, and whether they may, is the caller's to see.
   * @throws log_not_continued
   */
  accept(accepted: Accepted): Promise<void>;
}

/** What gates weigh. */
export interface SeenLog {
  /** Takes in what the log holds since, so that nobody can take it out again unseen. @throws log_not_continued */
  keepUp(): Promise<void>;
  /** What may be weighed about a ticket. @throws log_not_continued where the log isn't the one that was seen here */
  verified(id: TicketId): Promise<Verified>;
}
