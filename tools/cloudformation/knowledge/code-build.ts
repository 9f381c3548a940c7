import type { Rule, Service } from './language.ts';
import { KEY } from './shared.ts';

const NETWORK: Rule = { members: { SecurityGroupIds: 'acts-as', Subnets: 'uses', VpcId: 'uses' } };

const SOURCE: Rule = {
  members: {
    Auth: { members: { Resource: ['acts-as', 'secret'], Type: 'disrupt' } },
    BuildSpec: 'code',
    BuildStatusConfig: 'modify',
    GitCloneDepth: 'modify',
    GitSubmodulesConfig: 'modify',
    InsecureSsl: 'endangers',
    Location: 'code',
    ReportBuildStatus: 'modify',
    SourceIdentifier: 'modify',
    Type: 'code',
  },
};

const ARTIFACTS: Rule = {
  members: {
    ArtifactIdentifier: 'modify',
    EncryptionDisabled: 'endangers',
    // Those who deploy what is built look for it where it was.
    Location: ['uses', { settled: 'disrupt' }],
    Name: 'modify',
    NamespaceType: 'modify',
    OverrideArtifactName: 'modify',
    Packaging: 'modify',
    Path: 'modify',
    Type: 'modify',
  },
};

export const CODE_BUILD: Service = {
  'AWS::CodeBuild::Fleet': {
    page: 'aws-resource-codebuild-fleet',
    new: 'create',
    properties: {
      BaseCapacity: 'capacity',
      ComputeConfiguration: 'modify',
      ComputeType: 'modify',
      EnvironmentType: 'disrupt',
      // What builds may reach.
      FleetProxyConfiguration: { settled: 'weaken' },
      FleetServiceRole: 'acts-as',
      FleetVpcConfig: NETWORK,
      ImageId: 'code',
      Name: 'replaces',
      OverflowBehavior: 'modify',
      ScalingConfiguration: {
        members: { MaxCapacity: 'capacity', ScalingType: 'modify', TargetTrackingScalingConfigs: 'modify' },
      },
      Tags: 'tags',
    },
  },
  'AWS::CodeBuild::Project': {
    page: 'aws-resource-codebuild-project',
    new: 'create',
    properties: {
      Artifacts: ARTIFACTS,
      AutoRetryLimit: { number: 'capacity', absent: 0 },
      BadgeEnabled: 'modify',
      BuildBatchConfig: {
        members: {
          BatchReportMode: 'modify',
          CombineArtifacts: 'modify',
          Restrictions: 'modify',
          ServiceRole: 'acts-as',
          TimeoutInMins: { number: 'limits', absent: 'fits' },
        },
      },
      Cache: 'modify',
      ConcurrentBuildLimit: 'limits',
      Description: 'modify',
      EncryptionKey: KEY,
      Environment: {
        members: {
          Certificate: 'uses',
          ComputeType: 'modify',
          DockerServer: { members: { ComputeType: 'modify', SecurityGroupIds: 'acts-as' } },
          EnvironmentVariables: 'modify',
          Fleet: 'uses',
          HostKernel: 'modify',
          Image: 'code',
          ImagePullCredentialsType: 'modify',
          PrivilegedMode: 'endangers',
          RegistryCredential: { members: { Credential: 'acts-as', CredentialProvider: 'modify' } },
          Type: 'modify',
        },
      },
      // What mounts it may write and delete in it.
      FileSystemLocations: {
        by: 'Identifier',
        added: 'modify',
        lost: 'disrupt',
        each: {
          members: {
            Identifier: 'modify',
            Location: ['acts', { settled: 'disrupt' }],
            MountOptions: { settled: 'disrupt' },
            MountPoint: { settled: 'disrupt' },
            Type: { settled: 'disrupt' },
          },
        },
      },
      LogsConfig: {
        members: {
          CloudWatchLogs: {
            members: {
              GroupName: { settled: 'weaken' },
              Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'ENABLED' },
              StreamName: 'modify',
            },
          },
          S3Logs: {
            members: {
              EncryptionDisabled: 'endangers',
              Location: ['uses', { settled: 'weaken' }],
              Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
            },
          },
        },
      },
      Name: 'replaces',
      QueuedTimeoutInMinutes: { number: 'capacity', absent: 480 },
      ResourceAccessRole: 'acts-as',
      SecondaryArtifacts: { each: ARTIFACTS, by: 'ArtifactIdentifier', added: 'modify', lost: 'disrupt' },
      SecondarySourceVersions: 'code',
      SecondarySources: { each: SOURCE, by: 'SourceIdentifier', added: 'modify', lost: 'disrupt' },
      ServiceRole: 'acts-as',
      Source: SOURCE,
      SourceVersion: 'code',
      Tags: 'tags',
      TimeoutInMinutes: { number: 'capacity', absent: 60 },
      // Whose pushes and pull requests run as this project.
      Triggers: {
        members: {
          BuildType: 'modify',
          FilterGroups: [{ settled: 'expose' }, { standing: 'disrupt' }],
          PullRequestBuildPolicy: { settled: 'expose' },
          ScopeConfiguration: { settled: 'expose' },
          Webhook: { standing: { values: { true: 'expose' }, otherwise: 'disrupt', absent: 'false' } },
        },
      },
      Visibility: { values: { PRIVATE: 'disrupt' }, otherwise: 'expose', absent: 'PRIVATE' },
      VpcConfig: NETWORK,
    },
  },
  'AWS::CodeBuild::ReportGroup': {
    page: 'aws-resource-codebuild-reportgroup',
    new: 'create',
    holds: 'data',
    properties: {
      DeleteReports: 'endangers',
      ExportConfig: ['uses', { settled: 'weaken' }],
      Name: 'replaces',
      Tags: 'tags',
      Type: 'replaces',
    },
  },
  'AWS::CodeBuild::SourceCredential': {
    page: 'aws-resource-codebuild-sourcecredential',
    // All projects of the account use it for that provider.
    new: 'disrupt',
    wide: 'account',
    properties: { AuthType: 'secret', ServerType: 'replaces', Token: 'secret', Username: 'secret' },
  },
};
