import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { KeyHolder } from '../keys/keys.ts';
import type { Claim } from '../people/bind.ts';
import type { DecisionRequest } from '../tickets/decide.ts';
import type { ResolveRequest } from '../tickets/resolve.ts';

interface Asked {
  /** What the authenticator signs, base64url. */
  readonly challenge: string;
}

/** A statement that one passkey was asked to sign. */
interface ToSign extends Asked {
  readonly statement: string;
  readonly publicKey: string;
  readonly by: KeyHolder;
}

/** What a passkey was asked, and everything that its answer will be held against. */
export type Challenge =
  | (ToSign & { readonly kind: 'decision'; readonly request: DecisionRequest })
  | (ToSign & { readonly kind: 'request' | 'enrolment' })
  | (ToSign & {
      readonly kind: 'review';
      readonly about: { readonly ticket: string; readonly digest: string; readonly reason: string | undefined };
    })
  | (ToSign & { readonly kind: 'resolve'; readonly resolution: ResolveRequest })
  | (ToSign & {
      readonly kind: 'membership';
      readonly about: { readonly name: string; readonly groups: readonly string[] };
    })
  | (ToSign & { readonly kind: 'login'; readonly about: Claim })
  | (ToSign & { readonly kind: 'revocation'; readonly about: { readonly key: string; readonly reason: string } })
  | (Asked & { readonly kind: 'registration'; readonly name: string; readonly hardware: boolean });

export type SignedChallenge = Exclude<Challenge, { kind: 'registration' }>;

/** The ticket that a question is about, where it is about one. */
export function ticketOf(question: SignedChallenge): string | undefined {
  switch (question.kind) {
    case 'decision':
      return question.request.ticket;
    case 'review':
      return question.about.ticket;
    case 'resolve':
      return question.resolution.ticket;
    default:
      return undefined;
  }
}

export interface Challenges {
  /**
   * @returns the question, sealed: the browser brings it back with the answer, and can neither read another into it nor
   *   make one
   */
  ask(question: Challenge): string;
  /** @throws not_confirmed when it was not asked here, or isn't open any more */
  open<K extends Challenge['kind']>(sealed: string, kinds: readonly K[]): Challenge & { readonly kind: K };
  /** Once its answer was verified: each is good for one. @throws not_confirmed */
  use(question: Challenge): void;
}

const OPEN_MS = 120_000;

/** The longest sealed question, in characters. */
export const MOST_SEALED = 100_000;

/**
 * Nothing is kept of a question until its answer was verified. The attacker has a ticket's address, and asks without
 * end: were questions kept, either theirs would push out the one that an approver is just answering, or that one would
 * find no room.
 * @param clock milliseconds that only ever grow: setting back the computer's clock keeps no question open
 */
export function createChallenges(clock: () => number): Challenges {
  const key = randomBytes(32);
  const used = new Map<string, number>();
  const sealOf = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  return {
    ask(question) {
      const text = JSON.stringify({ question, until: clock() + OPEN_MS });
      return `${sealOf(text)}.${text}`;
    },
    open(sealed, kinds) {
      const at = sealed.indexOf('.');
      const text = sealed.slice(at + 1);
      if (!isSame(sealed.slice(0, at), sealOf(text))) throw notOpen(NO_QUESTION);
      const { question, until }: { question: Challenge; until: number } = JSON.parse(text);
      if (clock() >= until) throw notOpen('this question is older than two minutes');
      if (isOneOf(question, kinds) && !used.has(question.challenge)) return question;
      throw notOpen(NO_QUESTION);
    },
    use({ challenge }) {
      const now = clock();
      for (const [old, until] of used) if (until <= now) used.delete(old);
      if (used.has(challenge)) throw notOpen(NO_QUESTION);
      used.set(challenge, now + OPEN_MS);
    },
  };
}

const NO_QUESTION = 'this answer belongs to no open question; each is good for one answer';

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function isOneOf<K extends Challenge['kind']>(
  question: Challenge,
  kinds: readonly K[],
): question is Challenge & { readonly kind: K } {
  return kinds.some((kind) => kind === question.kind);
}

function notOpen(message: string): HoldshortError {
  return new HoldshortError(
    'not_confirmed',
    `${message}, so nothing was decided`,
    'load the page again and decide there',
  );
}
