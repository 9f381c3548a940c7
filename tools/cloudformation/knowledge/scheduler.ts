import type { Service } from './language.ts';
import { attempts, DEAD_LETTERS, ECS_TASK, KEY, SHAPE } from './shared.ts';

const KEPT = ['Target.DeadLetterConfig.Arn'];

export const SCHEDULER: Service = {
  'AWS::Scheduler::Schedule': {
    page: 'aws-resource-scheduler-schedule',
    new: 'create',
    properties: {
      Description: 'modify',
      EndDate: 'disrupt',
      FlexibleTimeWindow: 'disrupt',
      GroupName: 'disrupt',
      KmsKeyArn: KEY,
      Name: 'replaces',
      ScheduleExpression: 'schedule',
      ScheduleExpressionTimezone: 'disrupt',
      StartDate: 'disrupt',
      State: { values: { ENABLED: 'modify' }, otherwise: 'disrupt', absent: 'ENABLED' },
      Target: {
        members: {
          // Also any call of AWS: `arn:aws:scheduler:::aws-sdk:ec2:stopInstances`.
          Arn: ['acts', 'writes-to'],
          DeadLetterConfig: { members: { Arn: DEAD_LETTERS } },
          EcsParameters: ECS_TASK,
          EventBridgeParameters: 'disrupt',
          Input: ['instructs', SHAPE],
          KinesisParameters: 'disrupt',
          RetryPolicy: {
            members: {
              MaximumEventAgeInSeconds: attempts(86_400, KEPT),
              MaximumRetryAttempts: attempts(185, KEPT),
            },
          },
          RoleArn: 'acts-as',
          SageMakerPipelineParameters: 'disrupt',
          SqsParameters: 'disrupt',
        },
      },
    },
  },
  'AWS::Scheduler::ScheduleGroup': {
    page: 'aws-resource-scheduler-schedulegroup',
    new: 'create',
    properties: { Name: 'replaces', Tags: 'tags' },
  },
};
