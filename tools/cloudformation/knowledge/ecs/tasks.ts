import type { Rule, Service } from '../language.ts';

/** Environment, secrets and files by name: what a container is told. */
const TOLD: Rule = { by: 'Name', each: 'modify', added: 'modify', lost: 'modify' };

const CONTAINER: Rule = {
  members: {
    Command: 'code',
    Cpu: 'modify',
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
    Essential: { values: { true: 'modify', false: 'weaken' }, otherwise: 'weaken', absent: 'true' },
    ExtraHosts: 'modify',
    FirelensConfiguration: { settled: 'weaken' },
    HealthCheck: 'protects',
    Hostname: 'modify',
    Image: 'code',
    Interactive: 'modify',
    Links: 'modify',
    LinuxParameters: {
      members: {
        // What it may do to its host.
        Capabilities: 'weaken',
        Devices: 'weaken',
        InitProcessEnabled: 'modify',
        MaxSwap: 'modify',
        SharedMemorySize: 'modify',
        Swappiness: 'modify',
        Tmpfs: 'modify',
      },
    },
    LogConfiguration: {
      members: {
        LogDriver: { settled: 'weaken' },
        Options: { keys: 'modify', added: 'modify', lost: 'weaken' },
        SecretOptions: 'modify',
      },
    },
    Memory: 'modify',
    MemoryReservation: 'modify',
    MountPoints: {
      by: 'ContainerPath',
      added: 'modify',
      lost: 'disrupt',
      each: { members: { ContainerPath: 'modify', ReadOnly: 'protects', SourceVolume: 'disrupt' } },
    },
    Name: 'modify',
    PortMappings: {
      by: 'ContainerPort',
      added: 'modify',
      lost: 'disrupt',
      each: {
        members: {
          AppProtocol: 'disrupt',
          ContainerPort: 'modify',
          ContainerPortRange: 'disrupt',
          HostPort: 'disrupt',
          Name: 'disrupt',
          Protocol: 'disrupt',
        },
      },
    },
    Privileged: 'endangers',
    PseudoTerminal: 'modify',
    ReadonlyRootFilesystem: 'protects',
    RepositoryCredentials: 'modify',
    ResourceRequirements: 'modify',
    RestartPolicy: 'modify',
    Secrets: TOLD,
    StartTimeout: 'modify',
    StopTimeout: 'modify',
    SystemControls: 'modify',
    Ulimits: 'modify',
    // Another user may be root.
    User: 'weaken',
    // Without it each start takes what the tag then says.
    VersionConsistency: { order: ['disabled', 'enabled'], less: 'weaken', absent: 'enabled' },
    VolumesFrom: 'modify',
    WorkingDirectory: 'modify',
  },
};

export const TASKS: Service = {
  // A service that runs keeps its revision, until its own row says another.
  'AWS::ECS::TaskDefinition': {
    page: 'aws-resource-ecs-taskdefinition',
    new: 'create',
    revision: true,
    properties: {
      ContainerDefinitions: ['replaces', { by: 'Name', added: 'modify', lost: 'disrupt', each: CONTAINER }],
      Cpu: 'replaces',
      EnableFaultInjection: ['replaces', 'endangers'],
      EphemeralStorage: 'replaces',
      ExecutionRoleArn: ['replaces', 'acts-as'],
      Family: 'replaces',
      InferenceAccelerators: 'replaces',
      IpcMode: ['replaces', { values: { task: 'modify', none: 'modify' }, otherwise: 'weaken', absent: 'none' }],
      Memory: 'replaces',
      // Those of the host are then its own.
      NetworkMode: [
        'replaces',
        { values: { awsvpc: 'modify', bridge: 'modify', none: 'disrupt' }, otherwise: 'weaken', absent: 'bridge' },
      ],
      PidMode: ['replaces', { values: { task: 'modify' }, otherwise: 'weaken', absent: 'task' }],
      PlacementConstraints: 'replaces',
      ProxyConfiguration: ['replaces', 'weaken'],
      RequiresCompatibilities: 'replaces',
      RuntimePlatform: 'replaces',
      Tags: 'tags',
      TaskRoleArn: ['replaces', 'acts-as'],
      Volumes: [
        'replaces',
        {
          by: 'Name',
          added: 'modify',
          lost: 'disrupt',
          each: {
            members: {
              ConfiguredAtLaunch: 'modify',
              DockerVolumeConfiguration: 'disrupt',
              EFSVolumeConfiguration: {
                members: {
                  AuthorizationConfig: { settled: 'weaken' },
                  FilesystemId: ['uses', 'disrupt'],
                  RootDirectory: 'disrupt',
                  TransitEncryption: 'protects',
                  TransitEncryptionPort: 'modify',
                },
              },
              FSxWindowsFileServerVolumeConfiguration: 'disrupt',
              Host: 'disrupt',
              Name: 'modify',
              S3FilesVolumeConfiguration: 'disrupt',
            },
          },
        },
      ],
    },
  },
};
