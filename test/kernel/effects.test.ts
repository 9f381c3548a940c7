import { expect, test } from 'vitest';
import { EFFECTS, effectsOf, isDestructive, worse } from '../../src/kernel/effects.ts';

test('what nobody has judged is held like what hurts, and hides nothing that is known to', () => {
  expect(EFFECTS.filter(isDestructive)[0]).toBe('unjudged');
  expect(worse('modify', 'unjudged')).toBe('unjudged');
  expect(worse('unjudged', 'disrupt')).toBe('disrupt');
  expect(effectsOf([{ effect: 'unjudged' }, { effect: 'create' }, { effect: 'expose' }])).toEqual([
    'expose',
    'unjudged',
    'create',
  ]);
});
