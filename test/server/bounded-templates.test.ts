import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * Templates of a kilobyte or two that stand for billions of values. One thread reads them, carries out what was
 * approved and answers every agent: a walk that follows each of them never comes back, and the test doesn't either.
 */

const STANDS = { Keep: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'keep' } } };
const SIXTY = 60;

const put = (name: string) => `\${${name}}`;

/** Six times sixty, each within the next: what each one holds is worked out by `hold`. */
function nested(innermost: unknown, hold: (inner: unknown) => unknown = (inner) => inner): unknown {
  let value = innermost;
  for (let level = 0; level < 6; level += 1) value = { 'Fn::Sub': [put('A').repeat(SIXTY), { A: hold(value) }] };
  return value;
}

function template(value: unknown, more: object = {}, topic: object = {}): string {
  const Topic = { Type: 'AWS::SNS::Topic', ...topic, Properties: { DisplayName: value } };
  return JSON.stringify({ Resources: { ...STANDS, Topic }, ...more });
}

/** Each rests ten times on the next one. */
function conditions(name: 'Fn::And' | 'Fn::Or', last: string): object {
  const all = Array.from({ length: 30 }, (_, at) => {
    const next = { Condition: `C${at + 1}` };
    return [`C${at}`, at === 29 ? { 'Fn::Equals': ['a', last] } : { [name]: Array.from({ length: 10 }, () => next) }];
  });
  return { Conditions: Object.fromEntries(all) };
}

const DECLARED = { Type: 'String', Default: 'a' };
const numbers = (count: number) => Array.from({ length: count }, (_, at) => ({ Ref: at }));
const parameters = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`P${at}`, DECLARED]));

const UNTOLD = "a secret whose name can't be read here";
const TOO_LONG = 'what its functions put together is too long';

/** The template, and what its plan, or the refusal, says. */
const SHAPES: Readonly<Record<string, readonly [template: string, says: string]>> = {
  'nothing, six levels deep': [template(nested('')), '"effects":["create"]'],
  'a letter, six levels deep': [template(nested('x')), TOO_LONG],
  'a parameter, six levels deep': [
    template(nested({ Ref: 'P' }), { Parameters: { P: { Type: 'String', Default: 'y' } } }),
    TOO_LONG,
  ],
  'a name, six levels deep': [template(nested({ Ref: 'Keep' })), TOO_LONG],
  'joined lists, six levels deep': [
    template(nested('x', (inner) => ({ 'Fn::Join': ['', ['', inner, '']] }))),
    TOO_LONG,
  ],
  'split and joined, six levels deep': [
    template(nested('x', (inner) => ({ 'Fn::Join': ['x', { 'Fn::Split': ['x', inner] }] }))),
    TOO_LONG,
  ],
  'selected, six levels deep': [template(nested('', (inner) => ({ 'Fn::Select': [0, [inner, inner]] }))), 'Topic'],
  'one of two, six levels deep': [
    template(
      nested('', (inner) => ({ 'Fn::If': ['C0', inner, 'other'] })),
      conditions('Fn::And', 'a'),
    ),
    'Topic',
  ],
  'an output, six levels deep': [template('plain', { Outputs: { Long: { Value: nested('x') } } }), UNTOLD],
  'a map that looks itself up': [
    template(
      { 'Fn::FindInMap': ['M', 'A', 'B'] },
      { Mappings: { M: { A: { B: [{ 'Fn::FindInMap': ['M', 'A', 'B'] }] } } } },
    ),
    'Topic',
  ],
  'conditions that all must hold, ten times each': [
    template('plain', conditions('Fn::And', 'a'), { Condition: 'C0' }),
    'Topic',
  ],
  'conditions of which one must hold, ten times each': [
    template('plain', conditions('Fn::Or', 'b'), { Condition: 'C0' }),
    'the stack is already as asked',
  ],
  'a name of twenty kilobytes around two thousand values': [
    template({ ['k'.repeat(20_000)]: Array.from({ length: 2_000 }, () => ({ Ref: 'Keep' })) }),
    'its names, one within another, are too long',
  ],
  'as many names without an end as there is room for': [template({ 'Fn::Sub': '${'.repeat(25_000) }), 'Topic'],
  'as many names within one as there is room for': [template({ 'Fn::Sub': `${'${'.repeat(25_000)}}` }), 'Unresolved'],
  'as many parameters as there is room for, and references to what is no name': [
    template(numbers(1_000), { Parameters: parameters(900) }),
    'it has 900 parameters, and CloudFormation takes 200',
  ],
  'a long text in a loop of as many items as there is room for': [
    JSON.stringify({
      Transform: 'AWS::LanguageExtensions',
      Resources: {
        'Fn::ForEach::Topics': [
          'Item',
          Array.from({ length: 3_000 }, (_, at) => `${at}`),
          { [`T${put('Item')}`]: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'x'.repeat(20_000) } } },
        ],
      },
    }),
    'Fn::ForEach writes out too much',
  ],
  'two hundred parameters, and references to what is no name': [
    template(numbers(3_000), { Parameters: parameters(200) }),
    'Topic: created',
  ],
};

let scene: Scene;
beforeAll(async () => {
  const stacks = [{ name: 'shop', template: JSON.stringify({ Resources: STANDS }) }];
  scene = await setScene({ stacks }, { approvers: ['ann'], serve: ['--no-executor'] });
}, 60_000);
afterAll(async () => await scene[Symbol.asyncDispose]());

test.each(Object.entries(SHAPES))('%s: answered, and so is who else asks', async (_, [template_body, says]) => {
  const call = { stack_name: 'shop', template_body, reason: REASON };
  const [answer, others] = await Promise.all([
    scene.agent.call('cloudformation_deploy_stack', call),
    scene.agent.call('ticket_list'),
  ]);
  expect(JSON.stringify(answer)).toContain(says);
  expect(others.tickets).toBeInstanceOf(Array);
  await scene.agent.call('ticket_withdraw', { ticket_id: answer.ticket?.id ?? '' });
});

test('what only shows while it is carried out is rehearsed, and said to fail', async () => {
  const [template_body] = SHAPES['an output, six levels deep'] ?? [''];
  const call = { stack_name: 'shop', template_body, rehearse: true, reason: `${REASON}, rehearsed` };
  const answer = await scene.agent.call('cloudformation_deploy_stack', call);
  expect(answer.plan.rehearsal).toMatchObject({ change: { ended: 'failed' } });
});

/** Loops: the items of each are texts that hold the item of the one around it sixty times. */
function loops(): string {
  const body = { [`T${put('L5')}`]: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: put('L5') } } };
  const within = (level: number): object => {
    const items = [level === 0 ? 'x' : put(`L${level - 1}`).repeat(SIXTY)];
    return { [`Fn::ForEach::L${level}`]: [`L${level}`, items, level === 5 ? body : within(level + 1)] };
  };
  return JSON.stringify({ Transform: 'AWS::LanguageExtensions', Resources: { ...STANDS, ...within(0) } });
}

test.each([
  ...Object.entries(SHAPES).map(([name, [text]]) => [name, text] as const),
  ['loops in loops, six levels deep', loops()] as const,
])('%s: judged, or said why not', async (_, text) => {
  const [before, after] = [join(scene.place.home, 'before.json'), join(scene.place.home, 'after.json')];
  writeFileSync(before, JSON.stringify({ Resources: STANDS }));
  writeFileSync(after, text);
  const { stdout, stderr } = await scene.place.cli(['judge', before, after]);
  expect(`${stdout}${stderr}`).toMatch(/Topic|too long|too much|nothing changes|Unresolved/);
});
