import { describe, expect, it, test } from 'vitest';
import { RECREATION_MS } from '../../../src/kernel/circumstances.ts';
import { isDestructive } from '../../../src/kernel/effects.ts';
import type { Target } from '../../../src/kernel/target.ts';
import { isTerminal, type TicketState } from '../../../src/kernel/ticket.ts';
import { CLAIMABLE } from '../../../src/store/story/claim.ts';
import {
  askedWindow,
  asksForSame,
  deletionIn,
  denialIn,
  EXPIRING,
  HARMLESS,
  LEAVING,
  orphanedUntil,
  unsettledIn,
} from '../../../src/store/story/windows.ts';
import { HOUR, iso, MINUTE, NOW, passed, rowOf } from './rows.ts';

describe('a denial counts for an hour', () => {
  const refusal = { code: 'denied', message: 'ann said no', recovery: 'ask ann' } as const;
  const deniedAt = (at: number, why: object = refusal, states: TicketState[] = ['pending', 'denied']) =>
    denialIn(passed(rowOf(), states, at, { refusal: { ...why } }), NOW);

  it('from when it was said', () => {
    expect(deniedAt(NOW - HOUR + 1)).toMatchObject({ refusal, at: iso(NOW - HOUR + 1), until: iso(NOW + 1) });
    expect(deniedAt(NOW - HOUR)).toBeUndefined();
  });

  it('between two requests too, where the ticket ended as failed', () => {
    const states: TicketState[] = ['approved', 'executing', 'failed'];
    expect(deniedAt(NOW - MINUTE, refusal, states)).toMatchObject({ refusal });
  });

  it('only where a person said it: the recheck ends tickets as denied too', () => {
    expect(deniedAt(NOW - MINUTE, { ...refusal, code: 'not_permitted' })).toBeUndefined();
    expect(denialIn(passed(rowOf(), ['pending', 'denied'], NOW - MINUTE), NOW)).toBeUndefined();
  });
});

test('the same is asked for with the same targets, in their order, in the same account and region', () => {
  const target = (id: string) => ({ type: 'AWS::EC2::Instance', id, name: id, tags: {} });
  const row = rowOf({ planned: { targets: [target('i-1'), target('i-2')] } });
  const asked = {
    tool: 't',
    account: '123456789012',
    region: 'eu-west-1',
    arguments: {},
    targets: [target('i-1'), target('i-2')],
  };
  expect(asksForSame(row, asked)).toBe(true);
  const [one, two] = asked.targets as [Target, Target];
  for (const targets of [[one], [two, one], [one, { ...two, id: 'i-3', name: 'i-3' }]])
    expect(asksForSame(row, { ...asked, targets })).toBe(false);
  for (const other of [{ account: '2' }, { region: 'eu-west-2' }])
    expect(asksForSame(row, { ...asked, ...other })).toBe(false);
  expect(asksForSame({ plan: '{}' }, asked)).toBe(false);
});

test('what has another id because it is made again is the same by its kind and name; what is only named so is not', () => {
  const stack = (id: string) => ({ type: 'AWS::CloudFormation::Stack', id, name: 'shop', tags: {} });
  const row = rowOf({ planned: { targets: [stack('arn:1')] } });
  const asked = { tool: 't', account: '123456789012', region: 'eu-west-1', arguments: {}, targets: [stack('arn:2')] };
  expect(asksForSame(row, asked)).toBe(true);
  expect(asksForSame(row, { ...asked, targets: [{ ...stack('arn:2'), type: 'AWS::EC2::Instance' }] })).toBe(false);
});

describe('a ticket that deletes a stack', () => {
  const row = rowOf({ made: NOW - 10 * MINUTE });
  const bare = { row, entries: [] };

  it('counts while it waits, until its time is over', () => {
    for (const state of ['pending', 'approved'] as const) {
      expect(deletionIn(bare, state, NOW)).toMatchObject({ ticket: row.id, state, at: iso(NOW - 10 * MINUTE) });
      expect(deletionIn(bare, state, NOW + HOUR)).toBeUndefined();
    }
  });

  it('counts while it may be under way, however long', () => {
    for (const state of ['executing', 'unknown'] as const)
      expect(deletionIn(bare, state, NOW + 100 * HOUR)).toMatchObject({ state });
  });

  it('counts for a day after it is done', () => {
    const done = passed(row, ['approved', 'executing', 'succeeded'], NOW);
    expect(deletionIn(done, 'succeeded', NOW + RECREATION_MS - 1)).toMatchObject({ at: iso(NOW) });
    expect(deletionIn(done, 'succeeded', NOW + RECREATION_MS)).toBeUndefined();
    expect(deletionIn({ ...done, entries: [] }, 'succeeded', NOW)).toBeUndefined();
  });

  it("B10: counts for a day after a person's word settled it, whatever they said", () => {
    const settled = passed(row, ['approved', 'executing', 'unknown', 'resolved'], NOW);
    expect(deletionIn(settled, 'resolved', NOW + RECREATION_MS - 1)).toMatchObject({ state: 'resolved', at: iso(NOW) });
    expect(deletionIn(settled, 'resolved', NOW + RECREATION_MS)).toBeUndefined();
  });
});

test('what is unsettled and about the same is told by its plan; a plan that is none tells nothing', () => {
  const targets = [{ type: 'AWS::EC2::Instance', id: 'i-1', name: 'web', tags: {} }];
  const row = rowOf({ state: 'unknown', planned: { targets } });
  const call = { ...JSON.parse(row.plan!), created_at: iso(NOW) };
  expect(unsettledIn(row, call)).toEqual({
    ticket: row.id,
    agent: 'claude',
    tool: 'ec2_stop_instances',
    state: 'unknown',
    at: iso(NOW),
  });
  expect(unsettledIn({ ...row, state: 'approved' }, call)).toBeUndefined();
  expect(unsettledIn({ ...row, plan: '{}' }, call)).toBeUndefined();
  expect(unsettledIn(row, { ...call, account: '2' })).toBeUndefined();
});

test('the hour of a quota, and the quarter of an hour of a residue', () => {
  expect(askedWindow(NOW)).toEqual({ since: iso(NOW - HOUR), at: iso(NOW) });
  expect(orphanedUntil(NOW)).toBe(NOW - 15 * MINUTE);
});

test('the states that stores look for', () => {
  expect(EXPIRING).toEqual(['planning', 'pending', 'approved']);
  expect(CLAIMABLE.filter(isTerminal)).toEqual([]);
  expect(LEAVING.filter((state) => !isTerminal(state))).toEqual([]);
  expect(LEAVING).not.toContain('succeeded');
  expect(HARMLESS.some(isDestructive)).toBe(false);
});
