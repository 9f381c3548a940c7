import { describe, expect, test } from 'vitest';
import { readTemplate } from '../../src/aws/template/template.ts';
import { newRoleOf } from '../../tools/cloudformation/deployment/effects/custom-resource.ts';

const arn = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
const RESOURCES = {
  Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: arn('Fn') } },
  Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: arn('Role') } },
  Role: { Type: 'AWS::IAM::Role', Properties: {} },
  Other: { Type: 'AWS::IAM::Role', Properties: {} },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { Role: arn('Role') } },
};

/** @param old what the stack has already */
function roleOf(changes: object, old: readonly string[] = []): string | undefined {
  const Resources = { ...RESOURCES, ...changes };
  const added = new Set(Object.keys(Resources).filter((id) => !old.includes(id)));
  return newRoleOf('Thing', readTemplate(JSON.stringify({ Resources })), added);
}
const thing = (ServiceToken: unknown, Type = 'Custom::Thing') => ({ Thing: { Type, Properties: { ServiceToken } } });
const fn = (Role: unknown) => ({ Fn: { Type: 'AWS::Lambda::Function', Properties: { Role } } });

describe('as whom the code of a custom resource runs', () => {
  test('as a new role, where everything is new', () => {
    expect(roleOf({})).toBe('Role');
    expect(roleOf(thing(arn('Fn'), 'AWS::CloudFormation::CustomResource'))).toBe('Role');
    expect(roleOf({}, ['Other'])).toBe('Role');
  });

  test.each<[string, object, readonly string[]]>([
    ['the resource was there', {}, ['Thing']],
    ['the function was there, and takes orders', {}, ['Fn']],
    ['the role was there', {}, ['Role']],
    ['a function of others', thing('arn:aws:lambda:eu-west-1:123456789012:function:admin'), []],
    ['a function that a parameter names', thing({ Ref: 'Given' }), []],
    ['a topic, behind which stands anything', thing({ Ref: 'Topic' }), []],
    ['one of two functions', thing({ 'Fn::If': ['C', arn('Fn'), arn('Fn')] }), []],
    ['a version of the function', thing({ 'Fn::Sub': '$' + '{Fn.Arn}:1' }), []],
    ['another attribute of it', thing(arn('Fn', 'SnapStartResponse')), []],
    ['what only has a role like a function', thing(arn('Queue')), []],
    ['a role of others', fn('arn:aws:iam::123456789012:role/admin'), []],
    ['a role that a parameter names', fn({ Ref: 'Given' }), []],
    ['one of two roles', fn({ 'Fn::If': ['C', arn('Role'), arn('Other')] }), []],
    ['the ARN of something else as a role', fn(arn('Queue')), []],
    ['no role', { Fn: { Type: 'AWS::Lambda::Function' } }, []],
    ['another type that may do anything', thing(arn('Fn'), 'Acme::Things::Thing'), []],
    ['a macro', thing(arn('Fn'), 'AWS::CloudFormation::Macro'), []],
  ])('not told: %s', (_, changes, old) => {
    expect(roleOf(changes, old)).toBeUndefined();
  });
});
