import type { Rule } from '../language.ts';
import { ANSWER_HEADERS } from './integration.ts';

/** Where requests are checked, `true` turns those without it away, and `false` lets them through. */
export const ASKED_FOR: readonly Rule[] = [
  { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
  'protects',
];

/** What is checked of a request. */
export const CHECKS = {
  ValidateRequestBody: 'protects',
  ValidateRequestParameters: 'protects',
} as const satisfies Readonly<Record<string, Rule>>;

/** What those are told who are turned away. */
export const REFUSALS = {
  ResponseParameters: ANSWER_HEADERS,
  ResponseTemplates: { settled: 'disrupt' },
  // Who is refused may be told that all went well, and goes on.
  StatusCode: 'weaken',
} as const satisfies Readonly<Record<string, Rule>>;
