import { HoldshortError } from '../src/kernel/errors.ts';
import { asciiJson } from '../src/kernel/plan.ts';
import { safeText } from '../src/kernel/safe-text.ts';
import { LIST_BYTES } from '../src/present/presentable.ts';

/** The server bounds every text that it sends: a line that would be longer stands as several. */
const LINE = 1_500;

/** A part of a long text as lines, since the server escapes line ends within texts. */
export interface TextRange {
  /** The length of the whole text, in characters. */
  readonly total: number;
  readonly offset: number;
  readonly lines: readonly string[];
  /** Which of the lines go on with the one before: it was too long for one. */
  readonly continued?: readonly number[];
  /** Where to go on; absent at the end. */
  readonly next_offset?: number;
}

/** @param offset in characters; throws `invalid_input` behind the end */
export function rangeOf(text: string, offset: number): TextRange {
  if (offset > text.length) {
    throw new HoldshortError(
      'invalid_input',
      `offset ${offset} is behind the end: the text has ${text.length} characters`,
      'leave offset out to begin again',
    );
  }
  const lines: string[] = [];
  const continued: number[] = [];
  let at = offset;
  let bytes = 0;
  let broken = false;
  while (at < text.length) {
    const piece = pieceAt(text, at);
    bytes += asciiJson(safeText(piece)).length + 1;
    // Where lines are broken, a number stands for each.
    if (broken) bytes += 6;
    if (bytes > LIST_BYTES && lines.length > 0) break;
    if (broken) continued.push(lines.length);
    lines.push(piece);
    at += piece.length;
    broken = at < text.length && text[at] !== '\n';
    if (!broken && at < text.length) at += 1;
  }
  return {
    total: text.length,
    offset,
    lines,
    ...(continued.length > 0 ? { continued } : {}),
    ...(at < text.length ? { next_offset: at } : {}),
  };
}

/** Up to the end of the line, or as much of it as still fits when it is escaped. */
function pieceAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  const line = text.slice(start, Math.min(end < 0 ? text.length : end, start + LINE));
  if (safeText(line).length <= LINE) return line;
  let piece = '';
  let length = 0;
  for (const character of line) {
    length += safeText(character).length;
    if (length > LINE) break;
    piece += character;
  }
  return piece;
}
