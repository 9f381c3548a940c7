import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import { REASON } from '../scenes/front-door.ts';
import type { Scene } from '../scenes/whole.ts';

/** Detecting drift starts something in AWS, which compares and changes nothing. */
const READ = /^(Describe|List|Get|Validate|Detect)[A-Z]/;

export function database(password: unknown) {
  return {
    Type: 'AWS::RDS::DBInstance',
    Properties: {
      DBInstanceClass: 'db.t3.micro',
      Engine: 'postgres',
      AllocatedStorage: '20',
      MasterUsername: 'shop',
      MasterUserPassword: password,
    },
  };
}

export const TEMPLATE = {
  Parameters: {
    Name: { Type: 'String', Default: 'plain' },
    Key: { Type: 'String', NoEcho: true, Default: 'none' },
    AdminPassword: { Type: 'String', Default: 'none' },
  },
  Resources: {
    One: { Type: 'AWS::SQS::Queue', Properties: { ReceiveMessageWaitTimeSeconds: 1 } },
    Note: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { Ref: 'Name' } } },
    Accounts: database({ Ref: 'Key' }),
    Admins: database({ Ref: 'AdminPassword' }),
  },
};
export const SEED = {
  stacks: [
    { name: 'shop', template: TEMPLATE },
    { name: 'safe', template: TEMPLATE, terminationProtection: true },
  ],
  instances: [{}, { state: 'stopped' as const }],
  volumes: [{ snapshots: 1 }],
  securityGroups: [{ name: 'web', ingress: [{ fromPort: 443, cidr: '10.0.0.0/24' }] }],
  addresses: [{}],
};

const POLICY = '{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}';
export const WHOLE = ['--toolset', 'cloudformation,ec2'];

export async function instancesOf({ ec2 }: Scene): Promise<string[]> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
}

/** What the cloud was asked for, but for reads. */
export async function changesSent({ cloud }: Scene): Promise<string[]> {
  return (await cloud.requests()).map(({ action }) => action).filter((action) => !READ.test(action));
}

export const withMore = JSON.stringify({
  ...TEMPLATE,
  Resources: { ...TEMPLATE.Resources, Two: TEMPLATE.Resources.One },
});

/** Every tool at least once, with what it takes and with what it refuses. */
export async function session(scene: Scene): Promise<[string, Record<string, unknown>][]> {
  const [running, stopped] = await instancesOf(scene);
  const { ec2 } = scene;
  const volume = (await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'status', Values: ['available'] }] })))
    .Volumes?.[0]?.VolumeId;
  const snapshot = (await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))).Snapshots?.[0]?.SnapshotId;
  const web = { Filters: [{ Name: 'group-name', Values: ['web'] }] };
  const group = (await ec2.send(new DescribeSecurityGroupsCommand(web))).SecurityGroups?.[0];
  const subnet = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[0];
  const address = (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.[0]?.AllocationId;
  const rule = (cidr_ip: string) => [{ ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ip }];
  const image = 'ami-0abcdef1234567890';
  const reason = REASON;
  return [
    ['ec2_describe_instance_status', {}],
    ['ec2_get_console_output', { instance_id: running }],
    ['ec2_describe_volumes', {}],
    ['ec2_describe_snapshots', {}],
    ['ec2_describe_images', {}],
    ['ec2_describe_security_groups', {}],
    ['ec2_describe_vpcs', {}],
    ['ec2_describe_subnets', {}],
    ['ec2_describe_addresses', {}],
    ['ec2_run_instances', { image_id: image, instance_type: 't3.micro', subnet_id: subnet?.SubnetId, reason }],
    ['ec2_reboot_instances', { instance_ids: [running], reason }],
    ['ec2_modify_instance_attribute', { instance_id: running, disable_api_termination: true, reason }],
    ['ec2_create_snapshot', { volume_id: volume, reason }],
    ['ec2_delete_snapshot', { snapshot_id: snapshot, reason }],
    ['ec2_create_image', { instance_id: running, name: 'an-image', reason }],
    ['ec2_deregister_image', { image_id: image, reason }],
    ['ec2_create_volume', { availability_zone: 'eu-west-1a', size: 8, reason }],
    ['ec2_attach_volume', { volume_id: volume, instance_id: running, device: '/dev/sdf', reason }],
    ['ec2_detach_volume', { volume_id: volume, reason }],
    ['ec2_delete_volume', { volume_id: volume, reason }],
    ['ec2_create_tags', { resources: [volume], tags: { env: 'dev' }, reason }],
    ['ec2_delete_tags', { resources: [volume], tag_keys: ['env'], reason }],
    ['ec2_authorize_security_group_ingress', { group_id: group?.GroupId, rules: rule('0.0.0.0/0'), reason }],
    ['ec2_revoke_security_group_ingress', { group_id: group?.GroupId, rules: rule('10.0.0.0/24'), reason }],
    ['ec2_create_security_group', { group_name: 'db', description: 'a new one', vpc_id: subnet?.VpcId, reason }],
    ['ec2_delete_security_group', { group_id: group?.GroupId, reason }],
    ['ec2_release_address', { allocation_id: address, reason }],
    ['cloudformation_list_stacks', {}],
    ['cloudformation_describe_stack', { stack_name: 'shop' }],
    ['cloudformation_describe_stack', { stack_name: 'none' }],
    ['cloudformation_list_stack_resources', { stack_name: 'shop' }],
    ['cloudformation_describe_stack_events', { stack_name: 'shop' }],
    ['cloudformation_get_template', { stack_name: 'shop' }],
    ['cloudformation_validate_template', { template_body: withMore }],
    ['cloudformation_describe_change_set', { stack_name: 'shop', change_set_name: 'none' }],
    ['cloudformation_detect_stack_drift', { stack_name: 'shop' }],
    ['cloudformation_list_exports', {}],
    [
      'cloudformation_update_termination_protection',
      { stack_name: 'shop', enable_termination_protection: false, reason },
    ],
    ['cloudformation_set_stack_policy', { stack_name: 'shop', stack_policy_body: POLICY, reason }],
    ['cloudformation_cancel_update_stack', { stack_name: 'shop', reason }],
    ['cloudformation_continue_update_rollback', { stack_name: 'shop', reason }],
    ['cloudformation_rollback_stack', { stack_name: 'shop', reason }],
    ['ec2_describe_instances', {}],
    ['ec2_describe_instances', { instance_ids: [running] }],
    ['cloudformation_deploy_stack', { stack_name: 'shop', template_body: withMore, reason }],
    ['cloudformation_deploy_stack', { stack_name: 'new', template_body: withMore, reason }],
    ['cloudformation_deploy_stack', { stack_name: 'shop', use_previous_template: true, reason }],
    ['cloudformation_deploy_stack', { stack_name: 'broken', template_body: '{"Resources":{"A":{}}}', reason }],
    ['cloudformation_delete_stack', { stack_name: 'shop', reason }],
    ['cloudformation_delete_stack', { stack_name: 'safe', reason }],
    ['ec2_terminate_instances', { instance_ids: [running], reason }],
    ['ec2_stop_instances', { instance_ids: [running], reason }],
    ['ec2_stop_instances', { instance_ids: [stopped], reason }],
    ['ec2_start_instances', { instance_ids: [stopped], reason }],
    ['ticket_list', {}],
  ];
}
