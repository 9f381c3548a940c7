import { describe, expect, it } from 'vitest';
import { policyCheck } from '../../src/commands/policy.ts';
import { policyExplain as explainIn } from '../../src/commands/policy-explain.ts';
import { NO_RULES, type Rules } from '../../src/kernel/rules.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { ACTIONS } from './actions.ts';

const DEFAULT = { policy: { source: 'default' }, actions: ACTIONS };
const withText = (text: string) => ({ policy: { text, source: 'team.cedar' }, actions: ACTIONS });

const NOON = '2026-06-10T12:00:00.000Z';

async function policyExplain(
  { policy }: { policy: { text?: string; source: string } },
  call: Partial<Parameters<typeof explainIn>[1]>,
  rules: Rules = NO_RULES,
) {
  const engine = await loadPolicy({ ...policy, actions: ACTIONS });
  const asked = { tool: '', environment: 'production', effects: [], at: NOON, ...call };
  return explainIn({ engine, rules, actions: ACTIONS }, asked);
}

describe('policy check', () => {
  it('says what the default policy asks for', async () => {
    const { text, exit } = await policyCheck(DEFAULT);
    expect(exit).toBe(0);
    const table = text.slice(text.indexOf('environment'), text.indexOf('\n\ndestructive'));
    expect(table).toBe(
      [
        'environment  effects               a call with them',
        'sandbox      everything            runs at once',
        'development  read, create, modify  runs at once',
        '             destructive           1 approval',
        'staging      read, create, modify  runs at once',
        '             destructive           1 approval with an enrolled key',
        'production   read                  runs at once',
        '             create, modify        1 approval with a passkey or security key',
        "             destructive           1 approval with a passkey or security key, not the operator's",
      ].join('\n'),
    );
  });

  it('tells tools apart where the policy does', async () => {
    const { text, data } = await policyCheck(
      withText(`permit (principal, action, resource);
forbid (principal, action == Action::"ec2:TerminateInstances", resource == Environment::"production")
when { context.effects.contains(Effect::"delete") };`),
    );
    expect(text).toContain('delete by ec2:TerminateInstances');
    expect(data).toMatchObject({ valid: true, source: 'team.cedar' });
    expect(text.match(/refused, whoever approves/g)).toHaveLength(1);
  });

  it('warns where production asks nobody about what destroys', async () => {
    const { text, data, exit } = await policyCheck(withText('permit (principal, action, resource);'));
    const warning = 'in production nobody is asked about unjudged, disrupt, weaken, expose, replace, delete, unknown';
    expect(text).toContain(`Warning: ${warning}: such calls run at once.`);
    expect(data).toMatchObject({ valid: true, warnings: [expect.stringContaining(warning)] });
    expect(exit).toBe(0);
    expect((await policyCheck(DEFAULT)).data).toMatchObject({ warnings: [] });
  });

  it('fails for a policy that is not valid', async () => {
    await expect(policyCheck(withText('permit'))).rejects.toMatchObject({ code: 'policy_invalid' });
  });
});

describe('policy explain', () => {
  it('names what holds a call, by either name of the tool', async () => {
    for (const tool of ['ec2:TerminateInstances', 'ec2_terminate_instances']) {
      const { data, text } = await policyExplain(DEFAULT, { tool, environment: 'production', effects: ['delete'] });
      expect(data).toMatchObject({
        decision: 'hold',
        requirement: { approvals: 1, assurance: 'presence', operator_may_approve: false },
        policies: [{ id: 'destructive-in-production', source: 'default' }],
      });
      expect(text).toContain("held: 1 approval with a passkey or security key, not the operator's");
    }
  });

  it('assumes the worst of a change without an effect', async () => {
    const call = { tool: 'ec2_stop_instances', environment: 'development', effects: [] };
    expect((await policyExplain(DEFAULT, call)).data).toMatchObject({ decision: 'hold', effects: ['unknown'] });
  });

  it('asks about the agent and the operator that are given', async () => {
    const only = withText(
      'permit (principal == Agent::"claude", action, resource) when { principal.operator == "ada" };',
    );
    const call = { tool: 'ec2_stop_instances', environment: 'production', effects: ['disrupt'] };
    const { data } = await policyExplain(only, { ...call, agent: 'claude', operator: 'ada' });
    expect(data).toMatchObject({ decision: 'allow' });
    expect((await policyExplain(only, call)).data).toMatchObject({ decision: 'refuse', policies: [] });
  });

  it('names the forbid that refuses', async () => {
    const text =
      'permit (principal, action, resource);\n@id("no") @description("not \u202e here")\nforbid (principal, action, resource);';
    const call = { tool: 'ec2_stop_instances', environment: 'sandbox', effects: ['disrupt'] };
    const result = await policyExplain(withText(text), call);
    expect(result.data).toMatchObject({ decision: 'refuse', requirement: null, policies: [{ id: 'no', line: 2 }] });
    expect(result.text).toContain('forbid "no" at team.cedar:2');
    expect(result.text).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it.each([
    [{ tool: 'ec2_stop_instance', environment: 'production', effects: [] }, 'did you mean ec2_stop_instances?'],
    [{ tool: 'ec2_terminate', environment: 'production', effects: [] }, 'did you mean ec2_terminate_instances?'],
    [{ tool: 'ec2_stop_instances', environment: 'prodution', effects: [] }, 'did you mean production?'],
    [{ tool: 'ec2_stop_instances', environment: 'production', effects: ['destroy'] }, 'use one of read, create'],
  ])('refuses %o', async (call, recovery) => {
    await expect(policyExplain(DEFAULT, call)).rejects.toMatchObject({
      code: 'usage',
      recovery: expect.stringContaining(recovery),
    });
  });
});
