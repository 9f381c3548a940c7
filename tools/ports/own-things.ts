/**
 * How templates name what they make, in policies and elsewhere. A reference of another kind (a parameter's value, an
 * attribute that only gives back what the template put in) may give any name, and isn't here.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-type-ref.html
 */
export interface Thing {
  /** What gives its ARN: attributes, or `Ref`. */
  readonly arn: readonly string[];
  /**
   * What gives its name or id, and the ARNs in which that stands, up to it. `R` is the stack's region, `A` its account.
   */
  readonly named?: {
    readonly by: readonly string[];
    readonly in: readonly string[];
    /** AWS makes up the id: in no other region or account is one that is called so. */
    readonly unique?: true;
  };
  /**
   * What begins that which is in it, after its ARN or name. Absent where the same text may go on to another thing: a
   * role called `service-role` is the beginning of every role in that path.
   */
  readonly within?: '/' | ':';
}

export const THINGS: Readonly<Record<string, Thing>> = {
  'AWS::ApiGateway::RestApi': {
    arn: [],
    named: { by: ['Ref', 'RestApiId'], in: ['execute-api:R:A:'], unique: true },
    within: '/',
  },
  'AWS::ApiGatewayV2::Api': {
    arn: [],
    named: { by: ['Ref', 'ApiId'], in: ['execute-api:R:A:'], unique: true },
    within: '/',
  },
  'AWS::AppSync::GraphQLApi': {
    arn: ['Arn', 'Ref'],
    named: { by: ['ApiId'], in: ['appsync:R:A:apis/'], unique: true },
    within: '/',
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': { arn: ['Arn', 'Ref'] },
  'AWS::Athena::WorkGroup': { arn: [], named: { by: ['Ref'], in: ['athena:R:A:workgroup/'] } },
  'AWS::CloudFront::Distribution': {
    arn: [],
    named: { by: ['Ref', 'Id'], in: ['cloudfront::A:distribution/'], unique: true },
  },
  'AWS::CloudWatch::Alarm': { arn: ['Arn'], named: { by: ['Ref'], in: ['cloudwatch:R:A:alarm:'] } },
  'AWS::CodeBuild::Project': { arn: ['Arn'], named: { by: ['Ref'], in: ['codebuild:R:A:project/'] } },
  'AWS::CodeCommit::Repository': { arn: ['Arn'], named: { by: ['Name'], in: ['codecommit:R:A:'] } },
  'AWS::CodePipeline::Pipeline': { arn: [], named: { by: ['Ref'], in: ['codepipeline:R:A:'] } },
  'AWS::Cognito::UserPool': {
    arn: ['Arn'],
    named: { by: ['Ref', 'UserPoolId'], in: ['cognito-idp:R:A:userpool/'], unique: true },
  },
  'AWS::Config::ConfigRule': { arn: ['Arn'] },
  'AWS::DynamoDB::GlobalTable': {
    arn: ['Arn', 'StreamArn'],
    named: { by: ['Ref'], in: ['dynamodb:R:A:table/'] },
    within: '/',
  },
  'AWS::DynamoDB::Table': {
    arn: ['Arn', 'StreamArn'],
    named: { by: ['Ref'], in: ['dynamodb:R:A:table/'] },
    within: '/',
  },
  'AWS::DirectoryService::MicrosoftAD': { arn: [], named: { by: ['Ref'], in: ['ds:R:A:directory/'], unique: true } },
  // The group that AWS makes with it. What other attributes name isn't made by it.
  'AWS::EC2::VPC': {
    arn: [],
    named: { by: ['DefaultSecurityGroup'], in: ['ec2:R:A:security-group/'], unique: true },
  },
  'AWS::ECR::Repository': { arn: ['Arn'], named: { by: ['Ref'], in: ['ecr:R:A:repository/'] }, within: ':' },
  'AWS::ECS::CapacityProvider': { arn: [], named: { by: ['Ref'], in: ['ecs:R:A:capacity-provider/'] } },
  'AWS::ECS::Cluster': {
    arn: ['Arn'],
    named: { by: ['Ref'], in: ['ecs:R:A:cluster/', 'ecs:R:A:task/', 'ecs:R:*:task/'] },
    within: '/',
  },
  'AWS::ECS::Service': { arn: ['Ref', 'ServiceArn'] },
  'AWS::ECS::TaskDefinition': { arn: ['Ref', 'TaskDefinitionArn'] },
  'AWS::EFS::AccessPoint': { arn: ['Arn'] },
  'AWS::EFS::FileSystem': {
    arn: ['Arn'],
    named: { by: ['Ref', 'FileSystemId'], in: ['elasticfilesystem:R:A:file-system/'] },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': { arn: ['Ref', 'TargetGroupArn'] },
  'AWS::Events::EventBus': { arn: ['Arn'], named: { by: ['Ref', 'Name'], in: ['events:R:A:event-bus/'] } },
  'AWS::Events::Rule': { arn: ['Arn'], named: { by: ['Ref'], in: ['events:R:A:rule/'] } },
  'AWS::IAM::ManagedPolicy': { arn: ['Ref', 'PolicyArn'] },
  'AWS::IAM::InstanceProfile': { arn: ['Arn'], named: { by: ['Ref'], in: ['iam::A:instance-profile/'] } },
  // A name is taken once in an account, whatever path is before it.
  'AWS::IAM::Role': { arn: ['Arn'], named: { by: ['Ref'], in: ['iam::A:role/'] } },
  'AWS::IoT::TopicRule': { arn: ['Arn'], named: { by: ['Ref'], in: ['iot:R:A:rule/'] } },
  'AWS::KMS::Key': { arn: ['Arn'], named: { by: ['Ref', 'KeyId'], in: ['kms:R:A:key/'] } },
  'AWS::Kinesis::Stream': { arn: ['Arn'], named: { by: ['Ref'], in: ['kinesis:R:A:stream/'] } },
  'AWS::KinesisFirehose::DeliveryStream': {
    arn: ['Arn'],
    named: { by: ['Ref'], in: ['firehose:R:A:deliverystream/'] },
  },
  'AWS::Lambda::Function': { arn: ['Arn'], named: { by: ['Ref'], in: ['lambda:R:A:function:'] }, within: ':' },
  'AWS::Logs::LogGroup': { arn: ['Arn'], named: { by: ['Ref'], in: ['logs:R:A:log-group:'] }, within: ':' },
  'AWS::OpenSearchService::Domain': {
    arn: ['Arn', 'DomainArn'],
    named: { by: ['Ref'], in: ['es:R:A:domain/'] },
    within: '/',
  },
  'AWS::Pipes::Pipe': { arn: ['Arn'], named: { by: ['Ref'], in: ['pipes:R:A:pipe/'] } },
  'AWS::RDS::DBCluster': {
    arn: ['DBClusterArn'],
    named: { by: ['DBClusterResourceId'], in: ['rds-db:R:A:dbuser:'] },
    within: '/',
  },
  'AWS::RDS::DBInstance': {
    arn: ['DBInstanceArn'],
    named: { by: ['DbiResourceId'], in: ['rds-db:R:A:dbuser:'] },
    within: '/',
  },
  'AWS::S3::Bucket': { arn: ['Arn'], named: { by: ['Ref'], in: ['s3:::'] }, within: '/' },
  'AWS::SNS::Topic': { arn: ['Ref', 'TopicArn'], named: { by: ['TopicName'], in: ['sns:R:A:'] }, within: ':' },
  'AWS::SQS::Queue': { arn: ['Arn'], named: { by: ['QueueName'], in: ['sqs:R:A:'] } },
  'AWS::SSM::Parameter': { arn: [], named: { by: ['Ref'], in: ['ssm:R:A:parameter', 'ssm:R:A:parameter/'] } },
  'AWS::Scheduler::Schedule': { arn: ['Arn'] },
  'AWS::Scheduler::ScheduleGroup': { arn: ['Arn'] },
  'AWS::SecretsManager::Secret': { arn: ['Ref', 'Id'], within: ':' },
  'AWS::StepFunctions::StateMachine': {
    arn: ['Ref', 'Arn'],
    named: { by: ['Name'], in: ['states:R:A:stateMachine:', 'states:R:A:execution:'] },
    within: ':',
  },
};

/**
 * Versions that are called by a number, and the attribute that gives it. Versions of other things have the same number:
 * it says which one is meant only beside the thing itself.
 */
export const NUMBERED: Readonly<Record<string, string>> = {
  'AWS::Bedrock::FlowVersion': 'Version',
  'AWS::Lambda::Version': 'Version',
  'AWS::Lex::BotVersion': 'BotVersion',
};

/** Of what they are versions, by a property that names the same in what serves them. */
export const VERSION_OF: Readonly<Record<string, string>> = {
  'AWS::Bedrock::FlowVersion': 'FlowArn',
  'AWS::Lambda::Version': 'FunctionName',
  'AWS::Lex::BotVersion': 'BotId',
};
