import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * An agent in a development stack, where what creates and modifies takes no decision, has AWS bring in what it may not
 * see by something that a reader takes for nothing: a function that it doesn't know, a value that it takes for another.
 */

const PASSWORD = 'Correct-Horse-Battery9';
const topic = (TopicName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { TopicName } });
const PLAIN = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'plain' } };
const TEMPLATE = {
  Parameters: { Pin: { Type: 'String', NoEcho: true }, Mode: { Type: 'String', Default: 'x' } },
  Resources: { Topic: PLAIN },
};
const IMPORTS = ['net-public', 'net-password'];
const LEAKS = /correct.?horse|battery9|exported-one/i;
const LOOKED_UP = { Type: 'AWS::SSM::Parameter::Value<String>', Default: '1' };

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [
        {
          name: 'prod',
          template: {
            Parameters: { Pin: TEMPLATE.Parameters.Pin },
            Resources: { Topic: topic('prod') },
            Outputs: {
              Innocent: { Value: { Ref: 'Pin' } },
              A: { Value: 'exported-one', Export: { Name: 'net-password' } },
              B: { Value: 'public', Export: { Name: 'net-public' } },
            },
          },
          parameters: { Pin: PASSWORD },
        },
        { name: 'open', template: { Resources: TEMPLATE.Resources } },
        { name: 'shop', template: TEMPLATE, parameters: { Pin: PASSWORD, Mode: 'x' } },
      ],
    },
    {
      config: 'environments: [{ name: development, match: { stack_names: [shop, open, dev-attribute] } }]\n',
      latencyMs: 2,
      serve: [],
    },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

async function deploy(template_body: string, more: object = {}) {
  const args = { stack_name: 'shop', template_body, capabilities: ['CAPABILITY_AUTO_EXPAND'], reason: REASON, ...more };
  const answer = await scene.agent.call('cloudformation_deploy_stack', args);
  expect(JSON.stringify(answer)).not.toMatch(LEAKS);
  const impact = (answer.plan?.impact ?? []) as readonly { readonly effect: string; readonly detail: string }[];
  return { answer, lines: impact.map(({ effect, detail }) => `${effect} ${detail}`) };
}

const withExtra = (value: unknown, more: object = {}) =>
  JSON.stringify({ ...TEMPLATE, ...more, Resources: { ...TEMPLATE.Resources, Extra: topic(value) } });

const outputOf = (more: object = {}) => ({
  'Fn::GetStackOutput': { StackName: 'prod', OutputName: 'Innocent', ...more },
});

test.each<[string, unknown]>([
  ['as it is', outputOf()],
  ['in a text', { 'Fn::Sub': [`a-\${b}`, { b: outputOf() }] }],
  ['of a stack that is named by its region', outputOf({ Region: 'eu-west-1' })],
])('what another stack has as an output takes a decision before it is shown: %s', async (_, value) => {
  const { answer, lines } = await deploy(withExtra(value));
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(lines).toContainEqual(expect.stringMatching(/^expose Extra: TopicName shows a hidden value .*output/));
});

test('a function that is not known makes the plan unknown, and is named', async () => {
  const Metadata = { Note: { 'Fn::GetSomethingNew': { Of: 'prod' } } };
  const Resources = { Topic: { ...PLAIN, Metadata } };
  // What is kept may be what it depends on.
  const { answer: refused } = await deploy(JSON.stringify({ ...TEMPLATE, Resources }));
  expect(refused.refusal?.message).toMatch(/^parameter Pin keeps a value that is hidden/);
  const { answer, lines } = await deploy(JSON.stringify({ Resources }), { stack_name: 'open' });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(answer.plan.effects).toContain('unknown');
  expect(lines).toContainEqual(expect.stringMatching(/^unknown Topic: .*Fn::GetSomethingNew/));
  expect(lines).toContainEqual(expect.stringMatching(/^expose Topic: Metadata\.Note shows/));
});

const gated = (on: unknown) => ({ Conditions: { Show: { 'Fn::Equals': [on, 'on'] } } });
const SHOWN = { 'Fn::If': ['Show', { Ref: 'Pin' }, 'off'] };
const EXTENDED = { Transform: 'AWS::LanguageExtensions' };
const LENGTH = { 'Fn::Length': ['a'] };

test.each<[string, object]>([
  [
    'a parameter of Systems Manager',
    { Parameters: { ...TEMPLATE.Parameters, At: LOOKED_UP }, ...gated(select({ Ref: 'At' })) },
  ],
  ['the length of a list', { ...EXTENDED, ...gated(select(LENGTH)) }],
])('an item that is selected by %s is not known', async (_, more) => {
  const { answer, lines } = await deploy(withExtra(SHOWN, more));
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(lines).toContainEqual(expect.stringMatching(/^expose Extra: TopicName shows a hidden value .*Pin/));
});

function select(at: unknown) {
  return { 'Fn::Select': [at, ['off', 'on']] };
}

