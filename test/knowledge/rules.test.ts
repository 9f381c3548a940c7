import { describe, expect, test } from 'vitest';
import { EFFECTS } from '../../src/kernel/effects.ts';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { UNTOLD } from '../../tools/cloudformation/deployment/effects/resource-settings.ts';
import type { Rule, Rules } from '../../tools/cloudformation/knowledge/language.ts';
import { added, effectOf, modified, sight } from '../tools/resource-change.ts';

/* Each word of the language: the change that does something, and the nearest that doesn't. */

const TYPE = 'AWS::Made::Up';

function judged(rules: Rules, before: unknown, after: unknown): string {
  return impactJudged(rules, before, after).effect;
}

function impactJudged(rules: Rules, before: unknown, after: unknown) {
  const knowledge = new Map([[TYPE, { page: 'aws-resource-x', new: 'create' as const, properties: { P: rules } }]]);
  const of = (value: unknown) => (value === undefined ? {} : { P: value });
  const here = sight(undefined, undefined, { knowledge, account: '111111111111' });
  return impactOf(modified(TYPE, of(before), of(after)), here);
}

function whenNew(rules: Rules, value: unknown): string {
  const knowledge = new Map([[TYPE, { page: 'aws-resource-x', new: 'create' as const, properties: { P: rules } }]]);
  const change = added(TYPE, value === undefined ? {} : { P: value });
  return impactOf(change, sight(undefined, undefined, { knowledge })).effect;
}

const LINES: Rule = {
  lines: { members: { hours: { number: 'expires', absent: 168 } }, others: 'modify' },
};
const FEW: Rule = { each: { members: { Size: 'capacity' } }, by: 'Id', added: 'modify', lost: 'delete' };

