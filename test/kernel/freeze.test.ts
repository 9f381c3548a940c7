import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type FreezeRule, freezeAt, NO_FREEZE } from '../../src/kernel/freeze.ts';

function rule(from: string, until: string, more: Partial<FreezeRule> = {}): FreezeRule {
  return { name: 'one', reason: 'Because of a test.', time_zone: 'Europe/Zurich', from, until, ...more };
}

const frozen = (one: FreezeRule, at: string) => freezeAt([one], 'production', at).active;

/** In Zurich clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 back to 02:00 on 25 October. */
describe('one stretch, by the wall clock of its zone', () => {
  it.each([
    // Winter and summer time.
    ['2026-01-10T08:00', '2026-01-10T09:00', '2026-01-10T07:00:00Z', '2026-01-10T08:00:00Z'],
    ['2026-07-10T08:00', '2026-07-10T09:00', '2026-07-10T06:00:00Z', '2026-07-10T07:00:00Z'],
    // Over the jump: an hour shorter, an hour longer.
    ['2026-03-28T12:00', '2026-03-29T12:00', '2026-03-28T11:00:00Z', '2026-03-29T10:00:00Z'],
    ['2026-10-24T12:00', '2026-10-25T12:00', '2026-10-24T10:00:00Z', '2026-10-25T11:00:00Z'],
    // 02:30 is jumped over in spring: the jump counts, for the beginning and for the end.
    ['2026-03-29T02:30', '2026-03-29T12:00', '2026-03-29T01:00:00Z', '2026-03-29T10:00:00Z'],
    ['2026-03-28T12:00', '2026-03-29T02:30', '2026-03-28T11:00:00Z', '2026-03-29T01:00:00Z'],
    // 02:30 comes twice in autumn: from the first, until the second.
    ['2026-10-25T02:30', '2026-10-25T12:00', '2026-10-25T00:30:00Z', '2026-10-25T11:00:00Z'],
    ['2026-10-24T12:00', '2026-10-25T02:30', '2026-10-24T10:00:00Z', '2026-10-25T01:30:00Z'],
  ])('%s to %s is %s to %s', (from, until, begins, ends) => {
    const one = rule(from, until);
    const [begin, end] = [Date.parse(begins), Date.parse(ends)];
    const at = (ms: number) => frozen(one, new Date(ms).toISOString());
    expect([at(begin - 1), at(begin), at(end - 1), at(end)]).toEqual([false, true, true, false]);
    expect(freezeAt([one], 'production', begins).until).toBe(new Date(end).toISOString());
  });

  it.each([
    ['America/New_York', '2026-07-04T04:00:00Z'],
    ['Asia/Kolkata', '2026-07-03T18:30:00Z'],
    ['Australia/Lord_Howe', '2026-07-03T13:30:00Z'],
    ['Pacific/Kiritimati', '2026-07-03T10:00:00Z'],
    ['UTC', '2026-07-04T00:00:00Z'],
  ])('in %s', (time_zone, begins) => {
    const one = rule('2026-07-04T00:00', '2026-07-05T00:00', { time_zone });
    expect(frozen(one, new Date(Date.parse(begins) - 1).toISOString())).toBe(false);
    expect(frozen(one, begins)).toBe(true);
  });
});

