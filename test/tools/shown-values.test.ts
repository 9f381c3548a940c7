import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * An agent in a development stack, where what creates and modifies takes no decision, would make readable what it may
 * not see: it has AWS show it in a name, an output, a variable.
 */

const PASSWORD = 'Correct-Horse-Battery9';
const PIN = { Ref: 'Pin' };
const topic = (DisplayName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
const parameter = (Value: unknown) => ({ Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value } });
const OWN = {
  Type: 'AWS::SSM::Parameter',
  Properties: { Name: 'own-password', Type: 'String', Value: 'Literal-Of-Its-Own3' },
};
const TEMPLATE = {
  Parameters: {
    Pin: { Type: 'String', NoEcho: true },
    DbPassword: { Type: 'String' },
    Title: { Type: 'String' },
    Looked: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' },
  },
  Mappings: { Keys: { shop: { Password: 'Literal-Of-A-Map5', Other: 'open' } } },
  Conditions: {
    Debug: { 'Fn::Equals': [{ Ref: 'Title' }, 'debug'] },
    Open: { 'Fn::Equals': [{ Ref: 'Looked' }, 'on'] },
  },
  Resources: {
    Topic: topic('plain'),
    Own: OWN,
    Shown: parameter(PIN),
    Titled: topic({ Ref: 'Title' }),
    Gated: { ...topic(PIN), Condition: 'Debug' },
    Perhaps: topic({ 'Fn::If': ['Open', PIN, 'x'] }),
    Within: topic({ 'Fn::Join': ['-', ['x', { 'Fn::If': ['Open', PIN, 'x'] }]] }),
    Held: { ...topic(PIN), Condition: 'Open' },
    Called: { Type: 'AWS::IAM::Role', Properties: { Path: { 'Fn::Sub': `/\${Pin}/` }, AssumeRolePolicyDocument: {} } },
  },
};
const MANY = {
  Parameters: { Pin: TEMPLATE.Parameters.Pin },
  Resources: { Topic: { ...topic('plain'), Metadata: Array.from({ length: 2_001 }, () => PIN) }, Last: topic('plain') },
};
const VALUES = { Pin: PASSWORD, DbPassword: 'Zebra-Crossing-Granite7', Title: 'a-title' };
const LEAKS = /correct.?horse|battery9|zebra|granite7|literal-of/i;
const URL_OF_NESTED = 'https://t.example/label.json';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [
        {
          name: 'net',
          template: {
            Resources: { Topic: topic('x') },
            Outputs: { A: { Value: 'exported-one', Export: { Name: 'net-password' } } },
          },
        },
        { name: 'shop', template: TEMPLATE, parameters: VALUES },
      ],
      templates: { [URL_OF_NESTED]: { Parameters: { Label: { Type: 'String' } }, Resources: { In: topic('x') } } },
    },
    {
      config: 'environments: [{ name: development, match: { stack_names: [shop, dev-*] } }]\n',
      latencyMs: 2,
      serve: [],
    },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

/** Another part of the template at once: what else is deployed there must stay as mild as it is. */
async function deploy(change: object, rest: object = {}, more: object = {}) {
  const { lines } = await scene.agent.call('cloudformation_get_template', { stack_name: 'shop' });
  const shown = JSON.parse(lines.join('\n'));
  const Resources = { ...shown.Resources, ...change };
  const answer = await scene.agent.call('cloudformation_deploy_stack', {
    ...{ stack_name: 'shop', template_body: JSON.stringify({ ...shown, ...rest, Resources }) },
    ...{ capabilities: ['CAPABILITY_IAM'], reason: REASON, ...more },
  });
  const details = (answer.plan?.impact ?? []).filter(({ effect }: { effect: string }) => effect === 'expose');
  return { answer, exposed: details.map(({ detail }: { detail: string }) => detail) };
}

const sub = (text: string) => ({ 'Fn::Sub': text });
const output = (Value: unknown) => ({ Outputs: { Url: { Value } } });

test.each<[string, object, object, RegExp]>([
  ['an output', {}, output(PIN), /^Outputs\/Url: Value shows a hidden value \("parameter Pin"\)/],
  ['a name', { Topic: topic(sub(`a-\${Pin}`)) }, {}, /^Topic: DisplayName shows .*Pin/],
  ['one that only its name hides', { Topic: topic({ Ref: 'DbPassword' }) }, {}, /^Topic: DisplayName .*DbPassword/],
  ['a tag', { Topic: { Type: 'AWS::SNS::Topic', Properties: { Tags: [{ Key: 'a', Value: PIN }] } } }, {}, /Tags\.a\.V/],
  ['metadata of the template', { Topic: topic('other') }, { Metadata: { Note: PIN } }, /^Metadata: Note shows .*Pin/],
  ['metadata', { Topic: { ...topic('plain'), Metadata: { Note: PIN } } }, {}, /^Topic: Metadata\.Note shows/],
  ['what was given it', {}, output({ 'Fn::GetAtt': ['Shown', 'Value'] }), /^Outputs\/Url: .*Pin/],
  ['a path', {}, output({ 'Fn::GetAtt': ['Called', 'Arn'] }), /^Outputs\/Url: .*Pin/],
  ['a literal of another', {}, output({ 'Fn::GetAtt': 'Own.Value' }), /^Outputs\/Url: Value shows .*resource Own/],
  ['a map', { Topic: topic({ 'Fn::FindInMap': ['Keys', 'shop', 'Password'] }) }, {}, /^Topic: DisplayName shows .*map/],
  ['what perhaps had it', { Perhaps: topic(PIN) }, {}, /^Perhaps: DisplayName shows .*Pin/],
  ['a text that perhaps had it', { Within: topic(sub(`x-\${Pin}`)) }, {}, /^Within: DisplayName shows .*Pin/],
  ['what perhaps was there', { Held: topic(PIN) }, {}, /^Held: DisplayName shows .*Pin/],
  ['an export', { Topic: topic({ 'Fn::ImportValue': 'net-password' }) }, {}, /^Topic: DisplayName shows .*import/],
])('B9: a hidden value that comes to be readable by %s takes a decision', async (_, change, rest, line) => {
  const { answer, exposed } = await deploy(change, rest);
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(exposed).toEqual([expect.stringMatching(line)]);
  expect(JSON.stringify(answer)).not.toMatch(LEAKS);
});

