import { AUTOMATIC_UPGRADES, backupDays } from '../databases.ts';
import type { Service } from '../language.ts';
import { KEY, PLACED_IN, SECURITY_GROUPS } from '../shared.ts';

export const CLUSTERS: Service = {
  'AWS::Redshift::Cluster': {
    page: 'aws-resource-redshift-cluster',
    new: 'create',
    holds: 'data',
    properties: {
      AllowVersionUpgrade: AUTOMATIC_UPGRADES,
      AquaConfigurationStatus: 'modify',
      AutomatedSnapshotRetentionPeriod: backupDays(1),
      AvailabilityZone: 'disrupt',
      AvailabilityZoneRelocation: 'protects',
      AvailabilityZoneRelocationStatus: { order: ['disabled', 'enabled'], less: 'weaken', absent: 'disabled' },
      // How it is resized, once it is: for hours it can only be read.
      Classic: 'modify',
      ClusterIdentifier: 'replaces',
      ClusterParameterGroupName: ['uses', 'disrupt'],
      ClusterSecurityGroups: SECURITY_GROUPS,
      ClusterSubnetGroupName: ['replaces', 'uses'],
      ClusterType: 'disrupt',
      ClusterVersion: { lasting: 'disrupt' },
      DBName: 'replaces',
      DeferMaintenance: { values: { true: 'modify' }, otherwise: 'disrupt' },
      DeferMaintenanceDuration: 'disrupt',
      DeferMaintenanceEndTime: 'disrupt',
      DeferMaintenanceStartTime: 'disrupt',
      // Where copies go that outlive the region.
      DestinationRegion: { settled: 'weaken' },
      ElasticIp: 'acts',
      // All data is written again meanwhile, and can only be read.
      Encrypted: ['disrupt', 'protects-by-default'],
      Endpoint: 'modify',
      // On, loads may find no way; off, data goes over the internet.
      EnhancedVpcRouting: ['disrupt', 'protects'],
      HsmClientCertificateIdentifier: KEY,
      HsmConfigurationIdentifier: KEY,
      IamRoles: ['acts-as', { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' }],
      KmsKeyId: ['uses', 'disrupt', { settled: 'weaken' }],
      LoggingProperties: [{ settled: 'weaken' }, { members: { BucketName: 'writes-to' }, others: 'modify' }],
      MaintenanceTrackName: 'disrupt',
      // Redshift makes a password of its own, or gives it back.
      ManageMasterPassword: 'secret',
      ManualSnapshotRetentionPeriod: { number: 'retains', absent: -1, endless: -1 },
      MasterPasswordSecretKmsKeyId: KEY,
      MasterUserPassword: 'secret',
      MasterUsername: 'replaces',
      MultiAZ: ['disrupt', 'protects'],
      // Who may send data into it without a person: integrations from anywhere.
      NamespaceResourcePolicy: 'admits',
      NodeType: 'disrupt',
      NumberOfNodes: 'disrupt',
      OwnerAccount: 'replaces',
      Port: 'disrupt',
      PreferredMaintenanceWindow: 'disrupt',
      PubliclyAccessible: 'opens',
      ResourceAction: { values: { 'resume-cluster': 'modify' }, otherwise: 'disrupt', absent: 'resume-cluster' },
      RevisionTarget: 'disrupt',
      RotateEncryptionKey: 'disrupt',
      SnapshotClusterIdentifier: ['replaces', 'reads'],
      SnapshotCopyGrantName: KEY,
      SnapshotCopyManual: 'weaken',
      SnapshotCopyRetentionPeriod: { number: 'expires', absent: 7 },
      SnapshotIdentifier: ['replaces', 'reads'],
      Tags: 'tags',
      VpcSecurityGroupIds: SECURITY_GROUPS,
    },
  },
  'AWS::Redshift::ClusterParameterGroup': {
    page: 'aws-resource-redshift-clusterparametergroup',
    new: 'create',
    properties: {
      Description: 'replaces',
      ParameterGroupFamily: 'replaces',
      ParameterGroupName: 'replaces',
      // Among them whether connections are encrypted and what users do is logged.
      Parameters: { unordered: 'weaken' },
      Tags: 'tags',
    },
  },
  'AWS::Redshift::ClusterSecurityGroup': {
    page: 'aws-resource-redshift-clustersecuritygroup',
    new: 'create',
    properties: { Description: 'replaces', Tags: 'tags' },
  },
  'AWS::Redshift::ClusterSecurityGroupIngress': {
    page: 'aws-resource-redshift-clustersecuritygroupingress',
    new: 'expose',
    properties: {
      CIDRIP: ['replaces', 'expose'],
      ClusterSecurityGroupName: ['replaces', 'acts'],
      EC2SecurityGroupName: ['replaces', 'expose'],
      EC2SecurityGroupOwnerId: ['replaces', 'expose'],
    },
  },
  'AWS::Redshift::ClusterSubnetGroup': {
    page: 'aws-resource-redshift-clustersubnetgroup',
    new: 'create',
    properties: { Description: 'modify', SubnetIds: PLACED_IN, Tags: 'tags' },
  },
};
