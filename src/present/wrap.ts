/**
 * How far before the edge a line may end for the sake of a better break: more would let text from outside stretch over
 * the screen.
 */
const RAGGED = 16;
const SET_IN = 4;

/**
 * Breaks after a space, slash, colon or comma near the edge, otherwise anywhere. `text` is printable ASCII; none of it
 * is lost.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  const room = Math.max(1, width);
  let rest = text;
  while (rest.length > room) {
    const line = rest.slice(0, room);
    const better = line.search(/[ /:,][^ /:,]*$/) + 1;
    const end = better > Math.max(0, room - RAGGED) ? better : room;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...lines, rest];
}

/**
 * A line whose further lines are set in. A terminal would wrap it at the edge, and text from outside that is long
 * enough would begin where our own lines do, as one of them.
 */
export function hanging(text: string, width: number): readonly string[] {
  const [first = '', ...further] = wrap(text, width - SET_IN);
  return [first, ...further.map((line) => ' '.repeat(SET_IN) + line)];
}
