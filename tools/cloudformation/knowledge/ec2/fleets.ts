import type { Rule, Service } from '../language.ts';
import { LAUNCH_TEMPLATE } from '../shared.ts';

const TEMPLATES: Rule = {
  by: '#',
  added: 'modify',
  lost: 'disrupt',
  each: { members: { LaunchTemplateSpecification: LAUNCH_TEMPLATE, Overrides: 'modify' } },
};

/** Instances, and machines for them, that are asked for by number. */
export const FLEETS: Service = {
  'AWS::EC2::CapacityReservation': {
    page: 'aws-resource-ec2-capacityreservation',
    new: 'create',
    properties: {
      AvailabilityZone: 'replaces',
      AvailabilityZoneId: 'replaces',
      EbsOptimized: 'replaces',
      EndDate: { settled: 'disrupt' },
      EndDateType: 'disrupt',
      EphemeralStorage: 'replaces',
      InstanceCount: 'capacity',
      InstanceMatchCriteria: 'replaces',
      InstancePlatform: 'replaces',
      InstanceType: 'replaces',
      OutPostArn: 'replaces',
      PlacementGroupArn: 'replaces',
      TagSpecifications: 'replaces',
      Tenancy: 'replaces',
      UnusedReservationBillingOwnerId: 'modify',
    },
  },
  'AWS::EC2::EC2Fleet': {
    page: 'aws-resource-ec2-ec2fleet',
    new: 'create',
    properties: {
      Context: 'modify',
      ExcessCapacityTerminationPolicy: {
        order: ['termination', 'no-termination'],
        less: 'disrupt',
        absent: 'termination',
      },
      LaunchTemplateConfigs: ['replaces', TEMPLATES],
      OnDemandOptions: 'replaces',
      ReplaceUnhealthyInstances: 'replaces',
      ReservedCapacityOptions: 'replaces',
      SpotOptions: 'replaces',
      TagSpecifications: 'replaces',
      TargetCapacitySpecification: {
        members: {
          DefaultTargetCapacityType: 'disrupt',
          OnDemandTargetCapacity: { number: 'capacity', absent: 0 },
          SpotTargetCapacity: { number: 'capacity', absent: 0 },
          TargetCapacityUnitType: 'disrupt',
          TotalTargetCapacity: 'capacity',
        },
      },
      TerminateInstancesWithExpiration: 'replaces',
      Type: 'replaces',
      ValidFrom: 'replaces',
      ValidUntil: 'replaces',
    },
  },
  'AWS::EC2::Host': {
    page: 'aws-resource-ec2-host',
    new: 'create',
    properties: {
      AssetId: 'replaces',
      AutoPlacement: { order: ['off', 'on'], less: 'disrupt', absent: 'on' },
      AvailabilityZone: 'replaces',
      HostMaintenance: { order: ['off', 'on'], less: 'weaken', absent: 'off' },
      HostRecovery: { order: ['off', 'on'], less: 'weaken', absent: 'off' },
      InstanceFamily: 'replaces',
      InstanceType: 'replaces',
      OutpostArn: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::EC2::InstanceEventWindow': {
    page: 'aws-resource-ec2-instanceeventwindow',
    new: 'create',
    properties: {
      CronExpression: 'disrupt',
      Name: 'modify',
      Tags: 'tags',
      TimeRanges: 'disrupt',
    },
  },
};
