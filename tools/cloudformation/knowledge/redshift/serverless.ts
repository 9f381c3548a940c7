import type { Service } from '../language.ts';
import { KEY, PLACED_IN, SECURITY_GROUPS } from '../shared.ts';

export const SERVERLESS: Service = {
  'AWS::RedshiftServerless::Namespace': {
    page: 'aws-resource-redshiftserverless-namespace',
    new: 'create',
    holds: 'data',
    properties: {
      AdminPasswordSecretKmsKeyId: KEY,
      AdminUserPassword: 'secret',
      AdminUsername: 'disrupt',
      DbName: 'replace',
      DefaultIamRoleArn: 'acts-as',
      FinalSnapshotName: { settled: 'weaken' },
      FinalSnapshotRetentionPeriod: 'weaken',
      IamRoles: ['acts-as', { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' }],
      KmsKeyId: ['uses', { settled: 'weaken' }],
      LogExports: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      // Redshift makes a password of its own, or gives it back.
      ManageAdminPassword: 'secret',
      NamespaceName: 'replaces',
      NamespaceResourcePolicy: 'admits',
      // Those of the identity center sign in.
      RedshiftIdcApplicationArn: { standing: 'expose' },
      SnapshotCopyConfigurations: {
        by: 'DestinationRegion',
        added: 'modify',
        lost: 'weaken',
        reordered: 'modify',
        each: {
          members: {
            DestinationKmsKeyId: KEY,
            DestinationRegion: 'modify',
            SnapshotRetentionPeriod: { number: 'retains', absent: -1, endless: -1 },
          },
        },
      },
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::RedshiftServerless::Snapshot': {
    page: 'aws-resource-redshiftserverless-snapshot',
    new: 'create',
    holds: 'data',
    properties: {
      NamespaceName: ['replaces', 'acts'],
      RetentionPeriod: 'expires',
      SnapshotName: 'replaces',
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::RedshiftServerless::Workgroup': {
    page: 'aws-resource-redshiftserverless-workgroup',
    new: 'create',
    properties: {
      BaseCapacity: { number: 'capacity', absent: 128 },
      // Among them whether connections are encrypted, what is logged, and after what a query is stopped.
      ConfigParameters: { unordered: 'weaken' },
      // On, loads may find no way; off, data goes over the internet.
      EnhancedVpcRouting: ['disrupt', 'protects'],
      MaxCapacity: 'throttles',
      NamespaceName: ['replaces', 'acts'],
      Port: 'disrupt',
      PricePerformanceTarget: 'disrupt',
      PubliclyAccessible: 'opens',
      // What is restored takes the place of what the namespace holds.
      RecoveryPointId: ['reads', 'delete'],
      SecurityGroupIds: SECURITY_GROUPS,
      SnapshotArn: ['reads', 'delete'],
      SnapshotName: ['reads', 'delete'],
      SnapshotOwnerAccount: ['uses', 'delete'],
      SubnetIds: PLACED_IN,
      Tags: 'tags',
      TrackName: 'disrupt',
      Workgroup: 'modify',
      WorkgroupName: 'replaces',
    },
  },
};
