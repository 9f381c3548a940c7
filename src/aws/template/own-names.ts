import { NUMBERED, THINGS } from '../../../tools/ports/own-things.ts';
import { isRecord, record } from './document.ts';
import { MADE_REFS } from './made-refs.ts';

/*
 * Whether an expression names a resource of its own template. The attacker writes names and expressions: what looks
 * like its own may be anyone's, so only what surely is none but the resource itself counts. All lists here are of whole
 * types, and what isn't on them is another's.
 */

/** A reference to a resource of the template, and what it gives: ids and ARNs are made by AWS, a name may be chosen. */
export interface Own {
  readonly logical_id: string;
  readonly type: string;
  readonly gives: 'arn' | 'id' | 'name';
  readonly attribute: string;
}

/** Where a name would stand: the type of the resource that takes it, and the property. */
export interface Taker {
  readonly type: string;
  readonly property: string;
  /** Beside it stands that it is in the stack's own region. */
  readonly isHere: boolean;
}

/** Types whose answers are made up by code, another template or an administrator. */
const MADE_UP = /^(?!AWS::)|^AWS::CloudFormation::/;

/**
 * Ids of parts that AWS makes with the resource. Other attributes name what it was given: a subnet's `VpcId` is
 * anyone's.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const PARTS: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::RestApi.RootResourceId',
  'AWS::AppSync::Api.ApiId',
  'AWS::AppSync::GraphQLApi.ApiId',
  'AWS::CloudFront::Distribution.Id',
  'AWS::CloudFront::Function.FunctionARN',
  'AWS::CloudFront::Function.FunctionMetadata.FunctionARN',
  'AWS::DynamoDB::GlobalTable.StreamArn',
  'AWS::DynamoDB::Table.StreamArn',
  'AWS::EC2::EIP.AllocationId',
  'AWS::EC2::VPC.DefaultNetworkAcl',
  'AWS::EC2::VPC.DefaultSecurityGroup',
  'AWS::ECR::Repository.RepositoryUri',
  'AWS::EKS::Cluster.ClusterSecurityGroupId',
  'AWS::RDS::DBCluster.DBClusterResourceId',
  'AWS::RDS::DBCluster.MasterUserSecret.SecretArn',
  'AWS::RDS::DBInstance.DbiResourceId',
  'AWS::RDS::DBInstance.MasterUserSecret.SecretArn',
  'AWS::Route53::HostedZone.Id',
  'AWS::SQS::Queue.QueueUrl',
  'AWS::SecretsManager::Secret.Id',
]);

/**
 * Places of other services' names, by what their property is called without what says that it is a name. A name goes
 * elsewhere only within its own service, where a property is called exactly like the type.
 */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  functionversion: ['AWS::Lambda::Version'],
  bucket: ['AWS::S3::Bucket'],
  s3bucket: ['AWS::S3::Bucket'],
  iaminstanceprofile: ['AWS::IAM::InstanceProfile'],
  autoscalinggroup: ['AWS::AutoScaling::AutoScalingGroup'],
  targetbackupvault: ['AWS::Backup::BackupVault'],
  targetfunction: ['AWS::Lambda::Function'],
  scalingtarget: ['AWS::ApplicationAutoScaling::ScalableTarget'],
};

/** The reference that an expression is; undefined where it is none, or isn't surely the resource itself. */
export function ownReference(
  expression: Readonly<Record<string, unknown>>,
  resources: Readonly<Record<string, unknown>>,
): Own | undefined {
  const [id, attribute] = targetOf(expression);
  if (id === undefined || !Object.hasOwn(resources, id)) return undefined;
  const { Type: type } = record(resources[id]);
  if (typeof type !== 'string' || MADE_UP.test(type)) return undefined;
  const gives = attribute === undefined ? givenByRef(type) : givenBy(type, attribute);
  return gives && { logical_id: id, type, gives, attribute: attribute ?? 'Ref' };
}

/**
 * May a name of this type stand there, and no other's? The attacker calls a table of their own as production's is
 * called in another region, and has AppSync look there.
 */
export function isPlaceOf(type: string, { type: taker, property, isHere }: Taker): boolean {
  const place = stemOf(property);
  // A role's name is taken once in an account, and a role of another account isn't meant by a name.
  if (type === 'AWS::IAM::Role' && !taker.startsWith('AWS::IAM::') && place.endsWith('role')) return true;
  if (taker === 'AWS::AppSync::DataSource' && property === 'TableName')
    return isHere && /^AWS::DynamoDB::(Global)?Table$/.test(type);
  if (Object.hasOwn(PLACES, place) && PLACES[place]?.includes(type)) return true;
  const [, service, last = ''] = type.split('::');
  return service === taker.split('::')[1] && stemOf(last) === place && place !== '';
}

/** `EventBus` of `EventBusName`; a test holds that no two types of a service have the same. */
function stemOf(name: string): string {
  return name.toLowerCase().replace(/(s|arn|id|name|identifier|url)+$/, '');
}

function givenByRef(type: string): Own['gives'] {
  if (isThing(type, 'Ref')) return 'arn';
  return MADE_REFS.has(type) ? 'id' : 'name';
}

function givenBy(type: string, attribute: string): Own['gives'] | undefined {
  const last = type.split('::').at(-1) ?? '';
  if (PARTS.has(`${type}.${attribute}`)) return attribute.endsWith('Arn') ? 'arn' : 'id';
  if (Object.hasOwn(NUMBERED, type) && NUMBERED[type] === attribute) return 'name';
  // `TopicArn` of a `Topic`, `GroupId` of a `SecurityGroup`; a test holds that no template can set such an attribute.
  const [, stem, end] = /^(.*)(Arn|Id|Name)$/.exec(attribute) ?? [];
  const isItself = stem !== undefined && last.toLowerCase().endsWith(stem.toLowerCase());
  if (isThing(type, attribute) || (isItself && end === 'Arn')) return 'arn';
  if (isItself && end === 'Name') return 'name';
  return isItself && end === 'Id' && stem !== '' && MADE_REFS.has(type) ? 'id' : undefined;
}

function isThing(type: string, attribute: string): boolean {
  return Object.hasOwn(THINGS, type) && (THINGS[type]?.arn.includes(attribute) ?? false);
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

/** Does a value stand for itself, and is it no function? */
export function isLiteral(value: unknown): boolean {
  return (
    !isRecord(value) || !Object.keys(value).some((key) => key === 'Ref' || key === 'Condition' || key.includes('::'))
  );
}
