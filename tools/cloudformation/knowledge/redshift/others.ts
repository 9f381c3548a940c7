import type { Service } from '../language.ts';
import { SECURITY_GROUPS } from '../shared.ts';

export const OTHERS: Service = {
  'AWS::Redshift::EndpointAccess': {
    page: 'aws-resource-redshift-endpointaccess',
    new: 'create',
    properties: {
      // One more way to it.
      ClusterIdentifier: ['replaces', 'acts'],
      EndpointName: 'replaces',
      ResourceOwner: 'replaces',
      SubnetGroupName: ['replaces', 'uses'],
      VpcSecurityGroupIds: SECURITY_GROUPS,
    },
  },
  'AWS::Redshift::EndpointAuthorization': {
    page: 'aws-resource-redshift-endpointauthorization',
    new: 'expose',
    properties: {
      Account: ['replaces', 'expose'],
      ClusterIdentifier: ['replaces', 'acts'],
      Force: 'endangers',
      // Without any, all of the account's networks.
      VpcIds: 'expose',
    },
  },
  'AWS::Redshift::EventSubscription': {
    page: 'aws-resource-redshift-eventsubscription',
    new: 'create',
    properties: {
      Enabled: 'runs-by-default',
      EventCategories: 'disrupt',
      Severity: 'disrupt',
      SnsTopicArn: 'notifies',
      SourceIds: ['uses', 'disrupt'],
      SourceType: 'disrupt',
      SubscriptionName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Redshift::Integration': {
    page: 'aws-resource-redshift-integration',
    new: 'create',
    properties: {
      AdditionalEncryptionContext: 'replaces',
      IntegrationName: 'modify',
      KMSKeyId: ['replaces', 'uses'],
      SourceArn: ['replaces', 'acts'],
      Tags: 'tags',
      TargetArn: ['replaces', 'acts'],
    },
  },
  'AWS::Redshift::ScheduledAction': {
    page: 'aws-resource-redshift-scheduledaction',
    new: 'disrupt',
    // Pauses, resizes or resumes a cluster by the clock.
    properties: {
      Enable: 'disrupt',
      EndTime: 'disrupt',
      IamRole: 'acts-as',
      Schedule: 'disrupt',
      ScheduledActionDescription: 'modify',
      ScheduledActionName: 'replaces',
      StartTime: 'disrupt',
      TargetAction: {
        members: {
          PauseCluster: { members: { ClusterIdentifier: 'acts' } },
          ResizeCluster: {
            members: {
              Classic: 'disrupt',
              ClusterIdentifier: 'acts',
              ClusterType: 'disrupt',
              NodeType: 'disrupt',
              NumberOfNodes: 'disrupt',
            },
          },
          ResumeCluster: { members: { ClusterIdentifier: 'acts' } },
        },
      },
    },
  },
  'AWS::Redshift::SnapshotCopyGrant': {
    page: 'aws-resource-redshift-snapshotcopygrant',
    new: 'create',
    properties: { KmsKeyId: ['replaces', 'uses'], SnapshotCopyGrantName: 'replaces', Tags: 'tags' },
  },
  'AWS::Redshift::SnapshotSchedule': {
    page: 'aws-resource-redshift-snapshotschedule',
    new: 'create',
    properties: {
      ScheduleDefinitions: 'weaken',
      ScheduleDescription: 'replaces',
      ScheduleIdentifier: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Redshift::UsageLimit': {
    page: 'aws-resource-redshift-usagelimit',
    new: 'create',
    properties: {
      Amount: 'throttles',
      BreachAction: { values: { log: 'modify', 'emit-metric': 'modify' }, otherwise: 'disrupt', absent: 'log' },
      ClusterIdentifier: ['replaces', 'acts'],
      FeatureType: 'replaces',
      LimitType: 'replaces',
      Period: 'replaces',
      Tags: 'tags',
    },
  },
};
