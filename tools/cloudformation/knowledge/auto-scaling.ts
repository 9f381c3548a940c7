import type { Rule, Service } from './language.ts';
import { LAUNCH_TEMPLATE, METADATA_OPTIONS, SECURITY_GROUPS } from './shared.ts';

/** Instances are ended one after the other for ones by the other template. */
const ROLLS: Rule = 'replace';

const NOTIFICATION: Rule = {
  members: {
    NotificationTypes: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
    TopicARN: 'notifies',
  },
};

/** What becomes of an instance whose set-up nobody called done: to go on puts it into service all the same. */
const DEFAULT_RESULT: Rule = {
  standing: { values: { CONTINUE: 'weaken' }, otherwise: 'disrupt', absent: 'ABANDON' },
};

/** Within the bounds of what is scaled. A higher target runs with less; either way only by degrees. */
export const TARGET_TRACKING: Rule = {
  members: {
    CustomizedMetricSpecification: 'disrupt',
    DisableScaleIn: { leaves: 'true', is: 'disrupt' },
    PredefinedMetricSpecification: 'disrupt',
    ScaleInCooldown: 'modify',
    ScaleOutCooldown: 'modify',
    // More for each of them lets it end some; less starts more.
    TargetValue: { number: 'waits', absent: 'fits' },
  },
};

