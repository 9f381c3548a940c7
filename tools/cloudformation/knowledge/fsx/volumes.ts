import type { Rule, Service } from '../language.ts';

/**
 * Which changes are made on the other side, too. What wasn't carried over before is written over or deleted there, by a
 * new one too, unless both sides are as new.
 */
const FOLLOWS: Rule = {
  members: {
    Events: {
      among: ['DataRepositoryPath', 'FileSystemId'],
      otherwise: { acting: { each: 'modify', added: 'delete', lost: 'disrupt', reordered: 'modify' } },
    },
  },
};

export const VOLUMES: Service = {
  'AWS::FSx::DataRepositoryAssociation': {
    page: 'aws-resource-fsx-datarepositoryassociation',
    new: 'create',
    gone: 'disrupt',
    properties: {
      BatchImportMetaDataOnCreate: 'replaces',
      // The file system reads and writes it.
      DataRepositoryPath: ['replaces', 'acts'],
      FileSystemId: ['replaces', 'acts'],
      FileSystemPath: 'replaces',
      ImportedFileChunkSize: 'modify',
      S3: { members: { AutoExportPolicy: FOLLOWS, AutoImportPolicy: FOLLOWS } },
      Tags: 'tags',
    },
  },
  'AWS::FSx::S3AccessPointAttachment': {
    page: 'aws-resource-fsx-s3accesspointattachment',
    // Files can be read by S3, as one user of the file system.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      Name: 'replaces',
      OntapConfiguration: ['replaces', 'acts', { standing: 'expose' }],
      OpenZFSConfiguration: ['replaces', 'acts', { standing: 'expose' }],
      S3AccessPoint: ['replaces', { members: { Policy: 'admits' }, others: { standing: 'expose' } }],
      Type: 'replaces',
    },
  },
  'AWS::FSx::Volume': {
    page: 'aws-resource-fsx-volume',
    new: 'create',
    holds: 'data',
    properties: {
      BackupId: ['replaces', 'reads'],
      Name: 'modify',
      OntapConfiguration: {
        members: {
          AggregateConfiguration: 'replace',
          CopyTagsToBackups: 'protects',
          // Where clients mount it.
          JunctionPath: { settled: 'disrupt' },
          OntapVolumeType: 'replaces',
          SecurityStyle: { standing: 'expose' },
          SizeInBytes: 'capacity',
          SizeInMegabytes: 'capacity',
          SnaplockConfiguration: {
            members: {
              AuditLogVolume: 'protects',
              AutocommitPeriod: { settled: 'weaken' },
              // Files that are to be kept may be deleted.
              PrivilegedDelete: {
                order: ['ENABLED', 'DISABLED', 'PERMANENTLY_DISABLED'],
                less: 'weaken',
                absent: 'DISABLED',
              },
              RetentionPeriod: { settled: 'weaken' },
              SnaplockType: 'replaces',
              VolumeAppendModeEnabled: { standing: 'weaken' },
            },
          },
          // Which snapshots are kept, and for how long.
          SnapshotPolicy: { standing: 'weaken' },
          StorageEfficiencyEnabled: 'modify',
          StorageVirtualMachineId: ['replaces', 'acts'],
          TieringPolicy: 'modify',
          VolumeStyle: 'replaces',
        },
      },
      OpenZFSConfiguration: {
        members: {
          CopyTagsToSnapshots: 'protects',
          DataCompressionType: 'modify',
          NfsExports: { standing: 'expose' },
          // That child volumes and snapshots go with it.
          Options: { each: 'weaken', added: 'weaken', lost: 'modify', reordered: 'modify' },
          OriginSnapshot: ['replaces', 'reads'],
          ParentVolumeId: ['replaces', 'acts'],
          ReadOnly: { standing: 'disrupt' },
          RecordSizeKiB: 'modify',
          // None, or -1, is no limit; none is reserved by none.
          StorageCapacityQuotaGiB: { number: 'limits', absent: -1, endless: -1 },
          StorageCapacityReservationGiB: { number: 'capacity', absent: -1 },
          UserAndGroupQuotas: { standing: 'disrupt' },
        },
      },
      Tags: 'tags',
      VolumeType: 'replaces',
    },
  },
};
