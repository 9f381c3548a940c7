/**
 * What a property of this name names in CloudFormation's templates: within the same service (Glue's `TableName` is
 * another's than DynamoDB's), or anywhere where nobody can choose the name, or all accounts share them. A closed list:
 * without a type a bare name could be anything's, and counts as nobody's.
 */
const BY_PROPERTY: Readonly<Record<string, string>> = {
  AutoScalingGroupName: 'AWS::AutoScaling::AutoScalingGroup',
  Bucket: 'AWS::S3::Bucket',
  BucketName: 'AWS::S3::Bucket',
  DBClusterIdentifier: 'AWS::RDS::DBCluster',
  DBInstanceIdentifier: 'AWS::RDS::DBInstance',
  FunctionName: 'AWS::Lambda::Function',
  HostedZoneId: 'AWS::Route53::HostedZone',
  InstanceProfileName: 'AWS::IAM::InstanceProfile',
  LogGroupName: 'AWS::Logs::LogGroup',
  QueueName: 'AWS::SQS::Queue',
  Queues: 'AWS::SQS::Queue',
  RestApiId: 'AWS::ApiGateway::RestApi',
  RoleName: 'AWS::IAM::Role',
  Roles: 'AWS::IAM::Role',
  StreamName: 'AWS::Kinesis::Stream',
  TableName: 'AWS::DynamoDB::Table',
  UserName: 'AWS::IAM::User',
  UserPoolId: 'AWS::Cognito::UserPool',
  Users: 'AWS::IAM::User',
};

const ANYWHERE: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::RestApi',
  'AWS::Cognito::UserPool',
  'AWS::Route53::HostedZone',
  'AWS::S3::Bucket',
]);

/**
 * @param by the type of the resource that has the property
 * @param path of the value, `LogicalId.Property.0`
 */
export function typeNamedAt(by: string, path: string): string | undefined {
  const last =
    path
      .split('.')
      .filter((step) => !/^\d+$/.test(step))
      .at(-1) ?? '';
  const type = Object.hasOwn(BY_PROPERTY, last) ? BY_PROPERTY[last] : undefined;
  const isSame = type?.split('::')[1] === by.split('::')[1];
  return type !== undefined && (isSame || ANYWHERE.has(type)) ? type : undefined;
}