const KEY = { Type: 'Custom::Key', Properties: { ServiceToken: 'arn:aws:sns:eu-west-1:123456789012:t' } };
const attribute = (name: unknown) => ({ 'Fn::GetAtt': ['Key', name] });
const withKey = (name: unknown, more: object = {}) => {
  const Resources = { Topic: PLAIN, Key: KEY, Extra: topic(attribute(name)) };
  return JSON.stringify({ Parameters: { At: { Type: 'String', Default: 'ApiToken' } }, Resources, ...more });
};

test.each<[string, unknown, object]>([
  ['a parameter', { Ref: 'At' }, {}],
  ['a text with a parameter', { 'Fn::Sub': `\${At}` }, {}],
  ['a parameter of Systems Manager', { Ref: 'At' }, { Parameters: { At: { ...LOOKED_UP, Default: 'ApiToken' } } }],
])('a secret that a resource tells takes a decision where its attribute is named by %s', async (_, name, more) => {
  const { answer, lines } = await deploy(withKey(name, more), { stack_name: 'open' });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(lines).toContainEqual(expect.stringMatching(/^expose Extra: TopicName shows a hidden value/));
});

test('and another attribute goes on, named in the same way', async () => {
  const parameters = { At: 'TopicArn' };
  const { Topic, ...named } = { Topic: PLAIN, Extra: topic({ 'Fn::GetAtt': ['Topic', { Ref: 'At' }] }) };
  const body = JSON.stringify({ Parameters: { At: { Type: 'String' } }, Resources: { Topic, ...named } });
  const { answer, lines } = await deploy(body, { stack_name: 'dev-attribute', parameters });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('succeeded');
  expect(lines.filter((line) => line.startsWith('expose'))).toEqual([]);
});

test("another stack's export takes a decision where its name is not known", async () => {
  const name = { 'Fn::Select': [LENGTH, IMPORTS] };
  const { answer, lines } = await deploy(withExtra({ 'Fn::ImportValue': name }, EXTENDED));
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(lines).toContainEqual(expect.stringMatching(/^expose Extra: TopicName shows a hidden value .*import/));
});

const yaml = (mode: string) => `Parameters:
  Pin: { Type: String, NoEcho: true }
  Mode: { Type: String, Default: x }
Conditions:
  Show: !Equals [!Ref Mode, ${mode}]
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: plain } }
  Extra: { Type: AWS::SNS::Topic, Properties: { TopicName: !If [Show, !Ref Pin, 'off'] } }
`;

// Each with the text that AWS, as far as anyone knows, compares it as.
test.each<[string, string]>([
  ['2012-10-17', '2012-10-17'],
  ['010', '8'],
  ['010', '010'],
  ['1_000', '1000'],
  ['1:30', '90'],
  ['1.10', '1.1'],
  ['0x10', '16'],
  ['yes', 'true'],
  ['on', 'on'],
])('%s in YAML may be the text %s', async (written, text) => {
  const { answer, lines } = await deploy(yaml(written), { parameters: { Mode: text } });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(lines).toContainEqual(expect.stringMatching(/^expose Extra: TopicName shows a hidden value .*Pin/));
});

test('1.10 in JSON may be the text 1.1', async () => {
  const body = withExtra(SHOWN, { Conditions: { Show: { 'Fn::Equals': [{ Ref: 'Mode' }, 'NUMBER'] } } });
  const { answer } = await deploy(body.replace('"NUMBER"', '1.10'), { parameters: { Mode: '1.10' } });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(answer.plan.effects).toContain('expose');
});

test('what surely is another value stays one', async () => {
  const { answer, lines } = await deploy(yaml('10'), { parameters: { Mode: '11' } });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('succeeded');
  expect(lines.filter((line) => line.startsWith('expose'))).toEqual([]);
});

test('an UpdatePolicy that stops what runs is judged, whatever its condition is held against', async () => {
  const group = (policy: string, title: string, conditions = '') => `Parameters:
  Mode: { Type: String, Default: x }
${conditions}Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: ${title} } }
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: '2'
      MaxSize: '4'
      AvailabilityZones: [eu-west-1a]
      LaunchTemplate: { LaunchTemplateId: lt-0123456789abcdef0, Version: '1' }
    UpdatePolicy: ${policy}
`;
  const [keep, drop] = [2, 0].map((many) => `{ AutoScalingRollingUpdate: { MinInstancesInService: ${many} } }`);
  const conditions = 'Conditions:\n  Drop: !Equals [!Ref Mode, 010]\n';
  await scene.cloudformation.send(
    new CreateStackCommand({ StackName: 'shop-group', TemplateBody: group(`${keep}`, 'a') }),
  );
  const answer = await scene.agent.call('cloudformation_deploy_stack', {
    ...{ stack_name: 'shop-group', template_body: group(`!If [Drop, ${drop}, ${keep}]`, 'b', conditions) },
    ...{ parameters: { Mode: '8' }, reason: REASON },
  });
  expect(answer.plan.impact.map(({ detail }: { detail: string }) => detail)).toContainEqual(
    expect.stringMatching(/^Group: .*UpdatePolicy/),
  );
});
