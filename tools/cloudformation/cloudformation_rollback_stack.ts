import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { defineChangeTool } from '../define.ts';
import { Reason, Region, StackNameOrArn } from '../fields.ts';
import { NO_ROLE_GIVEN, throughStack } from './permits.ts';
import { observeRollback } from './rollback/observe.ts';
import { planRollback, ROLLBACK_EFFECTS, ROLLBACK_READS } from './rollback/plan.ts';
import { touchedLines } from './rollback/touched-resources.ts';
import { demandState, existingStack, refuseNested, stackIdOf } from './stack/target.ts';

export default defineChangeTool({
  name: 'cloudformation_rollback_stack',
  title: 'Roll back a failed stack',
  description:
    'Roll back a CloudFormation stack whose creation or update failed and was left as it is. May need approval (ticket).',
  toolset: 'cloudformation',
  action: 'cloudformation:RollbackStack',
  reads: ROLLBACK_READS,
  evidence: "its token in the stack's events",
  effects: ROLLBACK_EFFECTS,
  refusals: {
    not_found: 'there is no such stack',
    wrong_state: 'the stack is not in CREATE_FAILED or UPDATE_FAILED, or is nested in another',
    protected: 'the rollback would delete the whole stack, whose termination protection is on',
  },
  input: z.strictObject({ stack_name: StackNameOrArn, region: Region.optional(), reason: Reason }),
  log: { stack_name: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ stack_name: z.string() }),

  async plan({ stack_name }, readers) {
    const stack = await existingStack(stack_name, readers);
    refuseNested(stack, 'AWS rolls back only the whole');
    demandState(stack, ['CREATE_FAILED', 'UPDATE_FAILED'], 'it can be rolled back');
    // A stack that was never complete has nothing to go back to: RollbackStack deletes it, and asks no protection.
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html
    const never = stack.stack_status === 'CREATE_FAILED';
    if (never && stack.termination_protection) {
      throw new HoldshortError(
        'protected',
        `termination protection is on for stack ${stack.stack_name}, which this would delete`,
        'a person turns it off first, if the stack is really to go; then ask again',
      );
    }
    return planRollback({
      stack,
      summary: `roll back stack ${stack.stack_name}`,
      effect: never ? 'delete' : 'disrupt',
      detail: never
        ? 'the stack was never complete: it is deleted with everything that it made'
        : 'the stack is put back to its last complete state',
      lines: await touchedLines(stack.stack_id, readers),
    });
  },

  permits: (plan) => throughStack('cloudformation:RollbackStack', stackIdOf(plan), NO_ROLE_GIVEN),

  async execute({ targets }, { cloudformation }, { token }) {
    await cloudformation.rollbackStack({ stack_id: stackIdOf({ targets }), token });
  },

  observe: ({ targets }, readers, attempt) => observeRollback(stackIdOf({ targets }), readers, attempt),
});
