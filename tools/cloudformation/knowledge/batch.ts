import { CONTAINER, VOLUMES } from './containers.ts';
import type { Rule, Service } from './language.ts';
import { SECURITY_GROUPS } from './shared.ts';

/** Instances are ended, with the jobs on them, for ones by the other template. */
const ROLLS: Rule = 'replace';

/** A job's container, which says as whom it runs, too. */
const JOB: Rule = {
  members: {
    ...CONTAINER,
    EnableExecuteCommand: 'opens',
    EphemeralStorage: { members: { SizeInGiB: { number: 'limits', absent: 20 } } },
    ExecutionRoleArn: 'acts-as',
    FargatePlatformConfiguration: 'modify',
    InstanceType: 'disrupt',
    JobRoleArn: 'acts-as',
    NetworkConfiguration: { members: { AssignPublicIp: 'opens' } },
    RuntimePlatform: 'disrupt',
    Vcpus: { number: 'limits', absent: 'fits' },
    Volumes: VOLUMES,
  },
};

const TASK: Rule = {
  members: {
    TaskProperties: {
      by: '#',
      added: 'modify',
      lost: 'disrupt',
      each: {
        members: {
          Containers: {
            by: 'Name',
            added: 'modify',
            lost: 'disrupt',
            reordered: 'modify',
            each: { members: CONTAINER },
          },
          EnableExecuteCommand: 'opens',
          EphemeralStorage: { members: { SizeInGiB: { number: 'limits', absent: 20 } } },
          ExecutionRoleArn: 'acts-as',
          IpcMode: { values: { task: 'modify', none: 'modify' }, otherwise: 'expose', absent: 'none' },
          NetworkConfiguration: { members: { AssignPublicIp: 'opens' } },
          NetworkMode: { settled: 'weaken' },
          PidMode: { values: { task: 'modify' }, otherwise: 'expose', absent: 'task' },
          PlatformVersion: 'modify',
          RuntimePlatform: 'disrupt',
          TaskRoleArn: 'acts-as',
          Volumes: VOLUMES,
        },
      },
    },
  },
};

/** Pods run as a service account of the cluster, whose role isn't told here. */
const POD: Rule = {
  members: {
    PodProperties: {
      members: {
        Containers: 'code',
        DnsPolicy: 'modify',
        HostNetwork: 'opens-by-default',
        ImagePullSecrets: 'modify',
        InitContainers: 'code',
        Metadata: 'modify',
        ServiceAccountName: 'expose',
        ShareProcessNamespace: 'endangers',
        Volumes: 'modify',
      },
    },
  },
};

