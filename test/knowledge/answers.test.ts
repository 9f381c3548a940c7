import { expect, test } from 'vitest';
import { answers } from '../../tools/cloudformation/deployment/effects/rules/answers.ts';
import type { Place } from '../../tools/cloudformation/deployment/effects/rules/place.ts';

test('a new route says whose calls it takes, and how many more than it names', () => {
  const route = (said: string) => ({
    type: 'AWS::ApiGatewayV2::Route',
    answers: said,
    own_values: new Map([['/ApiId', ['Api']]]),
  });
  const told = (standing: number) => {
    const there = Array.from({ length: standing }, (_, at) => [`Route${at + 1}`, route('GET /{proxy+}')]);
    const resources = {
      Api: { type: 'AWS::ApiGatewayV2::Api', answers: '' },
      New: route('GET /orders'),
      ...Object.fromEntries(there),
    };
    const resource = { isNew: true, id: 'New', type: 'AWS::ApiGatewayV2::Route', resources, added: new Set(['New']) };
    return answers({ before: ['RouteKey'], after: ['RouteKey'], resource } as unknown as Place).map(({ why }) => why);
  };
  expect(told(0)).toEqual([]);
  expect(told(3)).toEqual([expect.stringContaining('calls that Route1, Route2, Route3 answered, and may')]);
  expect(told(5)).toEqual([expect.stringContaining('calls that Route1, Route2, Route3 and 2 more answered, and may')]);
});
