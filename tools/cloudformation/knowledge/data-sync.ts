import type { Rules, Service } from './language.ts';

/** Where files are fetched from and put. */
const AT: Rules = { settled: 'disrupt' };
const LOGIN: Rules = ['acts-as', { settled: 'disrupt' }];
const SECRET: Readonly<Record<string, Rules>> = {
  CmkSecretConfig: { members: { KmsKeyArn: ['uses', { settled: 'weaken' }], SecretArn: LOGIN } },
  CustomSecretConfig: { members: { SecretAccessRoleArn: 'acts-as', SecretArn: LOGIN } },
};
const AGENTS: Rules = ['uses', { settled: 'disrupt' }];
/** What isn't copied, and is deleted on the other side where that is said. */
const CHOSEN: Rules = { standing: 'disrupt' };
/** Who may read the copies. */
const KEPT: Rules = { standing: 'expose' };
const REPORTED: Rules = { settled: 'weaken' };

/** A location on a file system of AWS. */
function fileSystem(name: string, more: Readonly<Record<string, Rules>> = {}): Readonly<Record<string, Rules>> {
  return {
    ...more,
    [name]: ['replaces', 'acts'],
    SecurityGroupArns: ['replaces', 'acts-as'],
    Subdirectory: 'replaces',
    Tags: 'tags',
  };
}