describe('days of the week', () => {
  const nights = rule('20:00', '07:00', { days: ['monday', 'friday'] });
  it.each([
    ['2026-06-01T17:59:00Z', false], // Monday 19:59
    ['2026-06-01T18:00:00Z', true],
    ['2026-06-02T04:59:00Z', true], // Tuesday 06:59
    ['2026-06-02T05:00:00Z', false],
    ['2026-06-02T18:00:00Z', false], // Tuesday evening is none of them
    ['2026-06-05T18:00:00Z', true], // Friday
    ['2026-06-06T04:59:00Z', true], // into Saturday
    ['2026-06-06T18:00:00Z', false],
  ])('%s: %s', (at, active) => expect(frozen(nights, at)).toBe(active));

  it('that follow each other are one freeze, and its end is told', () => {
    const weekend = rule('00:00', '24:00', { days: ['saturday', 'sunday'] });
    const { until, until_local } = freezeAt([weekend], 'production', '2026-06-06T10:00:00Z');
    expect([until, until_local]).toEqual(['2026-06-07T22:00:00.000Z', '2026-06-08 00:00 (Europe/Zurich)']);
    // Friday evening to Monday morning in one rule.
    const long = rule('18:00', '18:00', { days: ['friday', 'saturday', 'sunday'] });
    expect(freezeAt([long], 'production', '2026-06-05T16:00:00Z').until).toBe('2026-06-08T16:00:00.000Z');
    // For ever: an end is told, though there is none.
    const always = rule('00:00', '24:00', {
      days: ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
    });
    expect(freezeAt([always], 'production', '2026-06-05T16:00:00Z').active).toBe(true);
  });

  it('that the clocks change in are whole', () => {
    const sunday = rule('00:00', '24:00', { days: ['sunday'] });
    for (const [at, active] of [
      ['2026-03-28T22:59:00Z', false],
      ['2026-03-28T23:00:00Z', true],
      ['2026-03-29T21:59:00Z', true],
      ['2026-03-29T22:00:00Z', false],
      ['2026-10-24T21:59:00Z', false],
      ['2026-10-24T22:00:00Z', true],
      ['2026-10-25T22:59:00Z', true],
      ['2026-10-25T23:00:00Z', false],
    ] as const)
      expect([at, frozen(sunday, at)]).toEqual([at, active]);
  });
});

test('environments that a freeze does not name go on', () => {
  const one = rule('2026-01-01T00:00', '2027-01-01T00:00', { environments: ['production', 'staging'] });
  expect(freezeAt([one], 'development', '2026-06-01T00:00:00Z')).toEqual(NO_FREEZE);
  expect(freezeAt([one], 'staging', '2026-06-01T00:00:00Z').active).toBe(true);
});

test('of several that hold, all are named, and the last end counts', () => {
  const rules = [
    rule('2026-06-01T00:00', '2026-06-02T00:00', { name: 'first', reason: 'A.' }),
    rule('2026-06-01T00:00', '2026-06-03T00:00', { name: 'second', reason: 'B.', time_zone: 'UTC' }),
    rule('2026-06-03T00:00', '2026-06-04T00:00', { name: 'later', time_zone: 'UTC' }),
  ];
  expect(freezeAt(rules, 'production', '2026-06-01T12:00:00Z')).toEqual({
    active: true,
    names: ['first', 'second'],
    reason: 'A.; B.',
    until: '2026-06-04T00:00:00.000Z',
    until_local: '2026-06-04 02:00 (Europe/Zurich)',
  });
});

test('a stretch is whole, wherever the clocks jump: once over, it does not begin again', () => {
  const zones = ['Europe/Zurich', 'America/New_York', 'Australia/Lord_Howe', 'America/Havana', 'Asia/Beirut', 'UTC'];
  const minute = fc.integer({ min: 0, max: 365 * 24 * 60 - 1 });
  const year = Date.parse('2026-01-01T00:00:00Z');
  const text = (minutes: number) => new Date(year + minutes * 60_000).toISOString().slice(0, 16);
  fc.assert(
    fc.property(minute, fc.integer({ min: 1, max: 4000 }), fc.constantFrom(...zones), (from, length, time_zone) => {
      const one = rule(text(from), text(from + length), { time_zone });
      let changes = 0;
      let before = false;
      for (let at = from - 20 * 60; at <= from + length + 20 * 60; at += 10) {
        const now = frozen(one, new Date(year + at * 60_000).toISOString());
        if (now !== before) changes += 1;
        before = now;
      }
      // A stretch of less than the ten minutes between two looks may fall between them.
      expect([changes === 2 || (changes === 0 && length < 10) || (changes === 0 && length <= 61), before]).toEqual([
        true,
        false,
      ]);
    }),
    { numRuns: 60 },
  );
});
