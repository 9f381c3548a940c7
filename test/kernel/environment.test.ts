import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ENVIRONMENTS,
  type EnvironmentRule,
  environmentOf,
  RegionName,
  type Subject,
  subjectsOf,
} from '../../src/kernel/environment.ts';
import { Target } from '../../src/kernel/target.ts';

const HERE = { account: '111122223333', region: 'eu-west-1' };
const UNKNOWN: Subject = { ...HERE, names: {}, tags: {}, owner: 'unknown' };

/** Few values, so that rules and subjects meet often. */
const accounts = fc.constantFrom(HERE.account, '444455556666');
const regions = fc.constantFrom(HERE.region, 'us-east-1');
const tags = fc.dictionary(fc.constantFrom('env', 'team'), fc.constantFrom('dev', 'prod'), { minKeys: 1 });
const rule: fc.Arbitrary<EnvironmentRule> = fc
  .record(
    {
      accounts: fc.array(accounts, { minLength: 1 }),
      regions: fc.array(regions, { minLength: 1 }),
      stack_names: fc.array(fc.constantFrom('dev-*', 'prod-*', '*'), { minLength: 1 }),
      tags,
    },
    { requiredKeys: [] },
  )
  .filter((match) => Object.keys(match).length > 0)
  .chain((match) => fc.constantFrom(...ENVIRONMENTS).map((name) => ({ name, match })));
const owned: fc.Arbitrary<Pick<Subject, 'names' | 'tags'>> = fc.record({
  names: fc.oneof(
    fc.constant({}),
    fc.constantFrom('dev-a', 'prod-a', 'x').map((stack_name) => ({ stack_name })),
  ),
  tags: fc.oneof(fc.constant({}), tags),
});

function strictness(rules: readonly EnvironmentRule[], subject: Subject): number {
  return ENVIRONMENTS.indexOf(environmentOf({ environments: rules, known: [] }, [subject]));
}

describe('a thing whose owner nobody could tell', () => {
  test('is never milder than it would be if it were told, whoever owns it', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), owned, (rules, truth) => {
        expect(strictness(rules, UNKNOWN)).toBeGreaterThanOrEqual(strictness(rules, { ...HERE, ...truth }));
      }),
      { numRuns: 2_000 },
    );
  });

  test('nor where its account or region is not known', () => {
    const nowhere = { ...UNKNOWN, account: 'unknown', region: 'unknown' };
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), owned, accounts, regions, (rules, truth, account, region) => {
        expect(strictness(rules, nowhere)).toBeGreaterThanOrEqual(strictness(rules, { account, region, ...truth }));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[EnvironmentRule['match'][], (typeof ENVIRONMENTS)[number]]>([
    [[], 'production'],
    [[{ stack_names: ['dev-*'] }], 'production'],
    [[{ accounts: [HERE.account] }], 'development'],
    [[{ regions: [HERE.region], accounts: [HERE.account] }], 'development'],
    [[{ accounts: ['444455556666'] }], 'production'],
    [[{ accounts: [HERE.account], tags: { env: 'dev' } }], 'production'],
    [[{ stack_names: ['x'] }, { accounts: [HERE.account] }], 'development'],
  ])('development by %j: it is %s', (matches, environment) => {
    const environments = matches.map((match) => ({ name: 'development' as const, match }));
    expect(environmentOf({ environments, known: [] }, [UNKNOWN])).toBe(environment);
  });

  test('a rule before the certain one may be the one that it matches', () => {
    const environments = [
      { name: 'staging' as const, match: { tags: { env: 'staging' } } },
      { name: 'sandbox' as const, match: { accounts: [HERE.account] } },
      { name: 'production' as const, match: { stack_names: ['*'] } },
    ];
    expect(environmentOf({ environments, known: [] }, [UNKNOWN])).toBe('staging');
  });
});

describe('known:', () => {
  const thing = { id: 'arn:aws:sns:eu-west-1:111122223333:alerts', type: 'AWS::SNS::Topic', name: 'alerts', tags: {} };
  const as = (target: Target, id: string) =>
    environmentOf(
      { environments: [], known: [{ id, environment: 'development' }] },
      subjectsOf({ ...HERE, targets: [target] }),
    );

  test.each(['alerts', thing.id, 'arn:aws:sns:*:111122223333:al*'])('%s settles what is reached', (id) => {
    expect(as({ ...thing, reached: 'acts on', owner: 'unknown' }, id)).toBe('development');
    expect(as({ ...thing, reached: 'acts as' }, id)).toBe('development');
  });

  test('what is changed itself is not made easier by it', () => {
    expect(as(thing, 'alerts')).toBe('production');
  });

  test('a thing of another account is known by its ARN, not by a name that anyone can give', () => {
    const elsewhere: Target = {
      ...thing,
      id: 'arn:aws:sns:eu-west-1:444455556666:alerts',
      account: '444455556666',
      reached: 'acts on',
    };
    expect(as(elsewhere, 'alerts')).toBe('production');
    expect(as(elsewhere, elsewhere.id)).toBe('development');
    expect(as({ ...elsewhere, id: 'alerts' }, 'alerts')).toBe('production');
  });

  test("a role is known by its name, which holds in all regions of the account, and not another account's", () => {
    const role: Target = { ...thing, id: 'ci', name: 'ci', region: 'unknown', reached: 'acts as', owner: 'unknown' };
    expect(as(role, 'ci')).toBe('development');
    expect(as({ ...role, account: 'unknown' }, 'ci')).toBe('production');
    expect(as({ ...role, region: 'us-east-1' }, 'ci')).toBe('production');
  });

  test('what has no name is found by no pattern, whatever our words for it quote', () => {
    const words = "something that can't be read at alerts.FunctionName";
    const unread: Target = { ...thing, id: words, name: words, reached: 'acts as', owner: 'unknown' };
    expect(as(unread, '*alerts*')).toBe('development');
    expect(as({ ...unread, nameless: true }, '*alerts*')).toBe('production');
  });

  test('the first that matches wins', () => {
    const known = [
      { id: 'alerts', environment: 'staging' as const },
      { id: '*', environment: 'sandbox' as const },
    ];
    const targets: Target[] = [{ ...thing, reached: 'acts on' }];
    expect(environmentOf({ environments: [], known }, subjectsOf({ ...HERE, targets }))).toBe('staging');
  });
});

test('a target elsewhere is looked at where it is', () => {
  const target: Target = { id: 'arn:x', type: 'T', name: 'x', tags: {}, account: '444455556666', reached: 'acts on' };
  const environments = [{ name: 'development' as const, match: { accounts: [HERE.account] } }];
  expect(environmentOf({ environments, known: [] }, subjectsOf({ ...HERE, targets: [target] }))).toBe('production');
});

test.each([{ owner: 'mine' }, { reached: 'yes' }, { account: '' }, { whose: 'x' }])('no target has %j', (member) => {
  const target = { id: 'x', type: 'T', name: 'x', tags: {} };
  expect(Target.safeParse(target).success).toBe(true);
  expect(Target.safeParse({ ...target, ...member }).success).toBe(false);
});

test.each([
  ['us-east-1', true],
  ['us-gov-west-1', true],
  ['us-isob-east-1', true],
  ['eusc-de-east-1', true],
  ['eu-west1', false],
  ['eu-west-1a', false],
  ['EU-WEST-1', false],
])('%s is a region: %s', (name, is) => {
  expect(RegionName.safeParse(name).success).toBe(is);
});