test.each<[Rules, unknown, unknown, string]>([
  ['disrupt', 1, 2, 'disrupt'],
  ['replaces', 1, 2, 'unjudged'],
  [{ shared: ['default'], other: 'disrupt' }, 'default', 'another', 'disrupt'],
  [{ shared: ['default'], other: 'disrupt' }, undefined, 'default', 'modify'],
  ['rolls', 1, 2, 'replace'],
  ['protects', true, false, 'weaken'],
  ['protects', false, true, 'modify'],
  ['protects', undefined, false, 'modify'],
  ['protects-by-default', undefined, false, 'weaken'],
  ['protects-by-default', false, undefined, 'modify'],
  ['endangers', undefined, true, 'weaken'],
  ['endangers', true, false, 'modify'],
  ['endangers-by-default', false, undefined, 'weaken'],
  ['retains', 7, 6, 'weaken'],
  ['retains', 6, 7, 'modify'],
  ['retains', 7, undefined, 'weaken'],
  ['expires', undefined, 7, 'delete'],
  ['expires', 7, undefined, 'modify'],
  [{ number: 'expires', absent: 4 }, undefined, 4, 'modify'],
  [{ number: 'expires', absent: 4 }, undefined, 3, 'delete'],
  [{ number: 'expires', absent: 0, endless: 0 }, undefined, 3, 'delete'],
  [{ number: 'expires', absent: 0, endless: 0 }, 3, 0, 'modify'],
  [{ number: 'expires', absent: 0, endless: 0 }, 3, 30, 'modify'],
  [{ number: 'retains', absent: 1, endless: -1 }, -1, 3650, 'weaken'],
  [{ number: 'retains', absent: 1, endless: -1 }, -1, undefined, 'weaken'],
  ['capacity', 2, 1, 'disrupt'],
  ['capacity', 1, 2, 'modify'],
  ['capacity', 2, undefined, 'disrupt'],
  ['limits', undefined, 5, 'disrupt'],
  ['limits', 5, undefined, 'modify'],
  ['delays', 1, 5, 'weaken'],
  ['delays', 5, 1, 'modify'],
  ['delays', 5, undefined, 'weaken'],
  [{ number: 'delays', absent: 300 }, undefined, 300, 'modify'],
  [{ leaves: '0', is: 'disrupt', absent: '1' }, 0, 7, 'disrupt'],
  [{ leaves: '0', is: 'disrupt', absent: '1' }, 0, undefined, 'disrupt'],
  [{ leaves: '0', is: 'disrupt', absent: '1' }, undefined, 7, 'modify'],
  [{ leaves: '0', is: 'disrupt', absent: '1' }, '****', 7, 'disrupt'],
  [{ unsaid: 'expose' }, 'a', undefined, 'expose'],
  [{ unsaid: 'expose' }, 'a', 'b', 'modify'],
  [{ acting: { values: {}, otherwise: 'weaken', absent: 'false' } }, false, true, 'weaken'],
  ['may-act', 'table', 'other', 'modify'],
  ['may-act', 'a', 'arn:aws:lambda:us-east-1:111111111111:function:theirs', 'disrupt'],
  [{ members: { A: 'disrupt' }, others: 'modify' }, { A: 1, B: 1 }, { A: 1, B: 2 }, 'modify'],
  [{ members: { A: 'disrupt' }, others: 'modify' }, { A: 1, B: 1 }, { A: 2, B: 1 }, 'disrupt'],
  [{ ...FEW, known: { 2: 'weaken' } }, [{ Id: '2', Size: 1 }], [{ Id: '2', Size: 2 }], 'weaken'],
  [{ ...FEW, known: { 2: 'weaken' } }, [{ Id: '1', Size: 1 }], [{ Id: '1', Size: 2 }], 'modify'],
  ['runs', 'ENABLED', 'DISABLED', 'disrupt'],
  ['runs', undefined, 'ENABLED', 'modify'],
  ['opens', false, true, 'expose'],
  ['opens', true, false, 'disrupt'],
  ['fences', true, false, 'expose'],
  ['fences', false, true, 'modify'],
  ['secret', 'a', 'b', 'disrupt'],
  ['code', 'a', 'b', 'modify'],
  ['tags', [{ Key: 'a' }, { Key: 'b' }], [{ Key: 'b' }, { Key: 'a' }], 'modify'],
  ['tags', [{ Key: 'a' }], [{ Key: 'b' }], 'weaken'],
  ['tags', undefined, [{ Key: 'a', Value: 'x' }], 'weaken'],
  ['tags', [{ Key: 'Name', Value: 'x' }], [{ Key: 'Name', Value: 'y' }], 'modify'],
  ['tags', { Name: 'x', a: 'x' }, { a: 'x' }, 'modify'],
  ['tags', [{ Key: 'Name', Value: 'x' }], [{ Key: 'name', Value: 'x' }], 'weaken'],
  ['tags', [{ Key: 'Name', Value: 'x' }], 'x', 'weaken'],
  ['acts', ['a'], ['a', 'b'], 'disrupt'],
  ['acts', ['a', 'b'], ['b', 'a'], 'modify'],
  ['acts', ['a', 'b'], ['a'], 'disrupt'],
  ['notifies', undefined, 'arn:aws:sns:us-east-1:111111111111:told', 'modify'],
  ['notifies', undefined, 'arn:aws:sns:us-east-1:222222222222:told', 'expose'],
  ['notifies', undefined, 'arn:aws:automate:us-east-1:ec2:terminate', 'delete'],
  ['notifies', undefined, 'arn:aws:automate:us-east-1:ec2:reboot', 'disrupt'],
  ['acts', undefined, 'arn:aws:scheduler:::aws-sdk:ec2:terminateInstances', 'delete'],
  ['acts', undefined, 'arn:aws:scheduler:::aws-sdk:ec2:stopInstances', 'disrupt'],
  ['acts', undefined, 'arn:aws:sqs:us-east-1:111111111111:delete-requests', 'disrupt'],
  ['acts', undefined, 'arn:aws:events:us-east-1:111111111111:target/terminate-instance', 'delete'],
  ['acts', undefined, 'arn:aws:events:us-east-1:111111111111:event-bus/terminated', 'disrupt'],
  ['takes', undefined, 'arn:aws:sqs:us-east-1:111111111111:theirs', 'delete'],
  ['takes', undefined, 'arn:aws:kinesis:us-east-1:111111111111:stream/theirs', 'disrupt'],
  [LINES, 'hours=9\nmore=1', '# less\n\nhours = 10', 'modify'],
  [LINES, 'hours=9', 'hours=8', 'delete'],
  [LINES, 'hours=9', 'hours=\\u0039', 'delete'],
  [LINES, 'hours=\\u0039', 'hours=9', 'delete'],
  [LINES, 'hours 9', 'hours 8', 'delete'],
  [LINES, 'hours=9\nhours=1', 'hours=1\nhours=9', 'modify'],
  [LINES, undefined, 'more=1', 'modify'],
  ['notifies', 'arn:aws:sns:us-east-1:111111111111:told', undefined, 'weaken'],
  ['notifies', 'arn:aws:sns:us-east-1:111111111111:told', 'arn:aws:sns:us-east-1:111111111111:other', 'weaken'],
  ['notifies', undefined, 'told', 'disrupt'],
  [{ lasting: 'capacity' }, 20, 50, 'modify'],
  [{ lasting: 'capacity' }, 50, 20, 'disrupt'],
  ['acts-as', 'a', 'b', 'expose'],
  ['acts-as', 'a', undefined, 'expose'],
  ['reads', undefined, 'theirs', 'expose'],
  ['reads', 'theirs', undefined, 'modify'],
  ['uses', 'a', 'b', 'modify'],
  [{ settled: 'weaken' }, undefined, 'a', 'modify'],
  [{ settled: 'weaken' }, 'a', 'b', 'weaken'],
  [{ values: { on: 'modify' }, otherwise: 'disrupt', absent: 'on' }, undefined, 'on', 'modify'],
  [{ values: { on: 'modify' }, otherwise: 'disrupt', absent: 'on' }, undefined, 'Future', 'disrupt'],
  [{ order: ['a', 'b'], less: 'weaken' }, 'b', 'a', 'weaken'],
  [{ order: ['a', 'b'], less: 'weaken' }, 'a', 'b', 'modify'],
  [{ order: ['a', 'b'], less: 'weaken' }, 'a', 'c', 'weaken'],
  [{ members: { A: 'modify' } }, { A: 1 }, { A: 2 }, 'modify'],
  [{ members: { A: 'modify' } }, { A: 1 }, { A: 1, New: 2 }, 'unjudged'],
  [FEW, [{ Id: 1, Size: 1 }, { Id: 2 }], [{ Id: 2 }, { Id: 1, Size: 2 }], 'delete'],
  [FEW, [{ Id: 2 }], [{ Id: 1 }, { Id: 2 }], 'delete'],
  [{ ...FEW, reordered: 'modify' }, [{ Id: 1, Size: 1 }, { Id: 2 }], [{ Id: 2 }, { Id: 1, Size: 2 }], 'modify'],
  [FEW, [{ Id: 1, Size: 2 }], [{ Id: 1, Size: 1 }], 'disrupt'],
  [FEW, [{ Id: 1 }, { Id: 2 }], [{ Id: 2 }], 'delete'],
  [{ keys: 'modify', added: 'modify', lost: 'disrupt' }, { a: 1 }, { a: 2, b: 1 }, 'modify'],
  [{ keys: 'modify', added: 'modify', lost: 'disrupt' }, { a: 1 }, {}, 'disrupt'],
  ['graphql', 'type Query { a: Int @aws_iam }', 'type Query { a: Int @aws_api_key }', 'expose'],
  ['graphql', 'type Query { a: Int b(c: [Int!] = [1]): Int }', 'type Query { a: Int }', 'disrupt'],
  ['graphql', 'type Query { a: Int }', '# more\ntype Query { a: Int b: Int }', 'modify'],
])('%j from %j to %j: %s', (rules, before, after, effect) => {
  expect(judged(rules, before, after)).toBe(effect);
});

