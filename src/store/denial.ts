import type { Json } from '../kernel/digest.ts';
import type { Refusal } from '../kernel/errors.ts';
import type { Target } from '../kernel/target.ts';
import type { TicketId } from '../kernel/ticket.ts';

/** What a call asks for, no matter who asks. */
export interface CallFor {
  readonly tool: string;
  readonly account: string;
  readonly region: string;
  /** The arguments as a plan has them. */
  readonly arguments: { readonly [key: string]: Json };
  /** As in a plan. */
  readonly targets: readonly Pick<Target, 'id' | 'type' | 'name'>[];
}

/** A person's no to a ticket. */
export interface Denial {
  readonly ticket: TicketId;
  /** What the agent was told: who denied it, and why. */
  readonly refusal: Refusal;
  readonly at: string;
  /** When the same may be asked for again. */
  readonly until: string;
}
