import { CONTAINER, VOLUMES } from '../containers.ts';
import type { Service } from '../language.ts';

export const TASKS: Service = {
  // A service that runs keeps its revision, until its own row says another.
  'AWS::ECS::TaskDefinition': {
    page: 'aws-resource-ecs-taskdefinition',
    new: 'create',
    revision: { of: 'Family' },
    joins: { by: 'Family', arn: 'ecs:R:A:task-definition/' },
    properties: {
      ContainerDefinitions: [
        'replaces',
        { by: 'Name', added: 'modify', lost: 'disrupt', reordered: 'modify', each: { members: CONTAINER } },
      ],
      Cpu: ['replaces', { number: 'limits', absent: 'fits' }],
      EnableFaultInjection: ['replaces', 'endangers'],
      EphemeralStorage: 'replaces',
      ExecutionRoleArn: ['replaces', 'acts-as'],
      // Who starts the latest of a family finds none any more.
      Family: ['replaces', { settled: 'disrupt' }],
      InferenceAccelerators: 'replaces',
      IpcMode: ['replaces', { values: { task: 'modify', none: 'modify' }, otherwise: 'expose', absent: 'none' }],
      Memory: ['replaces', { number: 'limits', absent: 'fits' }],
      // Those of the host are then its own.
      NetworkMode: [
        'replaces',
        {
          standing: {
            values: { awsvpc: 'modify', bridge: 'modify', none: 'disrupt' },
            otherwise: 'expose',
            absent: 'bridge',
          },
        },
      ],
      PidMode: ['replaces', { values: { task: 'modify' }, otherwise: 'expose', absent: 'task' }],
      PlacementConstraints: 'replaces',
      ProxyConfiguration: ['replaces', 'weaken'],
      RequiresCompatibilities: 'replaces',
      RuntimePlatform: 'replaces',
      Tags: 'tags',
      TaskRoleArn: ['replaces', 'acts-as'],
      Volumes: ['replaces', VOLUMES],
    },
  },
};
