import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * What a nested stack hides it may hand out as an output under a name that says nothing, and the template around it has
 * no trace of that. An agent in a development stack, where what creates and modifies takes no decision, reads it there,
 * has it shown, or asks what it is; it nests the template of another's stack as well.
 */

const LEAKS = /literal-of|zebra|crossing/i;
const topic = (DisplayName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
const at = (name: string) => `https://t.example/${name}.json`;
const nested = (name: string, Parameters: object = {}) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL: at(name), Parameters },
});
const output = (id: string, name: string) => ({ 'Fn::GetAtt': [id, `Outputs.${name}`] });
const LOOKED_UP = { 'Fn::FindInMap': ['Keys', 'a', 'Password'] };
const INNER = {
  Mappings: { Keys: { a: { Password: 'Literal-Of-Its-Own3' } } },
  Resources: { In: topic('in') },
  Outputs: { Thing: { Value: LOOKED_UP }, Open: { Value: { Ref: 'In' } } },
};
const CLEAN = { ...INNER, Outputs: { ...INNER.Outputs, Thing: { Value: 'a-thing' } } };
const AROUND = {
  Resources: { Deep: nested('inner') },
  Outputs: { Thing: { Value: output('Deep', 'Thing') }, Open: { Value: output('Deep', 'Open') } },
};
const OPEN = { Resources: { Deep: nested('inner') }, Outputs: { Open: { Value: output('Deep', 'Open') } } };
const TAKING = { Parameters: { P: { Type: 'String', NoEcho: true } }, Resources: { In: topic('x') } };
const exported = (Name: string, Value: unknown) => ({ Value, Export: { Name } });
const TEMPLATE = {
  Parameters: { DbPassword: { Type: 'String' } },
  Resources: { Topic: topic('plain'), N: nested('inner'), Around: nested('around'), Clean: nested('clean') },
  Outputs: {
    Again: exported('again', output('N', 'Thing')),
    FromDeep: exported('from-deep', { 'Fn::Sub': `x-\${Around.Outputs.Thing}` }),
    Open: exported('open', { 'Fn::Sub': `\${N.Outputs.Open}\${Around.Outputs.Open}` }),
    Name: exported('by-its-name', { Ref: 'DbPassword' }),
  },
};

let scene: Scene;
beforeAll(async () => {
  const templates = { inner: INNER, clean: CLEAN, around: AROUND, open: OPEN, taking: TAKING };
  scene = await setScene(
    {
      stacks: [{ name: 'shop', template: TEMPLATE, parameters: { DbPassword: 'Zebra-Crossing-Granite7' } }],
      templates: Object.fromEntries(Object.entries(templates).map(([name, one]) => [at(name), one])),
    },
    {
      config: 'environments: [{ name: development, match: { stack_names: [shop, "dev-*"] } }]\n',
      latencyMs: 2,
      serve: [],
    },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

async function deploy(stack_name: string, template: object) {
  const args = { stack_name, template_body: JSON.stringify(template), reason: REASON };
  const answer = await scene.agent.call('cloudformation_deploy_stack', args);
  expect(JSON.stringify(answer)).not.toMatch(LEAKS);
  const impact = (answer.plan?.impact ?? []) as readonly { readonly effect: string; readonly detail: string }[];
  return { answer, exposed: impact.filter(({ effect }) => effect === 'expose').map(({ detail }) => detail) };
}

const changed = (Resources: object, Outputs: object = {}) => ({
  ...TEMPLATE,
  Resources: { ...TEMPLATE.Resources, ...Resources },
  Outputs: { ...TEMPLATE.Outputs, ...Outputs },
});

test('no read shows it: neither as an output of the stack around, nor as an export', async () => {
  const stack = await scene.agent.call('cloudformation_describe_stack', { stack_name: 'shop' });
  const list = await scene.agent.call('cloudformation_list_exports', {});
  expect(JSON.stringify([stack, list])).not.toMatch(LEAKS);
  const hidden = expect.stringMatching(/^\[hidden:/);
  const open = expect.stringMatching(/^arn:aws:sns:.*arn:aws:sns:/);
  expect(stack.outputs.map(({ value }: { value: string }) => value)).toEqual([hidden, hidden, open, hidden]);
  expect(list.exports.map(({ value }: { value: string }) => value)).toEqual([hidden, hidden, open, hidden]);
});

test.each<[string, object, object, string]>([
  ['an attribute', { Topic: topic(output('N', 'Thing')) }, {}, 'Topic: DisplayName'],
  ['a text', { Topic: topic({ 'Fn::Sub': `a-\${Around.Outputs.Thing}` }) }, {}, 'Topic: DisplayName'],
  ['an output', {}, { More: { Value: output('N', 'Thing') } }, 'Outputs/More: Value'],
  [
    'what a nested stack hands out from now on',
    { Clean: nested('inner'), Of: topic(output('Clean', 'Thing')) },
    {},
    'Of: D',
  ],
  ['a nested stack that is new', { New: nested('around'), Of: topic(output('New', 'Thing')) }, {}, 'Of: DisplayName'],
])('it takes a decision where it comes to be shown by %s', async (_, resources, outputs, line) => {
  const { answer, exposed } = await deploy('shop', changed(resources, outputs));
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(exposed).toContainEqual(expect.stringMatching(new RegExp(`^${line}.* shows a hidden value .*nested output`)));
});

test("a new stack that nests another's template shows nothing of it without a decision", async () => {
  const Resources = { N: nested('inner'), Topic: topic(output('N', 'Thing')) };
  const { answer, exposed } = await deploy('dev-new', { Resources });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(exposed).toEqual([expect.stringMatching(/^Topic: DisplayName shows a hidden value .*N\.Outputs\.Thing/)]);
});

test('nor has another nested template ask what it is', async () => {
  const Resources = { N: nested('inner'), T: nested('taking', { P: output('N', 'Thing') }) };
  const { answer, exposed } = await deploy('dev-asks', { Resources });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(exposed).toEqual([
    expect.stringMatching(/^T: Parameters\.P has AWS send a hidden value .*may ask what it is/),
  ]);
});

const part = (value: unknown) => topic({ 'Fn::Select': [0, { 'Fn::Split': ['L', value] }] });

test.each<[string, object]>([
  ['a part of it', { Of: part(output('N', 'Thing')) }],
  ['a part of it in a text', { Of: part({ 'Fn::Sub': `x\${Around.Outputs.Thing}` }) }],
  ['a parameter of another nested stack', { Of: nested('taking', { P: output('N', 'Thing') }) }],
])('AWS is not asked what it is, by %s', async (_, resources) => {
  const { answer } = await deploy('shop', changed(resources));
  expect(answer.refusal?.message, JSON.stringify(answer)).toMatch(/a nested one hands out .*is hidden/);
});

test('what everyone may see goes where it went', async () => {
  const { answer, exposed } = await deploy(
    'shop',
    changed({ Of: part(output('N', 'Open')), More: topic(output('Clean', 'Thing')), New: nested('clean') }),
  );
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('succeeded');
  expect(exposed).toEqual([]);
});

test('and so does what a new nested stack hands out, in a new stack', async () => {
  const Resources = { N: nested('open'), Of: part(output('N', 'Open')), Topic: topic(output('N', 'Open')) };
  const { answer, exposed } = await deploy('dev-open', { Resources });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('succeeded');
  expect(exposed).toEqual([]);
});
