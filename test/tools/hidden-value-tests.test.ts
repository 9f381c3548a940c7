import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * An agent that may not see a value asks AWS what passes with it, while changes are being planned. Default policy,
 * production: nothing of this takes a decision.
 */

const QUEUE = { Type: 'AWS::SQS::Queue' };
const topic = (DisplayName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
const PIN = { Ref: 'Pin' };
const SPLIT = { 'Fn::Select': [0, { 'Fn::Split': ['s', PIN] }] };
const TEMPLATE = {
  Parameters: {
    Pin: { Type: 'String', NoEcho: true, MinLength: 3 },
    DbPassword: { Type: 'String' },
    Mode: { Type: 'String' },
  },
  Conditions: { Long: { 'Fn::Equals': [PIN, 'a-long-one'] } },
  Resources: {
    Queue: QUEUE,
    Topic: topic({ 'Fn::Sub': `x-\${Pin}` }),
    Part: topic(SPLIT),
    Gated: { ...QUEUE, Condition: 'Long' },
    Held: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: PIN } },
    Kept: { Type: 'AWS::SSM::Parameter', Properties: { Name: 'db-password', Type: 'String', Value: 'literal-one' } },
    Called: { Type: 'AWS::IAM::Role', Properties: { Path: { 'Fn::Sub': `/\${Pin}/` }, AssumeRolePolicyDocument: {} } },
    Plain: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'a,b' } },
    OfPlain: topic({ 'Fn::Select': [0, { 'Fn::Split': [',', { 'Fn::GetAtt': 'Plain.Value' }] }] }),
  },
};
const EXPORTING = {
  Resources: { Queue: QUEUE },
  Outputs: {
    A: { Value: 'exported-one', Export: { Name: 'net-password' } },
    B: { Value: 'a,b', Export: { Name: 'net-subnets' } },
  },
};
const VALUES = { Pin: 'secret-pin', DbPassword: 'secret-password', Mode: 'a' };

const CAPABILITIES = ['CAPABILITY_IAM'];

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [
        { name: 'net', template: EXPORTING },
        { name: 'shop-production', template: TEMPLATE, parameters: VALUES },
      ],
    },
    { latencyMs: 2 },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

async function deploy(change: object, parameters: Record<string, string> = {}, more: object = {}) {
  const made = async () => (await scene.cloud.requests('CreateChangeSet')).length;
  const before = await made();
  const template_body = JSON.stringify({ ...TEMPLATE, ...change });
  const args = {
    stack_name: 'shop-production',
    template_body,
    parameters,
    capabilities: CAPABILITIES,
    reason: REASON,
    ...more,
  };
  const answer = await scene.agent.call('cloudformation_deploy_stack', args);
  return { refusal: answer.refusal, asked: (await made()) > before };
}

const declared = (Pin: object) => ({
  Parameters: { ...TEMPLATE.Parameters, Pin: { ...TEMPLATE.Parameters.Pin, ...Pin } },
});
const sub = (text: string) => ({ 'Fn::Sub': text });
const withTopic = (DisplayName: unknown) => ({ Resources: { ...TEMPLATE.Resources, More: topic(DisplayName) } });

const nested = (Properties: object) => ({
  Resources: { ...TEMPLATE.Resources, N: { Type: 'AWS::CloudFormation::Stack', Properties } },
});

