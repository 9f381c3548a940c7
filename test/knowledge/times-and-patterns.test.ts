import { expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import type { Rule } from '../../tools/cloudformation/knowledge/language.ts';
import { modified, sight } from '../tools/resource-change.ts';

/* When something runs, and which events it takes: what surely still comes, and what may be missed. */

const PATTERN: Rule = { selects: 'disrupt', absent: 'none' };
const ALL: Rule = { selects: 'weaken', absent: 'all' };

test.each<[Rule, unknown, unknown, string]>([
  ['schedule', 'rate(1 hour)', 'rate(60 minutes)', 'modify'],
  ['schedule', 'rate(1 hour)', 'rate(2 hours)', 'disrupt'],
  ['schedule', 'rate(1 day)', 'cron(0 0 * * ? *)', 'disrupt'],
  ['schedule', 'cron(0 0 * * ? *)', 'cron(0 * * * ? *)', 'modify'],
  ['schedule', 'cron(0 6 ? * MON-FRI *)', 'cron(0 6,18 ? * MON-FRI,SAT *)', 'modify'],
  ['schedule', 'cron(0 6 ? * MON-FRI *)', 'cron(0 7 ? * MON-FRI *)', 'disrupt'],
  ['schedule', 'cron(0 6 1 * ? *)', 'cron(0 6 ? * MON *)', 'disrupt'],
  ['schedule', 'cron(0 6 ? * MON *)', 'cron(0 6 * * ? *)', 'disrupt'],
  ['schedule', 'cron(0 6 1 * MON *)', 'cron(0 6 * * MON *)', 'disrupt'],
  ['schedule', '0 6 1 * 1', '0 6 * * 1', 'disrupt'],
  ['schedule', 'rate(1 hour)', 'rate(0 minutes)', 'disrupt'],
  ['schedule', 'rate(1 hour)', undefined, 'disrupt'],
  ['schedule', undefined, 'rate(1 hour)', 'modify'],
  [PATTERN, { source: ['a'] }, { source: ['a', 'b'] }, 'modify'],
  [PATTERN, { source: ['a'], detail: { state: ['on'] } }, { source: ['a'] }, 'modify'],
  [PATTERN, { source: ['a'] }, { source: ['a'], detail: { state: ['on'] } }, 'disrupt'],
  [PATTERN, { source: ['a'], detail: { state: ['on'] } }, { source: ['a'], detail: { state: ['off'] } }, 'disrupt'],
  [PATTERN, { source: ['a'], $or: [{ b: [1] }] }, { source: ['a'], $or: [{ b: [1] }, { c: [1] }] }, 'modify'],
  [PATTERN, { source: ['a'] }, { source: ['a'], $or: [{ b: [1] }, { c: [1] }] }, 'disrupt'],
  [PATTERN, { a: [{ 'anything-but': ['x'] }] }, { a: [{ 'anything-but': ['x', 'y'] }] }, 'disrupt'],
  [PATTERN, { a: { b: [1] } }, { a: {} }, 'disrupt'],
  [PATTERN, { source: ['a'] }, 'none', 'disrupt'],
  [PATTERN, { source: ['a'] }, undefined, 'disrupt'],
  [PATTERN, undefined, { source: ['a'] }, 'modify'],
  [PATTERN, { source: ['a'] }, { source: ['a', '****'] }, 'disrupt'],
  [PATTERN, { source: ['a'] }, '{"source":["b","a"]}', 'disrupt'],
  [ALL, undefined, { source: ['a'] }, 'weaken'],
  [ALL, { source: ['a'] }, undefined, 'modify'],
  [ALL, { source: ['a'] }, 'all', 'weaken'],
])('%j from %j to %j: %s', (P, before, after, effect) => {
  const knowledge = new Map([['AWS::Made::Up', { page: 'x', new: 'create' as const, properties: { P } }]]);
  const of = (value: unknown) => (value === undefined ? {} : { P: value });
  const change = modified('AWS::Made::Up', of(before), of(after));
  expect(impactOf(change, sight(undefined, undefined, { knowledge })).effect).toBe(effect);
});
