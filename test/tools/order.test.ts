import { expect, test } from 'vitest';
import type { Impact } from '../../src/kernel/plan.ts';
import { byEffect } from '../../tools/cloudformation/deployment/order.ts';

const line = (effect: Impact['effect'], resource: string, detail: string): Impact => ({
  ...{ effect, resource, detail, type: 'AWS::SQS::Queue', recoverable: true },
});

const ORDERED = [
  line('delete', 'sg-09', 'Web/Group: deleted'),
  line('replace', 'q-z', 'Jobs: replaced'),
  line('replace', 'q-a', 'Jobs10: replaced'),
  line('replace', 'q-b', 'Jobs2: replaced'),
  line('modify', 'stack', 'tags of the stack are added'),
  line('modify', 'q-a', 'Jobs: changes'),
  line('modify', 'q-b', 'Jobs: changes'),
  line('modify', 'q-a', 'Jobs: more changes'),
];

test('lines have one order, whatever ids AWS gave and in whatever order it lists them: worst first, then by name', () => {
  const orders = [[...ORDERED].reverse(), [...ORDERED.slice(3), ...ORDERED.slice(0, 3)], [...ORDERED]];
  for (const given of orders) expect(given.sort(byEffect)).toEqual(ORDERED);
});
