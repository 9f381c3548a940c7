import type { Rule, Service } from './language.ts';
import { SHAPE } from './shared.ts';

const EVENTS: Rule = {
  members: {
    HealthScoreThreshold: { standing: 'weaken' },
    MinTrafficImpact: { standing: 'weaken' },
    Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'ENABLED' },
  },
};
const WATCHED: Rule = { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' };

/** What watches networks and accounts, and keeps what it sees. */
export const WATCHING: Service = {
  'AWS::Detective::Graph': {
    page: 'aws-resource-detective-graph',
    new: 'create',
    wide: 'account',
    holds: 'data',
    properties: {
      // What new accounts of the organization do is shown here, without anyone there being asked.
      AutoEnableMembers: { standing: { values: { true: 'expose' }, otherwise: 'weaken', absent: 'false' } },
      Tags: 'tags',
    },
  },
  'AWS::Detective::MemberInvitation': {
    page: 'aws-resource-detective-memberinvitation',
    new: 'expose',
    gone: 'weaken',
    properties: {
      DisableEmailNotification: 'modify',
      GraphArn: ['replaces', 'acts'],
      MemberEmailAddress: 'modify',
      MemberId: 'replaces',
      Message: 'modify',
    },
  },
  // An account that sees what all of an organization do.
  'AWS::Detective::OrganizationAdmin': {
    page: 'aws-resource-detective-organizationadmin',
    new: 'expose',
    gone: 'weaken',
    wide: 'organization',
    properties: { AccountId: ['replaces', 'acts'] },
  },
  'AWS::InspectorV2::Filter': {
    page: 'aws-resource-inspectorv2-filter',
    // What matches may be put away before anyone sees it.
    new: 'weaken',
    gone: 'modify',
    properties: {
      Description: 'modify',
      FilterAction: { order: ['SUPPRESS', 'NONE'], less: 'weaken' },
      FilterCriteria: 'weaken',
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::InternetMonitor::Monitor': {
    page: 'aws-resource-internetmonitor-monitor',
    new: 'create',
    gone: 'weaken',
    properties: {
      HealthEventsConfig: {
        members: {
          AvailabilityLocalHealthEventsConfig: EVENTS,
          AvailabilityScoreThreshold: { standing: 'weaken' },
          PerformanceLocalHealthEventsConfig: EVENTS,
          PerformanceScoreThreshold: { standing: 'weaken' },
        },
      },
      IncludeLinkedAccounts: { standing: 'opens' },
      InternetMeasurementsLogDelivery: {
        members: {
          S3Config: {
            members: {
              BucketName: ['uses', 'writes-to', { settled: 'weaken' }],
              BucketPrefix: SHAPE,
              LogDeliveryStatus: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'ENABLED' },
            },
          },
        },
      },
      LinkedAccountId: 'modify',
      MaxCityNetworksToMonitor: 'retains',
      MonitorName: 'replaces',
      Resources: ['uses', WATCHED],
      ResourcesToAdd: 'modify',
      ResourcesToRemove: { standing: 'weaken' },
      Status: { order: ['INACTIVE', 'ACTIVE'], less: 'weaken', absent: 'ACTIVE' },
      Tags: 'tags',
      TrafficPercentageToMonitor: 'retains',
    },
  },
  'AWS::SecurityLake::AwsLogSource': {
    page: 'aws-resource-securitylake-awslogsource',
    new: 'create',
    gone: 'weaken',
    properties: {
      Accounts: WATCHED,
      DataLakeArn: ['replaces', 'acts'],
      SourceName: 'replaces',
      SourceVersion: 'replaces',
    },
  },
  'AWS::SecurityLake::DataLake': {
    page: 'aws-resource-securitylake-datalake',
    new: 'create',
    wide: 'account',
    holds: 'data',
    properties: {
      EncryptionConfiguration: ['uses', { settled: 'weaken' }],
      LifecycleConfiguration: {
        members: {
          Expiration: { members: { Days: 'expires' } },
          Transitions: { standing: 'weaken' },
        },
      },
      MetaStoreManagerRoleArn: 'acts-as',
      ReplicationConfiguration: {
        members: {
          Regions: { standing: { each: 'modify', added: 'expose', lost: 'weaken', reordered: 'modify' } },
          RoleArn: 'acts-as',
        },
      },
      Tags: 'tags',
    },
  },
  // Another reads all logs that are named.
  'AWS::SecurityLake::Subscriber': {
    page: 'aws-resource-securitylake-subscriber',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AccessTypes: { standing: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' } },
      DataLakeArn: ['replaces', 'acts'],
      Sources: { standing: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' } },
      SubscriberDescription: 'modify',
      SubscriberIdentity: { standing: 'expose' },
      SubscriberName: 'modify',
      Tags: 'tags',
    },
  },
};
