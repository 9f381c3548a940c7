import type { Rule, Rules, Service } from './language.ts';

const NAMED: Readonly<Record<string, Rules>> = { Description: 'modify', DisplayName: 'modify', FarmId: 'replaces' };

/** What a budget stops. */
const STOPS: Rule = { standing: 'disrupt' };

/** Farms that render: queues of jobs, and workers that run them. */
export const DEADLINE: Service = {
  'AWS::Deadline::Budget': {
    page: 'aws-resource-deadline-budget',
    new: 'create',
    gone: 'weaken',
    properties: {
      ...NAMED,
      Actions: [STOPS, { settled: 'weaken' }],
      ApproximateDollarLimit: 'throttles',
      Schedule: [STOPS, { settled: 'weaken' }],
      Tags: 'tags',
      UsageTrackingResource: 'replaces',
    },
  },
  'AWS::Deadline::Farm': {
    page: 'aws-resource-deadline-farm',
    new: 'create',
    holds: 'data',
    properties: {
      CostScaleFactor: 'weaken',
      Description: 'modify',
      DisplayName: 'modify',
      KmsKeyArn: ['replaces', 'uses'],
      Tags: 'tags',
    },
  },
  'AWS::Deadline::Fleet': {
    page: 'aws-resource-deadline-fleet',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...NAMED,
      // Which machines there are, how they come and go, and where they are placed.
      Configuration: ['may-act', { standing: 'disrupt' }],
      HostConfiguration: { members: { ScriptBody: 'code', ScriptTimeoutSeconds: { number: 'limits', absent: 300 } } },
      MaxWorkerCount: 'throttles',
      MinWorkerCount: { number: 'capacity', absent: 0 },
      RoleArn: 'acts-as',
      Tags: 'tags',
    },
  },
  'AWS::Deadline::Queue': {
    page: 'aws-resource-deadline-queue',
    new: 'create',
    holds: 'data',
    properties: {
      ...NAMED,
      AllowedStorageProfileIds: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      DefaultBudgetAction: { values: { NONE: 'weaken' }, otherwise: 'disrupt', absent: 'NONE' },
      JobAttachmentSettings: {
        members: { RootPrefix: { standing: 'disrupt' }, S3BucketName: ['acts', 'writes-to', { settled: 'disrupt' }] },
      },
      // As the agent's own user, jobs get at each other and at the worker's credentials.
      JobRunAsUser: { standing: 'expose' },
      RequiredFileSystemLocationNames: { each: 'modify', added: 'disrupt', lost: 'disrupt', reordered: 'modify' },
      RoleArn: 'acts-as',
      SchedulingConfiguration: { standing: 'disrupt' },
      Tags: 'tags',
    },
  },
  'AWS::Deadline::QueueEnvironment': {
    page: 'aws-resource-deadline-queueenvironment',
    // Runs with each job of the queue.
    new: 'disrupt',
    gone: 'disrupt',
    properties: {
      FarmId: 'replaces',
      Priority: { standing: 'disrupt' },
      QueueId: ['replaces', 'acts'],
      Template: ['code', { standing: 'disrupt' }],
      TemplateType: { standing: 'disrupt' },
    },
  },
  'AWS::Deadline::QueueFleetAssociation': {
    page: 'aws-resource-deadline-queuefleetassociation',
    new: 'create',
    gone: 'disrupt',
    properties: { FarmId: 'replaces', FleetId: ['replaces', 'acts'], QueueId: ['replaces', 'acts'] },
  },
};