export const AUTO_SCALING: Service = {
  'AWS::AutoScaling::AutoScalingGroup': {
    page: 'aws-resource-autoscaling-autoscalinggroup',
    new: 'create',
    properties: {
      AutoScalingGroupName: 'replaces',
      AvailabilityZoneDistribution: 'disrupt',
      AvailabilityZoneIds: ROLLS,
      AvailabilityZoneImpairmentPolicy: 'protects',
      AvailabilityZones: ROLLS,
      // Ends spot instances that are at risk, for new ones.
      CapacityRebalance: 'disrupt',
      CapacityReservationSpecification: 'disrupt',
      Context: 'modify',
      Cooldown: 'modify',
      DefaultInstanceWarmup: 'modify',
      DeletionProtection: {
        order: ['none', 'prevent-force-deletion', 'prevent-all-deletion'],
        less: 'weaken',
        absent: 'none',
      },
      DesiredCapacity: 'capacity',
      DesiredCapacityType: 'disrupt',
      HealthCheckGracePeriod: { number: 'limits', absent: 0 },
      // An instance that one more check finds unhealthy is ended; one less lets broken ones run.
      HealthCheckType: {
        values: { ELB: 'disrupt', VPC_LATTICE: 'disrupt' },
        otherwise: 'weaken',
        absent: 'EC2',
      },
      // Made after an instance, with its profile and user data.
      InstanceId: ['replaces', 'acts', 'code'],
      // What is kept of an instance whose farewell failed.
      InstanceLifecyclePolicy: { settled: 'weaken' },
      InstanceMaintenancePolicy: {
        members: { MaxHealthyPercentage: 'modify', MinHealthyPercentage: { number: 'capacity', absent: 'fits' } },
      },
      LaunchConfigurationName: ['rolls', 'acts-as', 'code'],
      LaunchTemplate: ['rolls', LAUNCH_TEMPLATE],
      LifecycleHookSpecificationList: {
        ...{ by: 'LifecycleHookName', added: 'disrupt', lost: 'disrupt', reordered: 'modify' },
        each: {
          members: {
            DefaultResult: DEFAULT_RESULT,
            HeartbeatTimeout: { number: 'capacity', absent: 3600 },
            LifecycleHookName: 'modify',
            LifecycleTransition: 'disrupt',
            NotificationMetadata: 'modify',
            NotificationTargetARN: 'acts',
            RoleARN: 'acts-as',
          },
        },
      },
      LoadBalancerNames: 'acts',
      MaxInstanceLifetime: ROLLS,
      MaxSize: 'capacity',
      MetricsCollection: {
        by: 'Granularity',
        each: { settled: 'weaken' },
        ...{ added: 'modify', lost: 'weaken', reordered: 'modify' },
      },
      MinSize: 'capacity',
      MixedInstancesPolicy: [
        ROLLS,
        {
          members: {
            InstancesDistribution: 'modify',
            LaunchTemplate: {
              members: {
                LaunchTemplateSpecification: LAUNCH_TEMPLATE,
                Overrides: {
                  added: 'modify',
                  lost: 'modify',
                  each: {
                    members: {
                      ImageId: 'code',
                      InstanceRequirements: 'modify',
                      InstanceType: 'modify',
                      LaunchTemplateSpecification: LAUNCH_TEMPLATE,
                      WeightedCapacity: 'modify',
                    },
                  },
                },
              },
            },
          },
        },
      ],
      NewInstancesProtectedFromScaleIn: 'protects',
      NotificationConfiguration: NOTIFICATION,
      NotificationConfigurations: {
        ...{ by: 'TopicARN', added: 'modify', lost: 'weaken', reordered: 'modify' },
        each: NOTIFICATION,
      },
      PlacementGroup: ROLLS,
      ServiceLinkedRoleARN: 'acts-as',
      SkipZonalShiftValidation: 'endangers',
      Tags: 'tags',
      TargetGroupARNs: 'acts',
      // Which instance is ended first.
      TerminationPolicies: 'disrupt',
      TrafficSources: {
        ...{ added: 'disrupt', lost: 'disrupt', reordered: 'modify' },
        each: { members: { Identifier: 'acts', Type: 'modify' } },
      },
      VPCZoneIdentifier: ['uses', ROLLS],
    },
  },
  'AWS::AutoScaling::LaunchConfiguration': {
    page: 'aws-resource-autoscaling-launchconfiguration',
    new: 'create',
    revision: true,
    properties: {
      AssociatePublicIpAddress: ['replaces', 'opens'],
      BlockDeviceMappings: [
        'replaces',
        {
          by: 'DeviceName',
          added: 'modify',
          lost: 'modify',
          each: {
            members: {
              DeviceName: 'modify',
              Ebs: {
                members: {
                  DeleteOnTermination: 'endangers-by-default',
                  Encrypted: 'protects',
                  Iops: 'modify',
                  SnapshotId: ['reads', 'code'],
                  Throughput: 'modify',
                  VolumeSize: 'modify',
                  VolumeType: 'modify',
                },
              },
              NoDevice: 'modify',
              VirtualName: 'modify',
            },
          },
        },
      ],
      ClassicLinkVPCId: 'replaces',
      ClassicLinkVPCSecurityGroups: ['replaces', 'acts-as'],
      EbsOptimized: 'replaces',
      IamInstanceProfile: ['replaces', 'acts-as'],
      ImageId: ['replaces', 'code'],
      // Made after an instance, with its profile and user data.
      InstanceId: ['replaces', 'acts-as', 'code'],
      InstanceMonitoring: 'replaces',
      InstanceType: 'replaces',
      KernelId: 'replaces',
      KeyName: ['replaces', 'uses', 'weaken'],
      LaunchConfigurationName: 'replaces',
      MetadataOptions: ['replaces', METADATA_OPTIONS],
      PlacementTenancy: 'replaces',
      RamDiskId: 'replaces',
      SecurityGroups: ['replaces', ...SECURITY_GROUPS],
      // Spot instances are taken back whenever EC2 needs them.
      SpotPrice: ['replaces', 'disrupt'],
      UserData: ['replaces', 'code'],
    },
  },
  'AWS::AutoScaling::LifecycleHook': {
    page: 'aws-resource-autoscaling-lifecyclehook',
    new: { among: ['AutoScalingGroupName'], otherwise: 'disrupt' },
    properties: {
      AutoScalingGroupName: ['replaces', 'acts'],
      DefaultResult: DEFAULT_RESULT,
      HeartbeatTimeout: { number: 'capacity', absent: 3600 },
      LifecycleHookName: 'replaces',
      LifecycleTransition: 'disrupt',
      NotificationMetadata: 'modify',
      NotificationTargetARN: 'acts',
      RoleARN: 'acts-as',
    },
  },
  'AWS::AutoScaling::ScalingPolicy': {
    page: 'aws-resource-autoscaling-scalingpolicy',
    new: { among: ['AutoScalingGroupName'], otherwise: 'disrupt' },
    tie: true,
    // How soon and how far a group grows and shrinks, in bounds that are its own.
    properties: {
      AdjustmentType: 'disrupt',
      AutoScalingGroupName: ['replaces', 'acts'],
      Cooldown: 'modify',
      EstimatedInstanceWarmup: 'modify',
      MetricAggregationType: 'modify',
      MinAdjustmentMagnitude: 'modify',
      PolicyType: 'disrupt',
      PredictiveScalingConfiguration: 'disrupt',
      ScalingAdjustment: 'capacity',
      StepAdjustments: 'disrupt',
      TargetTrackingConfiguration: TARGET_TRACKING,
    },
  },
  'AWS::AutoScaling::ScheduledAction': {
    page: 'aws-resource-autoscaling-scheduledaction',
    // It scales a group that may run already, to nothing perhaps.
    new: { among: ['AutoScalingGroupName'], otherwise: 'disrupt' },
    properties: {
      AutoScalingGroupName: ['replaces', 'acts'],
      DesiredCapacity: 'capacity',
      EndTime: 'disrupt',
      MaxSize: 'capacity',
      MinSize: 'capacity',
      Recurrence: 'disrupt',
      StartTime: 'disrupt',
      TimeZone: 'disrupt',
    },
  },
  'AWS::AutoScaling::WarmPool': {
    page: 'aws-resource-autoscaling-warmpool',
    new: 'create',
    properties: {
      AutoScalingGroupName: ['replaces', 'acts'],
      InstanceReusePolicy: 'modify',
      MaxGroupPreparedCapacity: 'capacity',
      MinSize: { number: 'capacity', absent: 0 },
      PoolState: { order: ['Stopped', 'Hibernated', 'Running'], less: 'disrupt', absent: 'Stopped' },
    },
  },
};
