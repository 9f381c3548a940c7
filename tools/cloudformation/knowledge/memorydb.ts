import { AUTOMATIC_UPGRADES, BACKUP_TIME } from './databases.ts';
import type { Service } from './language.ts';
import { GRANTS, PLACED_IN, SECURITY_GROUPS } from './shared.ts';

export const MEMORY_DB: Service = {
  'AWS::MemoryDB::ACL': {
    page: 'aws-resource-memorydb-acl',
    new: 'create',
    properties: { ACLName: 'replaces', Tags: 'tags', UserNames: ['uses', GRANTS] },
  },
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
      EngineVersion: { lasting: 'disrupt' },
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
      SnapshotArns: ['replaces', 'reads'],
      SnapshotName: ['replaces', 'reads'],
      SnapshotRetentionLimit: { number: 'expires', absent: 0 },
      SnapshotWindow: BACKUP_TIME,
      SnsTopicArn: 'notifies',
      SnsTopicStatus: 'disrupt',
      SubnetGroupName: ['replaces', 'uses'],
      TLSEnabled: ['replaces', 'protects-by-default'],
      Tags: 'tags',
    },
  },
  // What is done once the memory is full, among others.
  'AWS::MemoryDB::ParameterGroup': {
    page: 'aws-resource-memorydb-parametergroup',
    new: 'create',
    properties: {
      Description: 'replaces',
      Family: 'replaces',
      ParameterGroupName: 'replaces',
      Parameters: 'delete',
      Tags: 'tags',
    },
  },
  'AWS::MemoryDB::SubnetGroup': {
    page: 'aws-resource-memorydb-subnetgroup',
    new: 'create',
    properties: { Description: 'modify', SubnetGroupName: 'replaces', SubnetIds: PLACED_IN, Tags: 'tags' },
  },
  'AWS::MemoryDB::User': {
    page: 'aws-resource-memorydb-user',
    new: 'create',
    // Of a new one nobody has use until a list has it.
    properties: {
      AccessString: { standing: 'expose' },
      AuthenticationMode: { members: { Passwords: 'secret', Type: { standing: 'expose' } } },
      Tags: 'tags',
      UserName: 'replaces',
    },
  },
};