test.each<[string, object]>([
  ['a pattern', declared({ AllowedPattern: '^s.*' })],
  ['values', declared({ AllowedValues: ['a', 'b'] })],
  ['another length', declared({ MinLength: 4 })],
  ['a greatest length', declared({ MaxLength: 8 })],
  ['no length any more', declared({ MinLength: undefined })],
  ['another type', declared({ Type: 'Number' })],
  ['a type that AWS looks up', declared({ Type: 'AWS::SSM::Parameter::Value<String>' })],
  ['another condition', { Conditions: { ...TEMPLATE.Conditions, Guess: { 'Fn::Equals': [PIN, 'guess'] } } }],
  ['the same condition with another word', { Conditions: { Long: { 'Fn::Equals': [PIN, 'another'] } } }],
  [
    'a condition on a name put together',
    { Conditions: { ...TEMPLATE.Conditions, G: { 'Fn::Equals': [{ Ref: `P\${X}` }, 'guess'] } } },
  ],
  [
    'a condition on a text with it',
    { Conditions: { ...TEMPLATE.Conditions, G: { 'Fn::Equals': [{ 'Fn::Sub': `\${Pin}` }, 'guess'] } } },
  ],
  ['a rule', { Rules: { R: { Assertions: [{ Assert: { 'Fn::Contains': [['guess'], PIN] } }] } } }],
  ['a part of it', withTopic({ 'Fn::Select': [1, { 'Fn::Split': ['c', PIN] }] })],
  ['a part in a text', withTopic({ 'Fn::Join': ['', ['x', { 'Fn::Select': [1, { 'Fn::Split': ['c', PIN] }] }]] })],
  ['a row of a table', { Mappings: { M: { a: { b: 'c' } } }, ...withTopic({ 'Fn::FindInMap': ['M', PIN, 'b'] }) }],
  ['an import by its name', withTopic({ 'Fn::ImportValue': PIN })],
  ['a parameter of Systems Manager by its name', withTopic({ 'Fn::Sub': `{{resolve:ssm:/\${Pin}}}` })],
  ['the pattern of a nested template', nested({ TemplateURL: 'https://t.example/clean.json', Parameters: { P: PIN } })],
  ['the place of a nested template', nested({ TemplateURL: { 'Fn::Sub': `https://t.example/\${Pin}` } })],
  [
    'what a serverless application is',
    { Resources: { ...TEMPLATE.Resources, F: { Type: 'AWS::Serverless::Function', Properties: { Handler: PIN } } } },
  ],
  ['the name of another', withTopic({ Ref: PIN })],
  ['the name of another, put together', withTopic({ Ref: { 'Fn::Sub': `\${Pin}` } })],
  ['the name of a condition', withTopic({ 'Fn::If': [PIN, 'a', 'b'] })],
  ['the name of a member', withTopic({ [`x\${Pin}`]: 'a' })],
  ['a policy', { Resources: { ...TEMPLATE.Resources, More: { ...QUEUE, DeletionPolicy: PIN } } }],
  ['a type', { Resources: { ...TEMPLATE.Resources, More: { Type: { 'Fn::Sub': `AWS::\${Pin}` } } } }],
  [
    'a loop',
    {
      Transform: 'AWS::LanguageExtensions',
      Resources: { ...TEMPLATE.Resources, 'Fn::ForEach::L': ['X', [PIN], { [`Q\${X}`]: QUEUE }] },
    },
  ],
  ['the condition of an output', { Outputs: { O: { Value: 'x', Condition: { Ref: 'Pin' } } } }],
  ['its length', withTopic({ 'Fn::Length': PIN })],
])('B9: a kept value that nobody may see is not held against %s', async (_, change) => {
  expect(await deploy(change)).toMatchObject({
    asked: false,
    refusal: {
      code: 'invalid_input',
      message: expect.stringContaining('Pin'),
      recovery: expect.stringContaining('Pin'),
    },
  });
});

const HELD = { 'Fn::GetAtt': ['Held', 'Value'] };
const first = (separator: string, value: unknown) => ({ 'Fn::Select': [0, { 'Fn::Split': [separator, value] }] });
const cidr = (value: unknown) => ({ 'Fn::Select': [0, { 'Fn::Cidr': [value, 1, 8] }] });

test.each<[string, object]>([
  ['a part of an attribute', withTopic({ 'Fn::Join': ['', ['x', first('s', HELD)]] })],
  [
    'a row by an attribute',
    { Mappings: { M: { a: { b: 'c' } } }, ...withTopic({ 'Fn::FindInMap': ['M', HELD, 'b'] }) },
  ],
  ['a block that an attribute is', withTopic(cidr({ 'Fn::GetAtt': 'Held.Value' }))],
  ['a part of a path in an ARN', withTopic(first('s', { 'Fn::GetAtt': ['Called', 'Arn'] }))],
  ['a condition with blanks', { Conditions: { ...TEMPLATE.Conditions, G: { 'Fn::Equals': [sub(`\${ Pin }`), 'g'] } } }],
  ['an import with blanks', withTopic({ 'Fn::ImportValue': sub(`\${\tPin }`) })],
  ['braces in two parts', withTopic({ 'Fn::Join': ['', ['{', '{resolve:ssm:', PIN, '}}']] })],
  ['braces in a variable', withTopic({ 'Fn::Sub': [`\${A}\${A}resolve:ssm:\${Pin}}}`, { A: '{' }] })],
  ['braces of an attribute', withTopic(sub(`\${Plain.Value}\${Pin}}}`))],
  [
    'braces on a condition',
    withTopic({ 'Fn::Join': ['', [{ 'Fn::If': ['Long', '{{resolve:ssm:', 'x'] }, PIN, '}}']] }),
  ],
  ['a reference with an attribute', withTopic(sub(`{{resolve:ssm:\${Held.Value}}}`))],
  [
    'what a function takes apart that is there',
    {
      Resources: {
        ...TEMPLATE.Resources,
        Plain: { ...TEMPLATE.Resources.Plain, Properties: { Type: 'String', Value: PIN } },
      },
    },
  ],
])('B9: nor through other resources, nor however it is written: %s', async (_, change) => {
  expect(await deploy(change)).toMatchObject({
    asked: false,
    refusal: { code: 'invalid_input', message: expect.stringContaining('Pin') },
  });
});

const KEPT = { 'Fn::GetAtt': ['Kept', 'Value'] };
const imported = (name: unknown) => ({ 'Fn::ImportValue': name });
const named = (name: string, value: unknown) => ({ Mappings: { M: { a: { b: name } } }, ...withTopic(value) });

