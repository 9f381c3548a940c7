import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EFFECTS, isDestructive } from '../../src/kernel/effects.ts';
import { ENVIRONMENTS, type Environment } from '../../src/kernel/environment.ts';
import { type Approval, ASSURANCES, isMet, NO_APPROVALS, tally } from '../../src/kernel/requirement.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { requirementText } from '../../src/policy/requirement-text.ts';
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
      harmless: '1 approval with an enrolled key',
      destructive: "1 approval with an enrolled key, not the operator's",
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
  const operatorsKey = { person: 'ada', assurance: 'key' } as const;
  const operatorsHardware = { person: 'ada', assurance: 'hardware' } as const;
  it.each([
    ['development', 'delete', [], false],
    ['development', 'delete', [client], true],
    ['staging', 'delete', [client], false],
    ['staging', 'delete', [client, { person: 'cleo', assurance: 'client' }], false],
    ['staging', 'delete', [operatorsKey], true],
    ['production', 'modify', [], false],
    ['production', 'modify', [client], false],
    ['production', 'modify', [operatorsKey], true],
    ['production', 'delete', [key], true],
    ['production', 'delete', [operatorsKey], false],
    ['production', 'delete', [operatorsHardware, client], false],
    ['production', 'unknown', [operatorsKey, key], true],
  ] as const)('%s, %s, %o: %s', (place, effect, given, permitted) => {
    expect(policy.permits(change(place, [effect]), tally(given, 'ada'))).toBe(permitted);
  });
});

describe('properties of the default policy', () => {
  it('one more approval never turns a yes into a no', () => {
    fc.assert(
      fc.property(environment, effects, approvals, approval, (place, some, given, extra) => {
        fc.pre(policy.permits(change(place, some), tally(given, 'ada')));
        return policy.permits(change(place, some), tally([...given, extra], 'ada'));
      }),
      { numRuns: 300 },
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
