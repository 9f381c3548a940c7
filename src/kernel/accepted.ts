import { sha256 } from './digest.ts';
import { quotedText } from './safe-text.ts';
import type { StatementOf } from './statement.ts';

/** A log that an admin took as it was, although it doesn't continue what was seen of it. */
export interface Accepted {
  /** The number of its entry in the log. */
  readonly seq: number;
  readonly by: string;
  /** How many entries the log had, and how many had been seen of it before; absent where nothing was. */
  readonly size: number;
  readonly seen?: number | undefined;
  readonly reason: string;
  /** ISO 8601, as its signer says. */
  readonly at: string;
}

/** @param seq of its entry */
export function acceptedIn(statement: StatementOf<'accept'>, seq: number): Accepted {
  const { by, size, seen, reason, signed_at: at } = statement;
  return { seq, by, size, ...(seen !== undefined && { seen }), reason, at };
}

/** What everyone is told of it, in safe text: anyone who has a log cut back has to have it accepted. */
export function acceptedText({ seq, by, size, seen, reason, at }: Accepted): string {
  const before = seen === undefined ? 'nothing was known of it' : `${seen} had been seen`;
  return `LOG ACCEPTED by ${by} (${at.slice(0, 10)}, entry ${seq}) with ${size} entries, where ${before}. Reason: ${quotedText(reason, 200, sha256)}.`;
}
