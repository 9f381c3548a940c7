/** What is known of a ticket before it has a plan. */
export interface TicketDraft {
  readonly agent: string;
  readonly operator: string;
  readonly session: string;
  readonly tool: string;
  readonly region: string;
  readonly reason: string;
  readonly created_at: string;
  readonly expires_at: string;
}
