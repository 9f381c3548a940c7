/** The tools that the test policy knows. */
export const POLICY_ACTIONS = [
  { tool: 'ec2_terminate_instances', kind: 'change' },
  { tool: 'ec2_start_instances', kind: 'change' },
  { tool: 'cloudformation_delete_stack', kind: 'change' },
  { tool: 'cloudformation_deploy_stack', kind: 'change' },
  { tool: 'ec2_describe_instances', kind: 'read' },
] as const;
