import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EnvironmentRule, environmentOf, subjectsOf } from '../../src/kernel/environment.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, testAws } from '../scenes/tools.ts';

/*
 * A parameter of Systems Manager gives another's name. It is called like the stack's own things: where an answer has
 * its name (the embedded cloud's always has), the value isn't known. Controls: the same names, and nothing looked up.
 */

const RULES: readonly EnvironmentRule[] = [
  { name: 'production', match: { stack_names: ['prod-*'] } },
  { name: 'development', match: { stack_names: ['dev-*'] } },
];
const INNER = 'https://t.example/inner.json';
const hook = (name: unknown) => ({
  R: {
    Type: 'AWS::AutoScaling::LifecycleHook',
    Properties: {
      AutoScalingGroupName: name,
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    },
  },
});
const P = { Ref: 'P' };
const JOINED = `dev-\${P}`;
const SHOP = { AutoScalingGroupName: 'dev-fleet', MinSize: '1', MaxSize: '1' };

let cloud: Cloud;
beforeAll(async () => {
  const Resources = { Fleet: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: SHOP } };
  const inner = { Parameters: { P: { Type: 'String' } }, Resources: hook(P) };
  cloud = await startCloud(
    { stacks: [{ name: 'dev-shop', template: { Resources } }], templates: { [INNER]: inner } },
    { latencyMs: 1 },
  );
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

async function environment(stack_name: string, Type: string, Default: string, Resources: object) {
  const given = await propose(testAws(cloud.endpoint), 'cloudformation_deploy_stack', {
    stack_name,
    template_body: JSON.stringify({ Parameters: { P: { Type, Default } }, Resources }),
    capabilities: ['CAPABILITY_AUTO_EXPAND'],
  });
  await given.discard();
  const targets = subjectsOf({ account: '123456789012', region: 'eu-west-1', targets: given.targets });
  return environmentOf({ environments: RULES, known: [] }, targets);
}

const nested = (value: unknown) => ({
  In: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: INNER, Parameters: { P: value } } },
});
const SPELLINGS: readonly (readonly [how: string, value: string, resources: object])[] = [
  ['itself', 'dev-fleet', hook(P)],
  ['Fn::Sub', 'fleet', hook({ 'Fn::Sub': JOINED })],
  ['Fn::Join', 'fleet', hook({ 'Fn::Join': ['-', ['dev', P]] })],
  ['Fn::Select and Fn::Split', 'x/dev-fleet', hook({ 'Fn::Select': [1, { 'Fn::Split': ['/', P] }] })],
  ['the parameter of a nested stack', 'dev-fleet', nested(P)],
  ['a part of what a nested stack gets', 'fleet', nested({ 'Fn::Sub': JOINED })],
];

describe.each(SPELLINGS.map(([how, value, resources], at) => ({ how, value, resources, at })))(
  'a looked-up parameter by $how',
  ({ value, resources, at }) => {
    test.concurrent("is anyone's", async () => {
      const type = 'AWS::SSM::Parameter::Value<String>';
      expect(await environment(`dev-ssm-${at}`, type, value, resources)).toBe('production');
    });

    test.concurrent('is itself where nothing is looked up', async () => {
      expect(await environment(`dev-plain-${at}`, 'String', value, resources)).toBe('development');
    });
  },
);

test("a name that isn't of the parameter is itself, in the same template", async () => {
  const type = 'AWS::SSM::Parameter::Value<String>';
  expect(await environment('dev-beside', type, 'dev-fleet', hook('dev-fleet'))).toBe('development');
});
