import type { Rule, Service } from '../language.ts';
import { GRANTS, KEY, PLACES } from '../shared.ts';

/**
 * A column less, or of another type: queries that name it fail, or read nonsense. So do those of files without names,
 * which are read by the columns' places.
 */
const COLUMNS: Rule = {
  each: { members: { Comment: 'modify', Name: 'modify', Type: { settled: 'disrupt' } } },
  by: 'Name',
  added: 'modify',
  lost: 'disrupt',
  reordered: 'disrupt',
};

/** Jobs and crawlers reach a database through it, with its password, from its network. */
const CONNECTION: Rule = {
  members: {
    AthenaProperties: { standing: 'disrupt' },
    AuthenticationConfiguration: {
      members: {
        AuthenticationType: 'disrupt',
        BasicAuthenticationCredentials: { settled: 'disrupt' },
        KmsKeyArn: KEY,
        SecretArn: ['acts-as', { settled: 'disrupt' }],
      },
    },
    ConnectionProperties: {
      members: {
        CONNECTION_URL: ['passes-on', { settled: 'disrupt' }],
        JDBC_CONNECTION_URL: ['passes-on', { settled: 'disrupt' }],
        JDBC_ENFORCE_SSL: 'protects',
        KAFKA_BOOTSTRAP_SERVERS: ['passes-on', { settled: 'disrupt' }],
        KAFKA_SSL_ENABLED: 'protects-by-default',
        PASSWORD: { settled: 'disrupt' },
        SECRET_ID: ['acts-as', { settled: 'disrupt' }],
        SKIP_CUSTOM_JDBC_CERT_VALIDATION: 'endangers',
        USERNAME: { settled: 'disrupt' },
      },
    },
    ConnectionType: 'disrupt',
    Description: 'modify',
    MatchCriteria: 'modify',
    Name: 'replace',
    PhysicalConnectionRequirements: {
      members: {
        AvailabilityZone: 'disrupt',
        SecurityGroupIdList: ['acts-as', PLACES],
        SubnetId: ['uses', 'disrupt'],
      },
    },
    ValidateCredentials: 'modify',
  },
};

/** Where tables are, and what they look like. */
export const CATALOG: Service = {
  'AWS::Glue::Connection': {
    page: 'aws-resource-glue-connection',
    new: 'create',
    gone: 'disrupt',
    properties: { CatalogId: 'replaces', ConnectionInput: CONNECTION, Tags: 'tags' },
  },
  'AWS::Glue::DataCatalogEncryptionSettings': {
    page: 'aws-resource-glue-datacatalogencryptionsettings',
    // In the place of what was set for the account.
    new: 'weaken',
    gone: 'weaken',
    wide: 'account',
    properties: {
      CatalogId: 'replaces',
      DataCatalogEncryptionSettings: {
        members: {
          ConnectionPasswordEncryption: {
            members: { KmsKeyId: KEY, ReturnConnectionPasswordEncrypted: 'protects' },
          },
          EncryptionAtRest: {
            members: {
              CatalogEncryptionMode: {
                order: ['DISABLED', 'SSE-KMS', 'SSE-KMS-WITH-SERVICE-ROLE'],
                less: 'weaken',
                absent: 'DISABLED',
              },
              CatalogEncryptionServiceRole: 'acts-as',
              SseAwsKmsKeyId: KEY,
            },
          },
        },
      },
    },
  },
  // With it go its tables, also those that crawlers and queries made.
  'AWS::Glue::Database': {
    page: 'aws-resource-glue-database',
    new: 'create',
    holds: 'data',
    properties: {
      CatalogId: 'replaces',
      DatabaseInput: {
        members: {
          CreateTableDefaultPermissions: GRANTS,
          Description: 'modify',
          FederatedDatabase: { standing: 'disrupt' },
          LocationUri: ['uses', { settled: 'disrupt' }],
          Name: 'replace',
          Parameters: { standing: 'disrupt' },
          TargetDatabase: ['uses', { standing: 'disrupt' }],
        },
      },
      DatabaseName: 'replaces',
    },
  },
  'AWS::Glue::Registry': {
    page: 'aws-resource-glue-registry',
    new: 'create',
    holds: 'data',
    properties: { Description: 'modify', Name: 'replaces', Tags: 'tags' },
  },
  'AWS::Glue::Schema': {
    page: 'aws-resource-glue-schema',
    new: 'create',
    holds: 'data',
    properties: {
      CheckpointVersion: { standing: 'weaken' },
      // What new versions are checked against.
      Compatibility: { standing: 'weaken' },
      DataFormat: 'replaces',
      Description: 'modify',
      Name: 'replaces',
      Registry: ['replaces', 'uses'],
      SchemaDefinition: 'replaces',
      Tags: 'tags',
    },
  },
  // Its partitions are in it alone.
  'AWS::Glue::Table': {
    page: 'aws-resource-glue-table',
    new: 'create',
    holds: 'data',
    properties: {
      CatalogId: 'replaces',
      DatabaseName: ['replaces', 'acts'],
      Name: 'replaces',
      TableInput: {
        members: {
          Description: 'modify',
          Name: 'replace',
          Owner: 'modify',
          Parameters: { standing: 'disrupt' },
          PartitionKeys: { standing: 'disrupt' },
          StorageDescriptor: {
            members: {
              BucketColumns: { standing: 'disrupt' },
              Columns: COLUMNS,
              Compressed: { standing: 'disrupt' },
              InputFormat: { standing: 'disrupt' },
              Location: ['uses', { standing: 'disrupt' }],
              NumberOfBuckets: { standing: 'disrupt' },
              OutputFormat: { standing: 'disrupt' },
              Parameters: { standing: 'disrupt' },
              SchemaReference: ['uses', { standing: 'disrupt' }],
              SerdeInfo: { standing: 'disrupt' },
              StoredAsSubDirectories: { standing: 'disrupt' },
            },
          },
          TableType: { standing: 'disrupt' },
          TargetTable: ['uses', { standing: 'disrupt' }],
          ViewExpandedText: 'code',
          ViewOriginalText: 'code',
        },
      },
    },
  },
};
