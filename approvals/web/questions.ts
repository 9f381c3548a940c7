import { HoldshortError } from '../../src/kernel/errors.ts';
import type { DecisionRequest } from '../decide.ts';
import type { KeyHolder } from '../record-statement.ts';

/** What a passkey was asked, and everything that its answer will be held against. Made and kept here; a browser only names it. */
export type Question =
  | {
      readonly kind: 'decision';
      readonly statement: string;
      readonly publicKey: string;
      readonly by: KeyHolder;
      readonly request: DecisionRequest;
    }
  | {
      readonly kind: 'request' | 'enrolment';
      readonly statement: string;
      readonly publicKey: string;
      readonly by: KeyHolder;
    }
  | {
      readonly kind: 'review';
      readonly statement: string;
      readonly publicKey: string;
      readonly by: KeyHolder;
      readonly about: { readonly ticket: string; readonly digest: string; readonly reason: string | undefined };
    }
  | {
      readonly kind: 'membership';
      readonly statement: string;
      readonly publicKey: string;
      readonly by: KeyHolder;
      readonly about: { readonly name: string; readonly groups: readonly string[] };
    }
  | { readonly kind: 'registration'; readonly name: string; readonly hardware: boolean };

export interface Questions {
  /** @param challenge what the authenticator signs; names the question */
  ask(challenge: string, question: Question): void;
  /** Each question is answered once, whatever the answer. Errors: `not_confirmed` when it isn't open (any more). */
  take<K extends Question['kind']>(challenge: string, kinds: readonly K[]): Extract<Question, { kind: K }>;
}

const OPEN_MS = 120_000;
const MOST_OPEN = 500;

/** @param clock milliseconds that only ever grow: setting back the computer's clock keeps no question open */
export function createQuestions(clock: () => number): Questions {
  const open = new Map<string, { readonly question: Question; readonly until: number }>();
  return {
    ask(challenge, question) {
      const now = clock();
      for (const [id, { until }] of open) if (until <= now || open.size >= MOST_OPEN) open.delete(id);
      open.set(challenge, { question, until: now + OPEN_MS });
    },
    take(challenge, kinds) {
      const found = open.get(challenge);
      open.delete(challenge);
      if (found && clock() >= found.until) throw notOpen('this question is older than two minutes');
      const question = found?.question;
      if (question && isOneOf(question, kinds)) return question;
      throw notOpen('this answer belongs to no open question; each is good for one answer');
    },
  };
}

function isOneOf<K extends Question['kind']>(
  question: Question,
  kinds: readonly K[],
): question is Extract<Question, { kind: K }> {
  return kinds.some((kind) => kind === question.kind);
}

function notOpen(message: string): HoldshortError {
  return new HoldshortError(
    'not_confirmed',
    `${message}, so nothing was decided`,
    'load the page again and decide there',
  );
}
