import { sha256 } from '../../kernel/digest.ts';
import { bounded } from '../../kernel/safe-text.ts';

/** A word of AWS's answers, as a reason names it. Never a property's value, which may be secret. */
export function said(word: unknown): string {
  return word === undefined || word === '' ? '(none)' : bounded(String(word), 40, sha256);
}
