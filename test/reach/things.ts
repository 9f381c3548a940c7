/* What production's stack and development's have, and how the template of another stack names it. */

/** By logical id: type, what it needs, the property that names it, the attribute with its ARN (or `Ref`). */
const RESOURCES: Readonly<
  Record<string, readonly [type: string, properties: object, named?: string | undefined, arn?: string]>
> = {
  Acl: ['EC2::NetworkAcl', { VpcId: 'vpc-1' }],
  Address: ['EC2::EIP', {}, undefined, 'AllocationId'],
  Api: ['ApiGateway::RestApi', {}],
  App: ['ElasticBeanstalk::Application', {}, 'ApplicationName'],
  Balancer: ['ElasticLoadBalancingV2::LoadBalancer', {}, undefined, 'Ref'],
  Bucket: ['S3::Bucket', {}, 'BucketName', 'Arn'],
  Budget: ['Budgets::Budget', { Budget: {} }],
  Bus: ['Events::EventBus', { Name: { Ref: 'AWS::StackName' } }, 'Name', 'Arn'],
  Cluster: ['ECS::Cluster', {}, 'ClusterName', 'Arn'],
  Database: ['RDS::DBInstance', { DBInstanceClass: 'db.t4g.micro' }, 'DBInstanceIdentifier', 'DBInstanceArn'],
  Domain: ['ApiGateway::DomainName', { DomainName: { Ref: 'AWS::StackName' } }, 'DomainName'],
  Disk: ['EC2::Volume', { AvailabilityZone: 'eu-west-1a', Size: 1 }],
  Distribution: ['CloudFront::Distribution', { DistributionConfig: { Enabled: true } }],
  Edge: [
    'CloudFront::Function',
    { Name: { Ref: 'AWS::StackName' }, FunctionCode: 'x', FunctionConfig: {} },
    'Name',
    'FunctionARN',
  ],
  Files: ['EFS::FileSystem', {}],
  Fleet: ['AutoScaling::AutoScalingGroup', { MinSize: '1', MaxSize: '1' }, 'AutoScalingGroupName'],
  Function: [
    'Lambda::Function',
    { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Code: { ZipFile: 'x' } },
    'FunctionName',
    'Arn',
  ],
  Gateway: ['EC2::InternetGateway', {}],
  Graph: ['AppSync::GraphQLApi', { Name: 'g', AuthenticationType: 'AWS_IAM' }, undefined, 'ApiId'],
  HttpApi: ['ApiGatewayV2::Api', { Name: 'api', ProtocolType: 'HTTP' }],
  HttpDomain: ['ApiGatewayV2::DomainName', { DomainName: { Ref: 'AWS::StackName' } }, 'DomainName'],
  Key: ['KMS::Key', { KeyPolicy: {} }, undefined, 'Arn'],
  Job: ['Glue::Job', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Command: {} }],
  Listener: [
    'ElasticLoadBalancingV2::Listener',
    { LoadBalancerArn: { Ref: 'Balancer' }, DefaultActions: [] },
    undefined,
    'Ref',
  ],
  Logs: ['Logs::LogGroup', {}, 'LogGroupName', 'Arn'],
  Machine: ['EC2::Instance', { ImageId: 'ami-1' }],
  Managed: ['IAM::ManagedPolicy', { PolicyDocument: {} }, undefined, 'Ref'],
  People: ['IAM::Group', {}, 'GroupName'],
  Person: ['IAM::User', {}, 'UserName', 'Arn'],
  Panel: ['Route53RecoveryControl::ControlPanel', { Name: 'p' }, undefined, 'ControlPanelArn'],
  Plan: ['Backup::BackupPlan', { BackupPlan: { BackupPlanName: 'plan', BackupPlanRule: [] } }],
  Pool: ['Cognito::UserPool', {}],
  Profile: ['IAM::InstanceProfile', { Roles: [] }, 'InstanceProfileName'],
  Queue: ['SQS::Queue', {}, 'QueueName', 'Arn'],
  Replicator: ['DMS::ReplicationInstance', { ReplicationInstanceClass: 'dms.t3.micro' }],
  Role: ['IAM::Role', { AssumeRolePolicyDocument: {} }, 'RoleName', 'Arn'],
  Routes: ['EC2::RouteTable', { VpcId: 'vpc-1' }],
  Stored: ['SecretsManager::Secret', {}, undefined, 'Ref'],
  Stream: ['Kinesis::Stream', {}, 'Name', 'Arn'],
  Subnet: ['EC2::Subnet', { VpcId: 'vpc-1' }],
  Table: ['DynamoDB::Table', { KeySchema: [] }, 'TableName', 'Arn'],
  Target: ['DMS::Endpoint', { EndpointType: 'target', EngineName: 'postgres' }],
  TargetGroup: ['ElasticLoadBalancingV2::TargetGroup', {}, undefined, 'Ref'],
  Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { ImageId: 'ami-1' } }],
  Topic: ['SNS::Topic', {}, 'TopicName', 'Ref'],
  Vpc: ['EC2::VPC', { CidrBlock: '10.0.0.0/16' }],
  Wall: ['EC2::SecurityGroup', { GroupDescription: 'x' }],
  Zone: ['Route53::HostedZone', { Name: 'example.com' }],
};

