/**
 * AWS's own policies that let a role reach nothing that others have: it writes logs, traces and metrics,
 * pulls images. By what follows `arn:aws:iam::aws:policy/`.
 *
 * Reviewed, and not here, as they let a role read or change what others have: `AmazonSSMManagedInstanceCore` (any
 * parameter, secret ones too), `CloudWatchAgentServerPolicy` (how long any logs are kept), the execution roles for
 * queues, streams and tables (any of them), `AmazonAPIGatewayPushToCloudWatchLogs` (reads any logs),
 * `AmazonEC2ContainerServiceforEC2Role` (any cluster), `AWSBackupServiceRolePolicy*`, `ReadOnlyAccess`, and every
 * `…FullAccess`.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const HARMLESS_POLICIES: ReadonlySet<string> = new Set([
  'AWSXRayDaemonWriteAccess',
  'AWSXrayWriteOnlyAccess',
  'CloudWatchLambdaInsightsExecutionRolePolicy',
  'service-role/AWSAppSyncPushToCloudWatchLogs',
  'service-role/AWSLambdaBasicExecutionRole',
  'service-role/AmazonECSTaskExecutionRolePolicy',
]);

/**
 * Those that are harmless in the hands of one service, which runs nobody's code with them and does what templates say
 * of it: by what follows `arn:aws:iam::aws:policy/`, for a new role that only this service may be.
 */
export const HARMLESS_FOR: Readonly<Record<string, string>> = {
  AWSCodeDeployRoleForECS: 'codedeploy',
  'service-role/AWSCodeDeployRoleForLambda': 'codedeploy',
  'service-role/AWSCodeDeployRoleForLambdaLimited': 'codedeploy',
  'service-role/AmazonRDSEnhancedMonitoringRole': 'monitoring.rds',
};

/**
 * Those that Lambda needs to place a function in a network, and that let the function's code take addresses from any
 * interface of the account: harmless for a new role that only Lambda may be, and whose inline policies deny this to the
 * code. AWS tells how: a denial that holds where `lambda:SourceFunctionArn` is said, as of a function's own calls.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export const NEEDED_BY_LAMBDA: ReadonlySet<string> = new Set([
  'service-role/AWSLambdaENIManagementAccess',
  'service-role/AWSLambdaVPCAccessExecutionRole',
]);

/** Of these, what the code is to be denied, in small letters. */
export const DENIED_TO_CODE: readonly string[] = ['ec2:assignprivateipaddresses', 'ec2:unassignprivateipaddresses'];

/** Others of AWS's that deny nothing: one that is taken away leaves its role with less. */
export const ONLY_ALLOW: ReadonlySet<string> = new Set([
  ...Object.keys(HARMLESS_FOR),
  'AdministratorAccess',
  'AmazonSSMManagedInstanceCore',
  'CloudWatchAgentServerPolicy',
  'ReadOnlyAccess',
  'service-role/AWSLambdaDynamoDBExecutionRole',
  'service-role/AWSLambdaKinesisExecutionRole',
  'service-role/AWSLambdaSQSQueueExecutionRole',
]);
