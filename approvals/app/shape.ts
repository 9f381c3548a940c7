/* What the companion sends to its card: shared by both, so nothing is imported here that a browser hasn't. */

/** The card's address among the companion's resources. */
export const CARD_URI = 'ui://holdshort/ticket';

/** Where an answer carries the card's contents: a host hands `_meta` to the card, and not to the model. */
export const CARD_META = 'holdshort/card';

/** How the person decides on the card itself. */
export interface Deciding {
  /** Names the open question. Only the card is told; anyone who answers without having been shown it can't know it. */
  readonly question: string;
  readonly person: string;
  /** What is to be typed to approve, in words. */
  readonly confirm: string;
  /** Is a chat client's answer enough to approve? It always is to deny. */
  readonly approve: boolean;
}

/**
 * A ticket as the card shows it. Every text in it is safe and bounded; the card adds nothing and interprets nothing.
 */
export interface Card {
  /** ISO 8601: of when this is. */
  readonly at: string;
  readonly ticket_id: string;
  readonly state: string;
  readonly environment: string;
  readonly place: string;
  readonly action: string;
  readonly verdict: string;
  readonly danger: boolean;
  readonly figures: readonly { readonly what: string; readonly value: string; readonly alarming: boolean }[];
  readonly facts: readonly (readonly [string, string])[];
  readonly impact: readonly {
    readonly effect: string;
    readonly danger: boolean;
    readonly resource: string;
    readonly type: string;
    readonly detail: string;
    /** What properties were and will be, a line each. */
    readonly properties: readonly string[];
  }[];
  /** What isn't listed in `impact`. */
  readonly more: string | undefined;
  readonly reason: string;
  /** The same text as in a terminal. */
  readonly whole: string;
  readonly deciding: Deciding | undefined;
  /** The ticket's address on the approval page. */
  readonly page: string | undefined;
  /** How to look at it in a terminal. */
  readonly look: string;
  /** How to decide in a terminal; empty when there is nothing to decide. */
  readonly commands: readonly string[];
}
