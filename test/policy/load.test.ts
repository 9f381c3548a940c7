import { describe, expect, it } from 'vitest';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { NO_APPROVALS, tally } from '../../src/kernel/requirement.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { ACTIONS, change } from './actions.ts';

const load = (text: string) => loadPolicy({ text, source: 'team.cedar', actions: ACTIONS });

async function failure(text: string): Promise<HoldshortError> {
  const error: unknown = await load(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HoldshortError)) throw new Error(`loaded, or failed otherwise: ${String(error)}`);
  return error;
}

describe('a policy that is not valid', () => {
  it.each([
    ['is cut off', 'permit (principal, action, resource', 1, 36],
    ['has a misspelt condition', 'permit (principal, action, resource)\nwhn { true };', 2, 1],
    ['names a tool that there is not', 'permit (principal, action == Action::"ec2:Nope", resource);', 1, 30],
    ['names an environment that there is not', 'permit (principal, action, resource == Environment::"prod");', 1, 40],
    [
      'names an effect that there is not',
      '// é\nforbid (principal, action, resource)\nwhen { /* no */ true };'.replace(
        '/* no */ true',
        'context.effects.contains(Effect::"delte")',
      ),
      3,
      33,
    ],
    [
      'compares an effect with a string',
      'permit (principal, action, resource) when { context.effects.contains("delete") };',
      1,
      45,
    ],
    [
      'names an attribute that there is not',
      '// ééé\npermit (principal, action, resource) when { context.approval };',
      2,
      45,
    ],
    [
      'can never apply',
      'permit (principal, action in Action::"read", resource);\nforbid (principal, action, resource) when { false };',
      2,
      1,
    ],
    [
      'repeats an id',
      '@id("a") permit (principal, action, resource);\n  @id("a") forbid (principal, action, resource);',
      2,
      3,
    ],
  ])('because it %s', async (_, text, line, column) => {
    const error = await failure(text);
    expect(error.code).toBe('policy_invalid');
    expect(error.message).toContain(`team.cedar:${line}:${column}: `);
    expect(error.recovery).not.toBe('');
  });

  it.each([
    ['is empty', ''],
    ['holds only comments', '// permit (principal, action, resource);'],
    ['has a template', 'permit (principal == ?principal, action, resource);'],
  ])('because it %s', async (_, text) => {
    expect((await failure(text)).code).toBe('policy_invalid');
  });
});

describe('closed where policy has no answer', () => {
  const text = `
@id("all") permit (principal, action, resource);
@id("stop") forbid (principal, action == Action::"ec2:StopInstances", resource)
when { context.resources + 9223372036854775807 > 0 };`;

  it('a forbid that cannot be evaluated forbids', async () => {
    const policy = await load(text);
    const stop = change('development', ['disrupt'], { tool: 'ec2_stop_instances' });
    expect(policy.permits(change('development', ['disrupt']), NO_APPROVALS)).toBe(true);
    expect(policy.permits(stop, NO_APPROVALS)).toBe(false);
    expect(policy.requirement(stop)).toBeUndefined();
    const { policies, problem } = policy.explain(stop, NO_APPROVALS);
    expect(policies.map(({ id }) => id)).toEqual(['stop']);
    expect(problem).toContain('overflow');
  });

  it.each([
    ['a tool that there is not', { tool: 'ec2_run_instances' }],
    ['a group in place of a tool', { tool: 'change' }],
    ['a count that is no integer', { resources: 1.5 }],
    ['an environment that there is not', { environment: 'prod' as 'production' }],
    ['an effect that there is not', { effects: ['destroy' as 'delete'] }],
  ])('%s', async (_, odd) => {
    const policy = await load('permit (principal, action, resource);');
    expect(policy.permits(change('sandbox', ['modify']), NO_APPROVALS)).toBe(true);
    expect(policy.permits(change('sandbox', ['modify'], odd), NO_APPROVALS)).toBe(false);
    expect(policy.requirement(change('sandbox', ['modify'], odd))).toBeUndefined();
  });
});

