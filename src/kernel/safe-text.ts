/** Printable ASCII without the backslash and without a fence of Markdown: most text, and nothing to do. */
const ALREADY_SAFE = /^(?!.*```)[\x20-\x5b\x5d-\x7e]*$/;

/**
 * Text that a person reads while deciding. Attackers: whoever can set a name, tag, description, template text or reason, and wants
 * it to move the cursor, hide, reorder or imitate our own words. Only printable ASCII gets through; everything else, the backslash
 * included, is written out as `\u{hex}`, so that two different texts never look the same. Deny-lists don't do: U+2800, U+00A0,
 * U+3000 and homoglyphs pass every Unicode property filter. Three backticks or more are written out too: a chat client is shown safe text
 * in a code block (see approvals/render/chat-text.ts), and nothing inside may end it.
 */
export function safeText(text: string): string {
  if (ALREADY_SAFE.test(text)) return text;
  let safe = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    safe += code >= 0x20 && code <= 0x7e && code !== 0x5c ? character : `\\u{${code.toString(16)}}`;
  }
  return safe.replace(/`{3,}/g, (fence) => '\\u{60}'.repeat(fence.length));
}

/**
 * Text from outside on its way into a plan, an error or a log entry: bounded there, as it is, and escaped once, where a person or a
 * model reads it. What is left out is said.
 */
export function bounded(text: string, limit: number, digest: (text: string) => string): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)} [${text.length - limit} more characters; sha256 ${digest(text).slice(0, 16)}]`;
}

/**
 * Safe text of at most `limit` characters. What is left out is said, with its length and the hash of the whole: a name that goes on
 * for 100 kB mustn't push decisive facts off the screen, and mustn't be shortened silently either.
 * @param digest the SHA-256 hex of the whole text's UTF-8 bytes
 */
export function boundedText(text: string, limit: number, digest: (text: string) => string): string {
  return cut(safeText(text), limit, () => digest(text));
}

function cut(safe: string, limit: number, digest: () => string): string {
  if (safe.length <= limit) return safe;
  return `${safe.slice(0, limit)} [${safe.length - limit} more characters; sha256 ${digest().slice(0, 16)}]`;
}

/**
 * Safe text in quotation marks, for what others wrote: quotation marks inside are escaped, so a quotation can't be ended early. Before it
 * is bounded: a name of nothing else would grow sixfold, and push away what stands below.
 */
export function quotedText(text: string, limit: number, digest: (text: string) => string): string {
  return `"${cut(safeText(text).replaceAll('"', '\\u{22}'), limit, () => digest(text))}"`;
}

/** A name as it is; in quotation marks where it holds spaces, which could hide at its end or set off a second "fact". */
export function quotedName(name: string, limit: number, digest: (text: string) => string): string {
  return /^[\x21-\x7e]+$/.test(name) ? boundedText(name, limit, digest) : quotedText(name, limit, digest);
}
