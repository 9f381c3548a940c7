import { afterAll, beforeAll, expect, test } from 'vitest';
import { hiddenValues } from '../../src/aws/template/hidden-values.ts';
import { testsIn } from '../../src/aws/template/value-tests.ts';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * A test of a hidden value that the stack has already, whose owner wrote it. An agent that may not see the value keeps
 * the test as it is, and changes what the value is held against. Default policy, production: nothing of this takes a
 * decision, so that a handful of calls a letter would tell it.
 */

const PIN = { Ref: 'Pin' };
const QUEUE = { Type: 'AWS::SQS::Queue' };
const topic = (DisplayName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
const cut = (key: string) => ({ 'Fn::FindInMap': ['Cut', 'a', key] });
const part = (at: unknown, by: unknown) => ({ 'Fn::Select': [at, { 'Fn::Split': [by, PIN] }] });
const looked = (Value: string) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'String', Value, Description: PIN },
});

const TEMPLATE = {
  Parameters: { Pin: { Type: 'String', NoEcho: true }, TierSecret: { Type: 'String' }, Mode: { Type: 'String' } },
  Mappings: {
    Cut: { a: { by: '-', n: '0', old: 'none' } },
    Plain: { a: { b: 'c' } },
    Rows: { '0042': { label: 'x' }, '9001': { label: 'x' } },
  },
  Conditions: {
    First: { 'Fn::Equals': ['a', 'a'] },
    Old: { 'Fn::Equals': [part(0, '-'), cut('old')] },
    OfMode: { 'Fn::Equals': [PIN, { Ref: 'Mode' }] },
    Both: { 'Fn::And': [{ Condition: 'Old' }, { Condition: 'First' }] },
  },
  Resources: {
    Queue: QUEUE,
    Part: topic(part(cut('n'), cut('by'))),
    Row: topic({ 'Fn::FindInMap': ['Rows', { Ref: 'TierSecret' }, 'label'] }),
    Chosen: topic(part({ 'Fn::If': ['First', 0, 1] }, '-')),
    Looked: looked('-'),
    ByAnother: topic(part(0, { 'Fn::GetAtt': ['Looked', 'Value'] })),
    Said: topic({ 'Fn::Sub': `\${Pin}` }),
    Gated: { ...QUEUE, Condition: 'Both' },
  },
};

let scene: Scene;
beforeAll(async () => {
  const stack = {
    name: 'shop-production',
    template: TEMPLATE,
    parameters: { Pin: '4711-k7', TierSecret: '0042', Mode: 'a' },
  };
  scene = await setScene({ stacks: [stack] }, { latencyMs: 2 });
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

async function deploy(change: object, parameters: Record<string, string> = {}) {
  const made = async () => (await scene.cloud.requests('CreateChangeSet')).length;
  const before = await made();
  const answer = await scene.agent.call('cloudformation_deploy_stack', {
    stack_name: 'shop-production',
    template_body: JSON.stringify({ ...TEMPLATE, ...change }),
    parameters,
    reason: REASON,
  });
  return { refusal: answer.refusal, asked: (await made()) > before };
}

const mapped = (Mappings: object) => ({ Mappings: { ...TEMPLATE.Mappings, ...Mappings } });
const held = (Conditions: object) => ({ Conditions: { ...TEMPLATE.Conditions, ...Conditions } });
const having = (Resources: object) => ({ Resources: { ...TEMPLATE.Resources, ...Resources } });
const cuts = (row: object) => mapped({ Cut: { a: { ...TEMPLATE.Mappings.Cut.a, ...row } } });

test.each<[string, object, Record<string, string>?]>([
  ['a delimiter in a mapping', cuts({ by: '7' })],
  ['a number in a mapping', cuts({ n: '1' })],
  ['a word in a mapping', cuts({ old: '4711' })],
  ['the rows of a mapping', mapped({ Rows: { '0042': { label: 'x' } } })],
  ['what a condition chooses', held({ First: { 'Fn::Equals': ['a', 'b'] } })],
  ['the attribute of another resource', having({ Looked: looked('7') })],
  ['a parameter that is shown', {}, { Mode: 'guess' }],
  ['a module', having({ More: { Type: 'Example::Db::Small::MODULE', Properties: { Size: PIN } } })],
  ["a module of AWS's", having({ More: { Type: 'AWS::Db::Small::MODULE', Properties: { Size: PIN } } })],
  ['a type that is not known for taking values only when it is made', having({ More: { Type: 'A::B::C', P: PIN } })],
])('B9: a kept value is held against nothing else from now on: %s', async (_, change, parameters) => {
  expect(await deploy(change, parameters)).toMatchObject({
    asked: false,
    refusal: { code: 'invalid_input', message: expect.stringMatching(/parameter (Pin|TierSecret)/) },
  });
});

test.each<[string, object]>([
  ['a mapping, a condition and a resource that no test names', { ...mapped({ Plain: { a: { b: 'd' } } }) }],
  ['another condition', held({ Other: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'x'] } })],
  [
    'another resource',
    having({ Queue: { ...QUEUE, Properties: { ReceiveMessageWaitTimeSeconds: 5 } }, More: topic('x') }),
  ],
  [
    'a custom resource that takes it',
    having({ More: { Type: 'Custom::X', Properties: { ServiceToken: 'arn', Pin: PIN } } }),
  ],
])('B9: what no test depends on may be changed: %s', async (_, change) => {
  expect(await deploy({ ...having({ More: topic('more') }), ...change })).toMatchObject({ asked: true });
});

