import { ASSOCIATED_ROLES, AUTOMATIC_UPGRADES, BACKUP_TIME, backupDays, LOG_EXPORTS } from './databases.ts';
import type { Rules, Service } from './language.ts';
import { PLACED_IN, SECURITY_GROUPS } from './shared.ts';

/**
 * Another value may need a restart, or stop what runs. Those that aren't here are unjudged.
 * https://docs.aws.amazon.com/neptune/latest/userguide/parameters.html
 */
const PARAMETERS: Rules = [
  'disrupt',
  {
    members: {
      neptune_enable_audit_log: 'protects',
      neptune_enable_slow_query_log: { values: { info: 'modify', debug: 'modify' }, otherwise: 'weaken' },
      neptune_enforce_ssl: 'protects-by-default',
      neptune_lab_mode: 'disrupt',
      neptune_query_timeout: { number: 'capacity', absent: 120_000 },
      neptune_result_cache: 'modify',
      // Off, what was changed and not yet read is no longer told.
      neptune_streams: 'runs',
      neptune_streams_expiry_days: { number: 'expires', absent: 7 },
    },
  },
];

export const NEPTUNE: Service = {
  'AWS::Neptune::DBCluster': {
    page: 'aws-resource-neptune-dbcluster',
    new: 'create',
    holds: 'data',
    properties: {
      AssociatedRoles: ASSOCIATED_ROLES,
      AvailabilityZones: 'replaces',
      BackupRetentionPeriod: backupDays(1),
      CopyTagsToSnapshot: 'protects',
      DBClusterIdentifier: 'replaces',
      DBClusterParameterGroupName: ['uses', 'disrupt'],
      DBInstanceParameterGroupName: ['uses', 'disrupt'],
      DBPort: 'disrupt',
      DBSubnetGroupName: ['replaces', 'uses'],
      DeletionProtection: 'protects',
      EnableCloudwatchLogsExports: LOG_EXPORTS,
      EngineVersion: { lasting: 'disrupt' },
      GlobalClusterIdentifier: ['replaces', 'acts'],
      // Off, all that reach the port may read and write; on, requests that aren't signed are refused.
      IamAuthEnabled: ['fences', { standing: 'disrupt' }],
      KmsKeyId: ['replaces', 'uses'],
      NetworkType: 'disrupt',
      PreferredBackupWindow: BACKUP_TIME,
      PreferredMaintenanceWindow: 'disrupt',
      RestoreToTime: 'replaces',
      RestoreType: 'replaces',
      ServerlessScalingConfiguration: { members: { MaxCapacity: 'capacity', MinCapacity: 'capacity' } },
      SnapshotIdentifier: ['replaces', 'reads'],
      SourceDBClusterIdentifier: ['replaces', 'reads'],
      StorageEncrypted: ['replaces', 'protects'],
      Tags: 'tags',
      UseLatestRestorableTime: 'replaces',
      VpcSecurityGroupIds: SECURITY_GROUPS,
    },
  },
  'AWS::Neptune::DBClusterParameterGroup': {
    page: 'aws-resource-neptune-dbclusterparametergroup',
    new: 'create',
    properties: {
      Description: 'replaces',
      Family: 'replaces',
      Name: 'replaces',
      Parameters: PARAMETERS,
      Tags: 'tags',
    },
  },
  'AWS::Neptune::DBInstance': {
    page: 'aws-resource-neptune-dbinstance',
    new: 'create',
    properties: {
      AllowMajorVersionUpgrade: 'modify',
      AutoMinorVersionUpgrade: AUTOMATIC_UPGRADES,
      AvailabilityZone: 'replaces',
      DBClusterIdentifier: ['replaces', 'acts'],
      DBInstanceClass: 'disrupt',
      DBInstanceIdentifier: 'replaces',
      DBParameterGroupName: ['uses', 'disrupt'],
      DBSnapshotIdentifier: ['replaces', 'reads'],
      DBSubnetGroupName: ['replaces', 'uses'],
      PreferredMaintenanceWindow: 'disrupt',
      PubliclyAccessible: 'opens',
      Tags: 'tags',
    },
  },
  'AWS::Neptune::DBParameterGroup': {
    page: 'aws-resource-neptune-dbparametergroup',
    new: 'create',
    properties: {
      Description: 'replaces',
      Family: 'replaces',
      Name: 'replaces',
      Parameters: PARAMETERS,
      Tags: 'tags',
    },
  },
  'AWS::Neptune::DBSubnetGroup': {
    page: 'aws-resource-neptune-dbsubnetgroup',
    new: 'create',
    properties: {
      DBSubnetGroupDescription: 'modify',
      DBSubnetGroupName: 'replaces',
      SubnetIds: PLACED_IN,
      Tags: 'tags',
    },
  },
  'AWS::Neptune::EventSubscription': {
    page: 'aws-resource-neptune-eventsubscription',
    new: 'create',
    properties: {
      Enabled: 'runs-by-default',
      EventCategories: 'disrupt',
      SnsTopicArn: ['replaces', 'notifies'],
      SourceIds: ['uses', 'disrupt'],
      SourceType: 'disrupt',
      SubscriptionName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Neptune::GlobalCluster': {
    page: 'aws-resource-neptune-globalcluster',
    new: 'create',
    properties: {
      DeletionProtection: 'protects',
      Engine: 'replaces',
      EngineVersion: { lasting: 'disrupt' },
      GlobalClusterIdentifier: 'replaces',
      SourceDBClusterIdentifier: ['replaces', 'acts'],
      StorageEncrypted: ['replaces', 'protects'],
      Tags: 'tags',
    },
  },
};
