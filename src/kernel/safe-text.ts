/** Printable ASCII without the backslash and without a fence of Markdown: most text, and nothing to do. */
const ALREADY_SAFE = /^(?!.*```)[\x20-\x5b\x5d-\x7e]*$/;

/**
 * Text that a person reads while deciding. Attackers: anyone who can set a name, tag, description or reason, and wants
 * it to move the cursor, hide, reorder or imitate our own words. Only printable ASCII gets through; everything else,
 * the backslash included, is written out as `\u{hex}`, so that two different texts never look the same. Deny-lists
 * don't do: U+2800, U+00A0, U+3000 and homoglyphs pass every Unicode property filter. Three backticks or more are
 * written out too: a chat client is shown safe text in a code block (see approvals/render/chat-text.ts), and nothing
 * inside may end it.
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
 * Text from outside on its way into a plan, an error or a log entry: bounded there, as it is, and escaped once, where a
 * person or a model reads it. What is left out is said.
 */
export function bounded(text: string, limit: number, digest: (text: string) => string): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)} [${text.length - limit} more characters; sha256 ${digest(text).slice(0, 16)}]`;
}

/**
 * Safe text of at most `limit` characters. What is left out is said, with its length and the hash of the whole: a name
 * that goes on for 100 kB mustn't push decisive facts off the screen, and mustn't be shortened silently either.
 * @param digest the SHA-256 hex of the whole text's UTF-8 bytes
 */
export function boundedText(text: string, limit: number, digest: (text: string) => string): string {
  return cut(safeText(text), limit, () => digest(text));
}

function cut(safe: string, limit: number, digest: () => string): string {
  if (safe.length <= limit) return safe;
  // Half an escape would say something else.
  const shown = safe.slice(0, limit).replace(/\\[^}]*$/, '');
  return `${shown} ${rest(safe.length - shown.length, digest())}`;
}

function rest(left: number, digest: string): string {
  return `[${left} more characters; sha256 ${digest.slice(0, 16)}]`;
}

/**
 * Safe text in quotation marks, for what others wrote: quotation marks inside are escaped, so a quotation can't be
 * ended early. Before it is bounded: a name of nothing else would grow sixfold, and push away what is below.
 */
export function quotedText(text: string, limit: number, digest: (text: string) => string): string {
  return `"${cut(unquotable(text), limit, () => digest(text))}"`;
}

function unquotable(text: string): string {
  return safeText(text).replaceAll('"', '\\u{22}');
}

/**
 * A name as it is; in quotation marks where it holds spaces, which could hide at its end or set off a second "fact". Of
 * one that is longer than `limit`, both ends: ids and ARNs begin alike, and are told apart by how they end. What is
 * left out is said, as elsewhere.
 */
export function quotedName(name: string, limit: number, digest: (text: string) => string): string {
  const whole = writtenName(name);
  const shown = shortName(name, limit);
  return shown === whole ? whole : `${shown} ${rest(whole.length - shown.length + DOTS.length, digest(name))}`;
}

/**
 * The same in at most `room` characters (10 or more), where there is none to say what is left out. Two names may come
 * out alike: who shows several tells them apart, or shows the whole beside them.
 */
export function shortName(name: string, room: number): string {
  const whole = writtenName(name);
  if (whole.length <= room) return whole;
  const [quote, write] = isPlain(name) ? ['', safeText] : ['"', unquotable];
  const free = Math.max(0, room - DOTS.length - 2 * quote.length);
  // What is beyond these has no room, for nothing is written shorter than it is.
  const head = fitting(piecesOf(name.slice(0, free + 1), write), Math.floor(free * 0.3));
  const tail = fitting(piecesOf(name.slice(-free - 1), write).toReversed(), free - head.join('').length).toReversed();
  return `${quote}${head.join('')}${DOTS}${tail.join('')}${quote}`;
}

const DOTS = '...';
/** Made when the first long name is cut: Node takes longer to make it than to load the rest of the kernel. */
let characters: Intl.Segmenter | undefined;

function charactersOf(text: string): readonly string[] {
  characters ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return [...characters.segment(text)].map(({ segment }) => segment);
}

function isPlain(name: string): boolean {
  return /^[\x21-\x7e]+$/.test(name);
}

function writtenName(name: string): string {
  return isPlain(name) ? safeText(name) : `"${unquotable(name)}"`;
}

/** What is shown whole or not at all: what a person takes for one character, and what one is written out as. */
function piecesOf(text: string, write: (text: string) => string): readonly string[] {
  return text
    .split(/(`{3,})/)
    .flatMap((part, at) => (at % 2 === 1 ? Array<string>(part.length).fill('\\u{60}') : charactersOf(part).map(write)));
}

/** As many of the first pieces as have room. */
function fitting(pieces: readonly string[], room: number): readonly string[] {
  let left = room;
  const end = pieces.findIndex((piece) => {
    left -= piece.length;
    return left < 0;
  });
  return end === -1 ? pieces : pieces.slice(0, end);
}
