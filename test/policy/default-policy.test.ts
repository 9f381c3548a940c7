import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EFFECTS, isDestructive } from '../../src/kernel/effects.ts';
import { ENVIRONMENTS, type Environment } from '../../src/kernel/environment.ts';
import { type Approval, ASSURANCES, isMet, NO_APPROVALS, tally } from '../../src/kernel/requirement.ts';
import { DEFAULT_POLICY } from '../../src/policy/default.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { ORDINARY } from '../../src/policy/question.ts';
import { refusalBy } from '../../src/policy/refusal.ts';
import { requirementText } from '../../src/policy/requirement-text.ts';
import { bounded } from '../scenes/bounded.ts';
import { ACTIONS, change } from './actions.ts';

const policy = await loadPolicy({ source: 'default', actions: ACTIONS });
const CHANGES = EFFECTS.filter((effect) => effect !== 'read');
const HARMLESS = CHANGES.filter((effect) => !isDestructive(effect));
const DESTRUCTIVE = CHANGES.filter(isDestructive);

const effects = fc.subarray([...EFFECTS], { minLength: 1 });
const environment = fc.constantFrom(...ENVIRONMENTS);
const approval: fc.Arbitrary<Approval> = fc.record({
  person: fc.constantFrom('ada', 'ben', 'cleo'),
  assurance: fc.constantFrom(...ASSURANCES),
});
const approvals = fc.array(approval, { maxLength: 5 });

describe('the least requirement of the default policy', () => {
  const AT_ONCE = 'runs at once';
  const asks: Record<Environment, { harmless: string; destructive: string }> = {
    sandbox: { harmless: AT_ONCE, destructive: AT_ONCE },
    development: { harmless: AT_ONCE, destructive: '1 approval' },
    staging: { harmless: AT_ONCE, destructive: '1 approval with an enrolled key' },
    production: {
      harmless: '1 approval with a passkey or security key',
      destructive: "1 approval with a passkey or security key, not the operator's",
    },
  };
  for (const place of ENVIRONMENTS) {
    it.each(HARMLESS)(`of %s in ${place}`, (effect) => {
      expect(requirementText(policy.requirement(change(place, [effect])))).toBe(asks[place].harmless);
    });
    it.each(DESTRUCTIVE)(`of %s in ${place}`, (effect) => {
      expect(requirementText(policy.requirement(change(place, [effect])))).toBe(asks[place].destructive);
    });
    it(`of a read in ${place} is none`, () => {
      const read = change(place, ['read'], { tool: 'ec2_describe_instances' });
      expect(policy.requirement(read)).toEqual({ approvals: 0, assurance: 'client', operator_may_approve: true });
    });
  }

  it('takes the worst of several effects', () => {
    expect(policy.requirement(change('production', ['create', 'delete']))?.operator_may_approve).toBe(false);
  });

  it('takes no effect at all for the worst', () => {
    expect(policy.permits(change('development', []), NO_APPROVALS)).toBe(false);
  });
});

describe('what the default policy permits', () => {
  const client = { person: 'ben', assurance: 'client' } as const;
  const key = { person: 'ben', assurance: 'key' } as const;
  const present = { person: 'ben', assurance: 'presence' } as const;
  const operatorsKey = { person: 'ada', assurance: 'key' } as const;
  const operatorPresent = { person: 'ada', assurance: 'presence' } as const;
  const operatorsHardware = { person: 'ada', assurance: 'hardware' } as const;
  it.each([
    ['development', 'delete', [], false],
    ['development', 'delete', [client], true],
    ['staging', 'delete', [client], false],
    ['staging', 'delete', [client, { person: 'cleo', assurance: 'client' }], false],
    ['staging', 'delete', [operatorsKey], true],
    ['production', 'modify', [], false],
    ['production', 'modify', [client], false],
    ['production', 'modify', [operatorsKey], false],
    ['production', 'modify', [key, operatorsKey], false],
    ['production', 'modify', [operatorPresent], true],
    ['production', 'delete', [key], false],
    ['production', 'delete', [key, operatorPresent], false],
    ['production', 'delete', [present], true],
    ['production', 'delete', [operatorPresent], false],
    ['production', 'delete', [operatorsHardware, client], false],
    ['production', 'unknown', [operatorsKey, present], true],
  ] as const)('%s, %s, %o: %s', (place, effect, given, permitted) => {
    expect(policy.permits(change(place, [effect]), tally(given, 'ada'))).toBe(permitted);
  });
});

/** Freezes, lists and counts of every kind. */
const surroundings = fc.record({
  allowed: fc.record({ tool: fc.boolean(), environment: fc.boolean() }),
  freeze: fc.boolean().map((active) => ({ ...ORDINARY.freeze, active })),
  asked: fc.record({ destructive_last_hour: fc.constantFrom(0, 100), pending: fc.constantFrom(0, 100) }),
  delete_and_recreate: fc.boolean(),
  unsettled: fc.boolean(),
});

