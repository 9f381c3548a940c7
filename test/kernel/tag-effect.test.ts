import { expect, test } from 'vitest';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { isWithoutEffect, settling, type TagRules, whyNotListed } from '../../src/kernel/tag-effect.ts';

const rules = (tags_without_effect: readonly string[], ...matched: string[]): TagRules => ({
  tags_without_effect,
  environments: matched.map((key) => ({ name: 'development', match: { tags: { [key]: 'x' } } })),
});

test('without a list nothing rests on names and descriptions alone', () => {
  expect(['Name', 'Description'].every((key) => isWithoutEffect(key, NO_RULES))).toBe(true);
  const others = ['name', 'NAME', 'Owner', 'env', '', 'aws:x', 'undefined', 'constructor'];
  expect(others.filter((key) => isWithoutEffect(key, NO_RULES))).toEqual([]);
});

test('a listed key is meant as it is written, and no other', () => {
  const listed = rules(['Owner', 'cost-center']);
  expect(['Owner', 'cost-center', 'Name'].every((key) => isWithoutEffect(key, listed))).toBe(true);
  const others = ['owner', 'Owner ', 'Owners', 'cost-centre', 'env'];
  expect(others.filter((key) => isWithoutEffect(key, listed))).toEqual([]);
});

test('what rules of environments are matched by is never without effect, however it is spelt, listed or not', () => {
  for (const key of ['Name', 'Owner', 'Env'])
    for (const matched of [key, key.toUpperCase()])
      expect(isWithoutEffect(key, rules(['Owner', 'Env'], matched)), `${key} ${matched}`).toBe(false);
  expect(isWithoutEffect('Name', rules([], 'env'))).toBe(true);
});

test('a list that took another way than the configuration adds no wildcard and no key of AWS or of tickets', () => {
  const listed = rules(['*', 'Own*', 'aws:cloudformation:stack-id', 'AWS:x', 'holdshort:ticket', '']);
  for (const key of [...listed.tags_without_effect, 'Owner']) expect(isWithoutEffect(key, listed), key).toBe(false);
});

test('the line of a held change names the keys that the configuration could list, and no others', () => {
  expect(settling(['team', 'Env', 'aws:x'], rules([], 'env'))).toBe(
    '; where nothing rests on "team", the configuration can say so: tags.without_effect',
  );
  expect(settling(['env'], rules([], 'env'))).toBe('');
  const many = settling(
    Array.from({ length: 9 }, (_, at) => `k${at}`),
    NO_RULES,
  );
  expect(many).toContain('"k5" and 3 more,');
  expect(whyNotListed('team "x"; deleted', NO_RULES)).toBeDefined();
});