test('B9: what comes to hold by a parameter alone takes a decision, too', async () => {
  const args = { stack_name: 'shop', use_previous_template: true, parameters: { Title: 'debug' }, reason: REASON };
  const answer = await scene.agent.call('cloudformation_deploy_stack', { ...args, capabilities: ['CAPABILITY_IAM'] });
  expect(answer.ticket?.state).toBe('pending');
  const details = answer.plan.impact.map(({ effect, detail }: Record<string, string>) => `${effect} ${detail}`);
  expect(details).toContainEqual(expect.stringMatching(/^expose Gated: DisplayName shows .*Pin/));
});

test('B9: a hidden parameter that is given may make a condition hold that nobody can tell', async () => {
  const { exposed } = await deploy({}, {}, { parameters: { Pin: 'Another-One-Of-Them1' } });
  for (const id of ['Perhaps', 'Within', 'Held'])
    expect(exposed).toContainEqual(expect.stringMatching(new RegExp(`^${id}: DisplayName shows .*Pin`)));
});

test('B9: beyond what is looked at, another template may show more', async () => {
  await scene.cloudformation.send(
    new CreateStackCommand({
      StackName: 'dev-many',
      TemplateBody: JSON.stringify(MANY),
      Parameters: [{ ParameterKey: 'Pin', ParameterValue: PASSWORD }],
    }),
  );
  const template_body = JSON.stringify({ ...MANY, Resources: { ...MANY.Resources, Last: topic(PIN) } });
  const args = { stack_name: 'dev-many', template_body, reason: REASON };
  const answer = await scene.agent.call('cloudformation_deploy_stack', args);
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  const details = answer.plan.impact.map(({ effect, detail }: Record<string, string>) => `${effect} ${detail}`);
  expect(details).toContainEqual(expect.stringMatching(/^expose Template: shows a hidden value/));
});

test('B9: in a new stack, and in what is nested in it', async () => {
  const nested = { TemplateURL: URL_OF_NESTED, Parameters: { Label: PIN } };
  const Resources = {
    Topic: topic(PIN),
    OfIt: topic({ Ref: 'Of' }),
    In: { Type: 'AWS::CloudFormation::Stack', Properties: nested },
  };
  const Parameters = { Pin: TEMPLATE.Parameters.Pin, Of: { Type: 'String' } };
  const Outputs = { Url: { Value: 'x', Export: { Name: sub(`x-\${Pin}`) } } };
  const template_body = JSON.stringify({ Parameters, Resources, Outputs });
  const parameters = { Pin: PASSWORD, Of: '{{resolve:secretsmanager:prod/db:SecretString:password}}' };
  const args = { stack_name: 'dev-new', template_body, parameters, reason: REASON };
  const answer = await scene.agent.call('cloudformation_deploy_stack', args);
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  const details = answer.plan.impact.map(({ effect, detail }: Record<string, string>) => `${effect} ${detail}`);
  expect(details).toContainEqual(expect.stringMatching(/^expose Topic: DisplayName shows/));
  expect(details).toContainEqual(expect.stringMatching(/^expose OfIt: DisplayName shows .*parameter Of/));
  expect(details).toContainEqual(expect.stringMatching(/^expose Outputs\/Url: Export\.Name shows/));
  expect(details).toContainEqual(expect.stringMatching(/^expose In: Parameters\.Label shows/));
  expect(JSON.stringify(answer)).not.toMatch(LEAKS);
});

test.each<[string, object]>([
  ['what is shown already stays where it is', { Topic: topic('other') }],
  ['what is not hidden is shown', { Topic: topic(sub(`a-\${Title}`)) }],
  ['another entry of the map is', { Topic: topic({ 'Fn::FindInMap': ['Keys', 'shop', 'Other'] }) }],
  ['what was given it tells its own name', { Topic: topic({ Ref: 'Shown' }) }],
  ['a secret is made of it', { New: { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: PIN } } }],
])('B9: it runs at once where %s', async (_, change) => {
  const { answer, exposed } = await deploy(change);
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('succeeded');
  expect(exposed).toEqual([]);
});

test('B9: a parameter that becomes NoEcho shows nothing new where it stood, and does elsewhere', async () => {
  const Title = { Type: 'String', NoEcho: true };
  const parts = { Parameters: { ...TEMPLATE.Parameters, Title }, Conditions: { Open: TEMPLATE.Conditions.Open } };
  const titled = { Gated: topic(sub(`a-\${Title}`)), Topic: topic('another') };
  const { exposed } = await deploy(titled, parts);
  expect(exposed).toEqual([expect.stringMatching(/^Gated: DisplayName shows .*Title/)]);
  const { answer, exposed: none } = await deploy({ Titled: topic({ Ref: 'Title' }), Gated: topic('x') }, parts);
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('succeeded');
  expect(none).toEqual([]);
});