export const BATCH: Service = {
  'AWS::Batch::ComputeEnvironment': {
    page: 'aws-resource-batch-computeenvironment',
    new: 'create',
    properties: {
      ComputeEnvironmentName: 'replaces',
      ComputeResources: {
        members: {
          AllocationStrategy: ROLLS,
          BidPercentage: ROLLS,
          CapacityTags: 'tags',
          DesiredvCpus: { number: 'capacity', absent: 0 },
          Ec2Configuration: [ROLLS, 'code'],
          Ec2KeyPair: ROLLS,
          ImageId: [ROLLS, 'code'],
          InstanceRole: [ROLLS, 'acts-as'],
          InstanceTypes: ROLLS,
          LaunchTemplate: [
            ROLLS,
            {
              members: {
                LaunchTemplateId: 'acts-as',
                LaunchTemplateName: 'acts-as',
                Overrides: {
                  by: '#',
                  added: 'modify',
                  lost: 'modify',
                  each: {
                    members: {
                      LaunchTemplateId: 'acts-as',
                      LaunchTemplateName: 'acts-as',
                      TargetInstanceTypes: 'modify',
                      UserdataType: 'modify',
                      Version: 'code',
                    },
                  },
                },
                UserdataType: 'modify',
                Version: 'code',
              },
            },
          ],
          ManagedInstancesProvider: {
            members: {
              InfrastructureRoleArn: 'acts-as',
              InstanceLaunchTemplate: {
                members: {
                  CapacityOptionType: ROLLS,
                  CapacityReservations: ROLLS,
                  Ec2InstanceProfileArn: [ROLLS, 'acts-as'],
                  FipsEnabled: ['protects', ROLLS],
                  InstanceRequirements: ROLLS,
                  Monitoring: 'modify',
                  NetworkConfiguration: ROLLS,
                  StorageConfiguration: ROLLS,
                },
              },
              PropagateTags: 'modify',
            },
          },
          MaxvCpus: 'capacity',
          MinvCpus: { number: 'capacity', absent: 0 },
          PlacementGroup: ROLLS,
          ScalingPolicy: 'modify',
          SecurityGroupIds: [ROLLS, ...SECURITY_GROUPS],
          SpotIamFleetRole: 'acts-as',
          Subnets: ['uses', ROLLS],
          Tags: ['tags', ROLLS],
          Type: ROLLS,
          UpdateToLatestImageVersion: ROLLS,
        },
      },
      Context: 'modify',
      // Container Insights.
      EcsSettings: {
        members: { ContainerInsights: { order: ['disabled', 'enabled', 'enhanced'], less: 'weaken' } },
      },
      EksConfiguration: [
        'replaces',
        { members: { AccessEntry: 'expose', EksClusterArn: 'acts', KubernetesNamespace: 'modify' } },
      ],
      ReplaceComputeEnvironment: 'modify',
      ServiceRole: 'acts-as',
      State: 'runs-by-default',
      Tags: ['replaces', 'tags'],
      Type: 'replaces',
      UnmanagedvCpus: { number: 'capacity', absent: 0 },
      UpdatePolicy: {
        members: { JobExecutionTimeoutMinutes: { number: 'capacity', absent: 30 }, TerminateJobsOnUpdate: 'endangers' },
      },
    },
  },
  // A change makes a new revision; jobs that were submitted keep theirs.
  'AWS::Batch::JobDefinition': {
    page: 'aws-resource-batch-jobdefinition',
    new: 'create',
    revision: { of: 'JobDefinitionName' },
    joins: { by: 'JobDefinitionName', arn: 'batch:R:A:job-definition/' },
    properties: {
      ConsumableResourceProperties: 'disrupt',
      ContainerProperties: JOB,
      EcsProperties: TASK,
      EksProperties: POD,
      // Who starts the latest by its name finds none any more.
      JobDefinitionName: ['replaces', { settled: 'disrupt' }],
      NodeProperties: {
        members: {
          MainNode: 'disrupt',
          NodeRangeProperties: {
            by: 'TargetNodes',
            added: 'disrupt',
            lost: 'disrupt',
            reordered: 'modify',
            each: {
              members: {
                ConsumableResourceProperties: 'disrupt',
                Container: JOB,
                EcsProperties: TASK,
                EksProperties: POD,
                InstanceTypes: 'disrupt',
                TargetNodes: 'modify',
              },
            },
          },
          NumNodes: 'capacity',
        },
      },
      Parameters: 'modify',
      PlatformCapabilities: 'disrupt',
      PropagateTags: 'modify',
      ResourceRetentionPolicy: { members: { SkipDeregisterOnUpdate: 'protects' } },
      RetryStrategy: { members: { Attempts: { number: 'capacity', absent: 1 }, EvaluateOnExit: 'disrupt' } },
      SchedulingPriority: { number: 'limits', absent: 0 },
      Tags: ['replaces', 'tags'],
      // Jobs that take longer are ended; without it one that hangs runs on, and costs.
      Timeout: { members: { AttemptDurationSeconds: ['limits', { ends: 'weaken' }] } },
      Type: 'disrupt',
    },
  },
  'AWS::Batch::JobQueue': {
    page: 'aws-resource-batch-jobqueue',
    new: 'create',
    properties: {
      ComputeEnvironmentOrder: {
        by: 'ComputeEnvironment',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { ComputeEnvironment: 'acts', Order: { settled: 'disrupt' } } },
      },
      JobQueueName: 'replaces',
      JobQueueType: 'replaces',
      // Jobs that wait for longer are ended.
      JobStateTimeLimitActions: 'disrupt',
      // Of those on the same machines, the one with the higher number goes first.
      Priority: { number: 'limits', absent: 0 },
      SchedulingPolicyArn: { settled: 'disrupt' },
      ServiceEnvironmentOrder: {
        by: 'ServiceEnvironment',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { Order: { settled: 'disrupt' }, ServiceEnvironment: 'acts' } },
      },
      State: 'runs-by-default',
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::Batch::SchedulingPolicy': {
    page: 'aws-resource-batch-schedulingpolicy',
    new: 'create',
    properties: {
      FairsharePolicy: 'disrupt',
      Name: 'replaces',
      QuotaSharePolicy: 'disrupt',
      Tags: ['replaces', 'tags'],
    },
  },
};
