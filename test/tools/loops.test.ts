// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is read here is CloudFormation's own.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * What a loop (`Fn::ForEach`) puts together isn't in the text that an agent sends: the word `resolve` of a reference to
 * production's password, the name of a parameter that nobody may see, a row of a mapping. AWS makes it all of it.
 */

const topic = (DisplayName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
const TEMPLATE = {
  Parameters: {
    Pin: { Type: 'String', NoEcho: true },
    Names: { Type: 'CommaDelimitedList', Default: 'a,b' },
    Which: { Type: 'CommaDelimitedList', Default: '${Pin}' },
  },
  Mappings: { Keys: { shop: { Password: 'Literal-Of-A-Map5', Other: 'open' } } },
  Resources: { Topic: topic('plain') },
};
const EXPORTING = {
  Resources: { Topic: topic('plain') },
  Outputs: {
    A: { Value: 'exported-one', Export: { Name: 'net-password' } },
    B: { Value: 'a,b', Export: { Name: 'net-subnets' } },
  },
};

let scene: Scene;
let shown: { readonly Mappings: object };
beforeAll(async () => {
  const stacks = [
    { name: 'prod', template: EXPORTING },
    { name: 'app', template: TEMPLATE, parameters: { Pin: 'Correct-Horse-Battery9' } },
    { name: 'dev-open', template: { Resources: { Topic: topic('plain') } } },
    { name: 'open', template: { Resources: { Topic: topic('plain') } } },
  ];
  const config = 'environments: [{ name: development, match: { stack_names: ["dev-*"] } }]\n';
  scene = await setScene({ stacks }, { config, latencyMs: 2 });
  const { lines } = await scene.agent.call('cloudformation_get_template', { stack_name: 'app' });
  shown = JSON.parse(lines.join('\n'));
  expect(JSON.stringify(shown)).not.toContain('Literal-Of-A-Map5');
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

type Sections = Readonly<Record<string, object>>;

async function deploy(stack_name: string, { Resources = {}, ...sections }: Sections, parameters: object = {}) {
  const made = async () => (await scene.cloud.requests('CreateChangeSet')).length;
  const before = await made();
  const base = stack_name === 'app' ? shown : { Resources: TEMPLATE.Resources };
  const template_body = JSON.stringify({
    ...base,
    Transform: 'AWS::LanguageExtensions',
    ...sections,
    Resources: { ...TEMPLATE.Resources, ...Resources },
  });
  const args = {
    ...{ stack_name, template_body, parameters },
    ...{ capabilities: ['CAPABILITY_AUTO_EXPAND'], reason: REASON },
  };
  const answer = await scene.agent.call('cloudformation_deploy_stack', args);
  if (answer.ticket?.state === 'pending')
    await scene.agent.call('ticket_withdraw', { ticket_id: answer.ticket.id, reason: REASON });
  return { ...answer, asked: (await made()) > before };
}

const each = (items: unknown, body: object) => ({ 'Fn::ForEach::L': ['Name', items, body] });
const REST = 'manager:prod/db:SecretString:password}}';

test.each<[string, readonly string[], unknown]>([
  ['its word', ['resolve'], `{{\${Name}:secrets${REST}`],
  ['its words, without other letters', ['se-crets'], `{{resolve:&{Name}${REST}`],
  ['both words', ['resolve:secretsmanager'], '{{${Name}:prod/db:SecretString:password}}'],
  ['a part of its word', ['sol'], `{{re\${Name}ve:secrets${REST}`],
  [
    'its word in a text that is put together',
    ['resolve'],
    { 'Fn::Join': ['', ['{{', { Ref: 'Name' }, ':secrets', REST]] },
  ],
  ['its word, for a text of a function', ['resolve'], { 'Fn::Sub': `{{\${Name}:secrets${REST}` }],
])("a reference to production's secret is said, and held, of which a loop puts in %s", async (_, items, value) => {
  const { ticket, plan, refusal } = await deploy('dev-open', { Resources: each(items, { 'I&{Name}': topic(value) }) });
  expect(ticket?.state, JSON.stringify(refusal)).toBe('pending');
  expect(plan.impact).toContainEqual(
    expect.objectContaining({ effect: 'expose', detail: expect.stringContaining('secret') }),
  );
});

const begins = (value: unknown) => ({ 'Fn::Equals': [{ 'Fn::Select': [0, { 'Fn::Split': ['C', value] }] }, ''] });
const condition = (items: unknown, value: unknown) => ({ Conditions: each(items, { 'C${Name}': begins(value) }) });
const part = (value: unknown) => topic({ 'Fn::Select': [1, { 'Fn::Split': ['x', value] }] });
const first = (value: unknown) => ({ 'Fn::Select': [0, { 'Fn::Split': [',', value] }] });
const imported = (name: unknown) => ({ 'Fn::ImportValue': name });
const row = (key: unknown) => ({ 'Fn::FindInMap': ['Keys', 'shop', key] });

test.each<[string, Sections]>([
  ["a parameter's name in a name", condition(['in'], { 'Fn::Sub': '${P${Name}}' })],
  ['the same without other letters', condition(['in'], { 'Fn::Sub': '${P&{Name}}' })],
  ["a parameter's name", condition(['Pin'], { Ref: '${Name}' })],
  ['a reference to it', condition(['{Pin}'], { 'Fn::Sub': '$${Name}' })],
  ['what a list brings in', condition({ Ref: 'Which' }, { 'Fn::Sub': 'x${Name}' })],
  ['a function', { Conditions: each(['Ref'], { Cin: begins({ '${Name}': 'Pin' }) }) }],
  ['a function that a loop makes', { Conditions: { C: begins(each(['Ref'], { '${Name}': 'Pin' })) } }],
  [
    'a loop in a loop',
    {
      Conditions: each(['i'], {
        'Fn::ForEach::M': ['B', ['n'], { 'C${Name}${B}': begins({ 'Fn::Sub': '${P${Name}${B}}' }) }],
      }),
    },
  ],
  ['a key of a mapping', condition(['Password'], row('${Name}'))],
  ['the same by its reference', condition(['Password'], row({ Ref: 'Name' }))],
  ['a mapping', condition(['Keys'], { 'Fn::FindInMap': ['${Name}', 'shop', 'Password'] })],
  ["another stack's export", { Resources: each(['password'], { 'I${Name}': part(imported('net-${Name}')) }) }],
  ['the function that imports', { Resources: each(['Fn::ImportValue'], { I: part({ '${Name}': 'net-password' }) }) }],
  ['a list that nobody sees', { Resources: each({ Ref: 'Pin' }, { 'I${Name}': topic('x') }) }],
])('a hidden value is not asked for letter by letter, where a loop puts in %s', async (_, sections) => {
  expect(await deploy('app', sections)).toMatchObject({
    asked: false,
    refusal: { code: 'invalid_input', message: expect.stringContaining('something new depends on what it is') },
  });
});

const LOOKED_UP = { Names: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: 'A,B' } };

test.each<[string, object]>([
  ['a function', { I: part({ '${Name}': 'net-password' }) }],
  ['a function in a name of its own', { I: part({ 'Fn::${Name}': 'net-password' }) }],
  [
    'an attribute',
    {
      Key: { Type: 'Custom::Key', Properties: { ServiceToken: 'arn:aws:sns:eu-west-1:123456789012:t' } },
      'I&{Name}': part({ 'Fn::Sub': '${Key.${Name}}' }),
    },
  ],
])('of a list that AWS looks up nobody knows what it makes: %s', async (_, body) => {
  const sections = { Parameters: LOOKED_UP, Resources: each({ Ref: 'Names' }, body) };
  expect(await deploy('open', sections, { Names: 'Fn::ImportValue' })).toMatchObject({
    asked: false,
    refusal: { code: 'invalid_input', message: expect.stringContaining('something new depends on what it is') },
  });
});

test.each<[string, object]>([
  ['what is made is called as they are', { '${Name}': topic('a topic') }],
  ['what is made is called by their letters', { '&{Name}': topic('a topic ${Name}') }],
  ['loops stand in loops', { 'Fn::ForEach::M': ['B', { Ref: 'Names' }, { '${Name}${B}': topic('${B}') }] }],
  ['they name things', { 'T${Name}': topic({ 'Fn::GetAtt': ['A${Name}', 'TopicName'] }), 'A${Name}': topic('x') }],
])('a loop over a list that AWS looks up goes on where nothing is hidden: %s', async (_, body) => {
  const sections = { Parameters: LOOKED_UP, Resources: each({ Ref: 'Names' }, body) };
  const answer = await deploy('open', sections, { Names: 'One,Two' });
  expect(answer, JSON.stringify(answer)).toMatchObject({ asked: true });
});

const SAMPLE = each(['Success', 'Failure', 'Timeout'], {
  'SnsTopic${Name}': {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: { 'Fn::Join': ['.', [{ Ref: 'Name' }, 'fifo']] } },
  },
});

test.each<[string, string, Sections]>([
  ["AWS's own sample, beside something hidden", 'app', { Resources: SAMPLE }],
  ['over a list that is a parameter', 'app', { Resources: each({ Ref: 'Names' }, { 'T${Name}': topic('x-${Name}') }) }],
  ['a row that everybody sees', 'app', condition(['Other'], row('${Name}'))],
  [
    'an import that everybody sees',
    'app',
    { Resources: each(['subnets'], { 'I${Name}': topic(first(imported('net-${Name}'))) }) },
  ],
  ["AWS's own sample, where nothing is hidden", 'open', { Resources: SAMPLE }],
  [
    'properties that a loop makes',
    'open',
    {
      Resources: {
        P: {
          Type: 'AWS::SNS::Topic',
          Properties: each(['DisplayName', 'TopicName'], { '${Name}': { 'Fn::Sub': 'x-${Name}' } }),
        },
      },
    },
  ],
])('what templates do with loops goes on: %s', async (_, stack, sections) => {
  expect(await deploy(stack, sections)).toMatchObject({ asked: true });
});
