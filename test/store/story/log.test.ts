import { describe, expect, it } from 'vitest';
import { leafHash, peaksOf, rootOf } from '../../../src/audit/merkle.ts';
import { continueLog, type LogEnd } from '../../../src/store/story/log.ts';
import { code, iso, NOW } from './rows.ts';

const EMPTY: LogEnd = { size: 0, frontier: Buffer.alloc(0), statements: 0, newest: null, at: null };
const event = (detail = {}) => ({ type: 'call.completed', actor: 'agent:claude', detail }) as const;

/** The end of the log after these entries. */
function grown(end: LogEnd, details: readonly object[], clock = NOW): LogEnd {
  const log = continueLog(end, clock, 'opens');
  for (const detail of details) log.append(event(detail));
  const { size, frontier, statements } = log.end()!;
  return { size, frontier, statements, newest: size, at: log.at };
}

describe('the log goes on', () => {
  it('with the next number, and a tree of the leaves', () => {
    const log = continueLog(EMPTY, NOW, 'opens');
    const entries = [log.append(event()), log.append(event())];
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(entries.every(({ text, leaf }) => Buffer.compare(leafHash(text), leaf) === 0)).toBe(true);
    const end = log.end()!;
    expect(end).toMatchObject({ size: 2, statements: 0, news: 0 });
    expect(rootOf({ size: 2, peaks: peaksOf(end.frontier) })).toHaveLength(32);
  });

  it('the same in one transaction or in two', () => {
    expect(grown(grown(EMPTY, [{}]), [{}, {}]).frontier).toEqual(grown(EMPTY, [{}, {}, {}]).frontier);
  });

  it('and counts statements, and as news what is numbered', () => {
    const log = continueLog({ ...grown(EMPTY, [{}]), statements: 4 }, NOW, 'opens');
    for (const detail of [{}, { ticket_seq: 1 }, { statement_seq: 5 }]) log.append(event(detail));
    expect(log.end()).toMatchObject({ statements: 5, news: 2 });
  });

  it('with nothing to store where nothing was appended', () => {
    expect(continueLog(EMPTY, NOW, 'opens').end()).toBeUndefined();
  });
});

describe('the clock', () => {
  const end = grown(EMPTY, [{}]);

  it('may be a little behind the newest entry, and time still does not go back', () => {
    expect(continueLog(end, NOW - 2000, 'opens').at).toBe(iso(NOW));
    expect(continueLog(end, NOW + 1, 'opens').at).toBe(iso(NOW + 1));
  });

  it('that went back lets nothing be opened, and what stops be written with what the clock said', () => {
    expect(() => continueLog(end, NOW - 2001, 'opens')).toThrow(code('clock_went_back'));
    const log = continueLog(end, NOW - 2001, 'stops');
    expect(log.at).toBe(iso(NOW));
    expect(JSON.parse(log.append(event()).text)).toMatchObject({ at: iso(NOW), detail: { clock: iso(NOW - 2001) } });
  });
});

it.each<[string, LogEnd | undefined]>([
  ['that is missing', undefined],
  ['whose newest entry is not the last of the tree', { ...EMPTY, newest: 1, at: iso(NOW) }],
  ['whose tree has lost a peak', { ...grown(EMPTY, [{}]), frontier: Buffer.alloc(0) }],
  ['whose newest entry has no time', { ...grown(EMPTY, [{}]), at: 'yesterday' }],
])('a log %s is not continued', (_, end) => {
  expect(() => continueLog(end, NOW, 'stops')).toThrow(code('tampered'));
});
