import { describe, expect, test } from 'vitest';
import { Kit } from '../../src/kernel/kit.ts';
import { filled, MadeByPart, madeBy, type Restoration } from '../../src/kernel/made-part.ts';
import type { TicketId } from '../../src/kernel/ticket.ts';

const [SOURCE, OTHER] = ['tkt_0123456789abcdefghjk', 'tkt_1123456789abcdefghjk'] as TicketId[];
const KIT = 'a'.repeat(64);
const OF = { ticket: SOURCE ?? '', kit: KIT, account: '123456789012', region: 'eu-west-1' };
const PART: MadeByPart = { at: ['group_id'], part: 1, kind: 'ec2:security-group', like: `sg-${'0'.repeat(17)}` };
const like = (made: MadeByPart) => made.like;
const GROUP = 'arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0123456789abcdef0';

function restoration(
  n: number,
  {
    restores = {},
    resources = [GROUP],
    ...more
  }: { restores?: object; resources?: string[]; state?: Restoration['state'] },
): Restoration {
  return {
    id: `tkt_${n}2abcdefghjkmnpqrst` as TicketId,
    state: 'succeeded',
    opened: n,
    restores: {
      ticket: SOURCE as TicketId,
      kit: KIT,
      part: 1,
      of: 2,
      lost: [],
      environment: 'production',
      ...restores,
    },
    result: { resources: resources.map((resource) => ({ resource, outcome: 'succeeded' })) },
    ...more,
  };
}

describe('the id that an earlier part made', () => {
  test('is that of the newest ticket that brought back this very part', () => {
    const newer = restoration(9, { resources: [GROUP.replace('abcdef0', 'abcdef1')] });
    const made = madeBy(PART, OF, [restoration(3, {}), newer, restoration(12, { state: 'pending' })]);
    expect(made).toEqual({ part: 1, ticket: newer.id, id: 'sg-0123456789abcdef1' });
  });

  test.each<[string, Parameters<typeof restoration>[1]]>([
    ['of another ticket', { restores: { ticket: OTHER } }],
    ['of another kit', { restores: { kit: 'b'.repeat(64) } }],
    ['of another part', { restores: { part: 2 } }],
    ['that a person said happened', { state: 'resolved' }],
    ['of which nobody knows whether it happened', { state: 'unknown' }],
    ['that is under way', { state: 'executing' }],
    ['that was denied', { state: 'denied' }],
    ['in another account', { resources: [GROUP.replace('123456789012', '210987654321')] }],
    ['in another region', { resources: [GROUP.replace('eu-west-1', 'us-east-1')] }],
    ['of another kind', { resources: [GROUP.replace('security-group/sg', 'volume/vol')] }],
    ['of another service', { resources: [GROUP.replace(':ec2:', ':rds:')] }],
    ['within it', { resources: [`${GROUP}/rule`] }],
    ['beside another', { resources: [GROUP, GROUP.replace('abcdef0', 'abcdef1')] }],
    ['without a result', { resources: [] }],
  ])('is not taken from one %s', (_what, wrong) => {
    expect(() => madeBy(PART, OF, [restoration(1, wrong)])).toThrow(expect.objectContaining({ code: 'wrong_state' }));
  });

  test('is not that of a part that failed', () => {
    const failed = { ...restoration(1, {}), result: { resources: [{ resource: GROUP, outcome: 'failed' }] } };
    expect(() => madeBy(PART, OF, [failed])).toThrow('does not tell of one');
  });

  test('what is not there yet is asked for, waited for or settled first', () => {
    const told = (all: readonly Restoration[]) => {
      try {
        return madeBy(PART, OF, all);
      } catch (error) {
        return (error as { recovery: string }).recovery;
      }
    };
    expect(told([])).toContain('ask for part 1');
    expect(told([restoration(1, { state: 'denied' })])).toContain('ask for part 1');
    expect(told([restoration(1, { state: 'pending' })])).toContain('wait for');
    expect(told([restoration(1, { state: 'unknown' })])).toContain('settle');
    expect(told([restoration(1, { state: 'resolved' })])).toContain('by hand');
  });
});

describe('where it belongs', () => {
  test('is filled in, within lists too, and the kit stays as it is', () => {
    const call = {
      arguments: { rules: [{ ip_protocol: 'tcp' }, {}] },
      made: [PART, { ...PART, at: ['rules', 1, 'source_group_id'] }],
    };
    expect(filled(call, like)).toEqual({
      group_id: `sg-${'0'.repeat(17)}`,
      rules: [{ ip_protocol: 'tcp' }, { source_group_id: `sg-${'0'.repeat(17)}` }],
    });
    expect(call.arguments).toEqual({ rules: [{ ip_protocol: 'tcp' }, {}] });
  });

  test.each([
    ['where something is', ['group_id'], { group_id: 'sg-1' }],
    ['where nothing is around it', ['rules', 0, 'source_group_id'], {}],
    ['within a text', ['name', 'group_id'], { name: 'x' }],
    ['as an item', ['rules', 0], { rules: [] }],
  ])('is not %s', (_what, at, given) => {
    expect(() => filled({ arguments: given as never, made: [{ ...PART, at }] }, like)).toThrow('nothing can be put');
  });

  test.each([[['__proto__']], [['constructor', 'prototype', '__proto__']], [['rules', -1, 'x']], [[]]])(
    'a place %j is none',
    (at) => {
      expect(MadeByPart.safeParse({ ...PART, at }).success).toBe(false);
    },
  );

  test('no kit has a part that needs itself, or a later one', () => {
    const kit = (part: number) => ({
      ...{ format: 'holdshort/kit/v1', ticket: SOURCE, tool: 't', account: '1', region: 'r', as_it_was: null },
      made_at: '2026-01-01T00:00:00.000Z',
      calls: [
        { tool: 'a', arguments: {} },
        { tool: 'b', arguments: {}, made: [{ ...PART, part }] },
      ],
    });
    expect([1, 2, 3].map((part) => Kit.safeParse(kit(part)).success)).toEqual([true, false, false]);
  });
});