/** The digests of one template that the other doesn't have. */
function added(present: object, future: object, values: Record<string, string | null>, then = values): number {
  const ask = (template: object, given: Record<string, string | null>) =>
    testsIn(
      hiddenValues(JSON.stringify(template), {
        isHidden: (name) => values[name] === null,
        literals: true,
        given: { stack_id: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1', values: given },
      }),
    );
  const known = new Set(ask(present, values).map(({ digest }) => digest));
  return ask(future, then).filter(({ digest }) => !known.has(digest)).length;
}

const NESTED_AT = { 'Fn::Sub': [`https://\${U}`, { U: { 'Fn::FindInMap': ['At', 'a', 'b'] } }] };
const nested = (b: string) => ({
  Parameters: { Pin: { Type: 'String' } },
  Mappings: { At: { a: { b } } },
  Resources: { N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: NESTED_AT, Parameters: { PIN } } } },
});

test('B9: a nested stack whose address a mapping has is another one where that is another', () => {
  expect(added(nested('t/clean.yaml'), nested('t/clean.yaml'), { Pin: null })).toBe(0);
  expect(added(nested('t/clean.yaml'), nested('evil/x.yaml'), { Pin: null })).toBe(1);
});

test.each(['AWS::SSM::Parameter::Name', 'AWS::SSM::Parameter::Value<String>'])(
  'B9: what AWS looks up for a parameter of type %s is another where its name is',
  (Type) => {
    const Parameters = { Pin: { Type: 'String' }, Guess: { Type } };
    const Conditions = { C: { 'Fn::Equals': [PIN, { Ref: 'Guess' }] } };
    const template = { Parameters, Conditions, Resources: {} };
    expect(added(template, template, { Pin: null, Guess: '/a' })).toBe(0);
    expect(added(template, template, { Pin: null, Guess: '/a' }, { Pin: null, Guess: '/b' })).toBe(1);
    const declared = (Default: string) => ({ ...template, Parameters: { ...Parameters, Guess: { Type, Default } } });
    expect(added(declared('/a'), declared('/b'), { Pin: null })).toBe(1);
  },
);

test('B9: a function that nobody here knows may look at anything', () => {
  const rule = (name: string) => ({
    Parameters: { Pin: { Type: 'String' }, Net: { Type: 'String' } },
    Rules: { R: { Assertions: [{ Assert: { 'Fn::EachMemberIn': [[PIN], { [name]: ['Net', 'Tags.Pin'] }] } }] } },
    Resources: {},
  });
  const template = rule('Fn::ValueOf');
  expect(added(template, template, { Pin: null, Net: 'a' })).toBe(0);
  expect(added(template, template, { Pin: null, Net: 'a' }, { Pin: null, Net: 'b' })).toBe(1);
});
