import { expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { UNTOLD } from '../../tools/cloudformation/deployment/effects/resource-settings.ts';
import { added, effectOf, modified, sight } from './resource-change.ts';

const ACTION = ['arn:aws:automate:eu-west-1:ec2:stop'];

test.each<[string, object]>([
  ['AWS::AutoScaling::ScheduledAction', { AutoScalingGroupName: 'theirs', DesiredCapacity: 0 }],
  ['AWS::AutoScaling::ScheduledAction', { AutoScalingGroupName: UNTOLD, DesiredCapacity: 0 }],
  ['AWS::AutoScaling::ScalingPolicy', { AutoScalingGroupName: 'theirs', PolicyType: 'TargetTrackingScaling' }],
  ['AWS::AutoScaling::LifecycleHook', { AutoScalingGroupName: 'theirs' }],
  ['AWS::AutoScaling::WarmPool', { AutoScalingGroupName: 'theirs' }],
  ['AWS::AutoScaling::AutoScalingGroup', { TargetGroupARNs: ['theirs'] }],
  ['AWS::ApplicationAutoScaling::ScalableTarget', { ResourceId: 'service/c/s', MinCapacity: 0, MaxCapacity: 0 }],
  ['AWS::ApplicationAutoScaling::ScalingPolicy', { ScalingTargetId: 'theirs' }],
  ['AWS::SecretsManager::RotationSchedule', { SecretId: 'theirs' }],
  ['AWS::SecretsManager::SecretTargetAttachment', { SecretId: 'theirs' }],
  ['AWS::Lambda::EventSourceMapping', { FunctionName: 'theirs' }],
  ['AWS::Lambda::EventInvokeConfig', { FunctionName: 'theirs' }],
  ['AWS::Route53::RecordSet', { HostedZoneId: 'Z1', Name: 'www.example.com', Type: 'A' }],
  ['AWS::Route53::RecordSetGroup', { HostedZoneId: 'Z1' }],
  ['AWS::ECS::Service', { Cluster: 'theirs' }],
  ['AWS::ECS::TaskSet', { Cluster: 'theirs', Service: 'theirs' }],
  ['AWS::Events::Rule', { Targets: [{ Arn: 'theirs', Id: '1' }] }],
  ['AWS::Scheduler::Schedule', { Target: { Arn: 'theirs' } }],
  ['AWS::SNS::Subscription', { TopicArn: 'theirs', Protocol: 'sqs' }],
  ['AWS::SNS::Topic', { Subscription: [{ Endpoint: 'theirs', Protocol: 'lambda' }] }],
  ['AWS::S3::Bucket', { NotificationConfiguration: { LambdaConfigurations: [{ Event: 'e', Function: 'theirs' }] } }],
  ['AWS::DMS::ReplicationTask', { ReplicationInstanceArn: 'theirs' }],
  ['AWS::Batch::JobQueue', { ComputeEnvironmentOrder: [{ ComputeEnvironment: 'theirs', Order: 1 }] }],
  ['AWS::Backup::BackupPlan', { BackupPlan: { BackupPlanRule: [{ RuleName: 'r', TargetBackupVault: 'theirs' }] } }],
  ['AWS::Backup::BackupSelection', { BackupPlanId: 'theirs' }],
  ['AWS::DLM::LifecyclePolicy', { PolicyDetails: { TargetTags: [{ Key: 'env', Value: 'theirs' }] } }],
  ['AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: 'subnet-1', NetworkAclId: 'acl-1' }],
  ['AWS::EC2::VPCDHCPOptionsAssociation', { VpcId: 'vpc-1', DhcpOptionsId: 'default' }],
  ['AWS::ECS::ClusterCapacityProviderAssociations', { Cluster: 'theirs' }],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', { Targets: [{ Id: 'i-1' }] }],
  ['AWS::IoT::TopicRule', { TopicRulePayload: { Sql: 'SELECT 1', Actions: [{ Lambda: { FunctionArn: 'theirs' } }] } }],
  ['AWS::CloudWatch::Alarm', { AlarmActions: ACTION }],
  ['AWS::EC2::NetworkAclEntry', { NetworkAclId: 'acl-1', CidrBlock: '10.0.0.0/8', RuleAction: 'deny' }],
])('a new %s %j acts outside its stack', (type, properties) => {
  const { effect, detail } = impactOf(added(type, { ...properties }), sight());
  expect(effect).toBe('disrupt');
  expect(detail).toContain('outside its stack');
  expect(effectOf({ ...added(type), action: 'Remove' })).toBe('delete');
});

test.each<[string, object]>([
  ['AWS::SecretsManager::ResourcePolicy', { SecretId: 'theirs', ResourcePolicy: { Statement: [{ Effect: 'Deny' }] } }],
  ['AWS::EC2::Instance', { ImageId: 'ami-1', Volumes: [{ VolumeId: 'vol-1', Device: '/dev/sdf' }] }],
  // Who has the instance reads what is on the volume.
  ['AWS::EC2::VolumeAttachment', { InstanceId: 'i-1', VolumeId: 'vol-1' }],
  ['AWS::EC2::EIPAssociation', { InstanceId: 'i-1', AllocationId: 'eipalloc-1' }],
  ['AWS::EC2::SubnetRouteTableAssociation', { SubnetId: 'subnet-1', RouteTableId: 'rtb-1' }],
])('a new %s %j also opens access, which is worse', (type, properties) => {
  const { effect, detail } = impactOf(added(type, { ...properties }), sight());
  expect(effect).toBe('expose');
  expect(detail).toContain('outside its stack');
});

test.each([
  'AWS::SQS::Queue',
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Topic',
  'AWS::Events::Rule',
  'AWS::CloudWatch::Alarm',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::AutoScaling::AutoScalingGroup',
])('a plain %s is only created', (type) => {
  expect(effectOf(added(type))).toBe('create');
});

test('one that is led elsewhere by a change acts outside, and hands on what went where it did', () => {
  const target = (Arn: string) => ({ Targets: [{ Arn, Id: '1' }] });
  expect(effectOf(modified('AWS::Events::Rule', target('ours'), target('theirs')))).toBe('expose');
  expect(
    effectOf(modified('AWS::SQS::Queue', { ReceiveMessageWaitTimeSeconds: 1 }, { ReceiveMessageWaitTimeSeconds: 2 })),
  ).toBe('modify');
});

test('an alarm whose actions are not shown can not be told from one that terminates instances', () => {
  const { after_context: _after, ...hidden } = added('AWS::CloudWatch::Alarm');
  expect(effectOf(hidden)).toBe('unknown');
});

test('a service-linked role is its service alone; another of such a name is as any other', () => {
  const linked =
    'arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';
  const effect = (ServiceLinkedRoleARN: string) =>
    effectOf(added('AWS::AutoScaling::AutoScalingGroup', { ServiceLinkedRoleARN }));
  expect(effect(linked)).toBe('create');
  expect(effect(`${linked}_ops`)).toBe('create');
  expect(effect('arn:aws:iam::123456789012:role/AWSServiceRoleForAutoScaling')).toBe('expose');
  expect(effect(`arn:aws:iam::123456789012:role/admin/${linked.split('/').slice(1).join('/')}`)).toBe('expose');
  expect(effect(linked.replace('amazonaws.com', 'example.com'))).toBe('expose');
});
