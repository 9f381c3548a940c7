import type { Impact, PlanRecord } from '../../src/kernel/plan.ts';

/** A change that looks small and isn't, for pictures: the database is replaced. */
const STACK =
  'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-production/6f3c2e10-8a1b-11ef-9abc-0a1b2c3d4e5f';

const line = (
  effect: Impact['effect'],
  resource: string,
  type: string,
  detail: string,
  recoverable: boolean,
  ...properties: NonNullable<Impact['properties']>
): Impact => ({
  effect,
  resource,
  type: `AWS::${type}`,
  detail,
  recoverable,
  ...(properties.length > 0 ? { properties } : {}),
});

export const SHOP: Partial<PlanRecord> = {
  tool: 'cloudformation_deploy_stack',
  arguments: { stack_name: 'shop-production', template_body: 'sha256:5c1b0f0c5a4e', capabilities: ['CAPABILITY_IAM'] },
  summary: 'update stack shop-production',
  targets: [
    {
      id: STACK,
      type: 'AWS::CloudFormation::Stack',
      name: 'shop-production',
      stack_name: 'shop-production',
      tags: { env: 'production', team: 'payments' },
    },
  ],
  impact: [
    line('delete', 'shop-jobs-dead', 'SQS::Queue', 'DeadJobs: deleted; 214 messages are lost', false),
    line('delete', 'shop-production-Thumbnails-8QeLkZ2vTn4c', 'Lambda::Function', 'Thumbnails: deleted', true),
    line(
      'replace',
      'shop-orders',
      'RDS::DBInstance',
      'Orders: replaced by a new one; the old one is deleted',
      false,
      { name: 'DBInstanceIdentifier', before: 'shop-orders', after: 'shop-orders-v2', replaces: 'always' },
      { name: 'EngineVersion', before: '14.9', after: '16.3' },
    ),
    line(
      'replace',
      'shop-web-lb',
      'ElasticLoadBalancingV2::LoadBalancer',
      'WebBalancer: replaced by a new one; the old one is deleted',
      true,
      { name: 'Scheme', before: 'internal', after: 'internet-facing', replaces: 'always' },
    ),
    line('expose', 'sg-0f3a91b2c4d5e6f70', 'EC2::SecurityGroup', 'WebAccess: opens 5432 to everybody', true, {
      name: 'SecurityGroupIngress',
      before: '10.0.0.0/16',
      after: '0.0.0.0/0',
    }),
    line('weaken', 'shop-invoices', 'S3::Bucket', 'Invoices: DeletionPolicy is lowered from Retain to Delete', true),
    line('disrupt', 'i-0abc1234def567890', 'EC2::Instance', 'Web: stopped and started', true, {
      name: 'InstanceType',
      before: 't3.large',
      after: 't3.xlarge',
    }),
    line('modify', 'shop-jobs', 'SQS::Queue', 'Jobs: changed in place', true, {
      name: 'VisibilityTimeout',
      before: '30',
      after: '60',
    }),
    line('modify', 'shop-cdn', 'CloudFront::Distribution', 'Cdn: changed in place', true, {
      name: 'PriceClass',
      before: 'PriceClass_All',
      after: 'PriceClass_100',
    }),
    line('create', 'Alarms', 'CloudWatch::Alarm', 'Alarms: created', true),
  ],
  agent: 'claude',
  operator: 'mara',
  reason:
    'The orders table needs the newer engine for the JSON index. I rename the instance so that CloudFormation can roll it out cleanly; this is a small, safe change.',
};

export const READS = [
  ['cloudformation_describe_stack', { stack_name: 'shop-production' }],
  ['cloudformation_list_stack_resources', { stack_name: 'shop-production' }],
  ['ec2_describe_instances', { filters: { 'tag:env': 'production' } }],
] as const;