test.each<[Rules, string]>([
  ['protects', 'weaken'],
  ['retains', 'weaken'],
  ['expires', 'delete'],
  ['capacity', 'disrupt'],
  ['opens', 'expose'],
  ['fences', 'expose'],
  ['acts', 'disrupt'],
  ['acts-as', 'expose'],
  ['network', 'expose'],
  ['openapi', 'expose'],
  [{ values: { a: 'modify', b: 'weaken' }, otherwise: 'disrupt' }, 'weaken'],
  [{ members: { A: 'modify', B: { members: { C: 'expires' } } } }, 'delete'],
  [FEW, 'delete'],
])('%j of what can not be read is the worst: %s', (rules, effect) => {
  expect(judged(rules, 'a', UNTOLD)).toBe(effect);
  expect(EFFECTS.indexOf(judged(rules, '****', 'a') as never)).toBeGreaterThanOrEqual(EFFECTS.indexOf('modify'));
});

test.each<[Rules, unknown, string]>([
  ['opens', true, 'expose'],
  ['opens', undefined, 'create'],
  ['opens-by-default', undefined, 'expose'],
  ['fences', undefined, 'create'],
  ['fences', false, 'expose'],
  ['expires', 1, 'create'],
  ['acts', 'theirs', 'disrupt'],
  ['acts-as', 'theirs', 'expose'],
  [{ unsaid: 'expose' }, undefined, 'expose'],
  [{ unsaid: 'expose' }, 'a', 'create'],
  [{ acting: 'disrupt' }, 'a', 'disrupt'],
  [{ acting: 'disrupt' }, undefined, 'create'],
  [{ leaves: '0', is: 'disrupt', absent: '0' }, 7, 'create'],
  [{ standing: 'expose' }, 1, 'create'],
  [{ members: { A: 'opens-by-default' } }, undefined, 'expose'],
  [{ stated: { members: { A: 'opens-by-default' } } }, undefined, 'create'],
  [{ members: {} }, { New: 1 }, 'unjudged'],
])('%j of a new resource with %j: %s', (rules, value, effect) => {
  expect(whenNew(rules, value)).toBe(effect);
});

