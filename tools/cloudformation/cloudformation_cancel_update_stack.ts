import { z } from 'zod';
import { defineChangeTool } from '../define.ts';
import { Reason, Region, StackNameOrArn } from '../fields.ts';
import { throughStack } from './permits.ts';
import { observeRollback } from './rollback/observe.ts';
import { planRollback, ROLLBACK_EFFECTS, ROLLBACK_READS } from './rollback/plan.ts';
import { touchedLines } from './rollback/touched-resources.ts';
import { demandState, existingStack, refuseNested, stackIdOf } from './stack/target.ts';

export default defineChangeTool({
  name: 'cloudformation_cancel_update_stack',
  title: "Cancel a stack's update",
  description:
    'Cancel the update that a CloudFormation stack is in: AWS rolls back what it did so far. May need approval (ticket).',
  toolset: 'cloudformation',
  action: 'cloudformation:CancelUpdateStack',
  reads: ROLLBACK_READS,
  evidence: "its token in the stack's events",
  effects: ROLLBACK_EFFECTS,
  refusals: {
    not_found: 'there is no such stack',
    wrong_state: 'the stack is not being updated, or is nested in the one that is',
  },
  input: z.strictObject({ stack_name: StackNameOrArn, region: Region.optional(), reason: Reason }),
  log: { stack_name: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ stack_name: z.string() }),

  async plan({ stack_name }, readers) {
    const stack = await existingStack(stack_name, readers);
    refuseNested(stack, 'AWS cancels only the update of the whole');
    demandState(stack, ['UPDATE_IN_PROGRESS'], 'an update can be cancelled');
    return planRollback({
      stack,
      summary: `cancel the update of stack ${stack.stack_name}`,
      effect: 'disrupt',
      detail: `the update of ${stack.last_updated_time ?? 'now'} is cancelled; what it did so far is rolled back, and what it begins before AWS stops it too`,
      lines: await touchedLines(stack.stack_id, readers),
    });
  },

  permits: (plan) => throughStack('cloudformation:CancelUpdateStack', stackIdOf(plan)),

  async execute({ targets }, { cloudformation }, { token }) {
    await cloudformation.cancelUpdateStack({ stack_id: stackIdOf({ targets }), token });
  },

  observe: ({ targets }, readers, attempt) => observeRollback(stackIdOf({ targets }), readers, attempt),
});
