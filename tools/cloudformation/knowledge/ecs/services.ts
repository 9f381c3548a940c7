import type { Rule, Service } from '../language.ts';
import { PLACED_IN, SECURITY_GROUPS } from '../shared.ts';
import { STRATEGY } from './strategy.ts';

const NETWORK: Rule = {
  members: {
    AwsvpcConfiguration: {
      members: { AssignPublicIp: 'opens', SecurityGroups: SECURITY_GROUPS, Subnets: PLACED_IN },
    },
  },
};

export const SERVICES: Service = {
  'AWS::ECS::Service': {
    page: 'aws-resource-ecs-service',
    new: 'create',
    properties: {
      AvailabilityZoneRebalancing: { order: ['DISABLED', 'ENABLED'], less: 'weaken' },
      CapacityProviderStrategy: STRATEGY,
      Cluster: ['replaces', 'acts'],
      DeploymentConfiguration: {
        members: {
          Alarms: {
            members: {
              AlarmNames: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
              Enable: 'protects',
              Rollback: 'protects',
            },
          },
          // Time in which alarms can stop a deployment before the old revision is gone.
          BakeTimeInMinutes: { number: 'retains', absent: 0 },
          CanaryConfiguration: 'weaken',
          DeploymentCircuitBreaker: {
            members: {
              Enable: 'protects',
              ResetOnHealthyTask: 'modify',
              Rollback: 'protects',
              ThresholdConfiguration: 'weaken',
            },
          },
          EarlySuccessCriteria: 'weaken',
          // Functions that may stop a deployment.
          LifecycleHooks: {
            by: 'HookTargetArn',
            added: 'disrupt',
            lost: 'weaken',
            reordered: 'modify',
            each: {
              members: {
                HookDetails: 'modify',
                HookTargetArn: 'acts',
                LifecycleStages: 'weaken',
                RoleArn: 'acts-as',
                TargetType: 'modify',
                TimeoutConfiguration: 'weaken',
              },
            },
          },
          LinearConfiguration: 'weaken',
          MaximumPercent: 'modify',
          // What must run while one revision takes the place of another.
          // With none a deployment may end all before the first new one stands.
          MinimumHealthyPercent: [
            { number: 'capacity', absent: 100 },
            { standing: { values: { '0': 'weaken' }, otherwise: 'modify' } },
          ],
          Strategy: 'disrupt',
        },
      },
      DeploymentController: 'replaces',
      DesiredCount: { number: 'capacity', absent: 1 },
      EnableECSManagedTags: 'modify',
      // A shell in its containers, for those whom IAM lets.
      EnableExecuteCommand: 'opens',
      // All that runs is ended for new ones, whose image may be another by then.
      ForceNewDeployment: {
        members: {
          EnableForceNewDeployment: {
            standing: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
          },
          ForceNewDeploymentNonce: { standing: 'disrupt' },
        },
      },
      HealthCheckGracePeriodSeconds: { number: 'limits', absent: 0 },
      LaunchType: 'replaces',
      LoadBalancers: {
        by: 'ContainerName',
        added: 'disrupt',
        lost: 'disrupt',
        reordered: 'modify',
        each: {
          members: {
            AdvancedConfiguration: {
              members: {
                AlternateTargetGroupArn: 'acts',
                ProductionListenerRule: 'acts',
                RoleArn: 'acts-as',
                TestListenerRule: 'acts',
              },
            },
            ContainerName: 'modify',
            ContainerPort: 'disrupt',
            LoadBalancerName: 'acts',
            TargetGroupArn: 'acts',
          },
        },
      },
      Monitoring: 'modify',
      NetworkConfiguration: NETWORK,
      PlacementConstraints: 'disrupt',
      PlacementStrategies: 'weaken',
      // An earlier one can't do what tasks may count on.
      PlatformVersion: {
        order: ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0', 'LATEST'],
        less: 'disrupt',
        absent: 'LATEST',
      },
      PropagateTags: 'modify',
      Role: ['replaces', 'acts-as'],
      SchedulingStrategy: 'replaces',
      ServiceConnectConfiguration: {
        members: {
          AccessLogConfiguration: { settled: 'weaken' },
          Enabled: 'runs',
          LogConfiguration: { settled: 'weaken' },
          Namespace: ['acts', 'disrupt'],
          Services: {
            by: 'PortName',
            added: 'modify',
            lost: 'disrupt',
            reordered: 'modify',
            each: {
              members: {
                ClientAliases: { settled: 'disrupt' },
                DiscoveryName: { settled: 'disrupt' },
                IngressPortOverride: { settled: 'disrupt' },
                PortName: 'modify',
                Timeout: 'disrupt',
                Tls: { settled: 'weaken' },
              },
            },
          },
        },
      },
      ServiceName: 'replaces',
      ServiceRegistries: {
        by: 'RegistryArn',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: {
          members: {
            ContainerName: { settled: 'disrupt' },
            ContainerPort: { settled: 'disrupt' },
            Port: { settled: 'disrupt' },
            RegistryArn: 'acts',
          },
        },
      },
      Tags: 'tags',
      // Another revision takes the place of this one task by task; one of elsewhere brings its own role.
      TaskDefinition: ['code', 'acts-as'],
      VolumeConfigurations: {
        by: 'Name',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: {
          members: {
            ManagedEBSVolume: {
              members: {
                Encrypted: 'protects',
                FilesystemType: { settled: 'disrupt' },
                Iops: { number: 'limits', absent: 3000 },
                KmsKeyId: 'uses',
                RoleArn: 'acts-as',
                SizeInGiB: { number: 'limits', absent: 'fits' },
                SnapshotId: 'reads',
                TagSpecifications: 'tags',
                Throughput: { number: 'limits', absent: 125 },
                VolumeInitializationRate: 'modify',
                VolumeType: {
                  order: ['sc1', 'standard', 'st1', 'gp2', 'gp3', 'io1', 'io2'],
                  less: 'disrupt',
                  absent: 'gp3',
                },
              },
            },
            Name: 'modify',
          },
        },
      },
      VpcLatticeConfigurations: {
        by: 'TargetGroupArn',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { PortName: { settled: 'disrupt' }, RoleArn: 'acts-as', TargetGroupArn: 'acts' } },
      },
    },
  },
  'AWS::ECS::PrimaryTaskSet': {
    page: 'aws-resource-ecs-primarytaskset',
    // Requests of the service go to another set of tasks.
    new: 'disrupt',
    properties: {
      Cluster: ['replaces', 'acts'],
      Service: ['replaces', 'acts'],
      TaskSetId: 'disrupt',
    },
  },
  'AWS::ECS::TaskSet': {
    page: 'aws-resource-ecs-taskset',
    new: 'create',
    properties: {
      CapacityProviderStrategy: 'replaces',
      Cluster: ['replaces', 'acts'],
      ExternalId: 'replaces',
      LaunchType: 'replaces',
      LoadBalancers: [
        'replaces',
        {
          by: '#',
          added: 'disrupt',
          lost: 'disrupt',
          each: {
            members: { ContainerName: 'modify', ContainerPort: 'modify', TargetGroupArn: 'acts' },
          },
        },
      ],
      NetworkConfiguration: [
        'replaces',
        {
          members: {
            AwsVpcConfiguration: {
              members: { AssignPublicIp: 'opens', SecurityGroups: SECURITY_GROUPS, Subnets: PLACED_IN },
            },
          },
        },
      ],
      PlatformVersion: 'replaces',
      Scale: { members: { Unit: 'modify', Value: 'capacity' } },
      Service: ['replaces', 'acts'],
      ServiceRegistries: 'replaces',
      Tags: 'tags',
      TaskDefinition: ['replaces', 'code', 'acts-as'],
    },
  },
};
