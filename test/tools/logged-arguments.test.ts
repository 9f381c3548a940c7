import { expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';

/*
 * Of an argument that its tool doesn't name, the log keeps only that it was given: whoever reads it finds no call
 * again.
 */

test.each(TOOLS.map((tool) => ({ tool, name: tool.name })))(
  '$name says what the log keeps of each argument',
  ({ tool }) => {
    expect(Object.keys(tool.log ?? {}).sort()).toEqual(Object.keys(tool.input.shape).sort());
  },
);
