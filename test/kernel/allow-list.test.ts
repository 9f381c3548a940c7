import { describe, expect, it } from 'vitest';
import { type AgentRule, allowedBy } from '../../src/kernel/allow-list.ts';
import { matchesPattern } from '../../src/kernel/pattern.ts';

const RULES: readonly AgentRule[] = [
  { name: 'deploy-prod', environments: ['production'] },
  { name: 'deploy-*', tools: ['cloudformation_*', 'ec2_start_instances'], environments: ['development', 'staging'] },
  { name: 'claude' },
];

describe('an allow-list', () => {
  it.each([
    ['deploy-web', 'cloudformation_delete_stack', 'staging', true, true],
    ['deploy-web', 'cloudformation_delete_stack', 'production', true, false],
    ['deploy-web', 'ec2_start_instances', 'development', true, true],
    ['deploy-web', 'ec2_stop_instances', 'development', false, true],
    // The first rule that matches decides, not the kindest.
    ['deploy-prod', 'ec2_stop_instances', 'production', true, true],
    ['deploy-prod', 'ec2_stop_instances', 'staging', true, false],
    ['claude', 'ec2_stop_instances', 'production', true, true],
    // Nobody thought of these.
    ['deploy', 'ec2_stop_instances', 'sandbox', false, false],
    ['claude2', 'ec2_stop_instances', 'sandbox', false, false],
  ] as const)('%s, %s, %s', (agent, tool, environment, hasTool, hasEnvironment) => {
    expect(allowedBy(RULES, { agent, tool, environment })).toEqual({ tool: hasTool, environment: hasEnvironment });
  });

  it('D28: has to have every tool whose requests a change sends', () => {
    const call = { agent: 'deploy-web', tool: 'ec2_start_instances', environment: 'staging' } as const;
    expect(allowedBy(RULES, { ...call, also: ['ec2_start_instances'] }).tool).toBe(true);
    expect(allowedBy(RULES, { ...call, also: ['ec2_start_instances', 'ec2_stop_instances'] }).tool).toBe(false);
  });

  it('that is there and empty allows nothing; none allows everything', () => {
    const call = { agent: 'a', tool: 't', environment: 'sandbox' } as const;
    expect(allowedBy([], call)).toEqual({ tool: false, environment: false });
    expect(allowedBy(undefined, call)).toEqual({ tool: true, environment: true });
  });
});

it.each([
  ['*', '', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c', false],
  ['ab*ba', 'aba', false],
  ['a', 'ab', false],
])('%s matches %s: %s', (pattern, name, matches) => expect(matchesPattern(pattern, name)).toBe(matches));
