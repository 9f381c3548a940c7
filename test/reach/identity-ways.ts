import type { Way } from './things.ts';

/** Ways through messages, stored data, code and identities. */
export const MORE_WAYS: Readonly<Record<string, Way>> = {
  // Messages
  'a target of a rule': (t) => ['Events::Rule', { Targets: [{ Id: 'a', Arn: t.arn('Queue') }] }],
  'a rule of a bus': (t) => ['Events::Rule', { EventBusName: t.ref('Bus'), EventPattern: { source: ['orders'] } }],
  'an archive of a bus': (t) => ['Events::Archive', { SourceArn: t.arn('Bus') }],
  'who may send to a bus': (t) => ['Events::EventBusPolicy', { EventBusName: t.ref('Bus'), StatementId: 's' }],
  'a consumer of a queue': (t, mine) => [
    'Lambda::EventSourceMapping',
    { FunctionName: mine.ref('Function'), EventSourceArn: t.arn('Queue') },
  ],
  'a consumer of a stream': (t) => ['Kinesis::StreamConsumer', { StreamARN: t.arn('Stream'), ConsumerName: 'c' }],
  'a subscription to a topic': (t) => ['SNS::Subscription', { TopicArn: t.arn('Topic'), Protocol: 'email' }],
  'a policy of a topic': (t) => ['SNS::TopicPolicy', { Topics: [t.arn('Topic')], PolicyDocument: {} }],
  'a policy of a queue': (t) => ['SQS::QueuePolicy', { Queues: [t.ref('Queue')], PolicyDocument: {} }],
  'an action of an alarm': (t) => [
    'CloudWatch::Alarm',
    { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, AlarmActions: [t.arn('Topic')] },
  ],
  'a target of a schedule': (t, mine) => [
    'Scheduler::Schedule',
    {
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression: 'rate(1 minute)',
      Target: { Arn: t.arn('Function'), RoleArn: mine.arn('Role') },
    },
  ],
  'a filter of logs that sends them on': (t, mine) => [
    'Logs::SubscriptionFilter',
    { LogGroupName: t.ref('Logs'), FilterPattern: '', DestinationArn: mine.arn('Stream') },
  ],
  'a filter of logs that counts': (t) => [
    'Logs::MetricFilter',
    { LogGroupName: t.ref('Logs'), FilterPattern: '', MetricTransformations: [] },
  ],
  // Stored data
  'a policy of a bucket': (t) => ['S3::BucketPolicy', { Bucket: t.ref('Bucket'), PolicyDocument: {} }],
  'an access point of a bucket': (t) => ['S3::AccessPoint', { Bucket: t.ref('Bucket') }],
  'a selection of what is backed up': (t, mine) => [
    'Backup::BackupSelection',
    {
      BackupPlanId: mine.ref('Plan'),
      BackupSelection: { SelectionName: 's', IamRoleArn: mine.arn('Role'), Resources: [t.arn('Table')] },
    },
  ],
  'a snapshot of a database': (t) => [
    'RDS::DBSnapshot',
    { DBInstanceIdentifier: t.ref('Database'), DBSnapshotIdentifier: 's' },
  ],
  'the rotation of a secret': (t) => ['SecretsManager::RotationSchedule', { SecretId: t.arn('Stored') }, 'untold'],
  'a policy of a secret': (t) => [
    'SecretsManager::ResourcePolicy',
    { SecretId: t.arn('Stored'), ResourcePolicy: {} },
    'untold',
  ],
  'an alias of a key': (t) => ['KMS::Alias', { AliasName: 'alias/mine', TargetKeyId: t.ref('Key') }],
  // Code
  'who may call a function': (t) => [
    'Lambda::Permission',
    { FunctionName: t.ref('Function'), Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
  ],
  'a version of a function': (t) => ['Lambda::Version', { FunctionName: t.ref('Function') }],
  'an alias of a function': (t) => [
    'Lambda::Alias',
    { FunctionName: t.arn('Function'), FunctionVersion: '1', Name: 'a' },
  ],
  'where failed calls of a function go': (t) => [
    'Lambda::EventInvokeConfig',
    { FunctionName: t.ref('Function'), Qualifier: '$LATEST' },
  ],
  'the URL of a function': (t) => ['Lambda::Url', { TargetFunctionArn: t.arn('Function'), AuthType: 'AWS_IAM' }],
  'what a custom resource calls': (t) => ['CloudFormation::CustomResource', { ServiceToken: t.arn('Function') }],
  'a function that acts as a role': (t) => [
    'Lambda::Function',
    { Role: t.arn('Role'), Code: { ZipFile: 'x' }, Handler: 'x', Runtime: 'nodejs24.x' },
  ],
  'a build that acts as a role': (t) => [
    'CodeBuild::Project',
    { ServiceRole: t.arn('Role'), Artifacts: { Type: 'NO_ARTIFACTS' }, Environment: {}, Source: {} },
  ],
  'a pipeline that acts as a role': (t) => ['CodePipeline::Pipeline', { RoleArn: t.arn('Role'), Stages: [] }],
  'a trigger of a job': (t) => [
    'Glue::Trigger',
    { Type: 'SCHEDULED', Schedule: 'cron(0 0 * * ? *)', Actions: [{ JobName: t.ref('Job') }] },
  ],
  'a migration to a database': (t, mine) => [
    'DMS::ReplicationTask',
    {
      MigrationType: 'full-load',
      ReplicationInstanceArn: mine.ref('Replicator'),
      SourceEndpointArn: mine.ref('Target'),
      TargetEndpointArn: t.ref('Target'),
      TableMappings: '{}',
    },
  ],
  'a data source of an API': (t, mine) => [
    'AppSync::DataSource',
    {
      ApiId: mine.arn('Graph'),
      Name: 'data',
      Type: 'AWS_LAMBDA',
      LambdaConfig: { LambdaFunctionArn: t.arn('Function') },
      ServiceRoleArn: mine.arn('Role'),
    },
  ],
  'a function at the edge': (t) => [
    'CloudFront::Distribution',
    {
      DistributionConfig: {
        Enabled: true,
        DefaultCacheBehavior: {
          TargetOriginId: 'o',
          ViewerProtocolPolicy: 'https-only',
          FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: t.arn('Edge') }],
        },
      },
    },
    'untold',
  ],
  'an action of a budget': (t, mine) => [
    'Budgets::BudgetsAction',
    {
      BudgetName: mine.ref('Budget'),
      ActionType: 'APPLY_IAM_POLICY',
      ExecutionRoleArn: t.arn('Role'),
      ActionThreshold: {},
      ApprovalModel: 'AUTOMATIC',
      Definition: {},
      NotificationType: 'ACTUAL',
      Subscribers: [],
    },
  ],
  'a crawler that acts as a role': (t) => ['Glue::Crawler', { Role: t.arn('Role'), Targets: {} }],
  'a task that acts as a role': (t) => ['ECS::TaskDefinition', { TaskRoleArn: t.arn('Role') }],
  'a stack set that acts as a role': (t) => [
    'CloudFormation::StackSet',
    { StackSetName: 's', PermissionModel: 'SELF_MANAGED', AdministrationRoleARN: t.arn('Role') },
    'wide',
  ],
  // Identities
  'a policy on a role': (t) => ['IAM::Policy', { PolicyName: 'p', Roles: [t.ref('Role')], PolicyDocument: {} }],
  'a policy on a role, by itself': (t) => ['IAM::RolePolicy', { PolicyName: 'p', RoleName: t.ref('Role') }],
  'a policy on a group': (t) => ['IAM::Policy', { PolicyName: 'p', Groups: [t.ref('People')], PolicyDocument: {} }],
  'a policy on a user': (t) => ['IAM::ManagedPolicy', { Users: [t.ref('Person')], PolicyDocument: {} }],
  'a user in a group': (t) => ['IAM::UserToGroupAddition', { GroupName: t.ref('People'), Users: [] }],
  'a key of a user': (t) => ['IAM::AccessKey', { UserName: t.ref('Person') }],
  'a client of a user pool': (t) => ['Cognito::UserPoolClient', { UserPoolId: t.ref('Pool') }],
  'a user of a user pool': (t) => ['Cognito::UserPoolUser', { UserPoolId: t.ref('Pool') }],
};