test.each<[string, object]>([
  ['a literal', withTopic(first('l', KEPT))],
  ['a literal that is no block', withTopic(cidr({ 'Fn::Base64': KEPT }))],
  ['what another stack exports', withTopic(first('e', imported('net-password')))],
  ['the same under a name put together', withTopic(cidr(imported({ 'Fn::Join': ['-', ['net', 'password']] })))],
  ['the same under a name of a mapping', named('net-password', cidr(imported({ 'Fn::FindInMap': ['M', 'a', 'b'] })))],
  ['the same under a name that nobody can tell', withTopic(cidr(imported({ 'Fn::GetAtt': ['Queue', 'QueueName'] })))],
  ['an import by what is imported', withTopic(imported(imported('net-password')))],
])('B9: nor is what is hidden and no parameter: %s', async (_, change) => {
  expect(await deploy(change)).toMatchObject({
    asked: false,
    refusal: { code: 'invalid_input', message: expect.stringContaining('literal of the template') },
  });
});

test('B9: nor does a stack that is new ask what another exports', async () => {
  const Resources = { T: topic(first('e', imported('net-password'))) };
  const change = { Parameters: {}, Conditions: {}, Resources };
  expect(await deploy(change, {}, { stack_name: 'new-production' })).toMatchObject({
    asked: false,
    refusal: { code: 'invalid_input', recovery: expect.stringContaining('Fn::Join') },
  });
});

test.each<[string, object]>([
  ['user data with it', withTopic({ 'Fn::Base64': sub(`#!/bin/sh\nlogin \${Pin}`) })],
  ['JSON with it', withTopic(sub(`{"a":{"password":"\${Pin}"}}`))],
  ['a text with an address', withTopic(sub(`db://\${Queue.Arn}:\${Pin}@\${Queue.Arn}`))],
  ['a part of what is plain', withTopic(first('/', { 'Fn::GetAtt': 'Plain.Value' }))],
  ['a part of what is exported', withTopic(first(',', imported('net-subnets')))],
  ['the same under a name with a parameter', withTopic(first(',', imported(sub(`net-\${Mode}`))))],
  ['a zone', withTopic({ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] })],
])('B9: what templates do with plain values, and by putting hidden ones somewhere, goes on: %s', async (_, change) => {
  expect(await deploy(change, { Mode: 'subnets' })).toMatchObject({ asked: true });
});

test('B9: nor one that is hidden by its name', async () => {
  const DbPassword = { Type: 'String', AllowedPattern: 's.*' };
  expect(await deploy({ Parameters: { ...TEMPLATE.Parameters, DbPassword } })).toMatchObject({
    asked: false,
    refusal: { code: 'invalid_input', message: expect.stringContaining('DbPassword') },
  });
});

test('B9: what depends on it already, what only puts it somewhere, and a value that is given go on', async () => {
  for (const [change, parameters] of [
    [declared({ Description: 'for the door' }), {}],
    [withTopic(PIN), {}],
    [withTopic({ 'Fn::If': ['Long', PIN, 'none'] }), {}],
    [withTopic(SPLIT), {}],
    [{ Outputs: { O: { Value: { 'Fn::Join': ['-', ['x', PIN]] } } } }, {}],
    [declared({ AllowedPattern: '^a.*' }), { Pin: 'another' }],
    [{ Parameters: { ...TEMPLATE.Parameters, Mode: { Type: 'String', AllowedValues: ['a', 'b'] } } }, {}],
  ] as const)
    expect(await deploy(change, parameters), JSON.stringify(change)).toMatchObject({ asked: true });
});

test('B9: nor one that stands in a mapping, and is handed back as it is shown', async () => {
  const lookup = { 'Fn::FindInMap': ['Keys', 'shop', 'Password'] };
  const { Kept: _, ...Resources } = TEMPLATE.Resources;
  const template = { ...TEMPLATE, Resources, Mappings: { Keys: { shop: { Password: 'correct-horse' } } } };
  await scene.cloudformation.send(
    new CreateStackCommand({
      StackName: 'map-production',
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_IAM'],
      Parameters: Object.entries(VALUES).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    }),
  );
  const { lines } = await scene.agent.call('cloudformation_get_template', { stack_name: 'map-production' });
  const shown = JSON.parse(lines.join('\n'));
  expect(JSON.stringify(shown)).not.toContain('correct-horse');
  const ask = async (change: object) => {
    const template_body = JSON.stringify({ ...shown, ...change });
    const args = { stack_name: 'map-production', template_body, capabilities: CAPABILITIES, reason: REASON };
    return (await scene.agent.call('cloudformation_deploy_stack', args)).refusal;
  };
  const equals = { Conditions: { ...shown.Conditions, G: { 'Fn::Equals': [lookup, 'guess'] } } };
  const part = {
    Resources: { ...shown.Resources, More: topic({ 'Fn::Select': [0, { 'Fn::Split': ['c', lookup] }] }) },
  };
  for (const change of [equals, part])
    expect(await ask(change)).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('a literal of the template'),
    });
  expect((await ask({ Resources: { ...shown.Resources, More: topic(lookup) } }))?.code).not.toBe('invalid_input');
});
