import type { Rule, Service } from './language.ts';
import { KEY } from './shared.ts';

const CONNECTION = {
  new: 'create',
  properties: { ConnectionName: 'replaces', HostArn: 'replaces', ProviderType: 'replaces', Tags: 'tags' },
} as const;

const ADDRESS: Rule = {
  each: { members: { TargetAddress: 'acts', TargetType: 'modify' } },
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
};

/** The smaller services around code: repositories, connections to others, notifications, profiles. */
export const CODE_SERVICES: Service = {
  'AWS::CodeCommit::Repository': {
    page: 'aws-resource-codecommit-repository',
    new: 'create',
    holds: 'data',
    properties: {
      // Only what a new one starts with.
      Code: 'modify',
      KmsKeyId: KEY,
      RepositoryDescription: 'modify',
      RepositoryName: 'disrupt',
      Tags: 'tags',
      Triggers: {
        each: {
          members: {
            Branches: { settled: 'disrupt' },
            CustomData: 'modify',
            DestinationArn: 'acts',
            Events: { settled: 'disrupt' },
            Name: 'modify',
          },
        },
        by: 'Name',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
    },
  },
  'AWS::CodeConnections::Connection': { page: 'aws-resource-codeconnections-connection', ...CONNECTION },
  'AWS::CodeGuruProfiler::ProfilingGroup': {
    page: 'aws-resource-codeguruprofiler-profilinggroup',
    new: 'create',
    properties: {
      AgentPermissions: { members: { Principals: 'admits' } },
      AnomalyDetectionNotificationConfiguration: {
        each: { members: { channelId: 'modify', channelUri: 'acts' } },
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
      ComputePlatform: 'replaces',
      ProfilingGroupName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::CodeStarConnections::Connection': { page: 'aws-resource-codestarconnections-connection', ...CONNECTION },
  'AWS::CodeStarNotifications::NotificationRule': {
    page: 'aws-resource-codestarnotifications-notificationrule',
    new: 'create',
    properties: {
      CreatedBy: 'modify',
      DetailType: 'modify',
      EventTypeId: 'weaken',
      EventTypeIds: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      Name: 'modify',
      Resource: ['replaces', 'acts'],
      Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'ENABLED' },
      Tags: 'tags',
      TargetAddress: 'acts',
      Targets: ADDRESS,
    },
  },
};
