import type { Service } from './language.ts';
import { KEY, SHAPE } from './shared.ts';

export const LOGS: Service = {
  'AWS::Logs::AccountPolicy': {
    page: 'aws-resource-logs-accountpolicy',
    // Masks, indexes or forwards what all log groups of the account hold.
    new: 'expose',
    wide: 'account',
    properties: {
      PolicyDocument: 'expose',
      PolicyName: 'replaces',
      PolicyType: 'replaces',
      Scope: 'weaken',
      SelectionCriteria: 'weaken',
    },
  },
  'AWS::Logs::Delivery': {
    page: 'aws-resource-logs-delivery',
    new: 'create',
    properties: {
      DeliveryDestinationArn: ['replaces', 'uses'],
      DeliverySourceName: ['replaces', 'acts'],
      FieldDelimiter: SHAPE,
      RecordFields: { each: 'modify', added: 'modify', lost: 'weaken' },
      S3EnableHiveCompatiblePath: SHAPE,
      S3SuffixPath: SHAPE,
      Tags: 'tags',
    },
  },
  'AWS::Logs::DeliveryDestination': {
    page: 'aws-resource-logs-deliverydestination',
    new: 'create',
    properties: {
      DeliveryDestinationPolicy: {
        members: { DeliveryDestinationName: 'modify', DeliveryDestinationPolicy: 'admits' },
      },
      DeliveryDestinationType: 'replaces',
      DestinationResourceArn: ['replaces', 'uses'],
      Name: 'replaces',
      OutputFormat: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Logs::DeliverySource': {
    page: 'aws-resource-logs-deliverysource',
    new: 'create',
    properties: {
      DeliverySourceConfiguration: 'weaken',
      LogType: 'weaken',
      Name: 'replaces',
      // What logs.
      ResourceArn: ['acts', 'weaken'],
      Tags: 'tags',
    },
  },
  'AWS::Logs::Destination': {
    page: 'aws-resource-logs-destination',
    new: 'create',
    properties: {
      DestinationName: 'replaces',
      DestinationPolicy: 'admits',
      RoleArn: 'acts-as',
      Tags: 'tags',
      TargetArn: ['uses', 'writes-to', 'disrupt'],
    },
  },
  'AWS::Logs::Integration': {
    page: 'aws-resource-logs-integration',
    new: 'create',
    properties: {
      IntegrationName: 'replaces',
      IntegrationType: 'replaces',
      ResourceConfig: 'replaces',
    },
  },
  'AWS::Logs::LogAnomalyDetector': {
    page: 'aws-resource-logs-loganomalydetector',
    new: 'create',
    properties: {
      AccountId: 'weaken',
      AnomalyVisibilityTime: { number: 'retains', absent: 21 },
      DetectorName: 'modify',
      EvaluationFrequency: {
        order: ['ONE_HOUR', 'THIRTY_MIN', 'FIFTEEN_MIN', 'TEN_MIN', 'FIVE_MIN', 'ONE_MIN'],
        less: 'weaken',
      },
      FilterPattern: 'weaken',
      KmsKeyId: KEY,
      LogGroupArnList: ['uses', { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' }],
    },
  },
  'AWS::Logs::LogGroup': {
    page: 'aws-resource-logs-loggroup',
    new: 'create',
    holds: 'data',
    properties: {
      BearerTokenAuthenticationEnabled: { standing: 'opens' },
      // Masks what must not be read. Another document may mask less.
      DataProtectionPolicy: { settled: 'expose' },
      DeletionProtectionEnabled: 'protects',
      FieldIndexPolicies: 'modify',
      KmsKeyId: KEY,
      LogGroupClass: { order: ['DELIVERY', 'INFREQUENT_ACCESS', 'STANDARD'], less: 'weaken', absent: 'STANDARD' },
      LogGroupName: 'replaces',
      ResourcePolicyDocument: 'admits',
      RetentionInDays: 'expires',
      Tags: 'tags',
    },
  },
  'AWS::Logs::LogStream': {
    page: 'aws-resource-logs-logstream',
    new: 'create',
    holds: 'data',
    properties: {
      LogGroupName: ['replaces', 'acts'],
      LogStreamName: 'replaces',
    },
  },
  'AWS::Logs::MetricFilter': {
    page: 'aws-resource-logs-metricfilter',
    new: 'create',
    tie: true,
    properties: {
      ApplyOnTransformedLogs: 'weaken',
      EmitSystemFieldDimensions: 'weaken',
      FieldSelectionCriteria: 'weaken',
      FilterName: ['replaces', 'modify'],
      // Alarms see only what it matches.
      FilterPattern: 'weaken',
      LogGroupName: ['replaces', 'acts', 'weaken'],
      MetricTransformations: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
    },
  },
  'AWS::Logs::QueryDefinition': {
    page: 'aws-resource-logs-querydefinition',
    new: 'create',
    properties: {
      LogGroupNames: 'uses',
      Name: 'modify',
      Parameters: 'modify',
      QueryLanguage: 'modify',
      QueryString: 'modify',
    },
  },
  'AWS::Logs::ResourcePolicy': {
    page: 'aws-resource-logs-resourcepolicy',
    new: 'create',
    // Which services may write to the log groups that it names, of all.
    wide: 'account',
    properties: {
      PolicyDocument: 'admits',
      PolicyName: 'replaces',
    },
  },
  'AWS::Logs::ScheduledQuery': {
    page: 'aws-resource-logs-scheduledquery',
    new: 'create',
    properties: {
      Description: 'modify',
      DestinationConfiguration: {
        members: {
          S3Configuration: { members: { DestinationIdentifier: ['uses', 'writes-to', 'disrupt'], RoleArn: 'acts-as' } },
        },
      },
      ExecutionRoleArn: 'acts-as',
      LogGroupIdentifiers: 'uses',
      Name: 'replaces',
      QueryLanguage: 'disrupt',
      QueryString: 'disrupt',
      ScheduleEndTime: 'disrupt',
      ScheduleExpression: 'schedule',
      ScheduleStartTime: 'disrupt',
      StartTimeOffset: 'disrupt',
      State: { order: ['DISABLED', 'ENABLED'], less: 'disrupt', absent: 'ENABLED' },
      Tags: 'tags',
      Timezone: 'disrupt',
    },
  },
  'AWS::Logs::SubscriptionFilter': {
    page: 'aws-resource-logs-subscriptionfilter',
    new: 'create',
    // What is logged while both stand is told twice, and nothing is left out.
    tie: true,
    properties: {
      ApplyOnTransformedLogs: 'disrupt',
      // Who gets what is logged.
      DestinationArn: ['acts', 'writes-to', { settled: 'weaken' }],
      Distribution: { leaves: 'ByLogStream', is: 'disrupt', absent: 'ByLogStream' },
      EmitSystemFields: 'disrupt',
      FieldSelectionCriteria: 'disrupt',
      FilterName: ['replaces', 'modify'],
      FilterPattern: 'weaken',
      LogGroupName: ['replaces', 'acts'],
      RoleArn: 'acts-as',
    },
  },
  'AWS::Logs::Transformer': {
    page: 'aws-resource-logs-transformer',
    new: 'create',
    properties: {
      LogGroupIdentifier: ['replaces', 'acts', 'affects'],
      // Those who match or forward log events get others.
      TransformerConfig: 'disrupt',
    },
  },
};