test.each<[string, number, number, string]>([
  ['GreaterThanThreshold', 80, 99, 'weaken'],
  ['GreaterThanOrEqualToThreshold', 80, 70, 'modify'],
  ['LessThanThreshold', 5, 1, 'weaken'],
  ['LessThanThreshold', 1, 5, 'modify'],
  ['LessThanLowerOrGreaterThanUpperThreshold', 1, 5, 'weaken'],
  ['Future', 1, 5, 'weaken'],
])('an alarm by %s from %d to %d: %s', (ComparisonOperator, was, is, effect) => {
  const at = (Threshold: number) => ({ ComparisonOperator, Threshold });
  expect(effectOf(modified('AWS::CloudWatch::Alarm', at(was), at(is)))).toBe(effect);
});

test.each<[Rules, unknown, unknown, boolean]>([
  ['disrupt', 1, 2, true],
  [{ lasting: 'disrupt' }, 1, 2, false],
  [{ lasting: { members: { A: 'disrupt' } } }, { A: 1, B: 1 }, { A: 2, B: 1 }, false],
  [{ lasting: 'modify' }, 1, 2, false],
  [{ lasting: 'capacity' }, 20, 50, false],
  ['retains', 7, 6, false],
  ['retains', 6, 7, true],
  ['capacity', 7, 6, true],
  ['secret', 'a', 'b', false],
])('%j from %j to %j is put back by the old template: %s', (rules, before, after, recoverable) => {
  expect(impactJudged(rules, before, after).recoverable).toBe(recoverable);
});

