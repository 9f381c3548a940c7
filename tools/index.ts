import cloudformation_delete_stack from './cloudformation/cloudformation_delete_stack.ts';
import cloudformation_deploy_stack from './cloudformation/cloudformation_deploy_stack.ts';
import cloudformation_describe_stack from './cloudformation/cloudformation_describe_stack.ts';
import cloudformation_list_stack_resources from './cloudformation/cloudformation_list_stack_resources.ts';
import cloudformation_list_stacks from './cloudformation/cloudformation_list_stacks.ts';
import type { Tool } from './define.ts';
import ec2_describe_instance_status from './ec2/ec2_describe_instance_status.ts';
import ec2_describe_instances from './ec2/ec2_describe_instances.ts';
import ec2_get_console_output from './ec2/ec2_get_console_output.ts';
import ec2_modify_instance_attribute from './ec2/ec2_modify_instance_attribute.ts';
import ec2_reboot_instances from './ec2/ec2_reboot_instances.ts';
import ec2_run_instances from './ec2/ec2_run_instances.ts';
import ec2_start_instances from './ec2/ec2_start_instances.ts';
import ec2_stop_instances from './ec2/ec2_stop_instances.ts';
import ec2_terminate_instances from './ec2/ec2_terminate_instances.ts';
import ticket_get from './tickets/ticket_get.ts';
import ticket_list from './tickets/ticket_list.ts';
import ticket_wait from './tickets/ticket_wait.ts';
import ticket_withdraw from './tickets/ticket_withdraw.ts';

/** Everything that an agent can ask for. A tool that isn't here doesn't exist. */
export const TOOLS: readonly Tool[] = [
  cloudformation_list_stacks,
  cloudformation_describe_stack,
  cloudformation_list_stack_resources,
  cloudformation_deploy_stack,
  cloudformation_delete_stack,
  ec2_describe_instances,
  ec2_describe_instance_status,
  ec2_get_console_output,
  ec2_run_instances,
  ec2_start_instances,
  ec2_stop_instances,
  ec2_reboot_instances,
  ec2_terminate_instances,
  ec2_modify_instance_attribute,
  ticket_get,
  ticket_wait,
  ticket_list,
  ticket_withdraw,
];
