/** By which call the tags of a kind are read. */
export type TagSource = 'groups' | 'ec2' | 'role' | 'profile' | 'user' | 'policy' | 'asg' | 'none';

/** One kind of things whose names are unique in an account and region, so that a name and a type tell which it is. */
export interface Kind {
  /** CloudFormation's types of it. */
  readonly types: readonly string[];
  /** Reads the id from an ARN of the thing or of a part of it. */
  readonly idIn: RegExp;
  /** The ARN without partition, with `{id}`; undefined where the id alone doesn't make one. */
  readonly arn: string | undefined;
  /** What CloudFormation calls it: by its id, or by its ARN. */
  readonly physical: 'id' | 'arn';
  readonly tags: TagSource;
}

/**
 * `service:region:account:resource`, in which R and A stand for any region and account, `{id}` for one step, `{path}`
 * for several, `{last}` for the last of several, `*` for a step that is part of the name. What follows is a part of the
 * thing. A closed list: what isn't on it is found by its own tag or not at all, since a name that isn't unique (a
 * stage, a record) could as well be that of a resource in the asking agent's own stack.
 */
const TABLE: readonly (readonly [types: string, arn: string, tags?: TagSource])[] = [
  ['S3::Bucket', 's3:::{id}'],
  ['SQS::Queue', 'sqs:R:A:{id}'],
  ['SNS::Topic', 'sns:R:A:{id}'],
  ['DynamoDB::Table DynamoDB::GlobalTable', 'dynamodb:R:A:table/{id}'],
  ['Lambda::Function', 'lambda:R:A:function:{id}'],
  ['IAM::Role', 'iam::A:role/{last}', 'role'],
  ['IAM::InstanceProfile', 'iam::A:instance-profile/{last}', 'profile'],
  ['IAM::User', 'iam::A:user/{last}', 'user'],
  ['IAM::Group', 'iam::A:group/{last}', 'none'],
  ['IAM::ManagedPolicy', 'iam::A:policy/*', 'policy'],
  ['AutoScaling::AutoScalingGroup', 'autoscaling:R:A:autoScalingGroup:*:autoScalingGroupName/{id}', 'asg'],
  ['ECS::Cluster', 'ecs:R:A:cluster/{id}'],
  ['ECS::Service', 'ecs:R:A:service/*/*'],
  ['ElasticLoadBalancingV2::LoadBalancer', 'elasticloadbalancing:R:A:loadbalancer/*/*/*'],
  ['ElasticLoadBalancing::LoadBalancer', 'elasticloadbalancing:R:A:loadbalancer/{id}'],
  ['ElasticLoadBalancingV2::Listener', 'elasticloadbalancing:R:A:listener/*/*/*/*'],
  ['ElasticLoadBalancingV2::ListenerRule', 'elasticloadbalancing:R:A:listener-rule/*/*/*/*/*'],
  ['ElasticLoadBalancingV2::TargetGroup', 'elasticloadbalancing:R:A:targetgroup/*/*'],
  ['RDS::DBInstance', 'rds:R:A:db:{id}'],
  ['RDS::DBCluster Neptune::DBCluster DocDB::DBCluster', 'rds:R:A:cluster:{id}'],
  ['ElastiCache::ReplicationGroup', 'elasticache:R:A:replicationgroup:{id}'],
  ['Logs::LogGroup', 'logs:R:A:log-group:{path}'],
  ['SSM::Parameter', 'ssm:R:A:parameter/{path}'],
  ['SecretsManager::Secret', 'secretsmanager:R:A:secret:*'],
  ['KMS::Key', 'kms:R:A:key/{id}'],
  ['Events::EventBus', 'events:R:A:event-bus/{id}'],
  ['Kinesis::Stream', 'kinesis:R:A:stream/{id}'],
  ['KinesisFirehose::DeliveryStream', 'firehose:R:A:deliverystream/{id}'],
  ['StepFunctions::StateMachine', 'states:R:A:stateMachine:*'],
  ['CodeBuild::Project', 'codebuild:R:A:project/{id}'],
  ['CodePipeline::Pipeline', 'codepipeline:R:A:{id}'],
  ['ECR::Repository', 'ecr:R:A:repository/{path}'],
  ['EKS::Cluster', 'eks:R:A:cluster/{id}'],
  ['EFS::FileSystem', 'elasticfilesystem:R:A:file-system/{id}'],
  ['CloudWatch::Alarm', 'cloudwatch:R:A:alarm:{path}'],
  ['Route53::HostedZone', 'route53:::hostedzone/{id}'],
  ['CloudFront::Distribution', 'cloudfront::A:distribution/{id}'],
  ['Cognito::UserPool', 'cognito-idp:R:A:userpool/{id}'],
  ['ApiGateway::RestApi', 'apigateway:R::/restapis/{id}'],
  ['ApiGatewayV2::Api', 'apigateway:R::/apis/{id}'],
  ['OpenSearchService::Domain Elasticsearch::Domain', 'es:R:A:domain/{id}'],
  ['Redshift::Cluster', 'redshift:R:A:cluster:{id}'],
  ['Glue::Job', 'glue:R:A:job/{id}'],
  ['ElasticBeanstalk::Application', 'elasticbeanstalk:R:A:application/{id}'],
  ['CloudFormation::Stack', 'cloudformation:R:A:stack/*/*'],
];

