import { expect, test } from 'vitest';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { modified, sight } from '../tools/resource-change.ts';

/* Tags as templates write them: what is said of those on which nothing rests, as the configuration has it. */

const tagRules = { ...NO_RULES, tags_without_effect: ['Owner', 'Key', 'undefined'] };

type Tags = unknown;
const TYPES = {
  list: ['AWS::EC2::Instance', 'Tags'],
  map: ['AWS::SSM::Parameter', 'Tags'],
  specifications: ['AWS::EC2::LaunchTemplate', 'TagSpecifications'],
  group: ['AWS::AutoScaling::AutoScalingGroup', 'Tags'],
} as const;

function changed(form: keyof typeof TYPES, before: Tags, after: Tags, rules = tagRules) {
  const [type, property] = TYPES[form];
  const given = (tags: Tags) => (tags === undefined ? {} : { [property]: tags });
  return impactOf(modified(type, given(before), given(after)), sight(undefined, undefined, { tagRules: rules }));
}

const list = (tags: Record<string, unknown>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const on = (type: string, tags: Record<string, string>) => ({ ResourceType: type, Tags: list(tags) });
const spread = (Key: string, PropagateAtLaunch: boolean) => ({ Key, Value: 'x', PropagateAtLaunch });

test.each([
  ['list', list({ Owner: 'a' }), list({ Owner: 'b' })],
  ['list', undefined, list({ Owner: 'a' })],
  ['list', list({ Owner: 'a', env: 'dev' }), list({ env: 'dev' })],
  ['list', list({ Owner: 'a', Name: 'x' }), list({ Name: 'y', Owner: 'b' })],
  ['map', { Owner: 'a' }, { Owner: 'b' }],
  ['map', undefined, { Owner: 'a' }],
  ['map', { Owner: 'a', env: 'dev' }, { env: 'dev' }],
  ['map', { Key: 'a' }, { Key: 'b' }],
  ['specifications', [on('instance', { Owner: 'a' })], [on('instance', { Owner: 'b' })]],
  ['specifications', [on('instance', { env: 'd' })], [on('instance', { env: 'd' }), on('volume', { Owner: 'b' })]],
  ['group', [spread('Owner', false)], [spread('Owner', true)]],
] as const)('%s %j to %j', (form, before, after) => {
  expect(changed(form, before, after).effect).toBe('modify');
  expect(changed(form, before, after, { ...NO_RULES, tags_without_effect: [] }).effect).toBe('weaken');
  const rules = {
    ...tagRules,
    environments: [{ name: 'staging', match: { tags: { OWNER: 'a', key: 'b' } } }] as const,
  };
  expect(changed(form, before, after, rules).effect).toBe('weaken');
});

test.each([
  ['list', list({ Owner: 'a', env: 'dev' }), list({ Owner: 'b', env: 'prod' })],
  ['list', list({ Owner: 'a' }), list({ owner: 'a' })],
  ['list', list({ Owner: 'a' }), [...list({ Owner: 'a' }), { Value: 'no key' }]],
  ['list', list({ Owner: 'a' }), list({ Owner: { more: 'than a value' } })],
  ['list', list({ Owner: 'a' }), [{ Key: 'Owner', Value: 'a', More: 'x' }]],
  ['list', list({ Owner: 'a' }), [{ Key: 'Owner', TagKey: 'env', Value: 'a' }]],
  ['list', list({ Owner: 'a' }), 'text'],
  ['list', list({ Owner: 'a' }), ['Owner']],
  ['map', { Owner: 'a' }, { Owner: 'b', env: 'prod' }],
  ['map', { Owner: 'a' }, { Owner: { env: 'prod' } }],
  ['specifications', [on('instance', { env: 'd' })], [on('volume', { env: 'd' })]],
  ['specifications', [on('instance', { Owner: 'a' })], [{ ...on('instance', { Owner: 'a' }), More: 1 }]],
  ['specifications', [on('instance', { Owner: 'a' })], [on('instance', { Owner: 'a', env: 'd' })]],
  ['group', [spread('env', false)], [spread('env', true)]],
] as const)('%s %j to %j is held', (form, before, after) => {
  expect(changed(form, before, after).effect).toBe('weaken');
});

test('the line says which keys are in question', () => {
  const { detail } = changed('list', list({ Owner: 'a', team: 'x' }), list({ Owner: 'b', team: 'y', zone: 'z' }));
  expect(detail).toContain(
    'Tags change: environments, access and backups may rest on them; where nothing rests on "team", "zone", the configuration can say so: tags.without_effect',
  );
});

test('tags of the stack that reach a resource without standing in its properties', () => {
  const reached = (before: object, after: object) => {
    const told = { before: JSON.stringify(before), after: JSON.stringify(after) };
    const properties = [{ attribute: 'Tags', requires_recreation: 'Never' as const, ...told }];
    const change = modified('AWS::EC2::Instance', {}, {}, { properties });
    return impactOf(change, sight(undefined, undefined, { tagRules })).effect;
  };
  expect(reached(list({ Owner: 'a' }), list({ Owner: 'b' }))).toBe('modify');
  expect(reached(list({ Owner: 'a' }), list({ env: 'b' }))).toBe('weaken');
  expect(reached({}, {})).toBe('weaken');
});
