import cloudformation_cancel_update_stack from './cloudformation/cloudformation_cancel_update_stack.ts';
import cloudformation_continue_update_rollback from './cloudformation/cloudformation_continue_update_rollback.ts';
import cloudformation_delete_stack from './cloudformation/cloudformation_delete_stack.ts';
import cloudformation_deploy_stack from './cloudformation/cloudformation_deploy_stack.ts';
import cloudformation_describe_change_set from './cloudformation/cloudformation_describe_change_set.ts';
import cloudformation_describe_stack from './cloudformation/cloudformation_describe_stack.ts';
import cloudformation_describe_stack_events from './cloudformation/cloudformation_describe_stack_events.ts';
import cloudformation_detect_stack_drift from './cloudformation/cloudformation_detect_stack_drift.ts';
import cloudformation_get_template from './cloudformation/cloudformation_get_template.ts';
import cloudformation_list_exports from './cloudformation/cloudformation_list_exports.ts';
import cloudformation_list_stack_resources from './cloudformation/cloudformation_list_stack_resources.ts';
import cloudformation_list_stacks from './cloudformation/cloudformation_list_stacks.ts';
import cloudformation_rollback_stack from './cloudformation/cloudformation_rollback_stack.ts';
import cloudformation_set_stack_policy from './cloudformation/cloudformation_set_stack_policy.ts';
import cloudformation_update_termination_protection from './cloudformation/cloudformation_update_termination_protection.ts';
import cloudformation_validate_template from './cloudformation/cloudformation_validate_template.ts';
import type { Tool } from './define.ts';
import ec2_attach_volume from './ec2/ec2_attach_volume.ts';
import ec2_authorize_security_group_ingress from './ec2/ec2_authorize_security_group_ingress.ts';
import ec2_create_image from './ec2/ec2_create_image.ts';
import ec2_create_security_group from './ec2/ec2_create_security_group.ts';
import ec2_create_snapshot from './ec2/ec2_create_snapshot.ts';
import ec2_create_tags from './ec2/ec2_create_tags.ts';
import ec2_create_volume from './ec2/ec2_create_volume.ts';
import ec2_delete_security_group from './ec2/ec2_delete_security_group.ts';
import ec2_delete_snapshot from './ec2/ec2_delete_snapshot.ts';
import ec2_delete_tags from './ec2/ec2_delete_tags.ts';
import ec2_delete_volume from './ec2/ec2_delete_volume.ts';
import ec2_deregister_image from './ec2/ec2_deregister_image.ts';
import ec2_describe_addresses from './ec2/ec2_describe_addresses.ts';
import ec2_describe_images from './ec2/ec2_describe_images.ts';
import ec2_describe_instance_status from './ec2/ec2_describe_instance_status.ts';
import ec2_describe_instances from './ec2/ec2_describe_instances.ts';
import ec2_describe_security_groups from './ec2/ec2_describe_security_groups.ts';
import ec2_describe_snapshots from './ec2/ec2_describe_snapshots.ts';
import ec2_describe_subnets from './ec2/ec2_describe_subnets.ts';
import ec2_describe_volumes from './ec2/ec2_describe_volumes.ts';
import ec2_describe_vpcs from './ec2/ec2_describe_vpcs.ts';
import ec2_detach_volume from './ec2/ec2_detach_volume.ts';
import ec2_get_console_output from './ec2/ec2_get_console_output.ts';
import ec2_modify_instance_attribute from './ec2/ec2_modify_instance_attribute.ts';
import ec2_reboot_instances from './ec2/ec2_reboot_instances.ts';
import ec2_release_address from './ec2/ec2_release_address.ts';
import ec2_revoke_security_group_ingress from './ec2/ec2_revoke_security_group_ingress.ts';
import ec2_run_instances from './ec2/ec2_run_instances.ts';
import ec2_start_instances from './ec2/ec2_start_instances.ts';
import ec2_stop_instances from './ec2/ec2_stop_instances.ts';
import ec2_terminate_instances from './ec2/ec2_terminate_instances.ts';
import ticket_get from './tickets/ticket_get.ts';
import ticket_list from './tickets/ticket_list.ts';
import ticket_restore from './tickets/ticket_restore.ts';
import ticket_wait from './tickets/ticket_wait.ts';
import ticket_withdraw from './tickets/ticket_withdraw.ts';

/** Everything that an agent can ask for. A tool that isn't here doesn't exist. */
export const TOOLS: readonly Tool[] = [
  cloudformation_list_stacks,
  cloudformation_describe_stack,
  cloudformation_list_stack_resources,
  cloudformation_describe_stack_events,
  cloudformation_get_template,
  cloudformation_validate_template,
  cloudformation_describe_change_set,
  cloudformation_detect_stack_drift,
  cloudformation_list_exports,
  cloudformation_deploy_stack,
  cloudformation_delete_stack,
  cloudformation_update_termination_protection,
  cloudformation_set_stack_policy,
  cloudformation_cancel_update_stack,
  cloudformation_continue_update_rollback,
  cloudformation_rollback_stack,
  ec2_describe_instances,
  ec2_describe_instance_status,
  ec2_get_console_output,
  ec2_run_instances,
  ec2_start_instances,
  ec2_stop_instances,
  ec2_reboot_instances,
  ec2_terminate_instances,
  ec2_modify_instance_attribute,
  ec2_describe_volumes,
  ec2_describe_snapshots,
  ec2_describe_images,
  ec2_create_snapshot,
  ec2_delete_snapshot,
  ec2_create_image,
  ec2_deregister_image,
  ec2_create_volume,
  ec2_attach_volume,
  ec2_detach_volume,
  ec2_delete_volume,
  ec2_describe_security_groups,
  ec2_describe_vpcs,
  ec2_describe_subnets,
  ec2_describe_addresses,
  ec2_authorize_security_group_ingress,
  ec2_revoke_security_group_ingress,
  ec2_create_security_group,
  ec2_delete_security_group,
  ec2_release_address,
  ec2_create_tags,
  ec2_delete_tags,
  ticket_get,
  ticket_wait,
  ticket_list,
  ticket_restore,
  ticket_withdraw,
];
