import { z } from 'zod';
import { sha256 } from '../../src/kernel/digest.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { defineChangeTool } from '../define.ts';
import { Reason, Region, ruled, StackNameOrArn } from '../fields.ts';
import { onStack } from './permits.ts';
import { observeSetting } from './stack/observe-setting.ts';
import { policyImpact, policyProblem, samePolicy } from './stack/policy.ts';
import { existingStack, refuseDeleted, stackIdOf, stackTarget } from './stack/target.ts';
import { isGivable, setPolicy } from './undo/keep-stack.ts';

/**
 * A stack's policy can't be taken away again: what lets every update through is the same as none.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
 */
const NO_POLICY = '{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}';

export default defineChangeTool({
  name: 'cloudformation_set_stack_policy',
  title: "Set a stack's policy",
  description:
    'Set which updates of its resources a CloudFormation stack lets through. Replacing a policy may need approval (ticket).',
  toolset: 'cloudformation',
  action: 'cloudformation:SetStackPolicy',
  reads: ['cloudformation:DescribeStacks', 'cloudformation:GetStackPolicy'],
  effects: ['modify', 'disrupt', 'weaken'],
  refusals: {
    not_found: 'there is no such stack',
    wrong_state: 'the stack is being deleted, or deleted already',
    no_changes: 'the stack has this policy already',
  },
  input: z.strictObject({
    stack_name: StackNameOrArn,
    stack_policy_body: ruled(policyProblem, 16_384).describe('JSON'),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { stack_name: 'shown', stack_policy_body: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ stack_name: z.string(), stack_policy_body: z.string() }),

  async plan({ stack_name, stack_policy_body }, readers) {
    const stack = await existingStack(stack_name, readers);
    refuseDeleted(stack);
    const { stack_id } = stack;
    const before = await readers.cloudformation.stackPolicy(stack_id);
    if (before !== undefined && samePolicy(before, stack_policy_body))
      throw new HoldshortError(
        'no_changes',
        `stack ${stack.stack_name} has this policy already`,
        'go on without this call',
      );
    return {
      summary: `${before === undefined ? 'set the first' : 'replace the'} stack policy of stack ${stack.stack_name}`,
      targets: [stackTarget(stack, stack.tags)],
      impact: policyImpact(stack_id, before, stack_policy_body),
      ...(before === undefined || isGivable(before)
        ? { undo: { by: ['cloudformation_set_stack_policy'], lost: [], needs: [] } }
        : {}),
      guard: { stack_id, stack_policy_sha256: before === undefined ? null : sha256(before) },
    };
  },

  async keep(plan, { cloudformation }) {
    const stack_id = stackIdOf(plan);
    const policy = await cloudformation.stackPolicy(stack_id);
    return {
      calls: [setPolicy(stack_id, policy ?? NO_POLICY)],
      as_it_was: { stack_id, stack_policy: policy ?? null },
    };
  },

  permits: (plan) => onStack('cloudformation:SetStackPolicy', stackIdOf(plan)),

  async execute({ targets, arguments: { stack_policy_body } }, { cloudformation }) {
    await cloudformation.setStackPolicy({ stack_id: stackIdOf({ targets }), body: stack_policy_body });
  },

  observe: ({ targets, arguments: { stack_policy_body } }, readers) =>
    observeSetting(stackIdOf({ targets }), 'stack policy', readers, async ({ stack_id }) => {
      const now = await readers.cloudformation.stackPolicy(stack_id);
      const asWanted = now !== undefined && samePolicy(now, stack_policy_body);
      return { asWanted, now: asWanted ? 'the one asked for' : 'another, or none' };
    }),
});
