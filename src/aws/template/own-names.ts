import { isRecord, record } from './document.ts';

/**
 * Whether an expression names a resource of its own template. The attacker writes names and expressions: what looks
 * like its own may be anyone's, so only what surely is none but the resource itself counts.
 */

/** `arn` and `id` can't be chosen; `name` can, so it counts only where the place is for names of that type. */
export type Identity = 'arn' | 'id' | 'name';

/** Types whose answers are made up by code, another template or an administrator. */
const MADE_UP = /^(?!AWS::)|^AWS::CloudFormation::/;

/** Types of which `Ref` gives what AWS made: an id, an ARN, a URL. Of all others it may be a name that was chosen. */
const REF_IS_MADE =
  /^AWS::(EC2::(?!KeyPair|PlacementGroup)|ApiGateway(V2)?::(?!Stage|DomainName|BasePathMapping|ApiMapping|GatewayResponse)|ApplicationAutoScaling::ScalableTarget$|CloudFront::(Distribution|Function)$|Cognito::(UserPool|UserPoolClient|IdentityPool)$|EFS::|ElasticLoadBalancingV2::|KMS::Key$|Lambda::(Alias|Version|LayerVersion)$|Route53::(HostedZone|HealthCheck)$|SecretsManager::Secret$|CertificateManager::Certificate$|SNS::(Topic|Subscription)$|SQS::Queue$|StepFunctions::|IAM::ManagedPolicy$|ECS::(Service|TaskDefinition)$|AutoScaling::ScalingPolicy$|Events::Connection)/;

/**
 * Attributes that name a part of the resource, beside its own `Arn`, `Id`, `Name` and `Url`. Others name what it was
 * given: a subnet's `VpcId` is anyone's.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const PARTS: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::RestApi.RootResourceId',
  'AWS::DynamoDB::GlobalTable.StreamArn',
  'AWS::DynamoDB::Table.StreamArn',
  'AWS::EC2::VPC.DefaultNetworkAcl',
  'AWS::EC2::VPC.DefaultSecurityGroup',
  'AWS::EKS::Cluster.ClusterSecurityGroupId',
  'AWS::RDS::DBCluster.DBClusterResourceId',
  'AWS::RDS::DBCluster.MasterUserSecret.SecretArn',
  'AWS::RDS::DBInstance.DbiResourceId',
  'AWS::RDS::DBInstance.MasterUserSecret.SecretArn',
]);

/**
 * What `Ref` or `Fn::GetAtt` gives, if that is the resource itself or a part of it.
 * @param purpose the name of the property that takes it, and what stands before it there
 */
export function identityOf(
  expression: Readonly<Record<string, unknown>>,
  purpose: string,
  resources: Readonly<Record<string, unknown>>,
): Identity | undefined {
  const [id, attribute] = targetOf(expression);
  if (id === undefined || !Object.hasOwn(resources, id)) return undefined;
  const { Type } = record(resources[id]);
  if (typeof Type !== 'string' || MADE_UP.test(Type)) return undefined;
  const last = Type.split('::').at(-1) ?? '';
  if (attribute === undefined) return REF_IS_MADE.test(Type) ? 'id' : fits(purpose, last) ? 'name' : undefined;
  if (PARTS.has(`${Type}.${attribute}`)) return attribute.endsWith('Arn') ? 'arn' : 'id';
  const [, stem, kind] = /^(.*?)(Arn|ARN|Id|Name|URL|Url)$/.exec(attribute) ?? [];
  if (stem === undefined || !last.toLowerCase().endsWith(stem.toLowerCase())) return undefined;
  if (kind === 'Name') return fits(purpose, last) ? 'name' : undefined;
  return kind?.toLowerCase() === 'arn' ? 'arn' : 'id';
}

function targetOf(expression: Readonly<Record<string, unknown>>): readonly [id?: string, attribute?: string] {
  const [[name, value] = ['', undefined], ...more] = Object.entries(expression);
  if (more.length > 0) return [];
  if (name === 'Ref') return typeof value === 'string' ? [value] : [];
  if (name !== 'Fn::GetAtt') return [];
  const [id, ...attribute] = typeof value === 'string' ? value.split('.') : Array.isArray(value) ? value : [];
  if (typeof id !== 'string' || attribute.length === 0) return [];
  return attribute.every((step) => typeof step === 'string') ? [id, attribute.join('.')] : [];
}

/** Is a place for names of a type? `FunctionName` takes a function's, not a policy's that is called like one. */
function fits(purpose: string, type: string): boolean {
  const [place, name] = [purpose.slice(-100).toLowerCase(), type.toLowerCase()];
  const stem = place.replace(/(s|arn|id|name|identifier|url)+$/, '');
  return place.includes(name) || (stem.length > 3 && name.endsWith(stem));
}

/** Does a value stand for itself, and is it no function? */
export function isLiteral(value: unknown): boolean {
  return (
    !isRecord(value) || !Object.keys(value).some((key) => key === 'Ref' || key === 'Condition' || key.includes('::'))
  );
}
