/**
 * Services of AWS that only act as a role for what someone in the account set up with it, who needs `iam:PassRole` for
 * that. Not here: those that give a role to people or machines that sign in with them (Directory Service, Identity
 * Center, Roles Anywhere, IoT's credentials, hybrid activations), and those that assume roles by their own word.
 * Without `.amazonaws.com`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
 */
export const ACTING_SERVICES: ReadonlySet<string> = new Set([
  'airflow',
  'airflow-env',
  'amplify',
  'apigateway',
  'application-autoscaling',
  'appsync',
  'athena',
  'autoscaling',
  'backup',
  'batch',
  'batchoperations.s3',
  'bedrock',
  'bedrock-agentcore',
  'build.apprunner',
  'cloudtrail',
  'codebuild',
  'codedeploy',
  'codepipeline',
  'cognito-idp',
  'config',
  'dax',
  'delivery.logs',
  'dlm',
  'dms',
  'ec2',
  'ecs',
  'ecs-tasks',
  'edgelambda',
  'eks',
  'eks-fargate-pods',
  'elasticbeanstalk',
  'elasticmapreduce',
  'es',
  'events',
  'firehose',
  'fis',
  'glue',
  'grafana',
  'iot',
  'kendra',
  'kinesisanalytics',
  'lambda',
  'lexv2',
  'logs',
  'mediaconvert',
  'monitoring.rds',
  'opensearchservice',
  'pinpoint',
  'pipes',
  'rds',
  'redshift',
  's3',
  'sagemaker',
  'scheduler',
  'sns',
  'spotfleet',
  'states',
  'synthetics',
  'tasks.apprunner',
  'transfer',
  'vpc-flow-logs',
]);

/** Those that also write their region into their name: `states.eu-west-1.amazonaws.com`. */
export const REGIONAL_SERVICES: ReadonlySet<string> = new Set(['codedeploy', 'logs', 'states']);

/**
 * Services that call on behalf of a resource, whose ARN they put into `aws:SourceArn`. A policy that lets one in for a
 * resource of the same template lets in that resource alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const CALLING_SERVICES: ReadonlySet<string> = new Set([
  'apigateway',
  'appsync',
  'cloudfront',
  'cognito-idp',
  'config',
  'delivery.logs',
  'elasticloadbalancing',
  'events',
  'iot',
  'lambda.alarms.cloudwatch',
  'cloudwatch',
  'logs',
  'pipes',
  's3',
  'scheduler',
  'secretsmanager',
  'sns',
  'sqs',
  'states',
]);

/**
 * Services that keep what they store readable by grants of a key, which they give to themselves.
 * https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export const GRANTED_SERVICES: ReadonlySet<string> = new Set([
  'dynamodb',
  'elasticfilesystem',
  'fsx',
  'rds',
  'redshift',
]);

/**
 * Services beside these that encrypt what they keep for others, with a key whose policy lets them.
 * https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html
 */
export const ENCRYPTING_SERVICES: ReadonlySet<string> = new Set(['kinesis', 'ses', 'ssm']);
