import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * An agent in a development stack, where what creates and modifies takes no decision, imports what another stack
 * exports under a name that says nothing. What the stack's outputs hide is hidden wherever it is brought in.
 */

const PASSWORD = 'Correct-Horse-Battery9';
const LEAKS = /correct.?horse|battery9/i;
const topic = (TopicName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { TopicName } });
const PLAIN = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'plain' } };
const exported = (Name: unknown, Value: unknown) => ({ Value, Export: { Name } });
const imported = (name: unknown) => ({ 'Fn::ImportValue': name });
const TEMPLATE = { Parameters: { Of: { Type: 'String', Default: 'prod' } }, Resources: { Topic: PLAIN } };

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [
        {
          name: 'prod',
          template: {
            Parameters: { Answer: { Type: 'String', NoEcho: true } },
            Resources: { Topic: topic('prod') },
            Outputs: {
              Thing: exported('prod-thing', { 'Fn::Sub': `\${Answer}` }),
              Reads: exported('prod-reads', { 'Fn::Join': ['-', ['x', { Ref: 'Answer' }]] }),
              Vpc: exported('prod-vpc', 'vpc-0123456789abcdef0'),
              Arn: exported('prod-arn', { Ref: 'Topic' }),
            },
          },
          parameters: { Answer: PASSWORD },
        },
        {
          name: 'between',
          template: {
            Resources: { Topic: PLAIN, Bucket: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'b' } } },
            Outputs: {
              Handed: exported('between-thing', imported('prod-thing')),
              Open: exported('between-vpc', imported('prod-vpc')),
            },
          },
        },
        { name: 'shop', template: TEMPLATE },
      ],
    },
    { config: 'environments: [{ name: development, match: { stack_names: [shop] } }]\n', latencyMs: 2, serve: [] },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

async function deploy(Resources: object, more: object = {}) {
  const template_body = JSON.stringify({ ...TEMPLATE, Resources: { ...TEMPLATE.Resources, ...Resources }, ...more });
  const args = { stack_name: 'shop', template_body, capabilities: ['CAPABILITY_AUTO_EXPAND'], reason: REASON };
  const answer = await scene.agent.call('cloudformation_deploy_stack', args);
  expect(JSON.stringify(answer)).not.toMatch(LEAKS);
  const impact = (answer.plan?.impact ?? []) as readonly { readonly effect: string; readonly detail: string }[];
  return { answer, lines: impact.map(({ effect, detail }) => `${effect} ${detail}`) };
}

const NAMES: readonly (readonly [string, unknown])[] = [
  ['a text', 'prod-thing'],
  ['a part of a text', 'prod-reads'],
  ['a text that is filled', { 'Fn::Sub': `\${Of}-thing` }],
  ['a text that is put together', { 'Fn::Join': ['-', [{ Ref: 'Of' }, 'thing']] }],
  ['an item', { 'Fn::Select': ['1', ['prod-vpc', 'prod-thing']] }],
  ['one of another stack that imports it', 'between-thing'],
];

test.each(NAMES)('what a stack hides takes a decision where its export is imported by %s', async (_, name) => {
  const { answer, lines } = await deploy({ Extra: topic(imported(name)) });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(lines).toContainEqual(expect.stringMatching(/^expose Extra: TopicName shows a hidden value .*import/));
});

test('in an output too', async () => {
  const { answer, lines } = await deploy({}, { Outputs: { Shown: { Value: imported('prod-thing') } } });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(lines).toContainEqual(expect.stringMatching(/^expose Outputs\/Shown: .*shows a hidden value/));
});

test('AWS is not asked what it is equal to', async () => {
  const { answer } = await deploy({
    Extra: topic({ 'Fn::Select': ['0', { 'Fn::Split': ['C', imported('prod-thing')] }] }),
  });
  expect(answer.refusal?.message, JSON.stringify(answer)).toMatch(/what another stack exports.* hidden/);
});

test('an export that is not there counts as hidden', async () => {
  const { lines } = await deploy({ Extra: topic(imported('nowhere')) });
  expect(lines).toContainEqual(expect.stringMatching(/^expose Extra: TopicName shows a hidden value .*import/));
});

test('the exports are listed once for a plan that imports, and for no other', async () => {
  const listed = async () => (await scene.cloud.requests('ListExports')).length;
  const before = await listed();
  await deploy({ Other: PLAIN });
  expect(await listed()).toBe(before);
  const Both = topic({ 'Fn::Join': ['-', [imported('prod-vpc'), imported('prod-thing')]] });
  await deploy({ Both, Third: topic(imported('between-thing')) });
  expect(await listed()).toBe(before + 1);
});

test('the same is hidden by all tools that show it', async () => {
  const listed = await scene.agent.call('cloudformation_list_exports', {});
  const of = (name: string) => listed.exports.find((one: { readonly name: string }) => one.name === name)?.value;
  expect(JSON.stringify(listed)).not.toMatch(LEAKS);
  expect(of('prod-thing')).toMatch(/^\[hidden:/);
  expect(of('between-thing')).toMatch(/^\[hidden:/);
  expect(of('prod-vpc')).toBe('vpc-0123456789abcdef0');
  expect(of('between-vpc')).toBe('vpc-0123456789abcdef0');
  const between = await scene.agent.call('cloudformation_describe_stack', { stack_name: 'between' });
  expect(JSON.stringify(between)).not.toMatch(LEAKS);
  expect(JSON.stringify(between)).toContain('vpc-0123456789abcdef0');
});

test('what everyone may see is imported as it was', async () => {
  const Properties = { TopicName: { 'Fn::Sub': [`t-\${v}`, { v: imported('between-vpc') }] } };
  const { answer, lines } = await deploy({
    Extra: { Type: 'AWS::SNS::Topic', Properties },
    Other: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: imported({ 'Fn::Sub': `\${Of}-arn` }) } },
  });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('succeeded');
  expect(lines.filter((line) => line.startsWith('expose'))).toEqual([]);
});
