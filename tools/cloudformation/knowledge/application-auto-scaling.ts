import { TARGET_TRACKING } from './auto-scaling.ts';
import type { Service } from './language.ts';

export const APPLICATION_AUTO_SCALING: Service = {
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    page: 'aws-resource-applicationautoscaling-scalabletarget',
    // What stands outside of its bounds is scaled into them at once, to nothing perhaps.
    new: { among: ['ResourceId'], otherwise: 'disrupt' },
    // Its id is what it scales and in which dimension, so that another one never takes the bounds of the same.
    tie: true,
    properties: {
      MaxCapacity: 'capacity',
      MinCapacity: 'capacity',
      ResourceId: ['replaces', 'acts'],
      // The service's own role, whatever is written.
      RoleARN: 'acts-as',
      ScalableDimension: 'replaces',
      ScheduledActions: {
        ...{ by: 'ScheduledActionName', added: 'disrupt', lost: 'disrupt', reordered: 'modify' },
        each: {
          members: {
            EndTime: 'disrupt',
            ScalableTargetAction: { members: { MaxCapacity: 'capacity', MinCapacity: 'capacity' } },
            Schedule: 'disrupt',
            ScheduledActionName: 'modify',
            StartTime: 'disrupt',
            Timezone: 'disrupt',
          },
        },
      },
      ServiceNamespace: 'replaces',
      SuspendedState: {
        members: {
          DynamicScalingInSuspended: { leaves: 'true', is: 'disrupt' },
          DynamicScalingOutSuspended: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
          ScheduledScalingSuspended: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
        },
      },
      Tags: 'tags',
    },
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    page: 'aws-resource-applicationautoscaling-scalingpolicy',
    new: { among: ['ScalingTargetId'], otherwise: 'disrupt' },
    tie: true,
    // How soon and how far something grows and shrinks, in the bounds of its scalable target.
    properties: {
      PolicyName: ['replaces', 'modify'],
      PolicyType: 'disrupt',
      PredictiveScalingPolicyConfiguration: 'disrupt',
      ResourceId: ['replaces', 'acts'],
      ScalableDimension: 'replaces',
      ScalingTargetId: ['replaces', 'acts'],
      ServiceNamespace: 'replaces',
      StepScalingPolicyConfiguration: 'disrupt',
      TargetTrackingScalingPolicyConfiguration: TARGET_TRACKING,
    },
  },
};
