import type { Reader } from './reader.ts';

/** What became of one operation. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** … of each of several; of one that was left out, nothing. */
export type Outcomes = readonly (Outcome | undefined)[];

/** What became of a transaction that was tried. */
export type Attempt =
  | { readonly kind: 'committed'; readonly outcomes: Outcomes }
  | {
      /** Its commit was sent, and nobody can say yet whether it came through. */
      readonly kind: 'untold';
      readonly error: unknown;
      /** Where it did: of a log that had so many entries before it. */
      readonly outcomes: (db: Reader, size: number) => Promise<Outcomes>;
    }
  | { readonly kind: 'failed'; readonly error: unknown };
