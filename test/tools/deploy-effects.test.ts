import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { effects, propose, testAws } from '../scenes/tools.ts';

/* Through a change set that the embedded cloud makes: what AWS lists, and how, is part of what is judged. */

let cloud: Cloud;
let aws: Aws;

const rule = (CidrIp: string) => ({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp });
const RESOURCES = {
  Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } },
  Group: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: 'web', SecurityGroupIngress: [rule('10.0.0.0/8')] },
  },
  Web: { Type: 'AWS::EC2::Instance', Properties: { ImageId: 'ami-1', InstanceType: 't3.micro' } },
  Files: {
    Type: 'AWS::S3::Bucket',
    Properties: { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } } },
  },
  Orders: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      Replicas: [{ Region: 'eu-west-1' }, { Region: 'us-east-1' }],
    },
  },
  Fleet: {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: { MinSize: '1', MaxSize: '4', LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' } },
  },
  Cluster: {
    Type: 'AWS::EKS::Cluster',
    Properties: {
      RoleArn: 'arn:aws:iam::123456789012:role/eks',
      ResourcesVpcConfig: { SubnetIds: ['subnet-1'], EndpointPublicAccess: false },
    },
  },
  Database: {
    Type: 'AWS::RDS::DBInstance',
    Properties: { Engine: 'postgres', DBInstanceClass: 'db.t4g.micro', DeleteAutomatedBackups: false },
  },
};
type Name = keyof typeof RESOURCES;

beforeAll(async () => {
  cloud = await startCloud({ stacks: [{ name: 'app', template: { Resources: RESOURCES } }] }, { latencyMs: 5 });
  aws = testAws(cloud.endpoint);
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

/** The stack's resources with one of them changed. */
function altered(name: Name, properties: object, attributes: object = {}) {
  const resource = RESOURCES[name];
  return {
    ...RESOURCES,
    [name]: { ...resource, ...attributes, Properties: { ...resource.Properties, ...properties } },
  };
}

function withNew(Type: string, Properties: object = {}) {
  return { ...RESOURCES, New: { Type, Properties } };
}

test.each<[string, object, string]>([
  ['a queue is tuned', altered('Queue', { VisibilityTimeout: 60 }), 'modify AWS::SQS::Queue'],
  ['a queue is added', withNew('AWS::SQS::Queue'), 'create AWS::SQS::Queue'],
  [
    'a table is added',
    withNew('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
    'create AWS::DynamoDB::Table',
  ],
  [
    'a schedule that stops a group of another stack is added',
    withNew('AWS::AutoScaling::ScheduledAction', { AutoScalingGroupName: 'theirs', DesiredCapacity: 0 }),
    'disrupt AWS::AutoScaling::ScheduledAction',
  ],
  [
    'a schedule that stops a group of its own is added',
    withNew('AWS::AutoScaling::ScheduledAction', { AutoScalingGroupName: { Ref: 'Fleet' }, DesiredCapacity: 0 }),
    'disrupt AWS::AutoScaling::ScheduledAction',
  ],
  ['a bucket is added', withNew('AWS::S3::Bucket'), 'create AWS::S3::Bucket'],
  [
    'an instance in the default group is added',
    withNew('AWS::EC2::Instance', { ImageId: 'ami-1', InstanceType: 't3.micro', Tags: [{ Key: 'env', Value: 'dev' }] }),
    'expose AWS::EC2::Instance',
  ],
  [
    'an instance is added to a group of the stack',
    withNew('AWS::EC2::Instance', { ImageId: 'ami-1', SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] }),
    'create AWS::EC2::Instance',
  ],
  [
    'an instance is added to a group that is not of the stack',
    withNew('AWS::EC2::Instance', { ImageId: 'ami-1', SecurityGroupIds: ['sg-0123abcd'] }),
    'expose AWS::EC2::Instance',
  ],
  [
    'a public bucket is added',
    withNew('AWS::S3::Bucket', {
      AccessControl: 'PublicReadWrite',
      PublicAccessBlockConfiguration: { BlockPublicAcls: false },
    }),
    'expose AWS::S3::Bucket',
  ],
  [
    'a group is opened to the internet in halves',
    altered('Group', { SecurityGroupIngress: [rule('0.0.0.0/1'), rule('128.0.0.0/1')] }),
    'expose AWS::EC2::SecurityGroup',
  ],
  [
    'a switch within a property is turned',
    altered('Cluster', { ResourcesVpcConfig: { SubnetIds: ['subnet-1'], EndpointPublicAccess: true } }),
    'expose AWS::EKS::Cluster',
  ],
  ['an instance gets a tag', altered('Web', { Tags: [{ Key: 'env', Value: 'dev' }] }), 'weaken AWS::EC2::Instance'],
  [
    'locked objects are locked for less',
    altered('Files', { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 1 } } } }),
    'weaken AWS::S3::Bucket',
  ],
  [
    'objects expire',
    altered('Files', { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 1 }] } }),
    'delete AWS::S3::Bucket',
  ],
  ['a replica goes', altered('Orders', { Replicas: [{ Region: 'eu-west-1' }] }), 'delete AWS::DynamoDB::GlobalTable'],
  [
    'items expire',
    altered('Orders', { TimeToLiveSpecification: { AttributeName: 'at', Enabled: true } }),
    'delete AWS::DynamoDB::GlobalTable',
  ],
  [
    'a fleet gets another launch template',
    altered('Fleet', { LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '2' } }),
    // It isn't there, so nobody knows what it brings; without an UpdatePolicy the instances that run stay.
    'unknown AWS::EC2::LaunchTemplate, expose AWS::AutoScaling::AutoScalingGroup',
  ],
  ['backups would go along', altered('Database', { DeleteAutomatedBackups: true }), 'weaken AWS::RDS::DBInstance'],
  [
    'the snapshot that is the default is given up',
    altered('Database', {}, { DeletionPolicy: 'Delete' }),
    'weaken AWS::RDS::DBInstance',
  ],
  [
    'a stack set is added',
    withNew('AWS::CloudFormation::StackSet', { StackSetName: 's', PermissionModel: 'SERVICE_MANAGED' }),
    'unknown AWS::CloudFormation::StackSet',
  ],
])('%s', async (_, Resources, expected) => {
  const proposal = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'app',
    template_body: JSON.stringify({ Resources }),
  });
  expect(effects(proposal)).toEqual(expected.split(', '));
  expect((await proposal.again()).impact).toEqual(proposal.impact);
  await proposal.discard();
});
