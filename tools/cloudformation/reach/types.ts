/**
 * What a property of this name names in CloudFormation's templates, whatever the type that has it. A closed list:
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

/** @param path of the value, `LogicalId.Property.0` */
export function typeNamedAt(path: string): string | undefined {
  const last =
    path
      .split('.')
      .filter((step) => !/^\d+$/.test(step))
      .at(-1) ?? '';
  return Object.hasOwn(BY_PROPERTY, last) ? BY_PROPERTY[last] : undefined;
}
