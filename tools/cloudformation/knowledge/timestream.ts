import type { Service } from './language.ts';
import { KEY } from './shared.ts';

export const TIMESTREAM: Service = {
  'AWS::Timestream::Database': {
    page: 'aws-resource-timestream-database',
    new: 'create',
    holds: 'data',
    properties: { DatabaseName: 'replaces', KmsKeyId: KEY, Tags: 'tags' },
  },
  'AWS::Timestream::Table': {
    page: 'aws-resource-timestream-table',
    new: 'create',
    holds: 'data',
    properties: {
      DatabaseName: ['replaces', 'acts'],
      MagneticStoreWriteProperties: {
        members: {
          EnableMagneticStoreWrites: 'runs',
          // What is refused can't be seen any more.
          MagneticStoreRejectedDataLocation: ['uses', { settled: 'weaken' }],
        },
      },
      RetentionProperties: {
        members: {
          MagneticStoreRetentionPeriodInDays: { number: 'expires', absent: 73_000 },
          // Records that come later than this are refused.
          MemoryStoreRetentionPeriodInHours: { number: 'limits', absent: 6 },
        },
      },
      Schema: 'disrupt',
      TableName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Timestream::InfluxDBInstance': {
    page: 'aws-resource-timestream-influxdbinstance',
    new: 'create',
    holds: 'data',
    properties: {
      AllocatedStorage: { lasting: 'capacity' },
      Bucket: 'replaces',
      DbInstanceType: 'disrupt',
      DbParameterGroupIdentifier: ['uses', 'disrupt'],
      DbStorageType: 'disrupt',
      DeploymentType: { order: ['SINGLE_AZ', 'WITH_MULTIAZ_STANDBY'], less: 'weaken', absent: 'SINGLE_AZ' },
      LogDeliveryConfiguration: [
        'uses',
        { settled: 'weaken' },
        { members: { S3Configuration: { members: { BucketName: 'writes-to' }, others: 'modify' } } },
      ],
      MaintenanceSchedule: 'modify',
      Name: 'replaces',
      NetworkType: 'replaces',
      Organization: 'replaces',
      Password: 'replaces',
      Port: { standing: 'disrupt' },
      PubliclyAccessible: ['replaces', 'opens'],
      Tags: 'tags',
      Username: 'replaces',
      VpcSecurityGroupIds: ['replaces', 'acts-as'],
      VpcSubnetIds: ['replaces', 'uses'],
    },
  },
  'AWS::Timestream::ScheduledQuery': {
    page: 'aws-resource-timestream-scheduledquery',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ClientToken: 'replaces',
      ErrorReportConfiguration: ['replaces', 'may-act', { settled: 'weaken' }],
      KmsKeyId: 'replaces',
      NotificationConfiguration: ['replaces', 'notifies'],
      QueryString: ['replaces', 'code'],
      ScheduleConfiguration: ['replaces', { standing: 'disrupt' }],
      ScheduledQueryExecutionRoleArn: ['replaces', 'acts-as'],
      ScheduledQueryName: 'replaces',
      Tags: 'tags',
      // Into which table it writes.
      TargetConfiguration: ['replaces', 'acts'],
    },
  },
};
