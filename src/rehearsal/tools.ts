import cloudformation_delete_stack from '../../tools/cloudformation/cloudformation_delete_stack.ts';
import cloudformation_deploy_stack from '../../tools/cloudformation/cloudformation_deploy_stack.ts';
import cloudformation_set_stack_policy from '../../tools/cloudformation/cloudformation_set_stack_policy.ts';
import type { ChangeTool } from '../../tools/define.ts';

/** Those that can be rehearsed, and those that bring back what they change. */
export const TOOLS: ReadonlyMap<string, ChangeTool> = new Map(
  [cloudformation_deploy_stack, cloudformation_delete_stack, cloudformation_set_stack_policy].map((tool) => [
    tool.name,
    tool,
  ]),
);
