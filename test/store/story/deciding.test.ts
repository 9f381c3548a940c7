import { describe, expect, it } from 'vitest';
import type { PlanRecord } from '../../../src/kernel/plan.ts';
import { decided, onlyStops } from '../../../src/store/story/deciding.ts';
import { type Row, type TicketRows, ticketOf } from '../../../src/store/story/row.ts';
import { decision, person } from '../../scenes/openings.ts';
import { code, HOUR, iso, MINUTE, NOW, passed, rowOf, STEP } from './rows.ts';

const ann = person('ann');
const at = iso(NOW);
const pending = passed(rowOf(), ['pending'], NOW - MINUTE);

function saying(
  rows: TicketRows,
  verdict: 'approve' | 'deny' | 'withdraw',
  { to, decisions = 0, ...detail }: { to?: 'approved' | 'denied'; decisions?: number; break_glass?: boolean } = {},
) {
  const ticket = ticketOf(rows);
  return {
    ticket: ticket.id,
    expected: { state: ticket.state, decisions },
    signed: decision(ann, ticket, verdict),
    to,
    actor: 'approver:ann',
    detail,
  };
}

const decide = (rows: TicketRows, ...[verdict, more]: [Parameters<typeof saying>[1], Parameters<typeof saying>[2]?]) =>
  decided(rows, saying(rows, verdict, more), at);

describe('a decision', () => {
  it('is one entry with its signature, and one more with the state that it leads to', () => {
    const { before, after, entries } = decide(pending, 'approve', { to: 'approved' });
    expect(before).toBe(pending.row);
    expect(after).toMatchObject({ state: 'approved', entries: 3 });
    expect(entries.map(({ event: { type, detail } }) => [type, detail.ticket_seq])).toEqual([
      ['decision.recorded', 2],
      ['ticket.approved', 3],
    ]);
    expect(entries[0]?.event.detail).toMatchObject({ signature: expect.any(String), statement: expect.any(String) });
    expect(entries.map(({ tells }) => tells)).toEqual([[], ['decided']]);
  });

  it('that is not enough yet moves nothing', () => {
    const { after, entries } = decide(pending, 'approve');
    expect(after).toMatchObject({ state: 'pending', entries: 2 });
    expect(entries).toHaveLength(1);
  });

  it('that breaks the glass is told to everyone', () => {
    const { entries } = decide(pending, 'approve', { to: 'approved', break_glass: true });
    expect(entries[1]?.tells).toContain('people');
  });

  it('is refused where something else was decided since it was weighed', () => {
    expect(() => decide(pending, 'approve', { decisions: 1 })).toThrow(code('conflict'));
    const approved = passed(pending.row, ['pending', 'approved'], NOW - MINUTE);
    expect(() => decided(approved, saying(pending, 'deny', { to: 'denied' }), at)).toThrow(code('conflict'));
  });

  it('is refused about another plan, and about a ticket that is over its time', () => {
    const other: Row = { ...pending.row, digest: rowOf().digest };
    expect(() => decided({ ...pending, row: other }, saying(pending, 'approve'), at)).toThrow(code('wrong_digest'));
    expect(() => decided(pending, saying(pending, 'approve', { to: 'approved' }), iso(NOW + HOUR))).toThrow(
      code('expired'),
    );
  });

  it('that says no reaches a ticket between its steps, as long as one is left', () => {
    const steps: PlanRecord['steps'] = [STEP, STEP];
    const running = (planned: Partial<PlanRecord>) =>
      passed(rowOf({ planned }), ['approved', 'executing'], NOW - MINUTE);
    expect(decide(running({ steps }), 'deny').after).toMatchObject({ state: 'executing', entries: 3 });
    expect(() => decide(running({ steps }), 'approve')).toThrow(code('conflict'));
    expect(() => decide(running({}), 'deny')).toThrow(code('conflict'));
  });

  it('only stops where it says no or takes back: then no clock keeps it from being written', () => {
    expect(onlyStops(saying(pending, 'deny', { to: 'denied' }))).toBe(true);
    expect(onlyStops(saying(pending, 'withdraw'))).toBe(true);
    expect(onlyStops(saying(pending, 'approve'))).toBe(false);
    expect(onlyStops(saying(pending, 'deny', { to: 'approved' }))).toBe(false);
  });
});
