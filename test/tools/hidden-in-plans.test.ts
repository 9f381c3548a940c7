import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * An agent that may not see a value deploys a template in which something innocent takes it, and reads what AWS says of
 * the change while it waits for a decision. None is needed for that.
 */

const PASSWORD = 'Correct-Horse-Battery9';
const LIST = 'Zebra,Crossing,Granite7';
const LITERAL = 'Literal-Of-A-Mapping5';
const LEAKS = /correct.?horse|battery9|zebra|crossing|granite7|literal-of|TGl0ZXJhbC1/i;
const URL_OF_NESTED = 'https://t.example/label.json';
const topic = (DisplayName: unknown, more: object = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: { TopicName: 'keep', DisplayName, ...more },
});
const REF = { Ref: 'DbPassword' };
const KEEP = { Value: { Ref: 'DbPassword' } };
const tags = (Value: unknown) => [
  { Key: 'a', Value: 'b' },
  { Key: 'note', Value },
];
const nested = (Label: unknown) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL: URL_OF_NESTED, Parameters: { Label } },
});
const PARAMETERS = {
  DbPassword: { Type: 'String' },
  AuthTokens: { Type: 'CommaDelimitedList' },
  Title: { Type: 'String' },
};
const RESOURCES = {
  Keep: topic('plain', { Tags: tags('c') }),
  Held: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', ...KEEP } },
  Given: nested(REF),
  Own: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: 'own-password', Type: 'String', Value: 'Literal-Of-Its-Own3' },
  },
  Called: {
    Type: 'AWS::IAM::Role',
    Properties: { Path: { 'Fn::Sub': `/\${DbPassword}/` }, AssumeRolePolicyDocument: {} },
  },
};
const EXPORTING = {
  Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
  Outputs: { A: { Value: 'Crossing-Exported', Export: { Name: 'net-password' } } },
};
const OWN = { 'Fn::GetAtt': ['Own', 'Value'] };
const Mappings = { Keys: { shop: { Password: LITERAL, Title: 'open' } } };
const VALUES = { DbPassword: PASSWORD, AuthTokens: LIST, Title: 'a-title' };
const INNER = {
  Parameters: { Label: { Type: 'String' } },
  Resources: { In: { ...topic({ Ref: 'Label' }), Properties: { DisplayName: { Ref: 'Label' } } } },
  Outputs: { Said: { Value: { Ref: 'Label' } } },
};

