import { wrap } from '../../src/present/wrap.ts';

/** Colours, as functions on text that is already safe. The default changes nothing; see `ANSI` for terminals. */
export interface Paint {
  readonly danger: (text: string) => string;
  readonly caution: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly quiet: (text: string) => string;
}

const plain = (text: string): string => text;
export const PLAIN: Paint = { danger: plain, caution: plain, strong: plain, quiet: plain };

const sgr = (code: string) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
export const ANSI: Paint = { danger: sgr('1;31'), caution: sgr('33'), strong: sgr('1'), quiet: sgr('2') };

/** Room for a label and the gap after it; values, and all their further lines, begin in the column after. */
const LABEL = 13;
const NARROWEST = 40;

export function usableWidth(columns: number): number {
  return Math.max(NARROWEST, Math.min(columns, 120));
}

/**
 * One fact. Further lines of a long value stay right of the labels, so nothing inside a value can pass for another
 * fact.
 */
export function field(label: string, value: string, width: number, paint = plain, room = LABEL): readonly string[] {
  return wrap(value, width - room).map((line, at) => (at === 0 ? label : '').padEnd(room) + paint(line));
}

/** Lines behind a mark: what others wrote is told apart on each of its lines, wherever it wraps. */
export function marked(mark: string, text: string, width: number): readonly string[] {
  return wrap(text, width - mark.length).map((line) => mark + line);
}

/** A rule with a heading in it. */
export function heading(text: string, width: number, paint: Paint): string {
  return paint.quiet(`-- ${text} ${'-'.repeat(Math.max(0, width - text.length - 4))}`);
}