export const DATA_SYNC: Service = {
  'AWS::DataSync::Agent': {
    page: 'aws-resource-datasync-agent',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ActivationKey: 'replaces',
      AgentName: 'modify',
      SecurityGroupArns: ['replaces', 'acts-as'],
      SubnetArns: 'replaces',
      Tags: 'tags',
      VpcEndpointId: 'replaces',
    },
  },
  'AWS::DataSync::LocationAzureBlob': {
    page: 'aws-resource-datasync-locationazureblob',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...SECRET,
      AgentArns: AGENTS,
      AzureAccessTier: 'modify',
      AzureBlobAuthenticationType: AT,
      AzureBlobContainerUrl: 'replaces',
      AzureBlobSasConfiguration: 'secret',
      AzureBlobType: 'modify',
      FederatedIdentity: LOGIN,
      Subdirectory: AT,
      Tags: 'tags',
    },
  },
  'AWS::DataSync::LocationEFS': {
    page: 'aws-resource-datasync-locationefs',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AccessPointArn: ['replaces', 'acts'],
      Ec2Config: ['replaces', { members: { SecurityGroupArns: 'acts-as', SubnetArn: 'uses' } }],
      EfsFilesystemArn: ['replaces', 'acts'],
      FileSystemAccessRoleArn: ['replaces', 'acts-as'],
      InTransitEncryption: ['replaces', { order: ['NONE', 'TLS1_2'], less: 'weaken', absent: 'NONE' }],
      Subdirectory: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::DataSync::LocationFSxLustre': {
    page: 'aws-resource-datasync-locationfsxlustre',
    new: 'create',
    gone: 'disrupt',
    properties: fileSystem('FsxFilesystemArn'),
  },
  'AWS::DataSync::LocationFSxONTAP': {
    page: 'aws-resource-datasync-locationfsxontap',
    new: 'create',
    gone: 'disrupt',
    properties: fileSystem('StorageVirtualMachineArn', { Protocol: 'replaces' }),
  },
  'AWS::DataSync::LocationFSxOpenZFS': {
    page: 'aws-resource-datasync-locationfsxopenzfs',
    new: 'create',
    gone: 'disrupt',
    properties: fileSystem('FsxFilesystemArn', { Protocol: 'replaces' }),
  },
  'AWS::DataSync::LocationFSxWindows': {
    page: 'aws-resource-datasync-locationfsxwindows',
    new: 'create',
    gone: 'disrupt',
    properties: fileSystem('FsxFilesystemArn', {
      ...SECRET,
      Domain: 'replaces',
      Password: 'replaces',
      User: 'replaces',
    }),
  },
  'AWS::DataSync::LocationHDFS': {
    page: 'aws-resource-datasync-locationhdfs',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...SECRET,
      AgentArns: AGENTS,
      AuthenticationType: AT,
      BlockSize: 'modify',
      KerberosKeytab: 'secret',
      KerberosKrb5Conf: AT,
      KerberosPrincipal: AT,
      KmsKeyProviderUri: AT,
      NameNodes: AT,
      QopConfiguration: { settled: 'weaken' },
      ReplicationFactor: { number: 'retains', absent: 3 },
      SimpleUser: AT,
      Subdirectory: AT,
      Tags: 'tags',
    },
  },
  'AWS::DataSync::LocationNFS': {
    page: 'aws-resource-datasync-locationnfs',
    new: 'create',
    gone: 'disrupt',
    properties: {
      MountOptions: 'disrupt',
      OnPremConfig: AGENTS,
      ServerHostname: 'replaces',
      Subdirectory: AT,
      Tags: 'tags',
    },
  },
  'AWS::DataSync::LocationObjectStorage': {
    page: 'aws-resource-datasync-locationobjectstorage',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...SECRET,
      AccessKey: AT,
      AgentArns: AGENTS,
      BucketName: 'replaces',
      FederatedIdentity: LOGIN,
      SecretKey: 'secret',
      ServerCertificate: { settled: 'weaken' },
      ServerHostname: 'replaces',
      ServerPort: AT,
      ServerProtocol: { order: ['HTTP', 'HTTPS'], less: 'weaken', absent: 'HTTPS' },
      Subdirectory: AT,
      Tags: 'tags',
    },
  },
  'AWS::DataSync::LocationS3': {
    page: 'aws-resource-datasync-locations3',
    new: 'create',
    gone: 'disrupt',
    properties: {
      S3BucketArn: ['replaces', 'acts'],
      S3Config: ['replaces', 'acts-as'],
      S3StorageClass: 'replaces',
      Subdirectory: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::DataSync::LocationSMB': {
    page: 'aws-resource-datasync-locationsmb',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...SECRET,
      AgentArns: AGENTS,
      AuthenticationType: AT,
      DnsIpAddresses: AT,
      Domain: AT,
      KerberosKeytab: 'secret',
      KerberosKrb5Conf: AT,
      KerberosPrincipal: AT,
      MountOptions: 'disrupt',
      Password: 'secret',
      ServerHostname: 'replaces',
      Subdirectory: AT,
      Tags: 'tags',
      User: AT,
    },
  },
  'AWS::DataSync::Task': {
    page: 'aws-resource-datasync-task',
    new: 'create',
    gone: 'disrupt',
    properties: {
      CloudWatchLogGroupArn: ['uses', 'writes-to', { settled: 'weaken' }],
      DestinationLocationArn: ['replaces', 'acts'],
      // What isn't chosen isn't copied any more.
      Excludes: { standing: 'weaken' },
      Includes: { standing: 'weaken' },
      ManifestConfig: ['may-act', { members: { Source: ['reads', CHOSEN] }, others: CHOSEN }],
      Name: 'modify',
      Options: {
        members: {
          Atime: 'modify',
          // More may leave no room in the network for what else goes through it.
          BytesPerSecond: { number: 'throttles', absent: -1, endless: -1 },
          Gid: KEPT,
          LogLevel: { order: ['OFF', 'BASIC', 'TRANSFER'], less: 'weaken', absent: 'OFF' },
          Mtime: { standing: 'disrupt' },
          ObjectMetadata: { standing: 'weaken' },
          ObjectTags: { standing: 'weaken' },
          // What is there is written over, by a new task too, and by AWS's default.
          OverwriteMode: {
            among: ['DestinationLocationArn'],
            otherwise: { acting: { values: { NEVER: 'modify' }, otherwise: 'delete' } },
          },
          PosixPermissions: KEPT,
          // What the source doesn't have is deleted at the destination, which may be full when the task is made.
          PreserveDeletedFiles: { acting: { order: ['REMOVE', 'PRESERVE'], less: 'delete', absent: 'PRESERVE' } },
          PreserveDevices: { standing: 'disrupt' },
          SecurityDescriptorCopyFlags: KEPT,
          TaskQueueing: { standing: 'disrupt' },
          TransferMode: { standing: 'disrupt' },
          Uid: KEPT,
          VerifyMode: {
            order: ['NONE', 'ONLY_FILES_TRANSFERRED', 'POINT_IN_TIME_CONSISTENT'],
            less: 'weaken',
            absent: 'POINT_IN_TIME_CONSISTENT',
          },
        },
      },
      Schedule: {
        members: {
          ScheduleExpression: 'schedule',
          Status: { order: ['DISABLED', 'ENABLED'], less: 'disrupt', absent: 'ENABLED' },
        },
      },
      SourceLocationArn: ['replaces', 'reads'],
      Tags: 'tags',
      TaskMode: 'replaces',
      TaskReportConfig: ['may-act', REPORTED],
    },
  },
};
