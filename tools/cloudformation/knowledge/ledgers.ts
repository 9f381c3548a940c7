import type { Service } from './language.ts';
import { KEY } from './shared.ts';

export const DSQL: Service = {
  'AWS::DSQL::Cluster': {
    page: 'aws-resource-dsql-cluster',
    new: 'create',
    holds: 'data',
    properties: {
      DeletionProtectionEnabled: ['protects', 'protects-by-default'],
      KmsEncryptionKey: KEY,
      // The clusters of other regions that are one with it.
      MultiRegionProperties: {
        members: { Clusters: ['acts', { settled: 'weaken' }], WitnessRegion: { settled: 'weaken' } },
      },
      PolicyDocument: 'admits',
      Tags: 'tags',
    },
  },
};

export const QLDB: Service = {
  'AWS::QLDB::Ledger': {
    page: 'aws-resource-qldb-ledger',
    new: 'create',
    holds: 'data',
    properties: {
      DeletionProtection: 'protects-by-default',
      KmsKey: KEY,
      Name: 'replaces',
      // With the first, all who may send commands may do everything.
      PermissionsMode: [
        { order: ['ALLOW_ALL', 'STANDARD'], less: 'expose' },
        { standing: { values: { ALLOW_ALL: 'expose' }, otherwise: 'disrupt' } },
      ],
      Tags: 'tags',
    },
  },
  'AWS::QLDB::Stream': {
    page: 'aws-resource-qldb-stream',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ExclusiveEndTime: 'replaces',
      InclusiveStartTime: 'replaces',
      KinesisConfiguration: ['replaces', { members: { AggregationEnabled: 'modify', StreamArn: 'acts' } }],
      LedgerName: ['replaces', 'uses'],
      RoleArn: ['replaces', 'acts-as'],
      StreamName: 'replaces',
      Tags: 'tags',
    },
  },
};
