import type { TicketState } from '../kernel/ticket.ts';

/** One stored log entry with the leaf hash that was stored beside it. */
export interface StoredEntry {
  readonly seq: number;
  readonly text: string;
  readonly leaf: Uint8Array;
}

/** A ticket's row, for comparison with the log. */
export interface TicketRow {
  /** Ascending in the order of opening. */
  readonly n: number;
  readonly id: string;
  readonly state: string;
  readonly digest?: string;
  readonly plan?: string;
  readonly draft: string;
  /** How many numbered log entries are about it. */
  readonly entries: number;
}

/** Review: reads the log. */
export interface LogReading {
  /** Ascending from `from`, at most `limit`. */
  entries(from: number, limit: number): Promise<readonly StoredEntry[]>;
  /** The stored size and frontier of the tree. */
  head(): Promise<{ readonly size: number; readonly frontier: readonly Uint8Array[] }>;
}

/** Where a ticket has got to after the entries that were read. */
export interface Standing {
  readonly state?: TicketState | undefined;
  readonly digest?: string | undefined;
  /** How many numbered entries were about it. */
  readonly numbered: number;
  /** The number of the first entry about it. */
  readonly firstSeq: number;
  /** The number of the last entry that moved it. */
  readonly lastSeq: number;
}

/** By ticket, for as many as a log has: memory doesn't grow with them. */
export interface Standings {
  get(ticket: string): Standing | undefined;
  set(ticket: string, standing: Standing): void;
  /** The same as `get`; afterwards it isn't there any more. */
  take(ticket: string): Standing | undefined;
  /** Those that are still there, in the order of their first entries. */
  left(): Iterable<readonly [ticket: string, standing: Standing]>;
}

/** Verification: all of one moment. */
export interface AuditStore extends LogReading {
  head(): Promise<{ readonly log_id: string; readonly size: number; readonly frontier: readonly Uint8Array[] }>;
  /** Empty at first; for one reading of the log. */
  readonly standings: Standings;
  /** Tickets' rows with `n` above `after`, ascending, at most `limit`. */
  ticketRows(after: number, limit: number): Promise<readonly TicketRow[]>;
  /** What is wrong with the database around the log (schema, indexes, counters), a line each. */
  faults(): Promise<readonly string[]>;
}
