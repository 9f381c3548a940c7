import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KNOWLEDGE } from '../../tools/cloudformation/knowledge/all.ts';
import type { Rule, Rules } from '../../tools/cloudformation/knowledge/language.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, testAws } from '../scenes/tools.ts';

/*
 * Every value of which the table says that it names what is acted on, or as whom: at any depth, a foreign name there is
 * a target of the plan. Through change sets; in each as many resources as a plan has targets of their own.
 */

interface Leaf {
  readonly path: string;
  /** The property's value around a name. */
  readonly around: (name: unknown) => unknown;
  /** Only what looks like an ARN counts there. */
  readonly byLook?: boolean;
}

const NAMING = ['acts', 'takes', 'acts-as', 'notifies'];
/** What has no rules within. */
const FLAT = ['flow', 'updates_by', 'number', 'settled', 'values', 'order', 'unsaid', 'selects', 'leaves', 'ends'];

function leaves(rules: Rules, path: string, around: Leaf['around'] = (name) => name): readonly Leaf[] {
  return [rules].flat().flatMap((each) => {
    const rule = each as Rule;
    if (rule === 'may-act' || rule === 'code' || rule === 'guards') return [{ path, around, byLook: true }];
    if (typeof rule !== 'object') return NAMING.includes(rule) ? [{ path, around }] : [];
    if ('standing' in rule) return leaves(rule.standing, path, around);
    if ('acting' in rule) return leaves(rule.acting, path, around);
    if ('lasting' in rule) return leaves(rule.lasting, path, around);
    if ('unordered' in rule) return leaves(rule.unordered, path, around);
    if ('given' in rule) return leaves([rule.is, rule.otherwise].flat(), path, around);
    if ('among' in rule || 'unless_changed' in rule) return leaves(rule.otherwise, path, around);
    if ('stated' in rule) return leaves(rule.stated, path, around);
    if ('shared' in rule) return leaves(rule.other, path, around);
    if ('each' in rule)
      return [
        ...leaves(rule.each, `${path}[]`, (inner) => around([inner])),
        ...Object.entries(rule.known ?? {}).flatMap(([name, within]) =>
          leaves(within, `${path}[${name}]`, (inner) => around([{ [rule.by ?? '']: name, ...Object(inner) }])),
        ),
      ];
    if ('lines' in rule)
      return leaves(rule.lines, path, (inner) =>
        around(
          Object.entries(Object(inner))
            .map(([key, value]) => `${key}=${value}`)
            .join('\n'),
        ),
      );
    if ('keys' in rule) return leaves(rule.keys, `${path}{}`, (inner) => around({ any: inner }));
    if ('members' in rule)
      return Object.entries({ ...rule.members, ...(rule.others ? { Other: rule.others } : {}) }).flatMap(
        ([member, within]) => leaves(within, `${path}.${member}`, (inner) => around({ [member]: inner })),
      );
    if (FLAT.some((word) => word in rule)) return [];
    throw new Error(`a rule that this test doesn't know: ${JSON.stringify(rule)}`);
  });
}

/** A template of another account can't be read beforehand, and is refused. */
const REFUSED = 'AWS::CloudFormation::Stack TemplateURL';

/** The embedded cloud has no macros. */
const LEFT_OUT = 'AWS::CloudFormation::Macro';

const ALL = [...KNOWLEDGE]
  .filter(([type]) => type !== LEFT_OUT)
  .flatMap(([type, { properties }]) =>
    Object.entries(properties).flatMap(([property, rules]) =>
      `${type} ${property}` === REFUSED ? [] : leaves(rules, property).map((leaf) => ({ type, property, ...leaf })),
    ),
  );
/** No more than 200 targets are told one by one. */
const AT_ONCE = 150;
const BATCHES = Array.from({ length: Math.ceil(ALL.length / AT_ONCE) }, (_, at) => ({
  from: at * AT_ONCE,
  some: ALL.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
}));

let cloud: Cloud;
beforeAll(async () => {
  const inner = { Resources: { Q: { Type: 'AWS::SQS::Queue' } } };
  cloud = await startCloud({ templates: { 'https://t.example/inner.json': inner } }, { latencyMs: 1 });
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

describe.each(BATCHES)('$from and on', ({ from, some }) => {
  test.each([
    ['an ARN', (at: number) => `arn:aws:made:eu-west-1:999999999999:thing/${at}`],
    ['a name', (at: number) => `theirs-${at}`],
    ['a number', (at: number) => String(70_000 + at)],
  ])('a target of each, by %s', async (_, nameOf) => {
    const tried = some.filter(({ byLook }) => !byLook || nameOf(0).startsWith('arn:'));
    const resources = tried.map(({ type, property, around }, at) => {
      const nested = type === 'AWS::CloudFormation::Stack' ? { TemplateURL: 'https://t.example/inner.json' } : {};
      return [`R${at}`, { Type: type, Properties: { ...nested, [property]: around(nameOf(at)) } }];
    });
    const { targets, discard } = await propose(testAws(cloud.endpoint), 'cloudformation_deploy_stack', {
      stack_name: `dev-${from}`,
      template_body: JSON.stringify({ Resources: Object.fromEntries(resources) }),
      capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    });
    await discard();
    // What is hidden is a target too, by its place.
    const reached = targets.filter(({ reached }) => reached).map(({ id, nameless }) => (nameless ? `${id} ` : id));
    const lost = tried.flatMap(({ type, path }, at) => {
      const is = [new RegExp(`(^|[/:])${nameOf(at)}$`), new RegExp(`at R${at}\\.`)];
      return reached.some((id) => is.some((one) => one.test(id))) ? [] : [`${type} ${path}`];
    });
    expect(lost).toEqual([]);
  });
});

const WIDE = [...KNOWLEDGE].filter(([, { wide }]) => wide);

test('what acts on all of the account by being there has the account as a target', async () => {
  const resources = WIDE.map(([Type], at) => [`R${at}`, { Type }]);
  const { impact, targets, discard } = await propose(testAws(cloud.endpoint), 'cloudformation_deploy_stack', {
    stack_name: 'dev-wide',
    template_body: JSON.stringify({ Resources: Object.fromEntries(resources) }),
    capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  await discard();
  expect(WIDE.length).toBeGreaterThan(15);
  expect(impact.filter(({ detail }) => detail.includes('acts on all of account 123456789012: '))).toHaveLength(
    WIDE.length,
  );
  expect(targets).toContainEqual(expect.objectContaining({ type: 'AWS::::Account', owner: 'unknown' }));
});

test('there are many', () => {
  expect(ALL.length).toBeGreaterThan(1_000);
});
