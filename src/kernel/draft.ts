/**
 * Who asks: an agent for a person or team. What the same agent asks for someone else is another's: on a hub one name
 * stands for the agents of many people.
 */
export interface Asker {
  readonly agent: string;
  readonly operator: string;
}

/** What is known of a ticket before it has a plan. */
export interface TicketDraft extends Asker {
  readonly session: string;
  readonly tool: string;
  readonly region: string;
  readonly reason: string;
  readonly created_at: string;
  readonly expires_at: string;
}
