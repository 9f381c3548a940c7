import { expect, test } from 'vitest';
import { type Intended, mayArriveUntil } from '../../src/kernel/arrival.ts';

const intended_at = '2026-11-22T12:00:00.000Z';
const session = { ends_at: '2026-11-22T12:14:30.000Z' };

test.each<[string, Intended | undefined, string | undefined]>([
  ['a signature is good for a quarter of an hour, and clocks differ', { intended_at }, '2026-11-22T12:20:00.000Z'],
  ['a whole minute', { intended_at: '2026-11-22T12:00:00.001Z' }, '2026-11-22T12:21:00.000Z'],
  [
    'it was signed after its intent was made',
    { intended_at, signed_at: '2026-11-22T12:03:00.000Z' },
    '2026-11-22T12:23:00.000Z',
  ],
  [
    'by a clock that is an hour ahead: AWS takes it until that hour is over',
    { intended_at, signed_at: '2026-11-22T13:00:00.000Z' },
    '2026-11-22T13:20:00.000Z',
  ],
  [
    'by a clock that is behind: never earlier',
    { intended_at, signed_at: '2026-11-22T11:00:00.000Z' },
    '2026-11-22T12:20:00.000Z',
  ],
  ['in a session it is over with that', { intended_at, session }, '2026-11-22T12:20:00.000Z'],
  [
    'in a session that lives on',
    { intended_at, signed_at: intended_at, session: { ends_at: '2026-11-22T13:00:00.000Z' } },
    '2026-11-22T13:05:00.000Z',
  ],
  ['nothing is known of it', undefined, undefined],
  ['what is no time', { intended_at: 'soon' }, undefined],
  ['a signature without a time', { intended_at, signed_at: 'soon' }, undefined],
  ['a session without an end', { intended_at, session: { ends_at: '' } }, undefined],
])('%s', (_, intent, until) => {
  expect(mayArriveUntil(intent)).toBe(until);
});
