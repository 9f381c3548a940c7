import type { Rule, Rules, Service } from './language.ts';
import { KEY, SHAPE } from './shared.ts';

/** The default isn't the same for all ways by which it is made. */
const PROTECTS: Rules = ['protects', 'protects-by-default'];

const LOGGING: Rule = {
  members: {
    CloudWatchLoggingConfiguration: {
      members: {
        Enabled: 'protects',
        LogGroup: ['uses', 'writes-to', { settled: 'weaken' }],
        LogStreamNamePrefix: SHAPE,
        LogTypes: { settled: 'weaken' },
      },
    },
    ManagedLoggingConfiguration: { members: { Enabled: 'protects', KmsKey: KEY } },
    S3LoggingConfiguration: {
      members: { Enabled: 'protects', KmsKey: KEY, LogLocation: ['uses', 'writes-to', { settled: 'weaken' }] },
    },
  },
};

export const ATHENA: Service = {
  'AWS::Athena::CapacityReservation': {
    page: 'aws-resource-athena-capacityreservation',
    new: 'create',
    gone: 'disrupt',
    properties: {
      CapacityAssignmentConfiguration: ['acts', { settled: 'disrupt' }],
      Name: 'replaces',
      Tags: 'tags',
      TargetDpus: 'capacity',
    },
  },
  'AWS::Athena::DataCatalog': {
    page: 'aws-resource-athena-datacatalog',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ConnectionType: 'disrupt',
      Description: 'modify',
      Error: 'modify',
      Name: 'replaces',
      // Functions that answer queries, by whose code.
      Parameters: ['acts', 'disrupt'],
      Status: 'modify',
      Tags: 'tags',
      Type: 'disrupt',
    },
  },
  'AWS::Athena::NamedQuery': {
    page: 'aws-resource-athena-namedquery',
    new: 'create',
    properties: {
      Database: ['replaces', 'uses'],
      Description: 'replaces',
      Name: 'replaces',
      QueryString: ['replaces', 'code'],
      WorkGroup: ['replaces', 'uses'],
    },
  },
  'AWS::Athena::PreparedStatement': {
    page: 'aws-resource-athena-preparedstatement',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Description: 'modify',
      QueryStatement: 'code',
      StatementName: 'replaces',
      WorkGroup: ['replaces', 'acts'],
    },
  },
  // With it go its saved queries and the history of what was asked.
  'AWS::Athena::WorkGroup': {
    page: 'aws-resource-athena-workgroup',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'modify',
      Name: 'replaces',
      RecursiveDeleteOption: 'endangers',
      State: { order: ['DISABLED', 'ENABLED'], less: 'disrupt', absent: 'ENABLED' },
      Tags: 'tags',
      WorkGroupConfiguration: {
        members: {
          // A query that reads more is ended; without it, or with more, a query may cost more.
          BytesScannedCutoffPerQuery: ['limits', { settled: 'weaken' }],
          CustomerContentEncryptionConfiguration: { members: { KmsKey: KEY } },
          // Off, clients say themselves where results go and how they are encrypted.
          EnforceWorkGroupConfiguration: PROTECTS,
          EngineConfiguration: {
            members: {
              CoordinatorDpuSize: { number: 'capacity', absent: 1 },
              DefaultExecutorDpuSize: { number: 'capacity', absent: 1 },
              MaxConcurrentDpus: 'throttles',
            },
          },
          EngineVersion: { standing: 'disrupt' },
          ExecutionRole: 'acts-as',
          ManagedQueryResultsConfiguration: {
            members: {
              Enabled: { standing: 'disrupt' },
              EncryptionConfiguration: { members: { KmsKey: KEY } },
            },
          },
          MonitoringConfiguration: LOGGING,
          PublishCloudWatchMetricsEnabled: PROTECTS,
          RequesterPaysEnabled: 'runs',
          ResultConfiguration: {
            members: {
              // The bucket's owner may read what is written.
              AclConfiguration: { standing: 'expose' },
              EncryptionConfiguration: {
                members: {
                  EncryptionOption: { order: ['SSE_S3', 'SSE_KMS', 'CSE_KMS'], less: 'weaken' },
                  KmsKey: KEY,
                },
              },
              ExpectedBucketOwner: { settled: 'weaken' },
              OutputLocation: ['acts', 'writes-to', { settled: 'disrupt' }],
            },
          },
        },
      },
    },
  },
};
