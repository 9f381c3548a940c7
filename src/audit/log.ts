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

/** Verification: all of one moment. */
export interface AuditStore extends LogReading {
  /** Tickets' rows with `n` above `after`, ascending, at most `limit`. */
  ticketRows(after: number, limit: number): Promise<readonly TicketRow[]>;
  /** What is wrong with the database around the log (schema, indexes, counters), a line each. */
  faults(): Promise<readonly string[]>;
}