/** What EC2's ids name: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const EC2_TYPES: Readonly<Record<string, string>> = {
  acl: 'NetworkAcl',
  ami: 'Image',
  cgw: 'CustomerGateway',
  dopt: 'DHCPOptions',
  eigw: 'EgressOnlyInternetGateway',
  eipalloc: 'EIP',
  eni: 'NetworkInterface',
  fl: 'FlowLog',
  i: 'Instance',
  igw: 'InternetGateway',
  lt: 'LaunchTemplate',
  nat: 'NatGateway',
  pcx: 'VPCPeeringConnection',
  pl: 'PrefixList',
  rtb: 'RouteTable',
  sg: 'SecurityGroup',
  snap: 'Snapshot',
  subnet: 'Subnet',
  tgw: 'TransitGateway',
  'tgw-attach': 'TransitGatewayAttachment',
  'tgw-rtb': 'TransitGatewayRouteTable',
  vgw: 'VPNGateway',
  vol: 'Volume',
  vpc: 'VPC',
  vpce: 'VPCEndpoint',
  vpn: 'VPNConnection',
};

/** Ids of EC2's own are unique whatever they name; `ec2TypeOf` tells it. */
export const EC2: Kind = {
  types: [],
  idIn: /^ec2:[a-z0-9-]+:\d{12}:[a-z-]+\/(?<id>[a-z]+-[0-9a-f]+)$/,
  arn: undefined,
  physical: 'id',
  tags: 'ec2',
};

const KINDS: readonly Kind[] = TABLE.map(([types, arn, tags = 'groups']) => ({
  types: types.split(' ').map((type) => `AWS::${type}`),
  idIn: idIn(arn),
  arn: /\{(id|path|last)\}/.test(arn) && !arn.includes('*') ? arn.replace(/\{\w+\}/, '{id}') : undefined,
  physical: /\{/.test(arn) && arn !== 'sns:R:A:{id}' ? 'id' : 'arn',
  tags,
}));

function idIn(arn: string): RegExp {
  const [service = '', region, account, ...rest] = arn.split(':');
  const resource = rest
    .join(':')
    .replaceAll('*', '[^:/]+')
    .replace('{id}', '(?<id>[^:/]+)')
    .replace('{path}', '(?<id>[^:]+)')
    .replace('{last}', '(?:[^:]*/)?(?<id>[^:/]+)');
  return new RegExp(`^${service}:${region ? '[a-z0-9-]+' : ''}:${account ? '\\d{12}' : ''}:${resource}(?:[:/].*)?$`);
}

/** @param rest an ARN without `arn:PARTITION:` */
export function kindInArn(rest: string): { kind: Kind; id: string | undefined } | undefined {
  for (const kind of [EC2, ...KINDS]) {
    const match = kind.idIn.exec(rest);
    if (match) return { kind, id: match.groups?.id };
  }
  return undefined;
}

export function kindOfType(type: string): Kind | undefined {
  return type.startsWith('AWS::EC2::') ? EC2 : KINDS.find(({ types }) => types.includes(type));
}

/** The type of what an id of EC2's own names; undefined for any other text. */
export function ec2TypeOf(id: string): string | undefined {
  const prefix = /^([a-z]+(?:-[a-z]+)?)-[0-9a-f]{8,17}$/.exec(id)?.[1] ?? '';
  return Object.hasOwn(EC2_TYPES, prefix) ? `AWS::EC2::${EC2_TYPES[prefix]}` : undefined;
}
