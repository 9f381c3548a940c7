import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/kernel/digest.ts';
import { boundedText, quotedName, quotedText, safeText, shortName } from '../../src/kernel/safe-text.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\\', 'u', '{', '}', '0', 'a', '\u001b', '\u202e', '\u2800', '\ud800', '"', 'é') }),
);

test('safe text is printable ASCII only', () => {
  fc.assert(fc.property(anyText, (text) => /^[\x20-\x7e]*$/.test(safeText(text))));
});

test('safe text is injective: it can be read back', () => {
  const read = (safe: string) =>
    safe.replace(/\\u\{([0-9a-f]+)\}/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
  fc.assert(fc.property(anyText, (text) => read(safeText(text)) === text));
});

test('two different texts are never shown the same', () => {
  fc.assert(fc.property(anyText, anyText, (a, b) => a === b || safeText(a) !== safeText(b)));
});

test('what is cut off is said, with how much and which', () => {
  const long = 'x'.repeat(100_000);
  expect(boundedText(long, 50, sha256)).toBe(
    `${'x'.repeat(50)} [99950 more characters; sha256 ${sha256(long).slice(0, 16)}]`,
  );
  expect(boundedText('short', 50, sha256)).toBe('short');
});

test('D29: of a long name both ends are shown, and what is left out is said', () => {
  const arn = `arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/${'shop'.repeat(30)}/0123456789abcdef/web-rule`;
  const shown = quotedName(arn, 80, sha256);
  const [head = '', tail = ''] = shown.replace(/ \[.*/, '').split('...');
  expect(arn.startsWith(head) && arn.endsWith(tail)).toBe(true);
  expect(tail).toMatch(/\/0123456789abcdef\/web-rule$/);
  expect(shown).toContain(
    ` [${arn.length - head.length - tail.length} more characters; sha256 ${sha256(arn).slice(0, 16)}]`,
  );
  // What would close a quotation is written out before anything is cut.
  expect(quotedName(`${'a b"'.repeat(30)} end`, 30, sha256)).toMatch(/^"a b\.\.\.[^"]*b\\u\{22\} end" \[/);
});

const cluster = fc.constantFrom(
  'a',
  '-',
  ' ',
  '"',
  '`',
  '```',
  '\\',
  '\u202e',
  '\u{1f469}\u200d\u{1f680}',
  'e\u0301',
  '\ud83d',
  '.',
);

test('D29: a short name has room, is safe, and cuts neither an escape nor what people take for one character', () => {
  const name = fc.string({ unit: cluster, minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(name, fc.integer({ min: 10, max: 60 }), (text, room) => {
      const short = shortName(text, room);
      // One without a space is in no quotation marks, whatever it holds.
      const inner = /^[\x21-\x7e]+$/.test(text) ? short : short.slice(1, -1);
      return (
        short.length <= room &&
        /^[\x20-\x7e]+$/.test(short) &&
        !short.includes('```') &&
        (inner === short || !inner.includes('"')) &&
        !/\\(?!u\{[0-9a-f]+\})/.test(inner) &&
        // A mark never begins the end, without the letter that it belongs to; nor is an astronaut half of one.
        !/\.\.\.\\u\{(301|200d)\}|\\u\{200d\}\.\.\./.test(inner)
      );
    }),
  );
});

test('D29: half an escape is never shown of a text that is cut', () => {
  const text = fc.string({ unit: cluster, minLength: 30, maxLength: 80 });
  fc.assert(
    fc.property(text, fc.integer({ min: 8, max: 60 }), (one, limit) =>
      [boundedText, quotedText, quotedName].every((show) => !/\\(?!u\{[0-9a-f]+\})/.test(show(one, limit, sha256))),
    ),
  );
});

test('a quotation can not be ended early', () => {
  fc.assert(fc.property(anyText, (text) => !quotedText(text, 1_000_000, sha256).slice(1, -1).includes('"')));
});

test('a quotation is no longer than its limit, whatever is in it, and what it says of the rest', () => {
  expect(quotedText('" '.repeat(1000), 100, sha256).length).toBeLessThan(170);
});

test('nothing ends a block of code in a chat', () => {
  const backticks = fc.string({ unit: fc.constantFrom('`', '`', '~', ' ', '\n', 'a') });
  fc.assert(fc.property(backticks, (text) => !safeText(text).includes('```')));
});

test.each([
  ['a fence', '```', '\\u{60}\\u{60}\\u{60}'],
  ['code, which is no fence,', '`a` ``b``', '`a` ``b``'],
  ['an escape sequence', '\u001b[2J', '\\u{1b}[2J'],
  ['C1 CSI', '\u009b31m', '\\u{9b}31m'],
  ['right-to-left override', 'a\u202eb', 'a\\u{202e}b'],
  ['a Braille blank', '\u2800', '\\u{2800}'],
  ['a Cyrillic look-alike', 'pr\u043ed', 'pr\\u{43e}d'],
  ['a tag character', '\u{e0041}', '\\u{e0041}'],
  ['our own escape, typed out', '\\u{1b}', '\\u{5c}u{1b}'],
  ['a new line', 'a\nb', 'a\\u{a}b'],
])('%s is written out', (_, text, shown) => {
  expect(safeText(text)).toBe(shown);
});
