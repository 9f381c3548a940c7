// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and IAM make of it
import { describe, expect, test } from 'vitest';
import { admits, attribute, permits, sub, worstOf } from '../scenes/policies.ts';

/*
 * What only the execution will tell has no text to compare: the template's own thing is the same by its expression, and
 * anything else may be another.
 */
const allow = (Action: unknown, Resource: unknown, more = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
const policy = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });
const anything = 'x:Anything';
const branches = (yes: unknown, no: unknown) => ({ 'Fn::If': ['Condition', yes, no] });
const within = (where: unknown, keyed = 'a:cluster') => ({ Condition: { ArnEquals: { [keyed]: where } } });

describe('the same thing of the template, before and after', () => {
  test.each<[string, unknown, string]>([
    ['a queue', attribute('Queue'), 'modify'],
    ['what is in a bucket', sub('${Bucket.Arn}/*'), 'modify'],
    ['a table by its name', sub('arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}'), 'modify'],
    ['one of two, by a condition that may have turned', branches(attribute('Queue'), attribute('Other')), 'expose'],
    ['a queue or everything, by a condition', branches(attribute('Queue'), '*'), 'expose'],
    ['a parameter', { Ref: 'SomeParameter' }, 'expose'],
    ['a part that a parameter gives', sub('${Bucket.Arn}/${SomeParameter}'), 'expose'],
    ['an import', { 'Fn::ImportValue': 'queue' }, 'expose'],
    ['what code makes up', attribute('Custom'), 'expose'],
    ['what another template gives out', attribute('Nested', 'Outputs.QueueArn'), 'expose'],
    ['names that begin like its own', sub('${Bucket.Arn}*'), 'expose'],
    ['its own name as another kind of thing', sub('arn:aws:iam::${AWS::AccountId}:role/${Table}'), 'expose'],
    ['a part that is cut off', sub(`\${Bucket.Arn}/${'a'.repeat(600)}`), 'expose'],
  ])('%s', (_, where, effect) => {
    expect(worstOf(permits(policy(allow(anything, where)), policy(allow(anything, where))))).toBe(effect);
  });

  test.each<[string, unknown, unknown, string]>([
    ['another thing', allow(anything, attribute('Queue')), allow(anything, attribute('Other')), 'expose'],
    ['another attribute', allow(anything, { Ref: 'Secret' }), allow(anything, attribute('Secret', 'Id')), 'expose'],
    ['another action', allow(anything, attribute('Queue')), allow('x:Other', attribute('Queue')), 'expose'],
    ['more of it', allow(anything, sub('${Bucket.Arn}/*')), allow(anything, sub('${Bucket.Arn}/in/*')), 'expose'],
    ['less of it', allow(anything, sub('${Bucket.Arn}/in/*')), allow(anything, sub('${Bucket.Arn}/*')), 'disrupt'],
    ['one of all', allow(anything, attribute('Queue')), allow(anything, '*'), 'disrupt'],
    ['all of one', allow(anything, '*'), allow(anything, attribute('Queue')), 'expose'],
    [
      'a condition that names the same',
      allow(anything, attribute('Queue'), within(attribute('Table'))),
      allow(anything, attribute('Queue'), within(attribute('Table'))),
      'modify',
    ],
    [
      'a condition that names another',
      allow(anything, attribute('Queue'), within(attribute('Table'))),
      allow(anything, attribute('Queue'), within(attribute('Topic', 'TopicArn'))),
      'expose',
    ],
    [
      'a condition on another key',
      allow(anything, attribute('Queue'), within(attribute('Table'))),
      allow(anything, attribute('Queue'), within(attribute('Table'), 'a:other')),
      'expose',
    ],
    [
      'a condition that only the execution tells',
      allow(anything, attribute('Queue'), within({ Ref: 'SomeParameter' })),
      allow(anything, attribute('Queue'), within({ Ref: 'SomeParameter' })),
      'expose',
    ],
    [
      'all but another',
      { Effect: 'Allow', Action: anything, NotResource: attribute('Other') },
      { Effect: 'Allow', Action: anything, NotResource: attribute('Queue') },
      'expose',
    ],
    [
      'all but the same',
      { Effect: 'Allow', Action: anything, NotResource: attribute('Queue') },
      { Effect: 'Allow', Action: anything, NotResource: attribute('Queue') },
      'modify',
    ],
  ])('%s', (_, after, before, effect) => {
    expect(worstOf(permits(policy(after), policy(before)))).toBe(effect);
  });

  test('a denial holds for the same thing, and is less for another', () => {
    const denies = (Resource: unknown) => policy({ Effect: 'Deny', Action: anything, Resource });
    expect(worstOf(permits(denies(attribute('Queue')), denies(attribute('Queue'))))).toBe('modify');
    expect(worstOf(permits(denies(attribute('Other')), denies(attribute('Queue'))))).toBe('expose');
  });

  test('managed policies of the template', () => {
    expect(worstOf(permits([{ Ref: 'Managed' }], [{ Ref: 'Managed' }]))).toBe('modify');
    expect(worstOf(permits([{ Ref: 'SomeParameter' }], [{ Ref: 'SomeParameter' }]))).toBe('expose');
  });

  test('who is let in', () => {
    const lets = (AWS: unknown) => policy({ Effect: 'Allow', Principal: { AWS }, Action: anything, Resource: '*' });
    expect(worstOf(admits(lets(attribute('Role')), lets(attribute('Role'))))).toBe('modify');
    expect(worstOf(admits(lets({ Ref: 'SomeParameter' }), lets({ Ref: 'SomeParameter' })))).toBe('expose');
  });
});
