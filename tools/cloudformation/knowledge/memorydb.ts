import { AUTOMATIC_UPGRADES, BACKUP_TIME } from './databases.ts';
import type { Service } from './language.ts';
import { PLACED_IN, SECURITY_GROUPS } from './shared.ts';

export const MEMORY_DB: Service = {
  'AWS::MemoryDB::Cluster': {
    page: 'aws-resource-memorydb-cluster',
    new: 'create',
    holds: 'data',
    properties: {
      // Another list lets in others.
      ACLName: ['uses', { standing: 'expose' }],
      AutoMinorVersionUpgrade: AUTOMATIC_UPGRADES,
      ClusterEndpoint: 'modify',
      ClusterName: 'replaces',
      DataTiering: 'replaces',
      Description: 'modify',
      Engine: 'disrupt',
      EngineVersion: 'disrupt',
      FinalSnapshotName: { settled: 'weaken' },
      IpDiscovery: 'disrupt',
      KmsKeyId: ['replaces', 'uses'],
      MaintenanceWindow: 'disrupt',
      MultiRegionClusterName: ['replaces', 'acts'],
      NetworkType: 'replaces',
      NodeType: 'disrupt',
      NumReplicasPerShard: { number: 'capacity', absent: 1 },
      NumShards: { number: 'capacity', absent: 1 },
      ParameterGroupName: ['uses', 'disrupt'],
      Port: 'replaces',
      SecurityGroupIds: SECURITY_GROUPS,
      SnapshotArns: ['replaces', 'uses'],
      SnapshotName: ['replaces', 'uses'],
      SnapshotRetentionLimit: 'retains',
      SnapshotWindow: BACKUP_TIME,
      SnsTopicArn: 'notifies',
      SnsTopicStatus: 'disrupt',
      SubnetGroupName: ['replaces', 'uses'],
      TLSEnabled: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::MemoryDB::SubnetGroup': {
    page: 'aws-resource-memorydb-subnetgroup',
    new: 'create',
    properties: { Description: 'modify', SubnetGroupName: 'replaces', SubnetIds: PLACED_IN, Tags: 'tags' },
  },
};
