import type { Rules, Service } from '../language.ts';
import { KEY, PLACED_IN, SECURITY_GROUPS, SHAPE } from '../shared.ts';
import { STRATEGY } from './strategy.ts';

/** How many instances a provider's group has is then what this cluster needs. */
const PROVIDERS: Rules = {
  each: { shared: ['FARGATE', 'FARGATE_SPOT'], other: 'acts' },
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
};

export const CLUSTERS: Service = {
  'AWS::ECS::CapacityProvider': {
    page: 'aws-resource-ecs-capacityprovider',
    new: 'create',
    properties: {
      AutoScalingGroupProvider: {
        members: {
          // The group's size is then what ECS makes it.
          AutoScalingGroupArn: 'acts',
          ManagedDraining: { values: { ENABLED: 'modify', DISABLED: 'disrupt' }, otherwise: 'disrupt' },
          ManagedScaling: {
            members: {
              InstanceWarmupPeriod: 'modify',
              MaximumScalingStepSize: { number: 'capacity', absent: 10000 },
              MinimumScalingStepSize: { number: 'capacity', absent: 1 },
              Status: 'disrupt',
              TargetCapacity: 'disrupt',
            },
          },
          ManagedTerminationProtection: 'protects',
        },
      },
      ClusterName: ['replaces', 'acts'],
      ManagedInstancesProvider: {
        members: {
          AutoRepairConfiguration: 'disrupt',
          InfrastructureOptimization: 'disrupt',
          InfrastructureRoleArn: 'acts-as',
          InstanceLaunchTemplate: {
            members: {
              CapacityOptionType: 'disrupt',
              CapacityReservations: 'disrupt',
              Ec2InstanceProfileArn: 'acts-as',
              FipsEnabled: 'protects',
              InstanceMetadataTagsPropagation: 'modify',
              InstanceRequirements: 'disrupt',
              LocalStorageConfiguration: 'disrupt',
              Monitoring: { order: ['BASIC', 'DETAILED'], less: 'weaken', absent: 'BASIC' },
              NetworkConfiguration: { members: { SecurityGroups: SECURITY_GROUPS, Subnets: PLACED_IN } },
              StorageConfiguration: { members: { StorageSizeGiB: { number: 'limits', absent: 'fits' } } },
            },
          },
          PropagateTags: 'modify',
        },
      },
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::ECS::Cluster': {
    page: 'aws-resource-ecs-cluster',
    new: 'create',
    properties: {
      CapacityProviders: PROVIDERS,
      ClusterName: 'replaces',
      // Container Insights.
      ClusterSettings: {
        by: 'Name',
        added: 'modify',
        lost: 'weaken',
        reordered: 'modify',
        each: {
          members: {
            Name: 'modify',
            Value: { order: ['disabled', 'enabled', 'enhanced'], less: 'weaken', absent: 'disabled' },
          },
        },
      },
      Configuration: {
        members: {
          // What people type in containers, and who can read it.
          ExecuteCommandConfiguration: {
            members: {
              KmsKeyId: KEY,
              LogConfiguration: {
                members: {
                  CloudWatchEncryptionEnabled: 'protects',
                  CloudWatchLogGroupName: ['writes-to', { settled: 'weaken' }],
                  S3BucketName: ['writes-to', { settled: 'weaken' }],
                  S3EncryptionEnabled: 'protects',
                  S3KeyPrefix: SHAPE,
                },
              },
              Logging: { values: { DEFAULT: 'modify', OVERRIDE: 'modify' }, otherwise: 'weaken', absent: 'DEFAULT' },
            },
          },
          ManagedStorageConfiguration: {
            members: { FargateEphemeralStorageKmsKeyId: KEY, KmsKeyId: KEY },
          },
        },
      },
      DefaultCapacityProviderStrategy: STRATEGY,
      ServiceConnectDefaults: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::ECS::ClusterCapacityProviderAssociations': {
    page: 'aws-resource-ecs-clustercapacityproviderassociations',
    new: 'create',
    properties: {
      CapacityProviders: PROVIDERS,
      Cluster: ['replaces', 'acts', 'affects'],
      DefaultCapacityProviderStrategy: STRATEGY,
    },
  },
};
