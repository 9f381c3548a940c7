import type { Rule, Service } from './language.ts';
import { GRANTS, KEY } from './shared.ts';

const NETWORK: Rule = {
  members: {
    Ipv6AllowedForDualStack: 'runs',
    SecurityGroupIds: 'acts-as',
    SubnetIds: 'uses',
    VpcId: 'uses',
  },
};

/** What looks at applications from outside: canaries, traces, real users. */
export const SYNTHETICS: Service = {
  'AWS::RUM::AppMonitor': {
    page: 'aws-resource-rum-appmonitor',
    new: 'create',
    properties: {
      AppMonitorConfiguration: {
        members: {
          AllowCookies: 'modify',
          EnableXRay: 'protects',
          ExcludedPages: 'weaken',
          FavoritePages: 'modify',
          GuestRoleArn: 'acts-as',
          IdentityPoolId: 'uses',
          IncludedPages: 'weaken',
          MetricDestinations: {
            each: {
              members: {
                Destination: 'modify',
                DestinationArn: ['acts', 'writes-to'],
                IamRoleArn: 'acts-as',
                MetricDefinitions: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
              },
            },
            by: '#',
            added: 'modify',
            lost: 'weaken',
          },
          SessionSampleRate: 'retains',
          Telemetries: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
        },
      },
      CustomEvents: 'weaken',
      CwLogEnabled: 'protects',
      DeobfuscationConfiguration: 'modify',
      // Whose pages may send what they see.
      Domain: { settled: 'disrupt' },
      DomainList: GRANTS,
      Name: 'replaces',
      Platform: 'replaces',
      ResourcePolicy: { members: { PolicyDocument: 'admits', PolicyRevisionId: 'modify' } },
      Tags: 'tags',
    },
  },
  'AWS::Synthetics::Canary': {
    page: 'aws-resource-synthetics-canary',
    new: 'create',
    properties: {
      ArtifactConfig: { settled: 'weaken' },
      ArtifactS3Location: ['uses', 'writes-to'],
      BrowserConfigs: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      Code: 'code',
      DeleteLambdaResourcesOnCanaryDeletion: 'modify',
      DryRunAndUpdate: 'modify',
      ExecutionRoleArn: 'acts-as',
      FailureRetentionPeriod: { number: 'expires', absent: 31 },
      KmsKeyArn: KEY,
      Name: 'replaces',
      ProvisionedResourceCleanup: 'modify',
      Replicas: {
        each: {
          members: {
            CanaryState: { settled: 'disrupt' },
            KmsKeyArn: KEY,
            LastModified: 'modify',
            Location: 'modify',
            ReplicationStatus: 'modify',
            ResourcesToReplicateTags: 'modify',
            Tags: 'tags',
            VpcConfig: NETWORK,
          },
        },
        by: 'Location',
        added: 'modify',
        lost: 'weaken',
        reordered: 'modify',
      },
      ResourcesToReplicateTags: 'modify',
      RunConfig: {
        members: {
          ActiveTracing: 'protects',
          EnvironmentVariables: 'modify',
          EphemeralStorage: { number: 'limits', absent: 1024 },
          MemoryInMB: 'limits',
          TimeoutInSeconds: ['limits', { ends: 'weaken' }],
        },
      },
      RuntimeVersion: 'code',
      // How often it looks: another expression may be never.
      Schedule: {
        members: {
          DurationInSeconds: { number: 'retains', absent: 0, endless: 0 },
          Expression: 'weaken',
          RetryConfig: 'modify',
        },
      },
      StartCanaryAfterCreation: 'runs',
      SuccessRetentionPeriod: { number: 'expires', absent: 31 },
      Tags: 'tags',
      VPCConfig: NETWORK,
      VisualReference: 'modify',
      VisualReferences: 'modify',
    },
  },
  'AWS::Synthetics::Group': {
    page: 'aws-resource-synthetics-group',
    new: 'create',
    properties: { Name: 'replaces', ResourceArns: 'uses', Tags: 'tags' },
  },
  'AWS::XRay::ResourcePolicy': {
    page: 'aws-resource-xray-resourcepolicy',
    new: 'create',
    properties: { BypassPolicyLockoutCheck: 'endangers', PolicyDocument: 'admits', PolicyName: 'replaces' },
  },
};
