import { expect, test } from 'vitest';
import { readTemplate } from '../../src/aws/template/template.ts';

/*
 * What the values of a resource are worked out from. The attacker writes the expressions: what isn't found here would
 * pass for a value that stays as it is shown.
 */

function sourcesOf(Properties: object): Readonly<Record<string, readonly string[]>> {
  const text = JSON.stringify({
    Parameters: { Given: { Type: 'String' }, Several: { Type: 'CommaDelimitedList' } },
    Resources: { Other: { Type: 'AWS::SQS::Queue' }, Subject: { Type: 'AWS::X::Y', Properties } },
  });
  return { ...readTemplate(text).resources.Subject?.value_sources };
}

test.each<[string, object, Record<string, string[]>]>([
  ['a text', { A: 'x', B: ['y'], C: { D: 1 } }, {}],
  ['a reference', { A: { B: { Ref: 'Other' } } }, { '/A/B': ['Other'] }],
  ['an attribute', { A: { 'Fn::GetAtt': ['Other', 'Outputs', 'X'] } }, { '/A': ['Other.Outputs.X'] }],
  ['an attribute in the short form', { A: { 'Fn::GetAtt': 'Other.Arn' } }, { '/A': ['Other.Arn'] }],
  ['an attribute that is worked out', { A: { 'Fn::GetAtt': ['Other', { Ref: 'Given' }] } }, { '/A': ['*'] }],
  [
    'a text with variables',
    { A: { 'Fn::Sub': [`\${V}/\${ Other.Arn }/\${!No}`, { V: { Ref: 'Other' } }] } },
    { '/A': ['Other', 'V', 'Other.Arn'] },
  ],
  [
    'functions in functions',
    { A: { 'Fn::Join': ['', ['x', { 'Fn::Select': [0, [{ Ref: 'Other' }]] }]] } },
    { '/A': ['Other'] },
  ],
  ['what a macro makes', { A: { 'Fn::Transform': { Name: 'M' } } }, { '/A': ['*'] }],
  ['a loop', { A: { 'Fn::ForEach::L': ['I', ['a'], { B: 'x' }] } }, { '/A': ['*'] }],
  ['entries, each in its place', { A: ['x', { Ref: 'Other' }] }, { '/A/1': ['Other'] }],
  ['entries that may have other places', { A: [{ Ref: 'Several' }, { Ref: 'Other' }] }, { '/A': ['Several', 'Other'] }],
  ['a key with a slash', { 'A/B': { Ref: 'Other' } }, { '/A~1B': ['Other'] }],
])('%s', (_, properties, expected) => {
  expect(sourcesOf(properties)).toEqual(expected);
});
