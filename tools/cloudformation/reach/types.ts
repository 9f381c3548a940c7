/**
 * What a property names in CloudFormation's templates, by `Service.Property`: Glue's `TableName` is another's than
 * DynamoDB's. A closed list: without a type a bare name could be anything's, and counts as nobody's.
 */
const BY_PROPERTY: Readonly<Record<string, string>> = {
  'ApiGateway.ApiId': 'AWS::ApiGateway::RestApi',
  'ApiGatewayV2.ApiId': 'AWS::ApiGatewayV2::Api',
  'AutoScaling.AutoScalingGroupName': 'AWS::AutoScaling::AutoScalingGroup',
  'CloudFront.DistributionId': 'AWS::CloudFront::Distribution',
  'DynamoDB.TableName': 'AWS::DynamoDB::Table',
  'ECS.Cluster': 'AWS::ECS::Cluster',
  'EFS.FileSystemId': 'AWS::EFS::FileSystem',
  'ElasticBeanstalk.ApplicationName': 'AWS::ElasticBeanstalk::Application',
  'Events.EventBusName': 'AWS::Events::EventBus',
  'Glue.JobName': 'AWS::Glue::Job',
  'IAM.GroupName': 'AWS::IAM::Group',
  'IAM.Groups': 'AWS::IAM::Group',
  'IAM.InstanceProfileName': 'AWS::IAM::InstanceProfile',
  'IAM.RoleName': 'AWS::IAM::Role',
  'IAM.Roles': 'AWS::IAM::Role',
  'IAM.UserName': 'AWS::IAM::User',
  'IAM.Users': 'AWS::IAM::User',
  'KMS.TargetKeyId': 'AWS::KMS::Key',
  'Kinesis.StreamName': 'AWS::Kinesis::Stream',
  'Lambda.FunctionName': 'AWS::Lambda::Function',
  'Logs.LogGroupName': 'AWS::Logs::LogGroup',
  'RDS.DBClusterIdentifier': 'AWS::RDS::DBCluster',
  'RDS.DBInstanceIdentifier': 'AWS::RDS::DBInstance',
  'SQS.QueueName': 'AWS::SQS::Queue',
  'SQS.Queues': 'AWS::SQS::Queue',
};

/** The same in any service: nobody can choose the name, all accounts share them, or the property tells the service. */
const ANYWHERE: Readonly<Record<string, string>> = {
  Bucket: 'AWS::S3::Bucket',
  BucketName: 'AWS::S3::Bucket',
  HostedZoneId: 'AWS::Route53::HostedZone',
  IamInstanceProfile: 'AWS::IAM::InstanceProfile',
  RestApiId: 'AWS::ApiGateway::RestApi',
  UserPoolId: 'AWS::Cognito::UserPool',
};

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
  if (Object.hasOwn(ANYWHERE, last)) return ANYWHERE[last];
  const within = `${by.split('::')[1]}.${last}`;
  return Object.hasOwn(BY_PROPERTY, within) ? BY_PROPERTY[within] : undefined;
}
