import type { Json } from '../kernel/digest.ts';
import type { Rehearsal } from '../kernel/rehearsal.ts';
import type { TicketId } from '../kernel/ticket.ts';

/** A read that was answered, as the log has it. */
export interface PriorRead {
  readonly seq: number;
  /** ISO 8601 */
  readonly at: string;
  readonly tool: string;
  readonly arguments: Json;
}

/** Someone opens a ticket to decide on it. */
export interface Look {
  readonly ticket: TicketId;
  readonly door: 'page' | 'cli' | 'companion';
  /** Who they say they are; nothing proves it. */
  readonly claimed?: string | undefined;
}

/** What came of a rehearsal of the plan with this digest. */
export interface Rehearsing {
  readonly ticket: TicketId;
  readonly digest: string;
  /** Who had it made, as they say. */
  readonly claimed: string;
  readonly rehearsal: Rehearsal;
}
