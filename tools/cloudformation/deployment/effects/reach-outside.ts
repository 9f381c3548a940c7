import type { ResourceChange } from '../../../ports/cloudformation.ts';
import { propertiesOf } from './resource-settings.ts';

/**
 * Types of which a new one acts on something that is named in it, and that may be anyone's: a new schedule scales a
 * group that was there before to nothing. By what they do;
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const REACHING: readonly RegExp[] = [
  // One thing joined to another, whatever the service.
  /::\w*(Association|Attachment|EventSourceMapping)s?$/,
  /^AWS::SNS::Subscription$/,
  // Starts, stops, scales or moves what runs, now or by the clock.
  /::\w*(ScheduledAction|ScalingPolicy|ScalingPlan|LifecycleHook|WarmPool)$/,
  /^AWS::(ApplicationAutoScaling|DataPipeline|Scheduler)::/,
  /^AWS::ECS::(Service|TaskSet|PrimaryTaskSet)$/,
  /^AWS::(DMS::Replication(Task|Config)|DataSync::Task|Batch::Job\w*|Glue::Trigger|EMR::(Step|Instance\w+Config)|Pipes::Pipe)$/,
  /^AWS::(Config::RemediationConfiguration|Budgets::BudgetsAction)$/,
  /^AWS::Lambda::EventInvokeConfig$/,
  // Deletes copies as they age, or adds to what is billed for.
  /^AWS::(Backup::Backup(Plan|Selection)|DLM::LifecyclePolicy)$/,
  // Changes a secret that others sign in with.
  /^AWS::SecretsManager::(RotationSchedule|ResourcePolicy)$/,
  // Decides where requests, names, packets or messages go.
  /^AWS::Route53::RecordSet(Group)?$/,
  /^AWS::ElasticLoadBalancingV2::(Listener\w*|TrustStoreRevocation)$/,
  /^AWS::RDS::DBProxyTargetGroup$/,
  /^AWS::ApiGateway(V2)?::(Deployment|Stage|Method|Route|Integration|GatewayResponse|BasePathMapping\w*|ApiMapping)$/,
  /^AWS::EC2::(VPCEndpoint|VPCCidrBlock|SubnetCidrBlock|NetworkAclEntry)$/,
  /^AWS::SES::ReceiptRule(Set)?$/,
  /^AWS::Logs::SubscriptionFilter$/,
  /^AWS::(CloudFront|IoT\w*)::/,
];

/** Types that reach outside only by some of their properties. */
const REACHING_BY: Readonly<Record<string, readonly string[]>> = {
  'AWS::Events::Rule': ['Targets'],
  'AWS::SNS::Topic': ['Subscription'],
  'AWS::S3::Bucket': ['NotificationConfiguration'],
  // An action may stop or terminate an instance:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html
  'AWS::CloudWatch::Alarm': ['AlarmActions', 'OKActions', 'InsufficientDataActions'],
  'AWS::CloudWatch::CompositeAlarm': ['AlarmActions', 'OKActions', 'InsufficientDataActions'],
  'AWS::AutoScaling::AutoScalingGroup': ['InstanceId', 'LoadBalancerNames', 'TargetGroupARNs', 'TrafficSources'],
  'AWS::ElasticLoadBalancing::LoadBalancer': ['Instances'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Targets'],
  'AWS::EC2::Instance': ['Volumes'],
};

/**
 * How a new or changed resource acts on something that may be outside its stack; undefined when it doesn't. That a name
 * is only known later proves nothing: the stack may make it up of a part that is new, and hold another's name in the
 * rest (`!Select [1, !Split ['|', !Sub '${Queue}|their-group']]`).
 */
export function reachesOutside({ action, type, after_context }: ResourceChange): string | undefined {
  if (action !== 'Add' && action !== 'Modify') return undefined;
  if (REACHING.some((pattern) => pattern.test(type))) return 'acts on something that may be outside its stack';
  const names = Object.hasOwn(REACHING_BY, type) ? (REACHING_BY[type] ?? []) : [];
  const properties = propertiesOf(after_context);
  // What AWS doesn't show at all is judged as such, where that is judged.
  const used = names.filter((name) => properties?.[name] !== undefined);
  return used.length > 0 ? `acts by ${used.join(', ')} on something that may be outside its stack` : undefined;
}
