import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { propose } from '../scenes/tools.ts';
import { type Scene, setScene } from '../scenes/whole.ts';
import { answering, arn, stackXml } from './written-answers.ts';

/* AWS runs macros, which are code of the account, while it makes a change set: before anyone decides. */

const QUEUE = { Type: 'AWS::SQS::Queue' };
const url = (name: string) => `https://t.example/${name}.json`;
const BY_NAME = url(`\${Name}`);
const nested = (TemplateURL: unknown) => ({
  Resources: { In: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } } },
});

const STACK = 'AWS::CloudFormation::Stack';
/** Where a loop puts its text in. */
const X = `\${X}`;
const LOOPING = { Transform: 'AWS::LanguageExtensions' };
/** @param bare it is a fragment itself, and no resource */
const looped = (made: object, bare = false) => ({
  ...LOOPING,
  Resources: { Queue: QUEUE, 'Fn::ForEach::L': ['X', ['A'], bare ? made : { 'N${X}': made }] },
});

/** Everything is held: it is about what happens before. */
const CONFIG = 'environments: []\n';

let scene: Scene;

beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [
        { name: 'app', template: { Resources: { Queue: QUEUE } } },
        {
          name: 'other',
          template: {
            Resources: { Queue: QUEUE },
            Outputs: { Where: { Value: url('clean'), Export: { Name: 'where' } } },
          },
        },
      ],
      templates: {
        [url('clean')]: { Resources: { Queue: QUEUE } },
        [url('looping')]: { Transform: 'AWS::LanguageExtensions', Resources: { Queue: QUEUE } },
        [url('macro')]: { Transform: ['Mine'], Resources: { Queue: QUEUE } },
      },
    },
    { config: CONFIG, latencyMs: 2 },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

/** What came of it, and whether AWS was asked to make a change set. */
async function deploy(template: object, more: Record<string, unknown> = {}) {
  const made = async () => (await scene.cloud.requests('CreateChangeSet')).length;
  const before = await made();
  const template_body = JSON.stringify({ Resources: { Queue: QUEUE, More: QUEUE }, ...template });
  const args = { stack_name: 'app', template_body, reason: REASON, ...more };
  const answer = await scene.agent.call('cloudformation_deploy_stack', args);
  return { refusal: answer.refusal, asked: (await made()) > before };
}

const REFUSED = {
  asked: false,
  refusal: { code: 'invalid_input', recovery: expect.stringContaining('cloudformation.macros') },
};

