import type { Service } from '../language.ts';
import { SECURITY_GROUPS } from '../shared.ts';

export const OTHERS: Service = {
  'AWS::RDS::ClusterSnapshot': {
    page: 'aws-resource-rds-clustersnapshot',
    new: 'create',
    holds: 'data',
    properties: {
      DBClusterIdentifier: ['replaces', 'acts'],
      DBClusterSnapshotIdentifier: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::RDS::CustomDBEngineVersion': {
    page: 'aws-resource-rds-customdbengineversion',
    new: 'create',
    properties: {
      DatabaseInstallationFiles: ['replaces', 'code'],
      DatabaseInstallationFilesS3BucketName: ['replaces', 'code'],
      DatabaseInstallationFilesS3Prefix: ['replaces', 'code'],
      Description: 'modify',
      Engine: 'replaces',
      EngineVersion: 'replaces',
      ImageId: ['replaces', 'code'],
      KMSKeyId: ['replaces', 'uses'],
      Manifest: ['replaces', 'code'],
      SourceCustomDbEngineVersionIdentifier: ['replaces', 'code'],
      Status: { values: { available: 'modify' }, otherwise: 'disrupt', absent: 'available' },
      Tags: 'tags',
      UseAwsProvidedLatestImage: 'replaces',
    },
  },
  'AWS::RDS::DBProxy': {
    page: 'aws-resource-rds-dbproxy',
    new: 'create',
    properties: {
      // Each secret is a user who may pass.
      Auth: {
        standing: {
          by: 'SecretArn',
          added: 'expose',
          lost: 'disrupt',
          reordered: 'modify',
          each: {
            members: {
              AuthScheme: 'weaken',
              ClientPasswordAuthType: 'weaken',
              Description: 'modify',
              IAMAuth: {
                values: { REQUIRED: 'disrupt', ENABLED: 'weaken', DISABLED: 'weaken' },
                otherwise: 'weaken',
                absent: 'DISABLED',
              },
              SecretArn: 'uses',
            },
          },
        },
      },
      DBProxyName: 'replaces',
      DebugLogging: 'endangers',
      DefaultAuthScheme: { values: { IAM_AUTH: 'disrupt' }, otherwise: 'weaken', absent: 'NONE' },
      EndpointNetworkType: 'replaces',
      EngineFamily: 'replaces',
      IdleClientTimeout: { number: 'capacity', absent: 1800 },
      RequireTLS: { values: { true: 'disrupt', false: 'weaken' }, otherwise: 'weaken', absent: 'false' },
      RoleArn: 'acts-as',
      Tags: 'tags',
      TargetConnectionNetworkType: 'replaces',
      VpcSecurityGroupIds: SECURITY_GROUPS,
      VpcSubnetIds: ['replaces', 'uses'],
    },
  },
  'AWS::RDS::DBProxyEndpoint': {
    page: 'aws-resource-rds-dbproxyendpoint',
    new: 'create',
    properties: {
      DBProxyEndpointName: 'replaces',
      // One more way to its databases.
      DBProxyName: ['replaces', 'acts'],
      EndpointNetworkType: 'replaces',
      Tags: 'tags',
      TargetRole: {
        standing: { values: { READ_WRITE: 'expose', READ_ONLY: 'disrupt' }, otherwise: 'expose', absent: 'READ_WRITE' },
      },
      VpcSecurityGroupIds: SECURITY_GROUPS,
      VpcSubnetIds: ['replaces', 'uses'],
    },
  },
  'AWS::RDS::DBProxyTargetGroup': {
    page: 'aws-resource-rds-dbproxytargetgroup',
    new: 'create',
    properties: {
      ConnectionPoolConfigurationInfo: {
        members: {
          ConnectionBorrowTimeout: { number: 'capacity', absent: 120 },
          // SQL in each session, as whom the session is.
          InitQuery: { standing: 'expose' },
          MaxConnectionsPercent: { number: 'capacity', absent: 100 },
          MaxIdleConnectionsPercent: { number: 'capacity', absent: 'fits' },
          SessionPinningFilters: 'disrupt',
        },
      },
      DBClusterIdentifiers: 'acts',
      DBInstanceIdentifiers: 'acts',
      DBProxyName: ['replaces', 'acts', 'affects'],
      TargetGroupName: 'replaces',
    },
  },
  'AWS::RDS::DBSnapshot': {
    page: 'aws-resource-rds-dbsnapshot',
    new: 'create',
    holds: 'data',
    properties: {
      DBInstanceIdentifier: ['replaces', 'acts'],
      DBSnapshotIdentifier: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::RDS::EventSubscription': {
    page: 'aws-resource-rds-eventsubscription',
    new: 'create',
    properties: {
      Enabled: 'protects-by-default',
      // Without any, all are sent.
      EventCategories: 'weaken',
      SnsTopicArn: ['replaces', 'notifies'],
      SourceIds: ['uses', 'weaken'],
      SourceType: 'weaken',
      SubscriptionName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::RDS::Integration': {
    page: 'aws-resource-rds-integration',
    new: 'create',
    properties: {
      AdditionalEncryptionContext: 'replaces',
      DataFilter: 'disrupt',
      Description: 'modify',
      IntegrationName: 'modify',
      KMSKeyId: ['replaces', 'uses'],
      SourceArn: ['replaces', 'acts'],
      Tags: 'tags',
      TargetArn: ['replaces', 'acts'],
    },
  },
};
