import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hanging, wrap } from '../../src/present/wrap.ts';

const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 300,
});

test('of any text nothing is lost, and no line is longer than its room, however narrow that is', () => {
  fc.assert(
    fc.property(printable, fc.integer({ min: -5, max: 140 }), (text, width) => {
      const lines = wrap(text, width);
      expect(lines.join('')).toBe(text);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(1, width));
    }),
  );
});

test('further lines are set in, whatever stands in the text', () => {
  fc.assert(
    fc.property(printable, fc.integer({ min: 6, max: 140 }), (text, width) => {
      for (const line of hanging(text, width).slice(1)) expect(line.startsWith('    ')).toBe(true);
    }),
  );
});
