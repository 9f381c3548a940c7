import { describe, expect, test } from 'vitest';
import { amended } from '../../src/kernel/amended.ts';
import { type Deletion, recreates } from '../../src/kernel/circumstances.ts';
import { ticketIdFrom } from '../../src/kernel/ticket.ts';

/* Deleting and making again in two calls: whose second is known by what the plan says of its own kind. */

const ticket = ticketIdFrom(new Uint8Array(20));
const deletion = (state: Deletion['state']): Deletion => ({
  ...{ ticket, agent: 'claude', state },
  at: '2026-11-24T07:10:00.000Z',
});
const SHOP = { id: 'arn:shop/2', type: 'AWS::CloudFormation::Stack', name: 'shop', tags: {} };
const plan = {
  summary: 'create stack shop',
  targets: [SHOP],
  impact: [{ resource: SHOP.id, type: SHOP.type, effect: 'create' as const, detail: 'it is made', recoverable: true }],
};
const lifecycle = { kind: 'stack', name: 'shop', event: 'create' as const };

describe('what was deleted and is made again', () => {
  test.each([
    ['succeeded', `agent claude deleted this stack at 2026-11-24 07:10 UTC (${ticket}); what was in it is gone`],
    ['executing', `agent claude's deletion of this stack, asked for at 2026-11-24 07:10 UTC, is running (${ticket})`],
    [
      'unknown',
      `it can't be told whether agent claude's deletion of this stack, asked for at 2026-11-24 07:10 UTC, happened (${ticket})`,
    ],
    ['pending', `agent claude asked at 2026-11-24 07:10 UTC to delete this stack (${ticket}, pending)`],
    ['approved', `agent claude asked at 2026-11-24 07:10 UTC to delete this stack (${ticket}, approved)`],
  ] as const)('is said to be a replacement, where the deletion is %s', (state, text) => {
    const { summary, impact } = amended({ ...plan, lifecycle }, { deletion: deletion(state) });
    expect(summary).toBe('delete and recreate shop: create stack shop');
    expect(impact).toEqual([
      {
        ...{ resource: SHOP.id, type: SHOP.type, effect: 'replace', recoverable: false },
        detail: `delete and recreate: ${text}`,
      },
      ...plan.impact,
    ]);
  });

  test('is called what its tool calls it', () => {
    const table = amended({ ...plan, lifecycle: { ...lifecycle, kind: 'table' } }, { deletion: deletion('pending') });
    expect(table.impact[0]?.detail).toContain('to delete this table');
  });

  test('is made again by what creates it, and by whatever changes it while its deletion waits', () => {
    const states = ['pending', 'approved', 'executing', 'unknown', 'succeeded'] as const;
    const counting = (event: 'create' | 'update') =>
      states.filter((state) => recreates({ ...lifecycle, event }, deletion(state)));
    expect(counting('create')).toEqual(states);
    expect(counting('update')).toEqual(['pending', 'approved']);
  });
});