describe('properties of the default policy', () => {
  it('one more approval never turns a yes into a no', () => {
    fc.assert(
      fc.property(environment, effects, surroundings, approvals, approval, (place, some, around, given, extra) => {
        fc.pre(policy.permits(change(place, some, around), tally(given, 'ada')));
        return policy.permits(change(place, some, around), tally([...given, extra], 'ada'));
      }),
      { numRuns: bounded('generated calls with one approval more', 300, 60) },
    );
  });

  it('nothing destructive runs in production with the approval of the operator alone', () => {
    const withDestructive = fc.tuple(effects, fc.constantFrom(...DESTRUCTIVE)).map(([some, worst]) => [...some, worst]);
    const byOperator = fc.array(approval.map((given) => ({ ...given, person: 'ada' })));
    fc.assert(
      fc.property(withDestructive, byOperator, (some, given) => {
        return !policy.permits(change('production', some), tally(given, 'ada'));
      }),
    );
  });

  it('nothing that is out of the ordinary makes it milder', () => {
    fc.assert(
      fc.property(environment, effects, surroundings, approvals, (place, some, around, given) => {
        fc.pre(!policy.permits(change(place, some), tally(given, 'ada')));
        return !policy.permits(change(place, some, around), tally(given, 'ada'));
      }),
    );
  });

  it('permits exactly when what it asks for is met', () => {
    fc.assert(
      fc.property(environment, effects, approvals, (place, some, given) => {
        const requirement = policy.requirement(change(place, some));
        const total = tally(given, 'ada');
        return requirement !== undefined && policy.permits(change(place, some), total) === isMet(requirement, total);
      }),
    );
  });
});

describe('what the default policy forbids, whoever approves', () => {
  const freeze = {
    active: true,
    names: ['year-end'],
    reason: 'Books.',
    until: '',
    until_local: '2027-01-04 08:00 (UTC)',
  };
  const full = { destructive_last_hour: 100, pending: 100 };
  const READ = { tool: 'ec2_describe_instances' };
  const NO = undefined;
  it.each([
    [
      'the tool is not allowed',
      { allowed: { tool: false, environment: true } },
      'sandbox',
      'modify',
      'tool-not-allowed',
    ],
    [
      'the place is not',
      { allowed: { tool: true, environment: false } },
      'sandbox',
      'modify',
      'environment-not-allowed',
    ],
    ['there is a freeze', { freeze }, 'development', 'modify', 'freeze'],
    ['there is one in the sandbox', { freeze }, 'sandbox', 'modify', 'freeze'],
    ['it is too much', { resources: 1_001 }, 'development', 'modify', 'too-many-resources'],
    ['it is just not too much', { resources: 1_000 }, 'development', 'modify', NO],
    ['too much waits', { asked: { ...full, destructive_last_hour: 0 } }, 'development', 'modify', 'too-many-pending'],
    ['almost too much waits', { asked: { destructive_last_hour: 99, pending: 99 } }, 'development', 'delete', NO],
    ['too much was destroyed', { asked: { ...full, pending: 0 } }, 'staging', 'delete', 'too-much-destruction'],
    ['what follows destroys nothing', { asked: { ...full, pending: 0 } }, 'staging', 'modify', NO],
    ['it is the sandbox', { asked: full, resources: 5_000 }, 'sandbox', 'delete', NO],
  ] as const)('because %s', (_, more, place, effect, by) => {
    const question = change(place, [effect], more);
    expect(policy.requirement(question) === undefined).toBe(by !== undefined);
    if (by) expect(refusalBy(policy, question).message).toContain(`(rule "${by}")`);
  });

  it('no read', () => {
    const allowed = { tool: false, environment: false };
    const read = change('production', ['read'], { ...READ, allowed, freeze, asked: full, resources: 0 });
    expect(policy.permits(read, NO_APPROVALS)).toBe(true);
  });

  it('deleting and recreating is held like what destroys, whatever its effects are called', () => {
    for (const place of ['development', 'staging', 'production'] as const) {
      const again = policy.requirement(change(place, ['create'], { delete_and_recreate: true }));
      expect(again).toEqual(policy.requirement(change(place, ['delete'])));
    }
  });
});

describe('the comment in it about interruptions in development', async () => {
  const [, comment = ''] =
    /(\/\/ {3}@id\("interruptions-in-development"\)[\s\S]*?\/\/ {3}\};\n)/.exec(DEFAULT_POLICY) ?? [];
  const text = `${DEFAULT_POLICY}\n${comment.replace(/^\/\/ {3}/gm, '')}`;
  const eased = await loadPolicy({ text, source: 'eased', actions: ACTIONS });
  const runs = (place: Environment, ...effects: Parameters<typeof change>[1]) =>
    eased.permits(change(place, effects), NO_APPROVALS);

  it.each(DESTRUCTIVE)('lets run at once what only interrupts: %s', (effect) => {
    expect(runs('development', 'modify', effect)).toBe(effect === 'disrupt');
    expect(runs('development', 'disrupt', effect)).toBe(effect === 'disrupt');
    expect(runs('staging', effect)).toBe(false);
    expect(runs('production', effect)).toBe(false);
  });

  it('and takes no effect at all for the worst', () => {
    expect(runs('development')).toBe(false);
  });
});
