import type { StoredTicket } from '../audit/stored-ticket.ts';
import type { Asker } from '../kernel/draft.ts';
import type { TicketState } from '../kernel/ticket.ts';

export interface TicketQuery {
  readonly state?: TicketState | undefined;
  /** Whose tickets; absent: all. */
  readonly asker?: Asker | undefined;
  /** At most 500. */
  readonly limit: number;
  /** The id after which to go on, newest first. */
  readonly cursor?: string | undefined;
}

export interface TicketPage {
  readonly items: readonly StoredTicket[];
  readonly cursor?: string;
}
