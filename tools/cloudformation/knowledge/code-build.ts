import type { Rule, Service } from './language.ts';
import { KEY, SHAPE } from './shared.ts';

const NETWORK: Rule = { members: { SecurityGroupIds: 'acts-as', Subnets: 'uses', VpcId: 'uses' } };

/** By memory: builds that needed it fail with less. A kind that isn't listed may have less. */
const COMPUTE: Rule = {
  order: [
    'BUILD_GENERAL1_SMALL',
    'BUILD_GENERAL1_MEDIUM',
    'BUILD_GENERAL1_LARGE',
    'BUILD_GENERAL1_XLARGE',
    'BUILD_GENERAL1_2XLARGE',
  ],
  less: 'disrupt',
};

const SOURCE: Rule = {
  members: {
    Auth: { members: { Resource: ['acts-as', 'secret'], Type: 'disrupt' } },
    BuildSpec: 'code',
    BuildStatusConfig: { members: { Context: { settled: 'disrupt' }, TargetUrl: 'modify' } },
    GitCloneDepth: { number: 'limits', absent: 'fits', endless: 0 },
    GitSubmodulesConfig: { members: { FetchSubmodules: 'runs' } },
    InsecureSsl: 'endangers',
    Location: 'code',
    ReportBuildStatus: 'runs',
    SourceIdentifier: 'modify',
    Type: 'code',
  },
};

/** Those who deploy what is built look for it where it was, in the form that it had. */
function artifacts(moved: Rule): Rule {
  return {
    members: {
      ArtifactIdentifier: 'modify',
      EncryptionDisabled: 'endangers',
      Location: ['uses', 'writes-to', { settled: 'disrupt' }],
      Name: moved,
      NamespaceType: moved,
      OverrideArtifactName: moved,
      Packaging: moved,
      Path: moved,
      Type: { settled: 'disrupt' },
    },
  };
}

export const CODE_BUILD: Service = {
  'AWS::CodeBuild::Fleet': {
    page: 'aws-resource-codebuild-fleet',
    new: 'create',
    properties: {
      BaseCapacity: 'capacity',
      ComputeConfiguration: 'disrupt',
      ComputeType: COMPUTE,
      EnvironmentType: 'disrupt',
      // What builds may reach.
      FleetProxyConfiguration: { settled: 'weaken' },
      FleetServiceRole: 'acts-as',
      FleetVpcConfig: NETWORK,
      ImageId: 'code',
      Name: 'replaces',
      OverflowBehavior: { order: ['QUEUE', 'ON_DEMAND'], less: 'disrupt', absent: 'QUEUE' },
      ScalingConfiguration: {
        members: { MaxCapacity: 'capacity', ScalingType: 'modify', TargetTrackingScalingConfigs: 'disrupt' },
      },
      Tags: 'tags',
    },
  },
  'AWS::CodeBuild::Project': {
    page: 'aws-resource-codebuild-project',
    new: 'create',
    properties: {
      Artifacts: artifacts(SHAPE),
      AutoRetryLimit: { number: 'capacity', absent: 0 },
      BadgeEnabled: 'modify',
      BuildBatchConfig: {
        members: {
          BatchReportMode: 'modify',
          CombineArtifacts: 'disrupt',
          Restrictions: 'disrupt',
          ServiceRole: 'acts-as',
          TimeoutInMins: [{ number: 'limits', absent: 480 }, { ends: 'weaken' }],
        },
      },
      // What lies there runs in builds: whose bucket it is, is whose code it is.
      Cache: {
        members: { CacheNamespace: 'modify', Location: ['code', 'passes-on'], Modes: 'modify', Type: 'modify' },
      },
      ConcurrentBuildLimit: 'throttles',
      Description: 'modify',
      EncryptionKey: KEY,
      Environment: {
        members: {
          // Which hosts builds believe, and that is fetched from.
          Certificate: { standing: 'weaken' },
          ComputeType: COMPUTE,
          DockerServer: { members: { ComputeType: COMPUTE, SecurityGroupIds: 'acts-as' } },
          EnvironmentVariables: [
            'steers',
            {
              by: 'Name',
              added: 'modify',
              lost: 'modify',
              each: {
                members: {
                  Name: 'modify',
                  // In plain text it can be read by all who see the project.
                  Type: { standing: { leaves: 'SECRETS_MANAGER', is: 'expose', absent: 'PLAINTEXT' } },
                  Value: 'modify',
                },
              },
            },
          ],
          // Whose machines get the source and its credentials.
          Fleet: { members: { FleetArn: ['uses', { standing: 'disrupt' }] } },
          HostKernel: 'modify',
          Image: 'code',
          ImagePullCredentialsType: 'disrupt',
          PrivilegedMode: { standing: 'opens' },
          RegistryCredential: { members: { Credential: 'acts-as', CredentialProvider: 'modify' } },
          Type: 'disrupt',
        },
      },
      // What mounts it may write and delete in it.
      FileSystemLocations: {
        by: 'Identifier',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
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
              GroupName: ['writes-to', { settled: 'weaken' }],
              Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'ENABLED' },
              StreamName: SHAPE,
            },
          },
          S3Logs: {
            members: {
              EncryptionDisabled: 'endangers',
              Location: ['uses', 'writes-to', { settled: 'weaken' }],
              Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
            },
          },
        },
      },
      Name: 'replaces',
      QueuedTimeoutInMinutes: { number: 'capacity', absent: 480 },
      ResourceAccessRole: 'acts-as',
      SecondaryArtifacts: {
        each: artifacts({ settled: 'disrupt' }),
        by: 'ArtifactIdentifier',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
      SecondarySourceVersions: 'code',
      SecondarySources: { each: SOURCE, by: 'SourceIdentifier', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      ServiceRole: 'acts-as',
      Source: SOURCE,
      SourceVersion: 'code',
      Tags: 'tags',
      TimeoutInMinutes: [{ number: 'capacity', absent: 60 }, { ends: 'weaken' }],
      // Whose pushes and pull requests run as this project.
      Triggers: {
        members: {
          BuildType: 'disrupt',
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
