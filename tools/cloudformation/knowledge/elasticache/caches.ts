import { AUTOMATIC_UPGRADES, BACKUP_TIME, TRANSIT_ENCRYPTION } from '../databases.ts';
import type { Rule, Service } from '../language.ts';
import { SECURITY_GROUPS, SHAPE } from '../shared.ts';

/** Without the switch AWS makes a new group. */
const RESHARDING: Rule = { updates_by: 'UseOnlineResharding', otherwise: 'replace' };

const LOG_DELIVERY: Rule = {
  by: 'LogType',
  added: 'modify',
  lost: 'weaken',
  reordered: 'modify',
  each: {
    members: {
      DestinationDetails: ['writes-to', { settled: 'weaken' }],
      DestinationType: { settled: 'weaken' },
      LogFormat: SHAPE,
      LogType: 'modify',
    },
  },
};

const BOUNDS: Rule = { members: { Maximum: 'throttles', Minimum: 'capacity', Unit: 'disrupt' } };

export const CACHES: Service = {
  'AWS::ElastiCache::CacheCluster': {
    page: 'aws-resource-elasticache-cachecluster',
    new: 'create',
    holds: 'data',
    properties: {
      AZMode: 'disrupt',
      AutoMinorVersionUpgrade: AUTOMATIC_UPGRADES,
      CacheNodeType: 'disrupt',
      CacheParameterGroupName: ['uses', 'disrupt'],
      CacheSecurityGroupNames: SECURITY_GROUPS,
      CacheSubnetGroupName: ['replaces', 'uses'],
      ClusterName: 'replaces',
      Engine: 'replaces',
      EngineVersion: { lasting: 'disrupt' },
      IpDiscovery: 'disrupt',
      LogDeliveryConfigurations: LOG_DELIVERY,
      NetworkType: 'replaces',
      NotificationTopicArn: 'notifies',
      // One node more, and keys are looked for on another one than before.
      NumCacheNodes: 'disrupt',
      Port: 'replaces',
      PreferredAvailabilityZone: 'replace',
      PreferredAvailabilityZones: 'disrupt',
      PreferredMaintenanceWindow: 'disrupt',
      SnapshotArns: ['replaces', 'reads'],
      SnapshotName: ['replaces', 'reads'],
      SnapshotRetentionLimit: { number: 'expires', absent: 0 },
      SnapshotWindow: BACKUP_TIME,
      Tags: 'tags',
      TransitEncryptionEnabled: TRANSIT_ENCRYPTION,
      VpcSecurityGroupIds: SECURITY_GROUPS,
    },
  },
  'AWS::ElastiCache::GlobalReplicationGroup': {
    page: 'aws-resource-elasticache-globalreplicationgroup',
    new: 'create',
    properties: {
      AutomaticFailoverEnabled: 'protects',
      CacheNodeType: 'disrupt',
      CacheParameterGroupName: ['uses', 'disrupt'],
      Engine: 'disrupt',
      EngineVersion: { lasting: 'disrupt' },
      GlobalNodeGroupCount: 'capacity',
      GlobalReplicationGroupDescription: 'modify',
      GlobalReplicationGroupIdSuffix: 'replace',
      // A member that leaves is a copy less; one that joins loses what it holds for what the primary has.
      Members: {
        by: 'ReplicationGroupId',
        added: 'delete',
        lost: 'weaken',
        reordered: 'modify',
        each: { members: { ReplicationGroupId: 'acts', ReplicationGroupRegion: 'disrupt', Role: 'disrupt' } },
      },
      RegionalConfigurations: 'disrupt',
      Tags: 'tags',
    },
  },
  'AWS::ElastiCache::ReplicationGroup': {
    page: 'aws-resource-elasticache-replicationgroup',
    new: 'create',
    holds: 'data',
    properties: {
      AtRestEncryptionEnabled: ['replaces', 'protects'],
      // Without it, all that reach the port are let in.
      AuthToken: ['secret', { settled: 'weaken' }],
      AutoMinorVersionUpgrade: AUTOMATIC_UPGRADES,
      AutomaticFailoverEnabled: 'protects',
      CacheNodeType: 'disrupt',
      CacheParameterGroupName: ['uses', 'disrupt'],
      CacheSecurityGroupNames: SECURITY_GROUPS,
      CacheSubnetGroupName: ['replaces', 'uses'],
      ClusterMode: 'disrupt',
      DataTieringEnabled: 'replaces',
      Durability: 'weaken',
      Engine: 'replaces',
      EngineVersion: { lasting: 'disrupt' },
      GlobalReplicationGroupId: ['replaces', 'acts'],
      IpDiscovery: 'disrupt',
      KmsKeyId: ['replaces', 'uses'],
      LogDeliveryConfigurations: LOG_DELIVERY,
      MultiAZEnabled: 'protects',
      NetworkType: 'replaces',
      NodeGroupConfiguration: ['disrupt', RESHARDING],
      NotificationTopicArn: 'notifies',
      NumCacheClusters: 'capacity',
      NumNodeGroups: [{ number: 'capacity', absent: 1 }, RESHARDING],
      Port: 'replaces',
      PreferredCacheClusterAZs: 'replaces',
      PreferredMaintenanceWindow: 'disrupt',
      // A cluster that is there becomes the first of the group; another one takes its place.
      PrimaryClusterId: ['acts', 'disrupt'],
      ReplicasPerNodeGroup: ['replaces', 'capacity'],
      ReplicationGroupDescription: 'modify',
      ReplicationGroupId: 'replaces',
      SecurityGroupIds: SECURITY_GROUPS,
      SnapshotArns: ['replaces', 'reads'],
      SnapshotName: ['replaces', 'reads'],
      SnapshotRetentionLimit: { number: 'expires', absent: 0 },
      SnapshotWindow: BACKUP_TIME,
      SnapshottingClusterId: 'modify',
      Tags: 'tags',
      TransitEncryptionEnabled: TRANSIT_ENCRYPTION,
      TransitEncryptionMode: {
        values: { preferred: 'weaken', required: 'disrupt' },
        otherwise: 'weaken',
        absent: 'required',
      },
      // Another group lets in others; without any, no user is asked for.
      UserGroupIds: ['uses', { standing: { each: 'modify', added: 'expose', lost: 'expose', reordered: 'modify' } }],
    },
  },
  'AWS::ElastiCache::ServerlessCache': {
    page: 'aws-resource-elasticache-serverlesscache',
    new: 'create',
    holds: 'data',
    properties: {
      CacheUsageLimits: { members: { DataStorage: BOUNDS, ECPUPerSecond: BOUNDS } },
      DailySnapshotTime: BACKUP_TIME,
      Description: 'modify',
      Endpoint: 'modify',
      Engine: 'disrupt',
      FinalSnapshotName: { settled: 'weaken' },
      KmsKeyId: ['replaces', 'uses'],
      MajorEngineVersion: { lasting: 'disrupt' },
      NetworkType: 'replaces',
      ReaderEndpoint: 'modify',
      SecurityGroupIds: SECURITY_GROUPS,
      ServerlessCacheName: 'replaces',
      SnapshotArnsToRestore: ['replaces', 'reads'],
      SnapshotRetentionLimit: { number: 'expires', absent: 0 },
      SubnetIds: ['replaces', 'uses'],
      Tags: 'tags',
      // Another group lets in others; without any, no user is asked for.
      UserGroupId: ['uses', { standing: 'disrupt' }, { settled: 'expose' }],
    },
  },
  'AWS::ElastiCache::ServerlessCacheSnapshot': {
    page: 'aws-resource-elasticache-serverlesscachesnapshot',
    new: 'create',
    holds: 'data',
    properties: {
      KmsKeyId: ['replaces', 'uses'],
      ServerlessCacheName: ['replaces', 'acts'],
      ServerlessCacheSnapshotName: 'replaces',
      Tags: 'tags',
    },
  },
};
