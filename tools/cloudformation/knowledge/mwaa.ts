import type { Rule, Service } from './language.ts';
import { PLACED_IN, SECURITY_GROUPS } from './shared.ts';

/** The environment is updated for half an hour; workers that run are ended. */
const UPDATE: Rule = 'disrupt';

const LOG: Rule = {
  members: {
    CloudWatchLogGroupArn: 'modify',
    Enabled: 'protects',
    LogLevel: { order: ['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG'], less: 'weaken', absent: 'INFO' },
  },
};

export const MWAA: Service = {
  'AWS::MWAA::Environment': {
    page: 'aws-resource-mwaa-environment',
    new: 'create',
    holds: 'data',
    properties: {
      AirflowConfigurationOptions: UPDATE,
      AirflowVersion: UPDATE,
      DagS3Path: ['code', UPDATE],
      EndpointManagement: 'replaces',
      EnvironmentClass: UPDATE,
      ExecutionRoleArn: ['acts-as', UPDATE],
      KmsKey: 'replaces',
      LoggingConfiguration: {
        members: { DagProcessingLogs: LOG, SchedulerLogs: LOG, TaskLogs: LOG, WebserverLogs: LOG, WorkerLogs: LOG },
      },
      MaxWebservers: { number: 'capacity', absent: 2 },
      MaxWorkers: { number: 'capacity', absent: 10 },
      MinWebservers: { number: 'capacity', absent: 2 },
      MinWorkers: { number: 'capacity', absent: 1 },
      Name: 'replaces',
      NetworkConfiguration: { members: { SecurityGroupIds: SECURITY_GROUPS, SubnetIds: PLACED_IN } },
      PluginsS3ObjectVersion: ['code', UPDATE],
      PluginsS3Path: ['code', UPDATE],
      RequirementsS3ObjectVersion: ['code', UPDATE],
      RequirementsS3Path: ['code', UPDATE],
      Schedulers: UPDATE,
      SourceBucketArn: ['code', UPDATE],
      StartupScriptS3ObjectVersion: ['code', UPDATE],
      StartupScriptS3Path: ['code', UPDATE],
      Tags: 'tags',
      WebserverAccessMode: {
        values: { PRIVATE_ONLY: 'disrupt', PUBLIC_ONLY: 'expose' },
        otherwise: 'expose',
        absent: 'PRIVATE_ONLY',
      },
      WeeklyMaintenanceWindowStart: 'disrupt',
      WorkerReplacementStrategy: { order: ['FORCED', 'GRACEFUL'], less: 'disrupt', absent: 'FORCED' },
    },
  },
};
