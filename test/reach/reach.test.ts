import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type EnvironmentRule, environmentOf, subjectsOf } from '../../src/kernel/environment.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, testAws } from '../scenes/tools.ts';
import { MORE_WAYS } from './identity-ways.ts';
import { nobodys, otherThings, ownThings, templateOf, type Way } from './things.ts';
import { WAYS } from './ways.ts';

/*
 * From a stack that is called `dev-…`: each way to act on production's things, or as its roles, however the template
 * writes the name. Controls: the same template on what it makes itself, and on another development stack's.
 */

const ALL: readonly (readonly [name: string, way: Way])[] = Object.entries({ ...WAYS, ...MORE_WAYS });
const RULES: readonly EnvironmentRule[] = [
  { name: 'production', match: { stack_names: ['prod-*'] } },
  { name: 'development', match: { stack_names: ['dev-*'] } },
];
const INNER = (at: number) => `https://t.example/${at}.json`;

let cloud: Cloud;
let aws: Aws;
let exports: ReadonlyMap<string, string>;

beforeAll(async () => {
  const own = ALL.map(([, way], at) => {
    const mine = ownThings();
    return { name: `dev-way-${at}`, template: { Resources: resources(way, mine, mine) } };
  });
  const inner = ALL.map(([, way], at) => {
    const mine = ownThings();
    const t = otherThings(
      () => '',
      () => ({ Ref: 'P' }),
    );
    return [INNER(at), { Parameters: { P: { Type: 'String' } }, Resources: resources(way, t, mine) }] as const;
  });
  const shops = ['prod', 'dev'].map((of) => ({ name: `${of}-shop`, template: { ...templateOf(of) } }));
  cloud = await startCloud({ stacks: [...shops, ...own], templates: Object.fromEntries(inner) }, { latencyMs: 1 });
  aws = testAws(cloud.endpoint);
  const { cloudformation } = await aws.readers();
  const stacks = await Promise.all(shops.map(({ name }) => cloudformation.stack(name)));
  exports = new Map(stacks.flatMap((stack) => stack?.outputs.map((one) => [one.export_name ?? '', one.value]) ?? []));
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

function resources(way: Way, t: Parameters<Way>[0], mine: ReturnType<typeof ownThings>): object {
  const [type, Properties] = way(t, mine);
  return { R: { Type: `AWS::${type}`, Properties }, ...mine.resources };
}

/** What that export of a stack gives. */
const of = (prefix: string) => (key: string) => exports.get(`${prefix}-${key}`) ?? `no ${key}`;

async function deploy(stack_name: string, template: object, parameters: Readonly<Record<string, string>> = {}) {
  const given = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name,
    template_body: JSON.stringify(template),
    parameters,
    capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
  });
  await given.discard();
  const targets = subjectsOf({ account: '123456789012', region: 'eu-west-1', targets: given.targets });
  return {
    environment: environmentOf({ environments: RULES, known: [] }, targets),
    details: given.impact.map(({ detail }) => detail).join('\n'),
  };
}

type Say = NonNullable<Parameters<typeof otherThings>[1]>;

/** How else than by itself a template may write a text. `more` is what the template needs besides. */
const FORMS: Readonly<Record<string, { readonly say: Say; readonly more?: (value: string) => object }>> = {
  'a parameter': { say: () => ({ Ref: 'P' }), more: () => ({ Parameters: { P: { Type: 'String' } } }) },
  'a default': {
    say: () => ({ Ref: 'P' }),
    more: (value) => ({ Parameters: { P: { Type: 'String', Default: value } } }),
  },
  'a mapping': {
    say: () => ({ 'Fn::FindInMap': ['M', 'a', 'b'] }),
    more: (value) => ({ Mappings: { M: { a: { b: value } } } }),
  },
  'Fn::Sub': { say: (value) => ({ 'Fn::Sub': [`\${A}${value.slice(3)}`, { A: value.slice(0, 3) }] }) },
  'Fn::Join': { say: (value) => ({ 'Fn::Join': ['', [value.slice(0, 5), value.slice(5)]] }) },
  'Fn::If': {
    say: (value) => ({ 'Fn::If': ['Is', value, { Ref: 'AWS::NoValue' }] }),
    more: () => ({ Conditions: { Is: { 'Fn::Equals': ['a', 'a'] } } }),
  },
  'Fn::ImportValue': { say: (value, name) => (name === undefined ? value : { 'Fn::ImportValue': `prod-${name}` }) },
  'Fn::Select and Fn::Split': { say: (value) => ({ 'Fn::Select': [1, { 'Fn::Split': ['%', `x%${value}`] }] }) },
  'a dynamic reference': { say: () => '{{resolve:ssm:/shop/thing}}' },
};

describe.each(ALL.map(([name, way], at) => ({ name, way, at })))('$name', ({ way, at }) => {
  const [, , known] = way(ownThings(), ownThings());

  test.concurrent("production's, new: says whose it is", async () => {
    const mine = ownThings();
    const template = { Resources: resources(way, otherThings(of('prod')), mine) };
    const { environment, details } = await deploy(`dev-new-${at}`, template);
    expect(details).toContain(known === 'untold' ? 'nobody can tell whose' : 'which is of stack prod-shop');
    expect(environment).toBe('production');
  });

  test.concurrent("production's, in place of its own", async () => {
    const template = { Resources: resources(way, otherThings(of('prod')), ownThings()) };
    expect((await deploy(`dev-way-${at}`, template)).environment).toBe('production');
  });

  const [form, { say, more }] = Object.entries(FORMS)[at % Object.keys(FORMS).length]!;
  test.concurrent(`production's, by ${form}`, async () => {
    let value = '';
    const t = otherThings(of('prod'), (text, name) => {
      value = text;
      return say(text, name);
    });
    const Resources = resources(way, t, ownThings());
    const parameters = form === 'a parameter' ? { P: value } : {};
    const { environment } = await deploy(`dev-form-${at}`, { Resources, ...more?.(value) }, parameters);
    expect(environment).toBe('production');
  });

  test.concurrent("production's, by the parameter of a nested stack", async () => {
    let value = '';
    way(
      otherThings(of('prod'), (text) => {
        value = text;
        return text;
      }),
      ownThings(),
    );
    const Properties = { TemplateURL: INNER(at), Parameters: { P: value } };
    const Resources = { In: { Type: 'AWS::CloudFormation::Stack', Properties } };
    expect((await deploy(`dev-outer-${at}`, { Resources })).environment).toBe('production');
  });

  test.concurrent("nobody's", async () => {
    const template = { Resources: resources(way, otherThings(nobodys), ownThings()) };
    expect((await deploy(`dev-lost-${at}`, template)).environment).toBe('production');
  });

  test.concurrent(`its own is ${known === 'wide' ? 'production, as all of the account' : 'development'}`, async () => {
    const mine = ownThings();
    const { environment, details } = await deploy(`dev-own-${at}`, { Resources: resources(way, mine, mine) });
    expect(environment, details).toBe(known === 'wide' ? 'production' : 'development');
  });

  if (known === undefined)
    test.concurrent("another development stack's is development", async () => {
      const template = { Resources: resources(way, otherThings(of('dev')), ownThings()) };
      const { environment, details } = await deploy(`dev-other-${at}`, template);
      expect(environment, details).toBe('development');
    });
});

test('there are enough ways', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(30);
});