let scene: Scene;
beforeAll(async () => {
  const template = { Parameters: PARAMETERS, Mappings, Resources: RESOURCES };
  scene = await setScene(
    {
      templates: { [URL_OF_NESTED]: INNER },
      stacks: [
        { name: 'net', template: EXPORTING },
        { name: 'shop', template, parameters: VALUES },
      ],
    },
    { latencyMs: 2 },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

async function deploy(Resources: object, rest: object = {}, more: object = {}) {
  const { lines } = await scene.agent.call('cloudformation_get_template', { stack_name: 'shop' });
  const shown = JSON.parse(lines.join('\n'));
  const template_body = JSON.stringify({ ...shown, Resources: { ...RESOURCES, ...Resources }, ...rest });
  const args = { stack_name: 'shop', template_body, capabilities: ['CAPABILITY_IAM'], reason: REASON, ...more };
  const answer = await scene.agent.call('cloudformation_deploy_stack', args);
  const text = answer.ticket ? (await scene.place.cli(['tickets', 'show', answer.ticket.id])).stdout : '';
  return { answer, said: `${JSON.stringify(answer)}\n${text}` };
}

const sub = (text: string) => ({ 'Fn::Sub': text });
const MAPPED = { 'Fn::FindInMap': ['Keys', 'shop', 'Password'] };

test.each<[string, object, object?]>([
  ['by its name', { Keep: topic(REF) }],
  ['within a text', { Keep: topic(sub(`a-\${DbPassword}`)) }],
  ['by another name within a text', { Keep: topic({ 'Fn::Sub': [`a-\${A}`, { A: REF }] }) }],
  ['as a list that is joined', { Keep: topic({ 'Fn::Join': ['x', { Ref: 'AuthTokens' }] }) }],
  ['between others', { Keep: topic({ 'Fn::Join': ['', ['a', REF, 'b']] }) }],
  [
    'on a condition',
    { Keep: topic({ 'Fn::If': ['C', REF, 'n'] }) },
    { Conditions: { C: { 'Fn::Equals': ['a', 'a'] } } },
  ],
  ['in a tag', { Keep: topic('plain', { Tags: tags(REF) }) }],
  [
    'in the tags of a condition',
    {
      Keep: topic('plain', {
        Tags: [{ 'Fn::If': ['C', { Key: 'n', Value: REF }, { Ref: 'AWS::NoValue' }] }, ...tags('c')],
      }),
    },
    { Conditions: { C: { 'Fn::Equals': ['a', 'a'] } } },
  ],
  ['from a mapping', { Keep: topic(MAPPED) }],
  ['from a resource that has it', { Keep: topic({ 'Fn::GetAtt': ['Held', 'Value'] }) }],
  ['from a resource that has it, within a text', { Keep: topic(sub(`\${Held.Value}`)) }],
  ['through a nested stack', { Keep: topic({ 'Fn::GetAtt': 'Given.Outputs.Said' }) }],
  ['from a literal elsewhere', { Keep: topic(OWN) }],
  ['from a literal elsewhere, in another form', { Keep: topic({ 'Fn::Base64': OWN }) }],
  ['from a literal elsewhere, in a text with blanks', { Keep: topic(sub(`a-\${ Own.Value }`)) }],
  ['as a path in an ARN', { Keep: topic({ 'Fn::GetAtt': ['Called', 'Arn'] }) }],
  ['from another stack', { Keep: topic({ 'Fn::ImportValue': { 'Fn::Join': ['', ['net-pass', 'word']] } }) }],
  ['in metadata', { Keep: { ...topic('other'), Metadata: { Note: REF } } }],
  ['in a new resource', { New: { Type: 'AWS::SQS::Queue', Properties: { QueueName: REF } } }],
])('B9: no plan tells a value that is hidden and goes into a property %s', async (_, change, rest) => {
  const { answer, said } = await deploy(change, rest);
  expect(answer.ticket?.state, JSON.stringify(answer.refusal)).toBeDefined();
  expect(answer.plan.impact.length).toBeGreaterThan(0);
  expect(said).not.toMatch(LEAKS);
});

test('B9: nor a value that is given with the call under a telling name', async () => {
  const parameters = { DbPassword: 'Battery9-New-One' };
  const { answer, said } = await deploy({ Keep: topic(REF) }, {}, { parameters });
  expect(said).not.toMatch(LEAKS);
  // In the nested stack that is given it, under a name that says nothing, too.
  expect(answer.plan.impact.find(({ detail = '' }) => detail.startsWith('Given/In'))).toBeDefined();
});

test("B9: what isn't hidden is told, and beside what is", async () => {
  const Tags = [
    { Key: 'a', Value: sub(`is-\${Title}`) },
    { Key: 'note', Value: REF },
  ];
  const { said } = await deploy({ Keep: topic(sub(`is-\${Title}`), { Tags }) });
  expect(said).toContain('"after":"is-a-title"');
  expect(said).not.toMatch(LEAKS);
});

test('B9: a text that only looks like the value stays: whether it is hidden tells no guess', async () => {
  const { answer } = await deploy({ Keep: topic(PASSWORD.toLowerCase()) });
  expect(answer.plan.impact[0].properties).toMatchObject([{ after: PASSWORD.toLowerCase() }, {}]);
});

const twice = (type: string, name: string, value: unknown) => ({
  B1: { Type: type, Properties: { [name]: value } },
  B2: { Type: type, DependsOn: 'B1', Properties: { [name]: value } },
});

test.each<[string, object]>([
  ['a name that loses its case', twice('AWS::S3::Bucket', 'BucketName', sub(`leak-\${DbPassword}`))],
  ['a list that is joined', twice('AWS::SQS::Queue', 'QueueName', { 'Fn::Join': ['x', { Ref: 'AuthTokens' }] })],
  ['a literal that loses its case', twice('AWS::S3::Bucket', 'BucketName', MAPPED)],
  ['a literal of another resource', twice('AWS::S3::Bucket', 'BucketName', OWN)],
  ['the same in another form', twice('AWS::SQS::Queue', 'QueueName', { 'Fn::Base64': OWN })],
])('B9: no rehearsal tells a hidden value, by %s', async (_, change) => {
  const { answer, said } = await deploy(change, {}, { rehearse: true });
  expect(answer.plan.rehearsal).toMatchObject({ carried_through: true, change: { ended: 'failed' } });
  expect(said).not.toMatch(LEAKS);
});
