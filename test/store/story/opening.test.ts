import { describe, expect, it, test } from 'vitest';
import { MovedOn } from '../../../src/kernel/errors.ts';
import type { Opening } from '../../../src/store/opening.ts';
import {
  opened,
  overtaken,
  planningStarted,
  prepareOpening,
  stillWaits,
  superseded,
} from '../../../src/store/story/opening.ts';
import type { Row } from '../../../src/store/story/row.ts';
import { draftOf, newId, openingOf } from '../../scenes/openings.ts';
import { code, entryOf, HOUR, iso, NOW, rowOf } from './rows.ts';

const at = iso(NOW);
const caller = { agent: 'claude', operator: 'ann', session: 's1' };
const NO_NEWS = { news: 0, now: undefined };
const prepared = (opening: Opening) => prepareOpening(caller, opening);

describe('an opening', () => {
  it('is a new row with its plan, and its first entry', () => {
    const opening = openingOf(NOW);
    const told = opened(undefined, prepared(opening), NO_NEWS, at);
    expect(told.before).toBeUndefined();
    expect(told.call).toBe(opening.call);
    expect(told.after).toMatchObject({ id: opening.id, state: 'pending', digest: opening.plan.digest, entries: 1 });
    const { event, tells } = entryOf(told);
    expect(event).toMatchObject({
      type: 'ticket.pending',
      session: 's1',
      detail: { ...opening.detail, ticket_seq: 1 },
    });
    expect(tells).toEqual(['pending']);
  });

  it('that policy allowed at once is told to nobody', () => {
    expect(entryOf(opened(undefined, prepared(openingOf(NOW, { state: 'approved' })), NO_NEWS, at)).tells).toEqual([]);
  });

  it('is refused for another agent, and for a plan that is not its own', () => {
    const opening = openingOf(NOW);
    expect(() => prepareOpening({ ...caller, agent: 'other' }, opening)).toThrow(code('internal'));
    expect(() => prepareOpening({ ...caller, operator: 'other' }, opening)).toThrow(code('internal'));
    expect(() => prepared({ ...opening, id: newId() })).toThrow(code('internal'));
  });

  it('is weighed against what is so now, and not at all where that was not read', () => {
    const opening = prepared({ ...openingOf(NOW), grounds: { ...openingOf(NOW).grounds, news: 1 } });
    const now = {
      asked: { destructive_last_hour: 0, pending: 0 },
      unsettled: [],
      denial: undefined,
      deletion: undefined,
    };
    expect(opened(undefined, opening, { news: 2, now }, at).after.state).toBe('pending');
    const more = { ...now, asked: { destructive_last_hour: 0, pending: 1 } };
    expect(() => opened(undefined, opening, { news: 2, now: more }, at)).toThrow(MovedOn);
    expect(() => opened(undefined, opening, { news: 2, now: undefined }, at)).toThrow(code('internal'));
  });
});

describe('a ticket that was planned while its agent waited', () => {
  const opening = openingOf(NOW, { draft: { expires_at: iso(NOW + 2 * HOUR) } });
  const planning = (draft = draftOf(NOW)): Row => planningStarted(undefined, caller, opening.id, draft).after;

  it('begins without a plan', () => {
    const told = planningStarted(undefined, caller, opening.id, draftOf(NOW));
    expect(told.after).toMatchObject({ state: 'planning', plan: null, digest: null, entries: 1 });
    expect(told.call).toBeUndefined();
    expect(entryOf(told).event.type).toBe('ticket.planning');
    expect(() => planningStarted(told.after, caller, opening.id, draftOf(NOW))).toThrow(code('conflict'));
  });

  it('gets plan, digest and the time that its environment gives it', () => {
    const { before, after } = opened(planning(), prepared(opening), NO_NEWS, at);
    expect(before?.state).toBe('planning');
    expect(after).toMatchObject({ state: 'pending', plan: opening.plan.bytes, entries: 2 });
    expect(JSON.parse(after.draft)).toEqual({ ...opening.draft });
  });

  it('stays the call that it was', () => {
    expect(() => opened(planning(draftOf(NOW, { reason: 'another' })), prepared(opening), NO_NEWS, at)).toThrow(
      code('conflict'),
    );
  });

  it('is opened once', () => {
    const withdrawn: Row = { ...planning(), state: 'withdrawn' };
    expect(() => opened(withdrawn, prepared(opening), NO_NEWS, at)).toThrow(code('conflict'));
  });

  it('ends where the same call waits already', () => {
    const other = rowOf();
    const { after, entries } = superseded(planning(), other, prepared(opening), at);
    expect(after.state).toBe('withdrawn');
    expect(entries[0]?.event.detail.refusal).toMatchObject({ code: 'conflict', recovery: `wait for ${other.id}` });
  });
});

test('the pending ticket of the same call is the answer until its time is over; then it ends', () => {
  const row = rowOf();
  expect(stillWaits(row, iso(NOW + HOUR - 1))).toBe(true);
  expect(stillWaits(row, iso(NOW + HOUR))).toBe(false);
  const { after, entries } = overtaken(row, prepared(openingOf(NOW)));
  expect(after.state).toBe('expired');
  expect(entries[0]?.event).toMatchObject({ type: 'ticket.expired', actor: 'agent:claude' });
});
