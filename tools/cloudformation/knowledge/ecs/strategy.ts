import type { Rule } from '../language.ts';

/** On which machines it runs. A provider without weight or base runs nothing. */
export const STRATEGY: Rule = {
  by: 'CapacityProvider',
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
  each: {
    members: {
      Base: { number: 'capacity', absent: 0 },
      CapacityProvider: 'uses',
      Weight: { number: 'capacity', absent: 0 },
    },
  },
};
