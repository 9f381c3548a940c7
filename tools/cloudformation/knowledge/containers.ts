import type { Rule, Rules } from './language.ts';
import { GRANTS } from './shared.ts';

/** What containers are made of, where ECS and Batch start them. */

/** Environment and secrets by name. One less, and an image that stays as it was misses it. */
const TOLD: Rule = {
  unless_changed: ['Command', 'EntryPoint', 'Image'],
  otherwise: { by: 'Name', each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
};

/** A container of ECS and of Batch. */
export const CONTAINER: Readonly<Record<string, Rules>> = {
  Command: 'code',
  Cpu: { number: 'limits', absent: 'fits' },
  CredentialSpecs: 'modify',
  DependsOn: 'modify',
  DisableNetworking: 'disrupt',
  DnsSearchDomains: 'modify',
  DnsServers: 'modify',
  DockerLabels: 'modify',
  // AppArmor, SELinux, no-new-privileges.
  DockerSecurityOptions: { settled: 'weaken' },
  EntryPoint: 'code',
  Environment: TOLD,
  EnvironmentFiles: 'modify',
  Essential: { settled: 'weaken' },
  ExtraHosts: 'modify',
  FirelensConfiguration: { settled: 'weaken' },
  HealthCheck: { settled: 'weaken' },
  Hostname: 'modify',
  Image: 'code',
  Interactive: 'modify',
  Links: 'modify',
  LinuxParameters: {
    members: {
      // What it may do to its host.
      Capabilities: ['weaken', { members: { Add: GRANTS, Drop: 'modify' } }],
      Devices: { standing: 'expose' },
      InitProcessEnabled: 'modify',
      MaxSwap: { number: 'limits', absent: 'fits' },
      SharedMemorySize: { number: 'limits', absent: 64 },
      Swappiness: 'modify',
      Tmpfs: {
        each: {
          members: {
            ContainerPath: 'modify',
            MountOptions: { settled: 'disrupt' },
            Size: { number: 'limits', absent: 'fits' },
          },
        },
        by: 'ContainerPath',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
    },
  },
  LogConfiguration: {
    members: {
      LogDriver: { settled: 'weaken' },
      Options: { keys: 'modify', added: 'modify', lost: 'weaken' },
      SecretOptions: 'modify',
    },
  },
  Memory: { number: 'limits', absent: 'fits' },
  MemoryReservation: { number: 'limits', absent: 'fits' },
  MountPoints: {
    by: 'ContainerPath',
    added: 'modify',
    lost: 'disrupt',
    reordered: 'modify',
    each: { members: { ContainerPath: 'modify', ReadOnly: 'protects', SourceVolume: { settled: 'disrupt' } } },
  },
  Name: 'modify',
  PortMappings: {
    by: 'ContainerPort',
    added: 'modify',
    lost: 'disrupt',
    reordered: 'modify',
    each: {
      members: {
        AppProtocol: { settled: 'disrupt' },
        ContainerPort: 'modify',
        ContainerPortRange: { settled: 'disrupt' },
        HostPort: { settled: 'disrupt' },
        Name: { settled: 'disrupt' },
        Protocol: { settled: 'disrupt' },
      },
    },
  },
  Privileged: { standing: 'opens' },
  PseudoTerminal: 'modify',
  ReadonlyRootFilesystem: 'protects',
  RepositoryCredentials: 'modify',
  ResourceRequirements: {
    each: { members: { Type: 'modify', Value: { number: 'limits', absent: 'fits' } } },
    by: 'Type',
    added: 'modify',
    lost: 'disrupt',
    reordered: 'modify',
  },
  RestartPolicy: 'modify',
  Secrets: TOLD,
  StartTimeout: { number: 'limits', absent: 'fits' },
  // Ended sooner, in the middle of what it does.
  StopTimeout: { number: 'limits', absent: 30 },
  SystemControls: { settled: 'disrupt' },
  Ulimits: {
    each: {
      members: {
        HardLimit: { number: 'limits', absent: 'fits' },
        Name: 'modify',
        SoftLimit: { number: 'limits', absent: 'fits' },
      },
    },
    by: 'Name',
    added: 'disrupt',
    lost: 'disrupt',
    reordered: 'modify',
  },
  // Another user may be root; without one it is.
  User: { settled: 'weaken' },
  // Without it each start takes what the tag then says.
  VersionConsistency: { order: ['disabled', 'enabled'], less: 'weaken', absent: 'enabled' },
  VolumesFrom: 'modify',
  WorkingDirectory: 'modify',
};

/**
 * What mounts a file system may write and delete in it: by default EFS lets in all who reach it in the network.
 * https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
const NETWORK_FILES: Rule = {
  members: {
    AuthorizationConfig: { settled: 'weaken' },
    FileSystemId: ['acts', { settled: 'disrupt' }],
    FilesystemId: ['acts', { settled: 'disrupt' }],
    RootDirectory: { settled: 'disrupt' },
    TransitEncryption: 'protects',
    TransitEncryptionPort: 'modify',
  },
};

export const VOLUMES: Rule = {
  by: 'Name',
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
  each: {
    members: {
      ConfiguredAtLaunch: 'modify',
      DockerVolumeConfiguration: { settled: 'disrupt' },
      EFSVolumeConfiguration: NETWORK_FILES,
      EfsVolumeConfiguration: NETWORK_FILES,
      FSxWindowsFileServerVolumeConfiguration: {
        members: {
          AuthorizationConfig: ['acts-as', { settled: 'disrupt' }],
          FileSystemId: ['acts', { settled: 'disrupt' }],
          RootDirectory: { settled: 'disrupt' },
        },
      },
      Host: { settled: 'disrupt' },
      Name: 'modify',
      S3FilesVolumeConfiguration: ['may-act', { settled: 'disrupt' }],
    },
  },
};
