// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub makes of it
import { expect, test } from 'vitest';
import { madeNames } from '../../src/aws/template/made-names.ts';
import { isOwn } from '../../tools/cloudformation/deployment/effects/identity/own.ts';
import { UNTOLD } from '../../tools/cloudformation/deployment/effects/resource-settings.ts';
import { madeBy, namesOfMember } from '../../tools/ports/made-names.ts';

/*
 * A function and all that is called like it. The attacker calls their own function by the beginning of another's name,
 * and lets a role call whatever begins so.
 */

const RANDOM = 'arn:aws:lambda:eu-west-1:123456789012:function:dev-Fn-a1B2c3D4e5F6*';

function isOwnOf(thing: object, text: string, pattern = '${Thing}*'): boolean {
  const P = { 'Fn::Sub': `arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${pattern}` };
  const Subject = { Type: 'AWS::IAM::Role', Properties: { P } };
  const names = madeNames({ Resources: { Thing: thing, Subject } }).Subject;
  return isOwn({ text, made: madeBy(namesOfMember(names, 'P')) });
}

const named = (Properties: object) => ({ Type: 'AWS::Lambda::Function', Properties });

test.each<[string, string]>([
  ['before it is made', UNTOLD as string],
  ['once AWS made up its name', RANDOM],
])('a function that the template gives no name is all that begins so, %s', (_, text) => {
  expect(isOwnOf(named({ Handler: 'a' }), text)).toBe(true);
});

test.each<[string, object]>([
  ['named', named({ FunctionName: 'dev' })],
  ['named by a parameter', named({ FunctionName: { Ref: 'Given' } })],
  ['named in one branch', named({ FunctionName: { 'Fn::If': ['C', 'dev', { Ref: 'AWS::NoValue' }] } })],
  ['filled in by a macro', named({ 'Fn::Transform': { Name: 'theirs' } })],
  ['of another kind', { Type: 'AWS::SQS::Queue', Properties: {} }],
])('not one that is %s', (_, thing) => {
  expect(isOwnOf(thing, UNTOLD as string)).toBe(false);
});

test('nor one that was imported with a short name, nor more than the name', () => {
  expect(isOwnOf(named({}), 'arn:aws:lambda:eu-west-1:123456789012:function:pay*')).toBe(false);
  expect(isOwnOf(named({}), UNTOLD as string, '${Thing}-*')).toBe(false);
  expect(isOwnOf(named({}), UNTOLD as string, '*${Thing}*')).toBe(false);
});
