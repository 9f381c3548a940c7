import { expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { UNTOLD } from '../../tools/cloudformation/deployment/effects/resource-settings.ts';
import { added, effectOf, modified, sight } from './resource-change.ts';

const ACTION = ['arn:aws:automate:eu-west-1:ec2:terminate'];

test.each<[string, object]>([
  ['AWS::AutoScaling::ScheduledAction', { AutoScalingGroupName: 'theirs', DesiredCapacity: 0 }],
  ['AWS::AutoScaling::ScheduledAction', { AutoScalingGroupName: UNTOLD, DesiredCapacity: 0 }],
  ['AWS::AutoScaling::ScalingPolicy', { AutoScalingGroupName: 'theirs', PolicyType: 'TargetTrackingScaling' }],
  ['AWS::AutoScaling::LifecycleHook', {}],
  ['AWS::AutoScaling::WarmPool', {}],
  ['AWS::AutoScaling::AutoScalingGroup', { TargetGroupARNs: ['theirs'] }],
  ['AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 0, MaxCapacity: 0 }],
  ['AWS::ApplicationAutoScaling::ScalingPolicy', {}],
  ['AWS::SecretsManager::RotationSchedule', {}],
  ['AWS::SecretsManager::SecretTargetAttachment', {}],
  ['AWS::Lambda::EventSourceMapping', { FunctionName: 'theirs' }],
  ['AWS::Lambda::EventInvokeConfig', {}],
  ['AWS::Route53::RecordSet', { HostedZoneId: 'Z1', Name: 'www.example.com', Type: 'A' }],
  ['AWS::Route53::RecordSetGroup', {}],
  ['AWS::ECS::Service', { Cluster: 'theirs' }],
  ['AWS::ECS::TaskSet', {}],
  ['AWS::Events::Rule', { Targets: [{ Arn: 'theirs', Id: '1' }] }],
  ['AWS::Scheduler::Schedule', {}],
  ['AWS::SNS::Subscription', {}],
  ['AWS::SNS::Topic', { Subscription: [{ Endpoint: 'theirs', Protocol: 'lambda' }] }],
  ['AWS::S3::Bucket', { NotificationConfiguration: { LambdaConfigurations: [] } }],
  ['AWS::DMS::ReplicationTask', {}],
  ['AWS::DataPipeline::Pipeline', {}],
  ['AWS::Batch::JobQueue', {}],
  ['AWS::Backup::BackupPlan', {}],
  ['AWS::Backup::BackupSelection', {}],
  ['AWS::DLM::LifecyclePolicy', {}],
  ['AWS::EC2::VolumeAttachment', {}],
  ['AWS::EC2::SubnetNetworkAclAssociation', {}],
  ['AWS::EC2::VPCDHCPOptionsAssociation', {}],
  ['AWS::ECS::ClusterCapacityProviderAssociations', {}],
  ['AWS::EC2::Instance', { ImageId: 'ami-1', Volumes: [{ VolumeId: 'vol-1', Device: '/dev/sdf' }] }],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', { Targets: [{ Id: 'i-1' }] }],
  ['AWS::CloudFront::Function', {}],
  ['AWS::IoT::TopicRule', {}],
  ['AWS::CloudWatch::Alarm', { AlarmActions: ACTION }],
  ['AWS::EC2::NetworkAclEntry', { CidrBlock: '10.0.0.0/8', RuleAction: 'deny' }],
])('a new %s %j acts outside its stack', (type, properties) => {
  const { effect, detail } = impactOf(added(type, { ...properties }), sight());
  expect(effect).toBe('disrupt');
  expect(detail).toContain('outside its stack');
  expect(effectOf({ ...added(type), action: 'Remove' })).toBe('delete');
});

test.each([
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::EC2::EIPAssociation',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::EC2::NetworkInterfaceAttachment',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::CloudFront::Distribution',
])('a new %s also opens access, which is worse', (type) => {
  const { effect, detail } = impactOf(added(type), sight());
  expect(effect).toBe('expose');
  expect(detail).toContain('outside its stack');
});

test.each([
  'AWS::SQS::Queue',
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::EC2::Instance',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Topic',
  'AWS::Events::Rule',
  'AWS::CloudWatch::Alarm',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::AutoScaling::AutoScalingGroup',
])('a plain %s is only created', (type) => {
  expect(effectOf(added(type))).toBe('create');
});

test('one that is led elsewhere by a change acts outside as a new one does', () => {
  const target = (Arn: string) => ({ Targets: [{ Arn, Id: '1' }] });
  expect(effectOf(modified('AWS::Events::Rule', target('ours'), target('theirs')))).toBe('disrupt');
  expect(effectOf(modified('AWS::SQS::Queue', { DelaySeconds: 1 }, { DelaySeconds: 2 }))).toBe('modify');
});

test('an alarm whose actions are not shown can not be told from one that terminates instances', () => {
  const { after_context: _after, ...hidden } = added('AWS::CloudWatch::Alarm');
  expect(effectOf(hidden)).toBe('unknown');
});
