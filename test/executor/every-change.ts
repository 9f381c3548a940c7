import * as cfn from '@aws-sdk/client-cloudformation';
import * as sdk from '@aws-sdk/client-ec2';
import { TOOLS } from '../../tools/index.ts';
import { until } from '../scenes/front-door.ts';
import { makers } from '../scenes/storage.ts';
import type { Scene, setScene } from '../scenes/whole.ts';

/** One call of one change tool, and the same change made by someone else. */
export interface Change {
  readonly tool: string;
  /** The one request that is its effect. */
  readonly action: string;
  readonly args: Record<string, unknown>;
  /** With AWS's own client, without the ticket's token or tag. */
  readonly bySomebodyElse: (scene: Scene) => Promise<unknown>;
}

export const CHANGE_TOOLS: readonly string[] = TOOLS.flatMap(({ kind, name }) => (kind === 'change' ? [name] : []));

const QUEUE = { Type: 'AWS::SQS::Queue' };
const slow = (seconds: number) => ({ ...QUEUE, Properties: { ReceiveMessageWaitTimeSeconds: seconds } });
const TEMPLATE = { Resources: { A: slow(1), B: { ...slow(1), DependsOn: 'A' } } };
const NEXT = { Resources: { A: slow(2), B: { ...slow(2), DependsOn: 'A' } } };
/** Waits for a signal that nobody sends: its update stays under way. */
const WAITING = {
  Resources: {
    ...NEXT.Resources,
    Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    Wait: {
      Type: 'AWS::CloudFormation::WaitCondition',
      Properties: { Handle: { Ref: 'Handle' }, Timeout: 43_200 },
      DependsOn: 'B',
    },
  },
};
const POLICY = JSON.stringify({
  Statement: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }],
});

const STACKS = ['deleted', 'deployed', 'protected', 'policed', 'stuck', 'failed', 'cancelled'];
const INSTANCES = ['modify', 'attach', 'detach', 'image', 'old image'];
/** Two of each, for what is asked of several at once. */
const PAIRS = ['stop', 'terminate', 'reboot', 'tag', 'untag'];

export const SEED: Parameters<typeof setScene>[0] = {
  stacks: STACKS.map((name) => ({ name, template: TEMPLATE })),
  instances: [
    ...INSTANCES.map((name) => ({ tags: { Name: name } })),
    ...PAIRS.map((name) => ({ count: 2, tags: { Name: name } })),
    { count: 2, tags: { Name: 'start' }, state: 'stopped' as const },
  ],
  securityGroups: [
    { name: 'opened' },
    { name: 'closed', ingress: [{ fromPort: 22, cidr: '10.0.0.0/8' }] },
    { name: 'gone' },
  ],
  addresses: [{ tags: { owner: 'ops' } }],
};

const rule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/8' }] };

/** Every change tool once. @throws Error when one has no row here, or two */
export async function everyChange(scene: Scene): Promise<readonly Change[]> {
  const changes = await changesIn(scene);
  const [there, here] = [CHANGE_TOOLS, changes.map(({ tool }) => tool)].map((names) => [...names].sort().join());
  if (there !== here) throw new Error(`changes of ${here}, where there are tools for ${there}`);
  return changes;
}

