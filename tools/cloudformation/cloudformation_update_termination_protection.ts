import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { defineChangeTool } from '../define.ts';
import { Reason, Region, StackNameOrArn } from '../fields.ts';
import { onStack } from './permits.ts';
import { NESTED_STACK } from './stack/inventory.ts';
import { observeSetting } from './stack/observe-setting.ts';
import { existingStack, refuseDeleted, refuseNested, stackIdOf, stackTarget } from './stack/target.ts';

export default defineChangeTool({
  name: 'cloudformation_update_termination_protection',
  title: "Change a stack's termination protection",
  description:
    "Turn a CloudFormation stack's protection from deletion on or off. Turning it off may need approval (ticket).",
  toolset: 'cloudformation',
  action: 'cloudformation:UpdateTerminationProtection',
  reads: ['cloudformation:DescribeStacks'],
  effects: ['modify', 'weaken'],
  refusals: {
    not_found: 'there is no such stack',
    wrong_state: 'the stack is nested in another, whose protection counts, or is being deleted or deleted already',
    no_changes: 'the protection is already as asked',
  },
  input: z.strictObject({
    stack_name: StackNameOrArn,
    enable_termination_protection: z.boolean(),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { stack_name: 'shown', enable_termination_protection: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ stack_name: z.string(), enable_termination_protection: z.boolean() }),

  async plan({ stack_name, enable_termination_protection: on }, readers) {
    const stack = await existingStack(stack_name, readers);
    refuseDeleted(stack);
    refuseNested(stack, 'the protection of the stack around it counts');
    if (stack.termination_protection === on) {
      throw new HoldshortError(
        'no_changes',
        `termination protection of ${stack.stack_name} is ${on ? 'on' : 'off'} already`,
        'go on without this call',
      );
    }
    const { stack_id } = stack;
    return {
      summary: `turn termination protection of stack ${stack.stack_name} ${on ? 'on' : 'off'}`,
      targets: [stackTarget(stack, stack.tags)],
      impact: [
        {
          resource: stack_id,
          type: NESTED_STACK,
          effect: on ? 'modify' : 'weaken',
          detail: on
            ? 'the stack can not be deleted until its protection is turned off again'
            : 'the stack and all its resources can be deleted from then on',
          recoverable: true,
        },
      ],
      undo: { by: ['cloudformation_update_termination_protection'], lost: [], needs: [] },
      guard: { stack_id, termination_protection: stack.termination_protection },
    };
  },

  async keep(plan) {
    const { enable_termination_protection: on } = plan.arguments;
    const stack_name = stackIdOf(plan);
    return {
      calls: [
        {
          tool: 'cloudformation_update_termination_protection',
          arguments: { stack_name, enable_termination_protection: !on },
        },
      ],
      as_it_was: { stack_id: stack_name, termination_protection: !on },
    };
  },

  permits: (plan) => onStack('cloudformation:UpdateTerminationProtection', stackIdOf(plan)),

  async execute({ targets, arguments: { enable_termination_protection } }, { cloudformation }) {
    await cloudformation.updateTerminationProtection({
      stack_id: stackIdOf({ targets }),
      enabled: enable_termination_protection,
    });
  },

  observe: ({ targets, arguments: { enable_termination_protection: on } }, readers) =>
    observeSetting(stackIdOf({ targets }), 'termination protection', readers, async (stack) => ({
      asWanted: stack.termination_protection === on,
      now: stack.termination_protection ? 'on' : 'off',
    })),
});