test.each([
  ['a name', { Transform: 'Mine' }],
  ['a name in a list', { Transform: ['AWS::LanguageExtensions', 'Mine'] }],
  ['a name with parameters', { Transform: { Name: 'Mine', Parameters: {} } }],
  ['an ARN', { Transform: 'arn:aws:cloudformation:eu-west-1:123456789012:macro/Mine' }],
  ["a name that looks like AWS's", { Transform: 'AWS::Mine' }],
  ["AWS's with something behind it", { Transform: 'AWS::Serverless-2016-10-31x' }],
  ["AWS's in other letters", { Transform: 'aws::LanguageExtensions' }],
  ['a computed name', { Transform: { Name: { Ref: 'Which' } } }],
  ['no name', { Transform: {} }],
  ['a function', { Resources: { Queue: { ...QUEUE, Properties: { 'Fn::Transform': { Name: 'Mine' } } } } }],
  [
    'functions in a list',
    {
      Resources: {
        Queue: { ...QUEUE, Properties: { 'Fn::Transform': [{ Name: 'AWS::ServiceCatalog' }, { Name: 'Mine' }] } },
      },
    },
  ],
  [
    'the short form of the function',
    { Resources: { Queue: { ...QUEUE, Properties: { Transform: { Name: 'Mine' } } } } },
  ],
  [
    'a function deep in an output',
    { Outputs: { A: { Value: { 'Fn::Join': ['', ['a', { 'Fn::Transform': { Name: 'Mine' } }]] } } } },
  ],
  ['a text from elsewhere', { Transform: { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/any.yaml' } } }],
  ['a nested template with one', nested(url('macro'))],
  ['a nested template by its parts', nested({ 'Fn::Join': ['', ['https://t.example/', { Ref: 'Name' }, '.json']] })],
  ['a nested template with a name put into its place', nested({ 'Fn::Sub': BY_NAME })],
  ['a nested template that is not there', nested(url('none'))],
  ['a nested template that a loop makes', looped({ Type: STACK, Properties: { TemplateURL: url('macro') } })],
  ['one in a loop in a loop', looped({ 'Fn::ForEach::M': ['Y', ['B'], { 'N${X}${Y}': { Type: STACK } }] }, true)],
  ['one whose place a loop makes', looped({ Type: STACK, Properties: { TemplateURL: url(X) } })],
  ['one whose place is the name of a loop', looped({ Type: STACK, Properties: { TemplateURL: { Ref: 'Name' } } })],
  ['one whose type a loop makes', looped({ Type: `AWS::CloudFormation::${X}` })],
  ['one whose type is put together in another way', looped({ Type: 'AWS::CloudFormation::&{X}' })],
  ['a loop of another shape', { ...LOOPING, Resources: { 'Fn::ForEach::L': ['X', ['A']] } }],
  [
    'one whose properties a loop makes',
    {
      ...LOOPING,
      Resources: {
        N: {
          Type: STACK,
          Properties: {
            TemplateURL: url('clean'),
            'Fn::ForEach::P': ['X', ['URL'], { 'Template${X}': url('macro') }],
          },
        },
      },
    },
  ],
  ['a nested template that only AWS can find', nested({ 'Fn::ImportValue': 'where' })],
  [
    'an application from elsewhere',
    {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        A: {
          Type: 'AWS::Serverless::Application',
          Properties: { Location: { ApplicationId: 'arn:aws:serverlessrepo:x', SemanticVersion: '1' } },
        },
      },
    },
  ],
])('31: %s is refused before AWS is asked for anything', async (_, template) => {
  const Parameters = {
    Name: { Type: 'String', Default: 'clean' },
    Which: { Type: 'String', Default: 'AWS::LanguageExtensions' },
  };
  expect(await deploy({ Parameters, ...template }, { parameters: { Name: 'macro' } })).toMatchObject(REFUSED);
});

const HIDDEN = (by: string) => `Description: x #${by}Transform: Mine\nResources:\n  Queue: { Type: AWS::SQS::Queue }\n`;

test.each<[string, string]>([
  ['U+0085 ends a line in YAML 1.1', HIDDEN('\u0085')],
  ['U+2028 ends a line in YAML 1.1', HIDDEN('\u2028')],
  ['U+2029 ends a line in YAML 1.1', HIDDEN('\u2029')],
  ['a carriage return alone ends a line', HIDDEN('\r')],
  ['a byte order mark is left out', HIDDEN('\n\ufeff')],
  ['a control character is left out', HIDDEN('\n\u0000')],
  ['the first of two members counts', '{"Transform":"Mine","Transform":"AWS::LanguageExtensions","Resources":{}}'],
  ['the last of two members counts', '{"Resources":{},"Transform":"AWS::LanguageExtensions","Trans\\u0066orm":"Mine"}'],
  ['the first of two keys counts', 'Transform: Mine\n"Trans\\x66orm": AWS::LanguageExtensions\nResources: {}\n'],
])('31: a text that another reader may read otherwise is refused: %s', async (_, template_body) => {
  const before = (await scene.cloud.requests('CreateChangeSet')).length;
  const args = { stack_name: 'app', template_body, reason: REASON };
  const { refusal } = await scene.agent.call('cloudformation_deploy_stack', args);
  expect(refusal).toMatchObject({ code: 'invalid_input' });
  expect((await scene.cloud.requests('CreateChangeSet')).length).toBe(before);
});

test("31: AWS's own reading of the template counts, where it finds a macro and ours doesn't", async () => {
  const asked: string[] = [];
  const aws = await answering((action) => {
    asked.push(action);
    if (action === 'DescribeStacks') return stackXml('app', 'UPDATE_COMPLETE');
    if (action === 'GetTemplate') return '<TemplateBody>{"Resources":{}}</TemplateBody>';
    if (action === 'GetTemplateSummary') return '<DeclaredTransforms><member>Mine</member></DeclaredTransforms>';
    return `<Id>${arn('app')}</Id>`;
  });
  for (const what of [{ use_previous_template: true }, { template_body: '{"Resources":{}}' }])
    await expect(propose(aws, 'cloudformation_deploy_stack', { stack_name: 'app', ...what })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('Mine'),
    });
  expect(asked).not.toContain('CreateChangeSet');
});

test('31: what AWS itself runs, and nested templates without macros, go on', async () => {
  for (const template of [
    { Transform: 'AWS::LanguageExtensions' },
    { Transform: ['AWS::Serverless-2016-10-31', 'AWS::SecretsManager-2024-09-16'] },
    {
      Parameters: { Name: { Type: 'String', Default: 'clean' } },
      ...nested({ 'Fn::Sub': BY_NAME }),
    },
    nested(url('looping')),
    looped({ Type: STACK, Properties: { TemplateURL: url('clean') } }),
    looped({ Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { Ref: 'X' } } }),
  ])
    expect(await deploy(template), JSON.stringify(template)).toMatchObject({ asked: true });
});

test('31: a macro runs that the configuration names, from then on, and no other', async () => {
  const allow = (names: string) =>
    writeFileSync(join(scene.place.home, 'config.yaml'), `${CONFIG}cloudformation: { macros: ${names} }\n`);
  allow('[Mine]');
  expect(await deploy({ Transform: 'Mine' })).toMatchObject({ asked: true });
  expect(await deploy(nested(url('macro')))).toMatchObject({ asked: true });
  expect(await deploy({ Transform: ['Mine', 'Other'] })).toMatchObject(REFUSED);
  expect(await deploy({ Transform: 'mine' })).toMatchObject(REFUSED);
  allow('["AWS::CloudFormation::Stack"]');
  expect(await deploy(nested(url('none')))).toMatchObject({ asked: true });
  expect(await deploy(nested(url('macro')))).toMatchObject(REFUSED);
  allow('["*"]');
  expect(await deploy({ Transform: 'Mine' })).toMatchObject({ asked: false, refusal: { code: 'config_invalid' } });
  writeFileSync(join(scene.place.home, 'config.yaml'), CONFIG);
});

test('31: the template that a stack has is looked at too', async () => {
  const asked: string[] = [];
  const aws = await answering((action) => {
    asked.push(action);
    if (action === 'DescribeStacks') return stackXml('app', 'UPDATE_COMPLETE');
    if (action === 'GetTemplate') return `<TemplateBody>${'{"Transform":"Mine","Resources":{}}'}</TemplateBody>`;
    return `<Id>${arn('app')}</Id>`;
  });
  const again = propose(aws, 'cloudformation_deploy_stack', { stack_name: 'app', use_previous_template: true });
  await expect(again).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('Mine') });
  expect(asked).not.toContain('CreateChangeSet');
});
