import type { Service } from './language.ts';
import { SECURITY_GROUPS } from './shared.ts';

export const EFS: Service = {
  'AWS::EFS::AccessPoint': {
    page: 'aws-resource-efs-accesspoint',
    new: 'create',
    properties: {
      AccessPointTags: 'tags',
      ClientToken: 'replaces',
      FileSystemId: ['replaces', 'acts'],
      PosixUser: 'replaces',
      RootDirectory: 'replaces',
    },
  },
  'AWS::EFS::FileSystem': {
    page: 'aws-resource-efs-filesystem',
    new: 'create',
    holds: 'data',
    properties: {
      AvailabilityZoneName: 'replaces',
      BackupPolicy: 'protects',
      BypassPolicyLockoutSafetyCheck: 'endangers',
      Encrypted: ['replaces', 'protects'],
      // Without one everything on the network that can reach it may read and write.
      FileSystemPolicy: ['admits', { settled: 'expose' }],
      FileSystemProtection: { members: { ReplicationOverwriteProtection: 'protects-by-default' } },
      FileSystemTags: 'tags',
      KmsKeyId: 'replaces',
      // Files go to other storage classes, and are never deleted by it.
      LifecyclePolicies: 'modify',
      PerformanceMode: 'replaces',
      ProvisionedThroughputInMibps: { number: 'capacity', absent: 0 },
      ReplicationConfiguration: {
        members: {
          Destinations: {
            by: 'Region',
            added: 'modify',
            lost: 'weaken',
            reordered: 'modify',
            each: {
              members: {
                AvailabilityZoneName: { settled: 'weaken' },
                // What is in it is overwritten.
                FileSystemId: ['acts', 'affects'],
                KmsKeyId: 'uses',
                Region: { settled: 'weaken' },
                RoleArn: 'acts-as',
                Status: { settled: 'weaken' },
                StatusMessage: 'modify',
              },
            },
          },
        },
      },
      ThroughputMode: 'disrupt',
    },
  },
  'AWS::EFS::MountTarget': {
    page: 'aws-resource-efs-mounttarget',
    new: 'create',
    properties: {
      // Its network can then reach the files.
      FileSystemId: ['replaces', 'acts'],
      IpAddress: 'replaces',
      IpAddressType: 'replaces',
      Ipv6Address: 'replaces',
      SecurityGroups: SECURITY_GROUPS,
      SubnetId: 'replaces',
    },
  },
};
