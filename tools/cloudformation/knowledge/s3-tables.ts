import type { Rule, Service } from './language.ts';
import { KEY, PUBLIC_ACCESS_BLOCK } from './shared.ts';

const REPORTS: Rule = { each: 'modify', by: 'Id', added: 'modify', lost: 'weaken', reordered: 'modify' };

/** The kinds of buckets and access points beside S3's own. */
export const S3_TABLES: Service = {
  'AWS::S3Express::AccessPoint': {
    page: 'aws-resource-s3express-accesspoint',
    new: 'create',
    properties: {
      Bucket: ['replaces', 'acts'],
      BucketAccountId: 'replaces',
      Name: 'replaces',
      Policy: 'admits',
      PublicAccessBlockConfiguration: PUBLIC_ACCESS_BLOCK,
      // Less of it is more that can be reached.
      Scope: { settled: 'expose' },
      Tags: 'tags',
      VpcConfiguration: 'replaces',
    },
  },
  'AWS::S3Express::BucketPolicy': {
    page: 'aws-resource-s3express-bucketpolicy',
    new: 'create',
    properties: { Bucket: ['replaces', 'acts'], PolicyDocument: 'admits' },
  },
  'AWS::S3Express::DirectoryBucket': {
    page: 'aws-resource-s3express-directorybucket',
    new: 'create',
    holds: 'data',
    properties: {
      BucketEncryption: { settled: 'weaken' },
      BucketName: 'replaces',
      DataRedundancy: 'replaces',
      InventoryConfigurations: REPORTS,
      LifecycleConfiguration: 'ages',
      LocationName: 'replaces',
      MetricsConfigurations: REPORTS,
      Tags: 'tags',
    },
  },
  'AWS::S3ObjectLambda::AccessPoint': {
    page: 'aws-resource-s3objectlambda-accesspoint',
    new: 'create',
    properties: {
      Name: 'replaces',
      ObjectLambdaConfiguration: {
        members: {
          AllowedFeatures: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
          CloudWatchMetricsEnabled: 'protects',
          SupportingAccessPoint: ['acts', 'disrupt'],
          // What is made of each object, by whose code: without it the object is shown as it is.
          TransformationConfigurations: {
            each: {
              members: {
                Actions: { each: 'modify', added: 'modify', lost: 'expose', reordered: 'modify' },
                ContentTransformation: {
                  // Another one may leave in what the one before took out.
                  members: {
                    AwsLambda: {
                      members: { FunctionArn: ['acts', 'code', { settled: 'expose' }], FunctionPayload: 'modify' },
                    },
                  },
                },
              },
            },
            by: '#',
            added: 'modify',
            lost: 'expose',
          },
        },
      },
    },
  },
  'AWS::S3ObjectLambda::AccessPointPolicy': {
    page: 'aws-resource-s3objectlambda-accesspointpolicy',
    new: 'create',
    properties: { ObjectLambdaAccessPoint: ['replaces', 'acts'], PolicyDocument: 'admits' },
  },
  'AWS::S3Tables::Namespace': {
    page: 'aws-resource-s3tables-namespace',
    new: 'create',
    properties: { Namespace: 'replaces', TableBucketARN: ['replaces', 'acts'] },
  },
  'AWS::S3Tables::Table': {
    page: 'aws-resource-s3tables-table',
    new: 'create',
    holds: 'data',
    properties: {
      Compaction: 'modify',
      IcebergMetadata: 'replaces',
      // Those who query it by its name don't find it.
      Namespace: 'disrupt',
      OpenTableFormat: 'replaces',
      SnapshotManagement: {
        members: {
          MaxSnapshotAgeHours: { number: 'expires', absent: 120 },
          MinSnapshotsToKeep: { number: 'expires', absent: 1 },
          Status: { values: { disabled: 'modify', enabled: 'delete' }, otherwise: 'delete', absent: 'enabled' },
        },
      },
      StorageClassConfiguration: 'replaces',
      TableBucketARN: ['replaces', 'acts'],
      TableName: 'disrupt',
      Tags: 'tags',
      WithoutMetadata: 'replaces',
    },
  },
  'AWS::S3Tables::TableBucket': {
    page: 'aws-resource-s3tables-tablebucket',
    new: 'create',
    holds: 'data',
    properties: {
      EncryptionConfiguration: { members: { KMSKeyArn: KEY, SSEAlgorithm: { settled: 'weaken' } } },
      MetricsConfiguration: {
        members: { Status: { order: ['Disabled', 'Enabled'], less: 'weaken', absent: 'Disabled' } },
      },
      ReplicationConfiguration: {
        members: {
          Role: 'acts-as',
          Rules: {
            each: {
              members: {
                Destinations: {
                  each: { members: { DestinationTableBucketARN: ['acts', 'writes-to'] } },
                  added: 'modify',
                  lost: 'weaken',
                  reordered: 'modify',
                },
              },
            },
            by: '#',
            added: 'modify',
            lost: 'weaken',
          },
        },
      },
      StorageClassConfiguration: 'modify',
      TableBucketName: 'replace',
      Tags: 'tags',
      UnreferencedFileRemoval: {
        members: {
          NoncurrentDays: { number: 'expires', absent: 10 },
          Status: { values: { Disabled: 'modify', Enabled: 'delete' }, otherwise: 'delete', absent: 'Enabled' },
          UnreferencedDays: { number: 'expires', absent: 3 },
        },
      },
    },
  },
  'AWS::S3Tables::TableBucketPolicy': {
    page: 'aws-resource-s3tables-tablebucketpolicy',
    new: 'create',
    properties: { ResourcePolicy: 'admits', TableBucketARN: ['replaces', 'acts'] },
  },
  'AWS::S3Tables::TablePolicy': {
    page: 'aws-resource-s3tables-tablepolicy',
    new: 'create',
    properties: { ResourcePolicy: 'admits', TableARN: ['replaces', 'acts'] },
  },
};