describe('what a policy sees', () => {
  it('sees the agent, its operator, account, region and count', async () => {
    const policy = await load(`
permit (principal == Agent::"claude", action, resource)
when {
  principal.operator == "ada" && context.account == "123456789012" && context.region == "eu-west-1" && context.resources == 1
};`);
    expect(policy.permits(change('production', ['delete']), NO_APPROVALS)).toBe(true);
    for (const other of [{ agent: 'b' }, { operator: 'b' }, { account: '1' }, { region: 'b' }, { resources: 2 }]) {
      expect(policy.permits(change('production', ['delete'], other), NO_APPROVALS)).toBe(false);
    }
  });

  it('sees what stands around a call, and never remembers one answer for another', async () => {
    const freeze = { active: true, names: ['a', 'b'], reason: 'R', until: '2027-01-01T00:00:00.000Z', until_local: '' };
    const around = {
      allowed: { tool: false, environment: false },
      freeze,
      asked: { destructive_last_hour: 3, pending: 4 },
      quota: { destructive_per_hour: 5, pending: 6, resources_per_plan: 7 },
      delete_and_recreate: true,
      unsettled: true,
    };
    const policy = await load(`
permit (principal, action, resource)
when {
  context.unsettled && context.delete_and_recreate && !context.allowed.tool && !context.allowed.environment &&
  context.freeze.active && context.freeze.names == ["a", "b"] && context.freeze.reason == "R" &&
  context.freeze.until == "2027-01-01T00:00:00.000Z" &&
  context.asked.destructive_last_hour == 3 && context.asked.pending == 4 &&
  context.quota.destructive_per_hour == 5 && context.quota.pending == 6 && context.quota.resources_per_plan == 7
};`);
    const permits = (other: object) =>
      policy.permits(change('production', ['delete'], { ...around, ...other }), NO_APPROVALS);
    expect(permits({})).toBe(true);
    for (const other of [
      { allowed: { tool: true, environment: false } },
      { allowed: { tool: false, environment: true } },
      { freeze: { ...freeze, active: false } },
      { freeze: { ...freeze, names: ['a'] } },
      { freeze: { ...freeze, reason: 'S' } },
      { freeze: { ...freeze, until: '' } },
      { asked: { destructive_last_hour: 4, pending: 4 } },
      { asked: { destructive_last_hour: 3, pending: 3 } },
      ...(['destructive_per_hour', 'pending', 'resources_per_plan'] as const).map((name) => ({
        quota: { ...around.quota, [name]: 0 },
      })),
      { delete_and_recreate: false },
      { unsettled: false },
    ])
      expect([permits(other), permits({})], JSON.stringify(other)).toEqual([false, true]);
  });

  it('asks for more than one person where the policy does', async () => {
    const policy = await load(
      'permit (principal, action, resource) when { context.approvals.without_operator.presence >= 2 };',
    );
    expect(policy.requirement(change('production', ['delete']))).toEqual({
      approvals: 2,
      assurance: 'presence',
      operator_may_approve: false,
    });
  });

  it('two policies in one process do not answer for each other', async () => {
    const yes = await load('permit (principal, action, resource);');
    const no = await load('permit (principal, action in Action::"read", resource);');
    expect(yes.digest).not.toBe(no.digest);
    expect(no.permits(change('sandbox', ['modify']), NO_APPROVALS)).toBe(false);
    expect(yes.permits(change('sandbox', ['modify']), NO_APPROVALS)).toBe(true);
  });
});

it('explains by id, description and line, past the tenth policy too', async () => {
  const others = Array.from(
    { length: 11 },
    (_, count) => `// ${count};\npermit (principal, action, resource) when { context.resources == ${count} };`,
  );
  const policy = await load(`${others.join('\n')}
// permit "that one;
@id("last") @description("semicolon; // and \\"quotes\\"")
permit (principal, action, resource) when { context.approvals.all.key >= 1 };`);
  const question = change('production', ['delete'], { resources: 100 });
  const explained = policy.explain(question, tally([{ person: 'ben', assurance: 'key' }], 'ada'));
  expect(explained.permitted).toBe(true);
  expect(explained.policies).toEqual([
    { id: 'last', effect: 'permit', description: 'semicolon; // and "quotes"', source: 'team.cedar', line: 24 },
  ]);
  expect(policy.explain(question, NO_APPROVALS)).toEqual({ permitted: false, policies: [] });
  const tenth = policy.explain({ ...question, resources: 10 }, NO_APPROVALS);
  expect(tenth.policies.map(({ line }) => line)).toEqual([22]);
});
