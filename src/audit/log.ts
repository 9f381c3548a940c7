/** One stored log entry with the leaf hash that was stored beside it. */
export interface StoredEntry {
  readonly seq: number;
  readonly text: string;
  readonly leaf: Uint8Array;
}

/** A ticket's row, for comparison with the log. */
export interface TicketRow {
  readonly id: string;
  readonly state: string;
  readonly digest?: string;
  readonly plan?: string;
  readonly draft: string;
}

/** Review and verification: reads the log. */
export interface AuditStore {
  /** Ascending from `from`, at most `limit`. */
  entries(from: number, limit: number): Promise<readonly StoredEntry[]>;
  /** The stored size and frontier of the tree. */
  head(): Promise<{ readonly size: number; readonly frontier: readonly Uint8Array[] }>;
  /** Every ticket's id, state, plan, digest and draft as the rows have them. */
  ticketRows(): Promise<readonly TicketRow[]>;
}