/** Brings everything into the state that each change begins from. */
async function changesIn(scene: Scene): Promise<readonly Change[]> {
  const { ec2 } = scene;
  const make = makers(ec2);
  const stack = await stacksInTrouble(scene);
  const { Reservations = [] } = await ec2.send(new sdk.DescribeInstancesCommand({}));
  const all = Reservations.flatMap(({ Instances = [] }) => Instances);
  const named = (name: string) =>
    all
      .filter(({ Tags }) => Tags?.some(({ Key, Value }) => Key === 'Name' && Value === name))
      .map(({ InstanceId = '' }) => InstanceId);
  const i = (name: string) => named(name)[0] ?? '';
  const { SecurityGroups = [] } = await ec2.send(new sdk.DescribeSecurityGroupsCommand({}));
  const sg = (name: string) => SecurityGroups.find(({ GroupName }) => GroupName === name);
  const { Addresses: [address] = [] } = await ec2.send(new sdk.DescribeAddressesCommand({}));
  const zoneOf = (name: string) => all.find(({ InstanceId }) => InstanceId === i(name))?.Placement?.AvailabilityZone;
  // Each change has things of its own, so that what one does is no other's matter.
  const [free, loose, kept, copied, taken] = [
    await make.volume(),
    await make.volume({}, zoneOf('attach')),
    await make.volume(),
    await make.volume(),
    await make.volume({}, zoneOf('detach')),
  ];
  const snapshot = await make.snapshot(copied);
  const image = await make.image(i('old image'), 'old');
  const attach = (VolumeId: string, name: string) =>
    ec2.send(new sdk.AttachVolumeCommand({ VolumeId, InstanceId: i(name), Device: '/dev/sdh' }));
  await attach(taken, 'detach');
  const tags = [{ Key: 'purpose', Value: 'none' }];
  await ec2.send(new sdk.CreateTagsCommand({ Resources: named('untag'), Tags: tags }));
  const VpcId = sg('gone')?.VpcId;
  const launch = { ImageId: all[0]?.ImageId, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1 };

  const ec2Change = (
    tool: string,
    action: string,
    args: Record<string, unknown>,
    send: (client: sdk.EC2Client) => Promise<unknown>,
  ): Change => ({ tool, action, args, bySomebodyElse: () => send(ec2) });
  const stackChange = (
    tool: string,
    action: string,
    args: Record<string, unknown>,
    send: (client: cfn.CloudFormationClient, { rows }: Scene) => Promise<unknown>,
  ): Change => ({ tool, action, args, bySomebodyElse: (now) => send(now.cloudformation, now) });
  const ids = (name: string) => ({ InstanceIds: named(name) });

  return [
    ec2Change('ec2_stop_instances', 'StopInstances', { instance_ids: named('stop') }, (c) =>
      c.send(new sdk.StopInstancesCommand(ids('stop'))),
    ),
    ec2Change('ec2_start_instances', 'StartInstances', { instance_ids: named('start') }, (c) =>
      c.send(new sdk.StartInstancesCommand(ids('start'))),
    ),
    ec2Change('ec2_terminate_instances', 'TerminateInstances', { instance_ids: named('terminate') }, (c) =>
      c.send(new sdk.TerminateInstancesCommand(ids('terminate'))),
    ),
    ec2Change('ec2_reboot_instances', 'RebootInstances', { instance_ids: named('reboot') }, (c) =>
      c.send(new sdk.RebootInstancesCommand(ids('reboot'))),
    ),
    ec2Change(
      'ec2_modify_instance_attribute',
      'ModifyInstanceAttribute',
      { instance_id: i('modify'), disable_api_termination: true },
      (c) =>
        c.send(
          new sdk.ModifyInstanceAttributeCommand({ InstanceId: i('modify'), DisableApiTermination: { Value: true } }),
        ),
    ),
    ec2Change('ec2_create_tags', 'CreateTags', { resources: named('tag'), tags: { owner: 'ops' } }, (c) =>
      c.send(new sdk.CreateTagsCommand({ Resources: named('tag'), Tags: [{ Key: 'owner', Value: 'ops' }] })),
    ),
    ec2Change('ec2_delete_tags', 'DeleteTags', { resources: named('untag'), tag_keys: ['purpose'] }, (c) =>
      c.send(new sdk.DeleteTagsCommand({ Resources: named('untag'), Tags: [{ Key: 'purpose' }] })),
    ),
    ec2Change(
      'ec2_run_instances',
      'RunInstances',
      { image_id: launch.ImageId, instance_type: 't3.micro', subnet_id: all[0]?.SubnetId },
      (c) => c.send(new sdk.RunInstancesCommand(launch)),
    ),
    ec2Change('ec2_create_volume', 'CreateVolume', { availability_zone: 'eu-west-1a', size: 8 }, (c) =>
      c.send(new sdk.CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 8 })),
    ),
    ec2Change('ec2_delete_volume', 'DeleteVolume', { volume_id: free }, (c) =>
      c.send(new sdk.DeleteVolumeCommand({ VolumeId: free })),
    ),
    ec2Change(
      'ec2_attach_volume',
      'AttachVolume',
      { volume_id: loose, instance_id: i('attach'), device: '/dev/sdh' },
      () => attach(loose, 'attach'),
    ),
    ec2Change('ec2_detach_volume', 'DetachVolume', { volume_id: taken }, (c) =>
      c.send(new sdk.DetachVolumeCommand({ VolumeId: taken })),
    ),
    ec2Change('ec2_create_snapshot', 'CreateSnapshot', { volume_id: kept }, (c) =>
      c.send(new sdk.CreateSnapshotCommand({ VolumeId: kept })),
    ),
    ec2Change('ec2_delete_snapshot', 'DeleteSnapshot', { snapshot_id: snapshot }, (c) =>
      c.send(new sdk.DeleteSnapshotCommand({ SnapshotId: snapshot })),
    ),
    ec2Change('ec2_create_image', 'CreateImage', { instance_id: i('image'), name: 'new', no_reboot: true }, (c) =>
      c.send(new sdk.CreateImageCommand({ InstanceId: i('image'), Name: 'new' })),
    ),
    ec2Change('ec2_deregister_image', 'DeregisterImage', { image_id: image }, (c) =>
      c.send(new sdk.DeregisterImageCommand({ ImageId: image })),
    ),
    ec2Change(
      'ec2_create_security_group',
      'CreateSecurityGroup',
      { group_name: 'fresh', description: 'fresh', vpc_id: VpcId },
      (c) => c.send(new sdk.CreateSecurityGroupCommand({ GroupName: 'fresh', Description: 'fresh', VpcId })),
    ),
    ec2Change('ec2_delete_security_group', 'DeleteSecurityGroup', { group_id: sg('gone')?.GroupId }, (c) =>
      c.send(new sdk.DeleteSecurityGroupCommand({ GroupId: sg('gone')?.GroupId })),
    ),
    ec2Change(
      'ec2_authorize_security_group_ingress',
      'AuthorizeSecurityGroupIngress',
      {
        group_id: sg('opened')?.GroupId,
        rules: [{ ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ip: '10.0.0.0/8' }],
      },
      (c) =>
        c.send(new sdk.AuthorizeSecurityGroupIngressCommand({ GroupId: sg('opened')?.GroupId, IpPermissions: [rule] })),
    ),
    ec2Change(
      'ec2_revoke_security_group_ingress',
      'RevokeSecurityGroupIngress',
      {
        group_id: sg('closed')?.GroupId,
        rules: [{ ip_protocol: 'tcp', from_port: 22, to_port: 22, cidr_ip: '10.0.0.0/8' }],
      },
      (c) =>
        c.send(
          new sdk.RevokeSecurityGroupIngressCommand({
            GroupId: sg('closed')?.GroupId,
            IpPermissions: [{ ...rule, FromPort: 22, ToPort: 22 }],
          }),
        ),
    ),
    ec2Change('ec2_release_address', 'ReleaseAddress', { allocation_id: address?.AllocationId }, (c) =>
      c.send(new sdk.ReleaseAddressCommand({ AllocationId: address?.AllocationId })),
    ),
    stackChange('cloudformation_delete_stack', 'DeleteStack', { stack_name: 'deleted' }, (c) =>
      c.send(new cfn.DeleteStackCommand({ StackName: 'deleted' })),
    ),
    stackChange(
      'cloudformation_deploy_stack',
      'ExecuteChangeSet',
      { stack_name: 'deployed', template_body: JSON.stringify(NEXT) },
      (c, { rows }) => {
        const [found] = rows(
          "SELECT plan ->> '$.made.id' AS arn FROM ticket WHERE tool = 'cloudformation_deploy_stack'",
        );
        return c.send(new cfn.ExecuteChangeSetCommand({ ChangeSetName: found?.arn }));
      },
    ),
    stackChange(
      'cloudformation_update_termination_protection',
      'UpdateTerminationProtection',
      { stack_name: 'protected', enable_termination_protection: true },
      (c) =>
        c.send(
          new cfn.UpdateTerminationProtectionCommand({ StackName: 'protected', EnableTerminationProtection: true }),
        ),
    ),
    stackChange(
      'cloudformation_set_stack_policy',
      'SetStackPolicy',
      { stack_name: 'policed', stack_policy_body: POLICY },
      (c) => c.send(new cfn.SetStackPolicyCommand({ StackName: 'policed', StackPolicyBody: POLICY })),
    ),
    stackChange('cloudformation_continue_update_rollback', 'ContinueUpdateRollback', { stack_name: stack.stuck }, (c) =>
      c.send(new cfn.ContinueUpdateRollbackCommand({ StackName: stack.stuck })),
    ),
    stackChange('cloudformation_rollback_stack', 'RollbackStack', { stack_name: stack.failed }, (c) =>
      c.send(new cfn.RollbackStackCommand({ StackName: stack.failed })),
    ),
    stackChange('cloudformation_cancel_update_stack', 'CancelUpdateStack', { stack_name: stack.cancelled }, (c) =>
      c.send(new cfn.CancelUpdateStackCommand({ StackName: stack.cancelled })),
    ),
  ];
}

