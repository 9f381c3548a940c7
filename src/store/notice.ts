/** A step of a ticket, or a signed statement, that a recipient is still to be told of. */
export interface StoredNotice {
  /** The same however often it is sent. */
  readonly id: string;
  readonly recipient: string;
  /** Undefined for a statement. */
  readonly ticket: string | undefined;
  /** The log entry of the step, or of the statement. */
  readonly seq: number;
  /** How often it was taken, this time included. */
  readonly tries: number;
  /** ISO 8601 */
  readonly created_at: string;
}
