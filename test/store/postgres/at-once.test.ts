import { expect, it } from 'vitest';
import { type AtOnce, fitting } from '../../../src/store/postgres/at-once.ts';
import { openedNew, prepareOpening } from '../../../src/store/story/opening.ts';
import { openingOf } from '../../scenes/openings.ts';

it('is sent together as far as the longest plans fit into one text, and what decides nothing stands in front', () => {
  const opening = openingOf(Date.now());
  const told = openedNew(prepareOpening({ ...opening.draft }, opening));
  const waiting = (length: number) => {
    const after = { ...told.after, plan: 'x'.repeat(length) };
    return { atOnce: { told: { ...told, after }, answer: () => undefined } satisfies AtOnce<unknown> };
  };
  const other = { atOnce: undefined };
  const megabytes = (count: number) => waiting(count * 1_048_576);
  expect(fitting([waiting(9), waiting(9), waiting(9)])).toBe(3);
  expect(fitting([waiting(9), other, waiting(9)])).toBe(1);
  expect(fitting([other, waiting(9)])).toBe(0);
  expect(fitting([megabytes(2), megabytes(1), megabytes(2), megabytes(1)])).toBe(2);
  // One by itself goes, however long it is.
  expect(fitting([megabytes(60), waiting(9)])).toBe(1);
});
