import type { Json } from '../../src/kernel/digest.ts';
import type { TicketState } from '../../src/kernel/ticket.ts';

/** What an agent is shown of one of its own tickets: `message`, `next`, `ticket`, `plan`, `result` and `refusal`. */
export interface TicketView {
  readonly state: TicketState;
  readonly view: { readonly [key: string]: Json };
}

/** An agent's own tickets: see them, wait for them, take them back. Nothing here can decide one. */
export interface OwnTickets {
  /** @throws not_found for a ticket that isn't there or is another agent's: the two look the same */
  get(idOrPrefix: string): Promise<TicketView>;
  list(options: {
    readonly state?: TicketState;
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<{ readonly items: readonly Json[]; readonly cursor?: string }>;
  /**
   * Answers when the ticket's state is no longer one that waits, or after `timeoutMs`, whichever is first.
   * @param seen is told how the ticket is, at once and after each change
   */
  wait(idOrPrefix: string, timeoutMs: number, seen: (message: string) => void): Promise<TicketView>;
  withdraw(idOrPrefix: string, reason: string): Promise<TicketView>;
}
