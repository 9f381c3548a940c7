import { expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { refusalBy } from '../../src/policy/refusal.ts';
import { ACTIONS, change } from './actions.ts';

const freeze = {
  active: true,
  names: ['year-end'],
  reason: 'The books are being closed.',
  until: '2027-01-04T07:00:00.000Z',
  until_local: '2027-01-04 08:00 (Europe/Zurich)',
};
const standard = await loadPolicy({ source: 'default', actions: ACTIONS });
const delivery = change('production', ['delete'], { agent: 'claude' });

it('for a freeze says which, why, until when, and to ask again', () => {
  const refusal = refusalBy(standard, { ...delivery, freeze });
  expect(refusal.code).toBe('policy_forbids');
  expect(refusal.message).toContain('nothing changes during a freeze (rule "freeze")');
  expect(refusal.message).toContain(
    'freeze year-end until 2027-01-04 08:00 (Europe/Zurich): The books are being closed.',
  );
  expect(refusal.recovery).toContain('ask again after 2027-01-04 08:00 (Europe/Zurich)');
});

it.each([
  [
    { allowed: { tool: false, environment: true } },
    'cloudformation_deploy_stack is not among the tools of agent claude',
    'allow-list',
  ],
  [
    { allowed: { tool: true, environment: false } },
    'production is not among the environments of agent claude',
    'allow-list',
  ],
  [{ resources: 1_001 }, '1001 resources; at most 1000', 'less at a time'],
  [
    { asked: { destructive_last_hour: 0, pending: 100 } },
    '100 tickets of agent claude wait already; at most 100',
    'ticket_withdraw',
  ],
  [
    { asked: { destructive_last_hour: 100, pending: 0 } },
    '100 destructive changes within an hour; at most 100',
    'in an hour',
  ],
])('names the limit: %o', (around, fact, recovery) => {
  const refusal = refusalBy(standard, { ...delivery, ...around });
  expect(refusal.message).toContain(fact);
  expect(refusal.recovery).toContain(recovery);
});

it('names only what matters: a freeze that holds is not why another rule forbids', async () => {
  const text = '@id("never") forbid (principal, action, resource) when { context.resources > 0 };';
  const policy = await loadPolicy({ text, source: 'team.cedar', actions: ACTIONS });
  const refusal = refusalBy(policy, { ...delivery, freeze, asked: { destructive_last_hour: 500, pending: 500 } });
  expect(refusal.message).toContain('whoever approves: rule "never"');
  expect(refusal.message).not.toMatch(/year-end|500/);
  expect(refusal.recovery).toContain('policy explain');
});

it('of several reasons names each', () => {
  const around = { freeze, allowed: { tool: false, environment: true } };
  const { message, recovery } = refusalBy(standard, { ...delivery, ...around });
  for (const words of ['rule "freeze"', 'rule "tool-not-allowed"', 'year-end', 'not among the tools'])
    expect(message).toContain(words);
  expect(recovery).toMatch(/ask again after .*; let an agent|let an agent.*; ask again after/);
});

it('where nothing permits says so', async () => {
  const text = 'permit (principal, action in Action::"read", resource);';
  const policy = await loadPolicy({ text, source: 'team.cedar', actions: ACTIONS });
  expect(refusalBy(policy, { ...delivery, freeze }).message).toMatch(/whoever approves: no rule permits it$/);
});