/** How a template names things. */
export interface Things {
  ref(id: string): unknown;
  arn(id: string): unknown;
  /** A text with `{Id}` where the name is. */
  text(pattern: string): unknown;
}

/**
 * `t` has what is acted on, `mine` what the template makes itself. `untold`: whose it is can't be told here, as the
 * embedded cloud has no such ids; `wide`: it acts on the whole account, whatever it names.
 */
export type Way = (t: Things, mine: Things) => readonly [type: string, properties: object, ('untold' | 'wide')?];

/** A template with all of them, each called `PREFIX-id`, and exports of their names and ARNs. */
export function templateOf(prefix: string): object {
  const Resources = Object.fromEntries(Object.keys(RESOURCES).map((id) => [id, resource(id, prefix)]));
  const Outputs = Object.keys(RESOURCES).flatMap((id) => [
    [id, exported({ Ref: id }, `${prefix}-${id}`)] as const,
    ...(RESOURCES[id]?.[3] ? [[`${id}Arn`, exported(arnOf(id), `${prefix}-${id}-arn`)] as const] : []),
  ]);
  return { Resources, Outputs: Object.fromEntries(Outputs) };
}

function exported(Value: unknown, Name: string): object {
  return { Value, Export: { Name } };
}

function resource(id: string, prefix?: string): object {
  const [type, properties, named] = RESOURCES[id]!;
  const Name = named && prefix ? { [named]: `${prefix}-${id.toLowerCase()}` } : {};
  return { Type: `AWS::${type}`, Properties: { ...properties, ...Name } };
}

function arnOf(id: string): object {
  const attribute = RESOURCES[id]?.[3];
  if (!attribute) throw new Error(`${id} has no ARN here`);
  return attribute === 'Ref' ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] };
}

/** The template's own; `resources` has those that were named. */
export function ownThings(): Things & { readonly resources: Record<string, object> } {
  const resources: Record<string, object> = {};
  const used = (id: string): string => {
    resources[id] = resource(id);
    for (const [, needed = ''] of JSON.stringify(resources[id]).matchAll(/"(Role|Balancer)"/g)) used(needed);
    return id;
  };
  return {
    resources,
    ref: (id) => ({ Ref: used(id) }),
    arn: (id) => arnOf(used(id)),
    text: (pattern) => ({ 'Fn::Sub': pattern.replace(/\{(\w+)\}/g, (_, id: string) => `\${${used(id)}}`) }),
  };
}

/**
 * Another stack's, by what AWS calls it.
 * @param named by `ID` and `ID-arn`
 * @param say how the template writes it; `name` is that of its export, undefined where none is just that
 */
export function otherThings(
  named: (key: string) => string,
  say: (value: string, name: string | undefined) => unknown = (value) => value,
): Things {
  return {
    ref: (id) => say(named(id), id),
    arn: (id) => say(named(`${id}-arn`), `${id}-arn`),
    text: (pattern) =>
      say(
        pattern.replace(/\{(\w+)\}/g, (_, id: string) => named(id)),
        undefined,
      ),
  };
}

/** Names of the usual form that nothing has. */
export function nobodys(key: string): string {
  const [id = '', arn] = key.split('-');
  const [type = ''] = RESOURCES[id] ?? [];
  const [, kind = ''] = type.split('::');
  if (arn) return `arn:aws:${type.split('::')[0]?.toLowerCase()}:eu-west-1:123456789012:${kind.toLowerCase()}/lost`;
  return `lost-${id.toLowerCase()}`;
}
