import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, REASON, until } from '../scenes/front-door.ts';
import { stateOf } from '../scenes/state.ts';
import { propose, read, testAws } from '../scenes/tools.ts';

/* `tags.without_effect`: one list for tags that EC2's tools change, that templates have, and of stacks themselves. */

const stack = (tags: Record<string, string>) => ({
  Resources: {
    Subject: {
      Type: 'AWS::EC2::Instance',
      Properties: {
        ...{ ImageId: 'ami-1', InstanceType: 't3.micro' },
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
    },
  },
});
const BEFORE = { Owner: 'ann', env: 'dev' };
const SEED = {
  stacks: [
    { name: 'dev-site', template: stack(BEFORE) },
    { name: 'dev-tagged', template: stack({}), tags: BEFORE },
  ],
  instances: [{ tags: { Name: 'one', ...BEFORE, 'aws:cloudformation:stack-name': 'dev-site' } }],
};

let cloud: Cloud;
let aws: Aws;
let instance: string;

beforeAll(async () => {
  cloud = await startCloud(SEED, { latencyMs: 2 });
  aws = testAws(cloud.endpoint);
  const { instances } = await read(aws, 'ec2_describe_instances');
  instance = instances.find((one: any) => one.tags.Name === 'one').instance_id;
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

describe.each([
  ['nothing', NO_RULES, { Owner: 'weaken', env: 'weaken', Name: 'modify' }],
  ['Owner', { ...NO_RULES, tags_without_effect: ['Owner'] }, { Owner: 'modify', env: 'weaken', Name: 'modify' }],
  [
    'Owner and Name, by which an environment is found',
    {
      ...NO_RULES,
      tags_without_effect: ['Owner'],
      environments: [{ name: 'staging', match: { tags: { Owner: 'bob', Name: 'x' } } }] as const,
    },
    { Owner: 'weaken', env: 'weaken', Name: 'weaken' },
  ],
])('listed: %s', (_, rules, expected) => {
  const planned = async (name: string, given: Record<string, unknown>) => {
    const proposal = await propose(aws, name, given, rules);
    await proposal.discard();
    return proposal.impact.map(({ effect }) => effect).filter((effect) => effect !== 'modify')[0] ?? 'modify';
  };
  test.each(Object.entries(expected))('%s is %s', async (key, effect) => {
    const set = { [key]: 'other' };
    expect(await planned('ec2_create_tags', { resources: [instance], tags: set })).toBe(effect);
    expect(await planned('ec2_delete_tags', { resources: [instance], tag_keys: [key] })).toBe(effect);
    const template_body = JSON.stringify(stack({ ...BEFORE, ...set }));
    expect(await planned('cloudformation_deploy_stack', { stack_name: 'dev-site', template_body })).toBe(effect);
    const given = { stack_name: 'dev-tagged', use_previous_template: true, tags: { ...BEFORE, ...set } };
    expect(await planned('cloudformation_deploy_stack', given)).toBe(effect);
  });
});

test('by the built command: the file is read afresh for a call, and for a ticket that is about to run', async () => {
  const real = await startCloud(SEED);
  const rules = 'environments: [{ name: development, match: { stack_names: ["dev-*"] } }]\n';
  const place = makePlace({ endpoint: real.endpoint, config: rules });
  const list = (keys: string) =>
    writeFileSync(join(place.home, 'config.yaml'), `${rules}tags: { without_effect: ${keys} }\n`);
  try {
    const agent = await place.agent(['--no-executor']);
    const { instances } = await agent.call('ec2_describe_instances');
    const resources = instances.flatMap(({ instance_id, tags }: any) => (tags.Name === 'one' ? [instance_id] : []));
    const tag = (Owner: string) => agent.call('ec2_create_tags', { resources, tags: { Owner }, reason: REASON });

    const held = await tag('bob');
    expect(held.ticket.state).toBe('pending');
    expect(held.plan.impact[0].detail).toContain('"Owner", the configuration can say so: tags.without_effect');
    list('[Owner]');
    const runs = await tag('cat');
    expect(runs).toMatchObject({ ticket: { state: 'approved' }, plan: { effects: ['modify'] } });

    list('[]');
    place.start(['executor']);
    expect(
      await until(
        () => stateOf(place, runs.ticket.id),
        (state) => state !== 'approved',
      ),
    ).toBe('stale');
    expect(await real.requests('CreateTags')).toEqual([]);
  } finally {
    await place[Symbol.asyncDispose]();
    await real[Symbol.asyncDispose]();
  }
});
