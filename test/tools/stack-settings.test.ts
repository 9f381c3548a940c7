import { expect, test } from 'vitest';
import { effects, propose } from '../scenes/tools.ts';
import { ALLOW, policyBody, stackScene } from './stack-scene.ts';

const { cloud, aws } = await stackScene(['protected', 'open', 'policed']);

test('termination protection: on modifies, off weakens', async () => {
  const off = await propose(aws, 'cloudformation_update_termination_protection', {
    stack_name: 'protected',
    enable_termination_protection: false,
  });
  expect(effects(off)).toEqual(['weaken AWS::CloudFormation::Stack']);
  expect(off.targets).toMatchObject([{ name: 'protected', tags: { env: 'dev' } }]);
  expect(await off.observe()).toMatchObject({ state: 'unknown', resources: [] });
  await off.execute();
  expect(await off.outcome()).toMatchObject({ state: 'succeeded', evidence: 'state' });
  // What the plan rested on has changed.
  await expect(off.again()).rejects.toMatchObject({ code: 'no_changes' });
  const on = await propose(aws, 'cloudformation_update_termination_protection', {
    stack_name: 'protected',
    enable_termination_protection: true,
  });
  expect(effects(on)).toEqual(['modify AWS::CloudFormation::Stack']);
  await on.execute();
  expect(await on.outcome()).toMatchObject({ state: 'succeeded' });
  const [sent] = await cloud.requests('UpdateTerminationProtection');
  expect(sent?.parameters).toMatchObject({ StackName: off.targets[0]?.id, EnableTerminationProtection: false });
});

const DENY = { Effect: 'Deny', Action: 'Update:Replace', Principal: '*', Resource: 'LogicalResourceId/A' };

test('a stack policy: the first modifies, another weakens unless it only denies more', async () => {
  const set = (stack_policy_body: string) =>
    propose(aws, 'cloudformation_set_stack_policy', { stack_name: 'policed', stack_policy_body });
  const first = await set(policyBody(ALLOW));
  expect(effects(first)).toEqual(['modify AWS::CloudFormation::Stack']);
  expect(await first.observe()).toMatchObject({ state: 'unknown' });
  await first.execute();
  expect(await first.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(set(JSON.stringify({ Statement: [ALLOW] }, undefined, 2))).rejects.toMatchObject({ code: 'no_changes' });

  const stricter = await set(policyBody(ALLOW, DENY));
  expect(effects(stricter)).toEqual(['modify AWS::CloudFormation::Stack']);
  const nothing = await set(policyBody(DENY));
  expect(nothing.impact[0]).toMatchObject({ effect: 'weaken', detail: expect.stringContaining('it allows nothing') });
  await stricter.execute();
  expect(await stricter.outcome()).toMatchObject({ state: 'succeeded' });
  // The policy is another one now.
  expect((await nothing.again()).guard).not.toEqual(nothing.guard);
  const lockedOut = policyBody(ALLOW, DENY, { ...DENY, Action: 'Update:*', Resource: '*' });
  expect(effects(await set(lockedOut))).toEqual(['disrupt AWS::CloudFormation::Stack']);
  for (const weaker of [
    policyBody(ALLOW),
    policyBody(ALLOW, { ...DENY, Resource: 'LogicalResourceId/B' }),
    policyBody(ALLOW, DENY, ALLOW),
  ])
    expect(effects(await set(weaker))).toEqual(['weaken AWS::CloudFormation::Stack']);
  const outside = JSON.stringify({ Statement: [ALLOW, DENY], Version: '2012-10-17' });
  expect(effects(await set(outside))).toEqual(['weaken AWS::CloudFormation::Stack']);
});

const WIDE = { ...DENY, Action: 'Update:*', Resource: '*' };

test.each([
  ['disrupt', 'denies all', policyBody(WIDE)],
  ['disrupt', 'denies all that it allows', policyBody(ALLOW, WIDE)],
  [
    'disrupt',
    'denies every kind of update',
    policyBody(ALLOW, { ...WIDE, Action: ['Update:Replace', 'Update:Modify'] }),
  ],
  ['disrupt', 'denies all but one kind', policyBody(ALLOW, { ...DENY, Action: undefined, NotAction: 'Update:Delete' })],
  [
    'disrupt',
    'denies by name',
    policyBody(ALLOW, { ...WIDE, Resource: ['LogicalResourceId/A', 'LogicalResourceId/B'] }),
  ],
  ['disrupt', 'allows one resource', policyBody({ ...ALLOW, Resource: 'LogicalResourceId/A' })],
  ['disrupt', 'allows one type', policyBody({ ...ALLOW, Condition: { StringEquals: { ResourceType: ['X::Y::Z'] } } })],
  ['modify', 'keeps from losses', policyBody(ALLOW, { ...WIDE, Action: ['Update:Replace', 'Update:Delete'] })],
  ['modify', 'allows updates in place', policyBody({ ...ALLOW, Sid: 'a', Action: 'Update:Modify' })],
])('the first stack policy is %s where it %s', async (effect, _, stack_policy_body) => {
  const first = await propose(aws, 'cloudformation_set_stack_policy', { stack_name: 'open', stack_policy_body });
  expect(effects(first)).toEqual([`${effect} AWS::CloudFormation::Stack`]);
});

test.each([
  ['no JSON', 'Statement: []'],
  ['no statement', '{"Statement":[]}'],
  ['another effect', policyBody({ ...ALLOW, Effect: 'Perhaps' })],
  ['too long', policyBody({ ...ALLOW, Sid: 'x'.repeat(17_000) })],
])('a stack policy with %s is refused before anything is asked', async (_, stack_policy_body) => {
  const given = { stack_name: 'policed', stack_policy_body };
  await expect(propose(aws, 'cloudformation_set_stack_policy', given)).rejects.toThrow();
});
