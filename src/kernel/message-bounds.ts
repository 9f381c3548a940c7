/** A message may have so many bytes, whichever door it comes in by: four times what the longest call needs. */
export const LONGEST_MESSAGE = 4 * 1024 * 1024;
/**
 * … and so many members and items in all, containers among them, so that it isn't nested deeper either: more than the
 * arguments of any tool may have.
 */
export const MOST_VALUES = 25_000;

const [TEXT, ESCAPE, COMMA] = [0x22, 0x5c, 0x2c];
const [OBJECT, LIST] = [0x7b, 0x5b];

/**
 * How many members and items a message has, from its characters alone: to be asked before it is parsed. The attacker
 * sends four megabytes of short names, which take a parser, and all who walk what it makes of them, a hundred times as
 * long as one long text. What is no JSON is counted as far as a parser reads it, or further.
 * @returns at most one more than a message may have
 */
export function valuesIn(text: string): number {
  let values = 1;
  let quoted = false;
  for (let at = 0; at < text.length && values <= MOST_VALUES; at++) {
    const code = text.charCodeAt(at);
    if (code === TEXT) quoted = !quoted;
    else if (quoted) at += code === ESCAPE ? 1 : 0;
    else if (code === COMMA || code === OBJECT || code === LIST) values += 1;
  }
  return values;
}

/** What is wrong with a message that has too many. */
export const TOO_MANY_VALUES = `the message has more than ${MOST_VALUES} members and items and was not read; send less at once`;
