import { HoldshortError } from '../../src/kernel/errors.ts';
import type { KeyHolder } from '../keys/keys.ts';
import type { Claim } from '../people/bind.ts';
import type { Seals } from '../seals.ts';
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
  | (ToSign & { readonly kind: 'request' | 'enrolment' | 'chat' })
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
  /** @returns the question, sealed: the browser brings it back with the answer */
  ask(question: Challenge): Promise<string>;
  /** @throws not_confirmed when it was not asked by us, or isn't open any more */
  open<K extends Challenge['kind']>(sealed: string, kinds: readonly K[]): Promise<Challenge & { readonly kind: K }>;
  /** Once its answer was verified: each is good for one. @throws not_confirmed */
  use(question: Challenge): void;
}

/** How long a question is open. */
export const OPEN_MS = 120_000;

/** The longest sealed question, in characters. */
export const MOST_SEALED = 100_000;

/** Questions that passkeys sign the answers to. @param seals of `OPEN_MS` */
export function challengesOf(seals: Seals): Challenges {
  return {
    ask: (question) => seals.seal(question),
    async open(sealed, kinds) {
      const opened = await seals.open(sealed);
      if (opened === 'over') throw notOpen('this question is older than two minutes');
      if (opened === 'foreign') throw notOpen(NO_QUESTION);
      const question = opened as Challenge;
      if (isOneOf(question, kinds) && !seals.isUsed(question.challenge)) return question;
      throw notOpen(NO_QUESTION);
    },
    use({ challenge }) {
      if (!seals.use(challenge)) throw notOpen(NO_QUESTION);
    },
  };
}

const NO_QUESTION = 'this answer belongs to no open question; each is good for one answer';

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
