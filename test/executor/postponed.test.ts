import { afterEach, expect, test, vi } from 'vitest';
import { postponedOf } from '../../src/executor/postponed.ts';

afterEach(() => void vi.useRealTimers());

test.each([
  ['back', -5],
  ['ahead', 5],
])(
  'where the host sets its clock five hours %s, what is left alone is left alone no longer and no shorter',
  (_, hours) => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const postponed = postponedOf();
    postponed.add('a');
    vi.setSystemTime(Date.now() + hours * 3_600_000);
    expect([postponed.has('a'), postponed.now()]).toEqual([true, ['a']]);
    vi.advanceTimersByTime(249);
    expect(postponed.has('a')).toBe(true);
    vi.advanceTimersByTime(1);
    expect([postponed.has('a'), postponed.now(), postponed.knows('a')]).toEqual([false, [], true]);
    // What came back is remembered a while, so that the next pause is longer.
    postponed.forgetAllBut(new Set(), 1000, new Map());
    postponed.add('a');
    vi.advanceTimersByTime(999);
    expect(postponed.has('a')).toBe(true);
  },
);
