/**
 * AWS's own policies that let a role reach nothing that others have: it writes logs, traces and metrics,
 * pulls images. By what follows `arn:aws:iam::aws:policy/`.
 *
 * Reviewed, and not here, as they let a role read or change what others have: `AmazonSSMManagedInstanceCore` (any
 * parameter, secret ones too), `CloudWatchAgentServerPolicy` (how long any logs are kept),
 * `AWSLambdaVPCAccessExecutionRole` and `AWSLambdaENIManagementAccess` (take an address from any interface of the
 * network), the execution roles for
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
