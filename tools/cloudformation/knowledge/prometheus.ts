import type { Service } from './language.ts';

export const PROMETHEUS: Service = {
  'AWS::APS::RuleGroupsNamespace': {
    page: 'aws-resource-aps-rulegroupsnamespace',
    new: 'create',
    gone: 'weaken',
    // What alarms go by.
    properties: { Data: 'weaken', Name: 'replaces', Tags: 'tags', Workspace: ['replaces', 'acts'] },
  },
  'AWS::APS::Workspace': {
    page: 'aws-resource-aps-workspace',
    new: 'create',
    holds: 'data',
    properties: {
      // Who is told.
      AlertManagerDefinition: { settled: 'weaken' },
      Alias: 'modify',
      KmsKeyArn: 'replaces',
      LoggingConfiguration: { members: { LogGroupArn: ['uses', 'writes-to', { settled: 'weaken' }] } },
      QueryLoggingConfiguration: { settled: 'weaken' },
      Tags: 'tags',
      WorkspaceConfiguration: {
        members: {
          LimitsPerLabelSets: 'disrupt',
          OutOfOrderTimeWindowInSeconds: { number: 'limits', absent: 0 },
          RetentionPeriodInDays: { number: 'expires', absent: 150 },
          RuleQueryOffsetInSeconds: 'modify',
        },
      },
    },
  },
};
