import { BACKUP_TIME } from './databases.ts';
import { VOLUMES } from './fsx/volumes.ts';
import type { Rule, Rules, Service } from './language.ts';
import { PLACES } from './shared.ts';

/** Backups that are made every day; none without a number, or as many as AWS takes for that kind. */
const BACKUPS: Readonly<Record<string, Rules>> = {
  AutomaticBackupRetentionDays: { number: 'expires', absent: 0 },
  CopyTagsToBackups: 'protects',
  DailyAutomaticBackupStartTime: BACKUP_TIME,
  WeeklyMaintenanceStartTime: 'disrupt',
};

/** Only a new file system has another; should AWS change it in place one day, then not without a loss. */
const FIXED: Rule = 'replace';

/** File servers are exchanged, and clients wait or are cut off meanwhile. */
const FAILOVER: Rule = 'disrupt';

const DIRECTORY: Rule = {
  members: {
    DnsIps: 'disrupt',
    DomainJoinServiceAccountSecret: 'disrupt',
    DomainName: 'disrupt',
    FileSystemAdministratorsGroup: { standing: 'expose' },
    OrganizationalUnitDistinguishedName: 'disrupt',
    Password: 'secret',
    UserName: 'disrupt',
  },
};

const DISK_IOPS: Rule = {
  members: {
    Iops: { number: 'capacity', absent: 'fits' },
    Mode: { values: {}, otherwise: 'disrupt', absent: 'AUTOMATIC' },
  },
};

const EXPORTS: Rule = { standing: 'expose' };

export const FSX: Service = {
  ...VOLUMES,
  'AWS::FSx::FileSystem': {
    page: 'aws-resource-fsx-filesystem',
    new: 'create',
    holds: 'data',
    properties: {
      BackupId: ['replaces', 'reads'],
      FileSystemType: 'replaces',
      FileSystemTypeVersion: 'replaces',
      KmsKeyId: 'replaces',
      LustreConfiguration: {
        members: {
          ...BACKUPS,
          AutoImportPolicy: { values: { NEW_CHANGED_DELETED: 'delete' }, otherwise: 'disrupt', absent: 'NONE' },
          DataCompressionType: 'modify',
          DataReadCacheConfiguration: 'disrupt',
          DeploymentType: FIXED,
          DriveCacheType: FIXED,
          EfaEnabled: FIXED,
          // AWS reads and writes the buckets with a role of the file system's own.
          ExportPath: ['acts', FIXED],
          ImportPath: ['reads', FIXED],
          ImportedFileChunkSize: FIXED,
          LogConfiguration: { members: { Destination: ['writes-to', { settled: 'weaken' }], Level: 'weaken' } },
          MetadataConfiguration: 'disrupt',
          PerUnitStorageThroughput: FAILOVER,
          ThroughputCapacity: FAILOVER,
        },
      },
      NetworkType: 'disrupt',
      OntapConfiguration: {
        members: {
          ...BACKUPS,
          DeploymentType: FIXED,
          DiskIopsConfiguration: DISK_IOPS,
          EndpointIpAddressRange: FIXED,
          EndpointIpv6AddressRange: 'disrupt',
          FsxAdminPassword: 'secret',
          HAPairs: 'capacity',
          PreferredSubnetId: FIXED,
          RouteTableIds: 'acts',
          ThroughputCapacity: FAILOVER,
          ThroughputCapacityPerHAPair: FAILOVER,
        },
      },
      OpenZFSConfiguration: {
        members: {
          ...BACKUPS,
          CopyTagsToVolumes: 'protects',
          DeploymentType: FIXED,
          DiskIopsConfiguration: DISK_IOPS,
          EndpointIpAddressRange: FIXED,
          EndpointIpv6AddressRange: 'disrupt',
          // That child volumes and snapshots go with it.
          Options: { each: 'weaken', added: 'weaken', lost: 'modify', reordered: 'modify' },
          PreferredSubnetId: FIXED,
          ReadCacheConfiguration: 'disrupt',
          RootVolumeConfiguration: {
            members: {
              CopyTagsToSnapshots: 'protects',
              DataCompressionType: 'modify',
              NfsExports: EXPORTS,
              ReadOnly: { standing: 'disrupt' },
              RecordSizeKiB: 'modify',
              UserAndGroupQuotas: 'disrupt',
            },
          },
          RouteTableIds: 'acts',
          ThroughputCapacity: FAILOVER,
        },
      },
      SecurityGroupIds: ['replaces', 'acts-as'],
      StorageCapacity: 'capacity',
      StorageType: 'disrupt',
      SubnetIds: 'replaces',
      Tags: 'tags',
      WindowsConfiguration: {
        members: {
          ...BACKUPS,
          // Kept for 30 days where nothing is said.
          AutomaticBackupRetentionDays: { number: 'expires', absent: 30 },
          // It joins it.
          ActiveDirectoryId: ['acts', FIXED],
          Aliases: PLACES,
          AuditLogConfiguration: { standing: 'weaken' },
          DeploymentType: FIXED,
          DiskIopsConfiguration: DISK_IOPS,
          FsrmConfiguration: 'disrupt',
          PreferredSubnetId: FIXED,
          SelfManagedActiveDirectoryConfiguration: DIRECTORY,
          ThroughputCapacity: FAILOVER,
        },
      },
    },
  },
  'AWS::FSx::Snapshot': {
    page: 'aws-resource-fsx-snapshot',
    new: 'create',
    holds: 'data',
    properties: {
      Name: 'modify',
      Tags: 'tags',
      VolumeId: ['replaces', 'acts'],
    },
  },
  'AWS::FSx::StorageVirtualMachine': {
    page: 'aws-resource-fsx-storagevirtualmachine',
    new: 'create',
    holds: 'data',
    properties: {
      ActiveDirectoryConfiguration: {
        members: { NetBiosName: 'disrupt', SelfManagedActiveDirectoryConfiguration: DIRECTORY },
      },
      FileSystemId: ['replaces', 'acts'],
      Name: 'replaces',
      RootVolumeSecurityStyle: 'replaces',
      SvmAdminPassword: 'secret',
      Tags: 'tags',
    },
  },
};
