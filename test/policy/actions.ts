import type { Effect } from '../../src/kernel/effects.ts';
import type { Environment } from '../../src/kernel/environment.ts';
import type { PolicyQuestion } from '../../src/policy/engine.ts';
import { ORDINARY } from '../../src/policy/question.ts';

export const ACTIONS = [
  { tool: 'cloudformation_list_stacks', kind: 'read' },
  { tool: 'ec2_describe_instances', kind: 'read' },
  { tool: 'cloudformation_deploy_stack', kind: 'change' },
  { tool: 'ec2_stop_instances', kind: 'change' },
  { tool: 'ec2_terminate_instances', kind: 'change' },
] as const;

export function change(
  environment: Environment,
  effects: readonly Effect[],
  more: Partial<PolicyQuestion> = {},
): PolicyQuestion {
  return {
    agent: 'claude',
    operator: 'ada',
    tool: 'cloudformation_deploy_stack',
    environment,
    account: '123456789012',
    region: 'eu-west-1',
    effects,
    resources: 1,
    ...ORDINARY,
    ...more,
  };
}
