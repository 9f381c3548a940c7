import { expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import type { Rules } from '../../tools/cloudformation/knowledge/language.ts';
import { modified, sight } from '../tools/resource-change.ts';

/* Limits that guard what is behind them, and names of what others have. */

const TYPE = 'AWS::Made::Up';

function judged(rules: Rules, before: unknown, after: unknown): string {
  const knowledge = new Map([[TYPE, { page: 'aws-resource-x', new: 'create' as const, properties: { P: rules } }]]);
  const of = (value: unknown) => (value === undefined ? {} : { P: value });
  const here = sight(undefined, undefined, { knowledge, account: '111111111111' });
  return impactOf(modified(TYPE, of(before), of(after)), here).effect;
}

test.each<[Rules, unknown, unknown, string]>([
  ['throttles', 5, 5000, 'weaken'],
  ['throttles', 5, undefined, 'weaken'],
  ['throttles', undefined, 5, 'disrupt'],
  ['throttles', 5, '{{resolve:ssm:most}}', 'weaken'],
  [{ number: 'throttles', absent: 300 }, undefined, 300, 'modify'],
  [{ number: 'throttles', absent: 300 }, 5, undefined, 'weaken'],
  [{ number: 'throttles', absent: 0, endless: 0 }, 5, 0, 'weaken'],
  ['acts', undefined, 'arn:aws:logs:eu-west-1:222222222222:destination:d', 'expose'],
  ['acts', undefined, 'arn:aws:logs:eu-west-1:111111111111:destination:d', 'disrupt'],
  ['acts', undefined, 'https://collector.example.net/', 'expose'],
  ['may-act', undefined, 'arn:aws:iam::111111111111:role/Admin', 'expose'],
  ['may-act', undefined, 'arn:aws:sqs:eu-west-1:111111111111:q', 'disrupt'],
])('%j from %j to %j: %s', (rules, before, after, effect) => {
  expect(judged(rules, before, after)).toBe(effect);
});
