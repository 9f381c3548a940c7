import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toToolResult } from '../../src/server/answers.ts';
import { rangeOf, type TextRange } from '../../tools/text-range.ts';

function rangesOf(text: string): readonly TextRange[] {
  const ranges = [rangeOf(text, 0)];
  for (let next = ranges[0]?.next_offset; next !== undefined; next = ranges.at(-1)?.next_offset)
    ranges.push(rangeOf(text, next));
  return ranges;
}

test('all parts together are the text, and each of them fits an answer as it is', () => {
  const pieces = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('\n', '\n\n', '"', '\\', 'x'.repeat(5_000), '\u00e4'.repeat(3_000), '\ud83d\ude00'.repeat(400)),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      const ranges = rangesOf(text);
      const rebuilt = ranges.map(({ lines, continued = [], offset, next_offset }) => {
        const joined = lines.map((line, at) => (at > 0 && !continued.includes(at) ? `\n${line}` : line)).join('');
        const part = text.slice(offset, next_offset ?? text.length);
        // The last line's own end stands nowhere.
        expect(part === joined || part === `${joined}\n`).toBe(true);
        return part;
      });
      expect(rebuilt.join('') === text).toBe(true);
      for (const range of ranges) {
        const { structuredContent } = toToolResult({ data: JSON.parse(JSON.stringify(range)), isError: false });
        expect(/more characters; sha256|"refusal"/.test(JSON.stringify(structuredContent))).toBe(false);
      }
    }),
    { numRuns: 15 },
  );
});

test('an offset behind the end is refused', () => {
  expect(rangeOf('ab', 2).lines).toEqual([]);
  expect(() => rangeOf('ab', 3)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});
