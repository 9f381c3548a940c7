import { randomBytes } from 'node:crypto';
import type { Seals } from '../seals.ts';

/** What a person was asked, about which plan, and who was to answer. It travels through the client, sealed. */
export interface Inquiry {
  /** A form in the client, an address that it offers to open, or a card that it renders. */
  readonly how: 'form' | 'page' | 'card';
  /** The ticket as the call named it: the call that brings a form's answer must repeat it. */
  readonly named: string;
  readonly ticket: string;
  readonly digest: string;
  /** On a card the person chooses. */
  readonly decision: 'approve' | 'deny' | undefined;
  readonly reason: string | undefined;
  readonly person: string;
}

/** One that went out. Its answer is signed with this nonce: the log takes no second one, from whatever process. */
export interface Question extends Inquiry {
  readonly nonce: string;
}

/** How long a question is open. */
export const ASKED_MS = 600_000;

/** The longest one on a card, in characters: there is no reason in it. */
export const MOST_ON_CARD = 2_000;

export interface Inquiries {
  /** Seals a question that goes out. */
  ask(asked: Inquiry): Promise<string>;
  /** Opens one that came back. @throws Error where it was not sealed by us, or is over */
  verify(sealed: string): Promise<Question>;
  /** Takes it, once: an answer that is sent here again finds nothing. However it came, it was an attempt at it. */
  take(question: Question | undefined, how: readonly Inquiry['how'][]): Question | undefined;
}

/** @param seals of `ASKED_MS` */
export function inquiriesOf(seals: Seals): Inquiries {
  return {
    ask: (asked) => seals.seal({ ...asked, nonce: randomBytes(16).toString('hex') } satisfies Question),
    async verify(sealed) {
      const opened = await seals.open(sealed);
      if (typeof opened === 'string') throw new Error(opened);
      return opened as Question;
    },
    take: (question, how) =>
      question && seals.use(question.nonce) && how.includes(question.how) ? question : undefined,
  };
}
