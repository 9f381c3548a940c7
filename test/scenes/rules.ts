import { NO_RULES, type Rules } from '../../src/kernel/rules.ts';

/**
 * Rules by which a ticket stays in the environment that its plan says. Without any, everything is production by now,
 * and of the two the stricter counts.
 */
export const AS_PLANNED: Rules = { ...NO_RULES, environments: [{ name: 'sandbox', match: {} }] };