test.each([
  ['t3.micro', true],
  ['m7i-flex.large', true],
  ['r5b.xlarge', true],
  ['m5d.large', false],
  ['c6gd.large', false],
  ['r6idn.large', false],
  ['i4i.large', false],
  ['p4d.24xlarge', false],
  ['zz1.large', false],
  [undefined, false],
])('an instance of the type %s that is stopped is as it was when it starts again: %s', (InstanceType, recoverable) => {
  const knowledge = new Map([
    [TYPE, { page: 'aws-resource-x', new: 'create' as const, properties: { P: 'stops' as const } }],
  ]);
  const change = modified(TYPE, { P: 1, InstanceType }, { P: 2, InstanceType });
  expect(impactOf(change, sight(undefined, undefined, { knowledge }))).toMatchObject({
    effect: 'disrupt',
    recoverable,
  });
});

describe('an OpenAPI definition', () => {
  const api = (security: unknown, scheme?: object) => ({
    openapi: '3.0.1',
    ...(scheme ? { components: { securitySchemes: { known: scheme } } } : {}),
    paths: { '/orders': { get: { security } } },
  });
  const asks = { type: 'apiKey', 'x-amazon-apigateway-authorizer': { type: 'token' } };

  test.each<[string, object, string]>([
    ['an authorizer', api([{ known: [] }], asks), 'create'],
    ['IAM', api([{ known: [] }], { 'x-amazon-apigateway-authtype': 'awsSigv4' }), 'create'],
    ['a key alone', api([{ known: [] }], { type: 'apiKey', in: 'header', name: 'x-api-key' }), 'expose'],
    ['what is not defined', api([{ unknown: [] }], asks), 'expose'],
    ['one of two that asks', api([{ known: [] }, {}], asks), 'expose'],
    ['nobody', api([], asks), 'expose'],
  ])('new, with callers known by %s: %s', (_, definition, effect) => {
    expect(whenNew('openapi', definition)).toBe(effect);
  });
});

test('a numbered state may go where nobody names its number, and what it says is judged all the same', () => {
  expect(effectOf({ ...added('AWS::ApiGateway::Deployment'), action: 'Remove' })).toBe('modify');
  expect(effectOf({ ...added('AWS::Lambda::Version'), action: 'Remove' })).toBe('disrupt');
  const role = modified(
    'AWS::ECS::TaskDefinition',
    { TaskRoleArn: 'a' },
    { TaskRoleArn: 'b' },
    { replacement: 'True' },
  );
  expect(effectOf(role)).toBe('expose');
});

describe('a new one takes its place', () => {
  const replacedBy = (rules: Rules, isTie: boolean, changed = 'P') => {
    const row = { page: 'aws-resource-x', new: 'create' as const, properties: { P: rules } };
    const change = modified(TYPE, { [changed]: 1 }, { [changed]: 2 });
    const properties = change.properties.map((one) => ({ ...one, requires_recreation: 'Always' as const }));
    const seen = sight(undefined, undefined, { knowledge: new Map([[TYPE, isTie ? { ...row, tie: true } : row]]) });
    const replaced = { ...change, properties, replacement: 'True', policy_action: 'ReplaceAndDelete' };
    return impactOf(replaced, seen).effect;
  };

  test.each<[Rules, string]>([
    [['replaces', 'modify'], 'modify'],
    [['replaces', 'disrupt'], 'replace'],
    [['replaces', 'expose'], 'replace'],
    // Nobody said what a new one does by it.
    ['replaces', 'replace'],
  ])('of what only ties others together, by %j: %s', (rules, effect) => {
    expect(replacedBy(rules, true)).toBe(effect);
  });

  test('of anything else', () => {
    expect(replacedBy(['replaces', 'modify'], false)).toBe('replace');
  });

  test('by a property that nobody judged', () => {
    expect(replacedBy('modify', true, 'Other')).toBe('replace');
  });
});
