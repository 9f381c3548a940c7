import { describe, expect, it, test } from 'vitest';
import { NOTICE_KINDS } from '../../../src/kernel/notice.ts';
import { isNewLook, LOOKS, priorRead } from '../../../src/store/story/looking.ts';
import { noted } from '../../../src/store/story/noting.ts';
import { ordinary } from '../../../src/store/story/ordinary.ts';
import { isDue, noticeId, recipientsOf, tellsOf } from '../../../src/store/story/outbox.ts';
import { kindOf, stated, statementsIn } from '../../../src/store/story/stating.ts';
import { person, signed } from '../../scenes/openings.ts';
import { CLAIM, claimed, code, entryOf, MINUTE, NOW, passed, rowOf, rowsOf } from './rows.ts';

const halt = { signed: signed(person('ann'), { kind: 'halt', reason: 'a drill' }), expected: 0 };
const stating = { ...halt, event: { type: 'halt.set', actor: 'approver:ann', detail: {} } } as const;

describe('a notice', () => {
  it('reaches each recipient once, whichever of its kinds this is', () => {
    expect(recipientsOf(['pending', 'ended'], (kind) => (kind === 'pending' ? ['a', 'b'] : ['b']))).toEqual(['a', 'b']);
    expect(tellsOf('recover')).toEqual(NOTICE_KINDS);
    expect(tellsOf('halt')).toEqual(['people']);
    expect(tellsOf('request')).toEqual([]);
  });

  it('has the same id however often it is written, and another for each log, entry and recipient', () => {
    const ids = [noticeId('l', 1, 'a'), noticeId('m', 1, 'a'), noticeId('l', 2, 'a'), noticeId('l', 1, 'b')];
    expect(new Set(ids).size).toBe(4);
    expect(noticeId('l', 1, 'a')).toBe(ids[0]);
  });

  it('is taken when it is due and nobody has it', () => {
    expect(isDue({ due_at: NOW, claim_until: null }, NOW)).toBe(true);
    expect(isDue({ due_at: NOW + 1, claim_until: null }, NOW)).toBe(false);
    expect(isDue({ due_at: NOW, claim_until: NOW + 1 }, NOW)).toBe(false);
  });
});

describe('what an executor notes', () => {
  const refusal = { code: 'halted', message: 'all is halted', recovery: 'wait' } as const;
  const waiting = { type: 'execution.waiting', refusal } as const;
  const row = claimed(rowOf());
  const approved = passed(row, ['pending', 'approved'], NOW - MINUTE);

  it('is an entry that moves nothing', () => {
    const told = noted(approved, CLAIM, waiting)!;
    expect(told.after).toEqual({ ...approved.row, entries: 3 });
    expect(entryOf(told)).toMatchObject({ event: { type: waiting.type, outcome: 'halted' }, tells: [] });
  });

  it('is written once, and not about a ticket that has nothing to wait for', () => {
    const known = rowsOf({ ...row, state: 'approved' }, [
      { at: NOW, type: 'ticket.approved', detail: {} },
      { at: NOW, type: waiting.type, detail: { refusal } },
    ]);
    expect(noted(known, CLAIM, waiting)).toBeUndefined();
    expect(() => noted(passed(row, ['pending'], NOW), CLAIM, waiting)).toThrow(code('conflict'));
    expect(() => noted(approved, { ...CLAIM, epoch: 4 }, waiting)).toThrow(code('conflict'));
  });
});

test('a look is noted once an hour from each door, of what can still be decided, and only so often', () => {
  const look = { ticket: rowOf().id, door: 'page', claimed: 'ann' } as const;
  const known = [{ door: 'page', claimed: 'ann' }];
  expect(isNewLook({ state: 'pending' }, [], look)).toBe(true);
  expect(isNewLook({ state: 'pending' }, known, look)).toBe(false);
  expect(isNewLook({ state: 'pending' }, known, { ...look, door: 'cli' })).toBe(true);
  expect(isNewLook({ state: 'denied' }, [], look)).toBe(false);
  expect(isNewLook({ state: 'pending' }, Array(LOOKS).fill({ door: 'cli', claimed: null }), look)).toBe(false);
});

test('an entry about a read that was altered is refused', () => {
  const [entry] = rowsOf(rowOf(), [{ at: NOW, type: 'call.completed', detail: {} }]).entries;
  expect(() => priorRead({ ...entry!, text: entry!.text.replace('ann', 'bob') })).toThrow(code('tampered'));
});

test('an event that moves nothing passes for no transition, decision or statement', () => {
  const detail = { ticket_seq: 1, statement_seq: 1, kept: true };
  expect(ordinary({ type: 'call.failed', actor: 'a', detail }).detail).toEqual({ kept: true });
  for (const type of ['ticket.approved', 'decision.recorded', 'halt.set'] as const)
    expect(() => ordinary({ type, actor: 'a', detail: {} })).toThrow(code('internal'));
});

describe('a signed statement', () => {
  it('is numbered after those that it was weighed with, and refused where there are others', () => {
    const { event, tells } = stated(stating, kindOf(stating), 0);
    expect(event.detail).toMatchObject({ ...halt.signed, statement_seq: 1 });
    expect(tells).toEqual(['people']);
    expect(() => stated(stating, 'halt', 1)).toThrow(code('conflict'));
  });

  it('has the event of its kind', () => {
    expect(() => kindOf({ ...stating, event: { ...stating.event, type: 'halt.lifted' } })).toThrow(code('internal'));
  });

  it('is missing nowhere: a gap is refused, never skipped', () => {
    const numbered = (statement_seq: number) => ({
      at: NOW,
      type: 'halt.set' as const,
      detail: { ...halt.signed, statement_seq },
    });
    const { entries } = rowsOf(rowOf(), [numbered(1), numbered(2)]);
    expect(statementsIn(entries, 2)).toHaveLength(2);
    for (const [some, count] of [
      [entries.slice(1), 1],
      [entries.slice(0, 1), 2],
      [[...entries].reverse(), 2],
    ] as const)
      expect(() => statementsIn(some, count)).toThrow(code('tampered'));
  });
});
