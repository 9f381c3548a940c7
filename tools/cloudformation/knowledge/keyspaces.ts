import type { Rule, Service } from './language.ts';
import { KEY } from './shared.ts';

const UNITS: Rule = { number: 'capacity', absent: 'fits' };

const SCALING: Rule = {
  members: {
    AutoScalingDisabled: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
    MaximumUnits: UNITS,
    MinimumUnits: UNITS,
    ScalingPolicy: 'modify',
  },
};

export const KEYSPACES: Service = {
  'AWS::Cassandra::Keyspace': {
    page: 'aws-resource-cassandra-keyspace',
    new: 'create',
    holds: 'data',
    properties: {
      ClientSideTimestampsEnabled: 'disrupt',
      KeyspaceName: 'replaces',
      ReplicationSpecification: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Cassandra::Table': {
    page: 'aws-resource-cassandra-table',
    new: 'create',
    holds: 'data',
    properties: {
      AutoScalingSpecifications: {
        members: { ReadCapacityAutoScaling: SCALING, WriteCapacityAutoScaling: SCALING },
      },
      BillingMode: {
        members: {
          Mode: { values: { ON_DEMAND: 'modify' }, otherwise: 'disrupt', absent: 'ON_DEMAND' },
          ProvisionedThroughput: { members: { ReadCapacityUnits: UNITS, WriteCapacityUnits: UNITS } },
        },
      },
      CdcSpecification: {
        members: {
          // What wasn't read yet goes with the stream.
          Status: { values: { ENABLED: 'modify' }, otherwise: 'delete', absent: 'DISABLED' },
          Tags: 'tags',
          ViewType: 'disrupt',
        },
      },
      ClientSideTimestampsEnabled: 'replaces',
      ClusteringKeyColumns: 'replaces',
      // Rows are deleted as they age; 0 is never.
      DefaultTimeToLive: { number: 'expires', absent: 0, endless: 0 },
      EncryptionSpecification: {
        members: {
          EncryptionType: {
            order: ['AWS_OWNED_KMS_KEY', 'CUSTOMER_MANAGED_KMS_KEY'],
            less: 'weaken',
            absent: 'AWS_OWNED_KMS_KEY',
          },
          KmsKeyIdentifier: KEY,
        },
      },
      KeyspaceName: ['replaces', 'acts'],
      PartitionKeyColumns: 'replaces',
      PointInTimeRecoveryEnabled: ['protects', { leaves: 'true', is: 'delete', absent: 'false' }],
      RegularColumns: {
        each: { settled: 'replace' },
        by: 'ColumnName',
        added: 'modify',
        lost: 'delete',
        reordered: 'modify',
      },
      ReplicaSpecifications: {
        each: { members: { ReadCapacityAutoScaling: SCALING, ReadCapacityUnits: UNITS, Region: 'modify' } },
        by: 'Region',
        added: 'modify',
        lost: 'delete',
        reordered: 'modify',
      },
      TableName: 'replaces',
      Tags: 'tags',
      WarmThroughput: 'modify',
    },
  },
};