/** One whose rollback failed, one whose update failed and was left so, and one whose update goes on. */
async function stacksInTrouble({ cloud, cloudformation }: Scene) {
  const names = { stuck: 'stuck', failed: 'failed', cancelled: 'cancelled' };
  const states = { stuck: 'UPDATE_ROLLBACK_FAILED', failed: 'UPDATE_FAILED', cancelled: 'UPDATE_IN_PROGRESS' };
  const refuse = (stack: string, logicalId: string, action: string) =>
    cloud.order('refusals', { stack, logicalId, action, reason: 'no luck' });
  await refuse('stuck', 'B', 'update');
  await refuse('stuck', 'A', 'rollback');
  await refuse('failed', 'B', 'update');
  for (const StackName of ['stuck', 'failed', 'cancelled'] as const) {
    const which = { StackName, ChangeSetName: 'theirs' };
    const TemplateBody = JSON.stringify(StackName === 'cancelled' ? WAITING : NEXT);
    await cloudformation.send(new cfn.CreateChangeSetCommand({ ...which, TemplateBody }));
    await until(
      async () => (await cloudformation.send(new cfn.DescribeChangeSetCommand(which))).Status,
      (status) => status === 'CREATE_COMPLETE',
    );
    const DisableRollback = StackName === 'failed';
    await cloudformation.send(new cfn.ExecuteChangeSetCommand({ ...which, DisableRollback }));
    await until(
      async () => (await cloudformation.send(new cfn.DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus,
      (status) => status === states[StackName],
    );
  }
  // Under way until it is cancelled.
  await until(
    async () =>
      (await cloudformation.send(new cfn.ListStackResourcesCommand({ StackName: 'cancelled' }))).StackResourceSummaries,
    (resources = []) => resources.some(({ LogicalResourceId }) => LogicalResourceId === 'Wait'),
  );
  return names;
}
