import { type Json, sha256 } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { LONGEST_ENTRY, LONGEST_STATEMENT } from '../kernel/longest.ts';
import { asciiJson } from '../kernel/plan.ts';

/*
 * What every store takes, whichever it is: the database refuses an entry that another reader might read otherwise, and
 * one that is too long. What agents name, and what AWS answers, is written so that neither keeps an outcome, or a call,
 * from being recorded.
 */

type Detail = { readonly [key: string]: Json | undefined };

/** Of a detail that is too long these are never cut: what is signed, what gates compare, and where an entry stands. */
const WHOLE: ReadonlySet<string> = new Set([
  'statement',
  'signature',
  'login',
  'statement_seq',
  'ticket_seq',
  'digest',
  'intent',
  'draft',
  'refusal',
  'clock',
]);

/** Room for an entry's other members. */
const BESIDE = 8_192;
/** Nothing so short is too long. */
export const SHORT_ENTRY = LONGEST_STATEMENT - BESIDE;

/**
 * A detail of an entry that isn't short: with what is longest cut out, where all of it is too long.
 * @throws invalid_input where what is signed is too long: nothing of that can be cut
 */
export function fitting(detail: Detail): Detail {
  let fitted = detail;
  if (fitted.statement !== undefined && asciiJson(fitted).length > SHORT_ENTRY)
    throw new HoldshortError(
      'invalid_input',
      `what is signed is longer than ${SHORT_ENTRY} bytes`,
      'nothing was changed; give a shorter reason, or name less at once',
    );
  while (asciiJson(fitted).length > LONGEST_ENTRY - BESIDE) {
    const lengths = Object.entries(fitted)
      .filter(([name]) => !WHOLE.has(name))
      .map(([name, value]) => [name, asciiJson(value ?? null)] as const);
    const [longest] = lengths.toSorted(([, a], [, b]) => b.length - a.length);
    if (!longest || longest[1].length < BESIDE) break;
    const [name, text] = longest;
    fitted = { ...fitted, [name]: { cut: text.length, sha256: sha256(text) } };
  }
  return fitted;
}

/** Below it a number has digits that not every reader gives back. */
const SMALLEST = 1e-290;

/**
 * An object with a name that JSON has to escape, which JavaScript's own reader once misread, is written as pairs, and
 * a number that isn't exact as text.
 */
export function plainly(value: unknown): unknown {
  if (typeof value === 'number') {
    const exact = Math.abs(value) <= Number.MAX_SAFE_INTEGER && (value === 0 || Math.abs(value) >= SMALLEST);
    return exact || !Number.isFinite(value) ? value : String(value);
  }
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, plainly(member)] as const);
  return members.some(([name]) => JSON.stringify(name).includes('\\'))
    ? members.filter(([, member]) => member !== undefined)
    : Object.fromEntries(members);
}
