import { describe, expect, it } from 'vitest';
import { MovedOn } from '../../../src/kernel/errors.ts';
import type { Unsettled } from '../../../src/kernel/unsettled.ts';
import type { Grounds } from '../../../src/store/opening.ts';
import { demandGrounds, type GroundsNow, weighsAgain } from '../../../src/store/story/grounds.ts';
import { newId, UNWEIGHED } from '../../scenes/openings.ts';
import { iso, NOW } from './rows.ts';

const at = iso(NOW);
const unsettled: Unsettled = { ticket: newId(), agent: 'a', tool: 't', state: 'executing', at };
const deletion = { ticket: newId(), agent: 'a', state: 'pending', at } as const;
const denial = { ticket: newId(), refusal: { code: 'denied', message: 'no', recovery: 'ask' }, at, until: at } as const;
const of = { account: '1', region: 'r', kind: 'stack', name: 's' };

const weighed: Grounds = {
  ...UNWEIGHED,
  asked: { destructive_last_hour: 2, pending: 3 },
  unsettled: [unsettled],
  deletion: { of, found: deletion },
};
const same: GroundsNow = { asked: weighed.asked, unsettled: [unsettled], denial: undefined, deletion };

describe('what a call was weighed against', () => {
  it.each<[string, Partial<GroundsNow>]>([
    ['a destructive change more', { asked: { destructive_last_hour: 3, pending: 3 } }],
    ['a ticket more that waits', { asked: { destructive_last_hour: 2, pending: 4 } }],
    ['another unsettled ticket', { unsettled: [unsettled, { ...unsettled, ticket: newId() }] }],
    ['an unsettled one in another state', { unsettled: [{ ...unsettled, state: 'unknown' }] }],
    ['a denial', { denial }],
    ['another ticket that deletes the stack', { deletion: { ...deletion, ticket: newId() } }],
    ['the same ticket, further on', { deletion: { ...deletion, state: 'approved' } }],
  ])('is weighed again after %s', (_, now) => {
    expect(() => demandGrounds(weighed, { ...same, ...now })).toThrow(MovedOn);
  });

  it('holds where nothing is new, and where there is only less', () => {
    const less = { asked: { destructive_last_hour: 0, pending: 0 }, unsettled: [], deletion: undefined };
    expect(() => demandGrounds(weighed, same)).not.toThrow();
    expect(() => demandGrounds(weighed, { ...same, ...less })).not.toThrow();
  });

  it('holds no deletion that came while none was known', () => {
    expect(() => demandGrounds({ ...weighed, deletion: { of, found: undefined } }, same)).toThrow(MovedOn);
  });

  it('is read again only where there was news, and never for what is refused', () => {
    const grounds = { ...weighed, news: 7 };
    expect(weighsAgain({ state: 'pending', grounds }, 7)).toBe(false);
    expect(weighsAgain({ state: 'pending', grounds }, 8)).toBe(true);
    expect(weighsAgain({ state: 'approved', grounds }, 8)).toBe(true);
    expect(weighsAgain({ state: 'refused', grounds }, 8)).toBe(false);
  });
});
