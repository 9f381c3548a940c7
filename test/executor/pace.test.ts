import { expect, test } from 'vitest';
import { restAfter } from '../../src/executor/pace.ts';

test('what was looked at in no time is looked at again at once: it may be what a person has just approved', () => {
  expect(restAfter(0, 16, 0.2)).toBeLessThan(5);
});

test('where looking takes long, or others take what there is, they get the time to work', () => {
  expect(restAfter(0, 16, 20)).toBe(200);
  expect(restAfter(0, 16, 4_000)).toBe(250);
});

test('what is freed is claimed together, not one by one', () => {
  for (const [took, room] of [
    [3, 16],
    [0, 0],
  ] as const)
    expect(restAfter(took, room, 0.2)).toBe(50);
});
