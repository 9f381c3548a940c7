/** Far more than anything that is written here; less than what any reader can take. */
const DEEPEST = 200;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses a JSON text from the database. The attacker writes there what can be read, and ends the process that walks
 * through it or writes it again.
 * @throws SyntaxError where it isn't JSON, or is nested deeper than anything that is written here
 */
export function parseStored(text: string): unknown {
  if (nesting(text) > DEEPEST) throw new SyntaxError('nested too deeply');
  return JSON.parse(text);
}

function nesting(text: string): number {
  let [depth, deepest] = [0, 0];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) quoted = !quoted;
    else if (quoted) at += code === BACKSLASH ? 1 : 0;
    // [ and {, then ] and }
    else if ((code | 0x20) === 0x7b) deepest = Math.max(deepest, ++depth);
    else if ((code | 0x20) === 0x7d) depth--;
  }
  return deepest;
}
