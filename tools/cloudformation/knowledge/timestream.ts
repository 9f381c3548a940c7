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
};
