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
  },
};
const VALUES = { Pin: 'secret-pin', DbPassword: 'secret-password', Mode: 'a' };

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(
    { stacks: [{ name: 'shop-production', template: TEMPLATE, parameters: VALUES }] },
    { latencyMs: 2 },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

async function deploy(change: object, parameters: Record<string, string> = {}) {
  const made = async () => (await scene.cloud.requests('CreateChangeSet')).length;
  const before = await made();
  const template_body = JSON.stringify({ ...TEMPLATE, ...change });
  const args = { stack_name: 'shop-production', template_body, parameters, reason: REASON };
  const answer = await scene.agent.call('cloudformation_deploy_stack', args);
  return { refusal: answer.refusal, asked: (await made()) > before };
}

const declared = (Pin: object) => ({
  Parameters: { ...TEMPLATE.Parameters, Pin: { ...TEMPLATE.Parameters.Pin, ...Pin } },
});
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
  const template = { ...TEMPLATE, Mappings: { Keys: { shop: { Password: 'correct-horse' } } } };
  await scene.cloudformation.send(
    new CreateStackCommand({
      StackName: 'map-production',
      TemplateBody: JSON.stringify(template),
      Parameters: Object.entries(VALUES).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    }),
  );
  const { lines } = await scene.agent.call('cloudformation_get_template', { stack_name: 'map-production' });
  const shown = JSON.parse(lines.join('\n'));
  expect(JSON.stringify(shown)).not.toContain('correct-horse');
  const ask = async (change: object) => {
    const template_body = JSON.stringify({ ...shown, ...change });
    const args = { stack_name: 'map-production', template_body, reason: REASON };
    return (await scene.agent.call('cloudformation_deploy_stack', args)).refusal;
  };
  const equals = { Conditions: { ...shown.Conditions, G: { 'Fn::Equals': [lookup, 'guess'] } } };
  const part = {
    Resources: { ...shown.Resources, More: topic({ 'Fn::Select': [0, { 'Fn::Split': ['c', lookup] }] }) },
  };
  for (const change of [equals, part])
    expect(await ask(change)).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('mappings keep'),
    });
  expect((await ask({ Resources: { ...shown.Resources, More: topic(lookup) } }))?.code).not.toBe('invalid_input');
});
