import { type HouseRules, NO_RULES } from '../../src/kernel/house-rules.ts';

/**
 * Rules by which a ticket stays in the environment that its plan says. Without any, everything is production by now, and of the two the
 * stricter counts.
 */
export const AS_PLANNED: HouseRules = { ...NO_RULES, environments: [{ name: 'sandbox', match: {} }] };
