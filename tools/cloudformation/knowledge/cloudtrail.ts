import type { Rules, Service } from './language.ts';
import { KEY, SHAPE } from './shared.ts';

/** What is recorded. The first list takes the place of a default that records management of all services. */
const SELECTORS: Rules = 'weaken';

export const CLOUDTRAIL: Service = {
  'AWS::CloudTrail::Channel': {
    page: 'aws-resource-cloudtrail-channel',
    new: 'create',
    properties: {
      Destinations: {
        each: { members: { Location: ['acts', 'writes-to'], Type: 'modify' } },
        added: 'modify',
        lost: 'weaken',
        reordered: 'modify',
      },
      Name: 'modify',
      Source: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::CloudTrail::EventDataStore': {
    page: 'aws-resource-cloudtrail-eventdatastore',
    new: 'create',
    holds: 'data',
    properties: {
      AdvancedEventSelectors: { unordered: SELECTORS },
      BillingMode: 'modify',
      ContextKeySelectors: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      FederationEnabled: { standing: 'opens' },
      FederationRoleArn: 'acts-as',
      IngestionEnabled: 'protects-by-default',
      InsightSelectors: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      InsightsDestination: { settled: 'weaken' },
      KmsKeyId: KEY,
      MaxEventSize: { order: ['Standard', 'Large'], less: 'weaken', absent: 'Standard' },
      MultiRegionEnabled: 'protects-by-default',
      Name: 'modify',
      OrganizationEnabled: 'protects',
      RetentionPeriod: { number: 'expires', absent: 2557 },
      Tags: 'tags',
      TerminationProtectionEnabled: 'protects-by-default',
    },
  },
  'AWS::CloudTrail::ResourcePolicy': {
    page: 'aws-resource-cloudtrail-resourcepolicy',
    new: 'create',
    properties: { ResourceArn: ['replaces', 'acts'], ResourcePolicy: 'admits' },
  },
  'AWS::CloudTrail::Trail': {
    page: 'aws-resource-cloudtrail-trail',
    new: 'create',
    properties: {
      AdvancedEventSelectors: { unordered: SELECTORS },
      AggregationConfigurations: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      CloudWatchLogsLogGroupArn: ['uses', 'writes-to', { settled: 'weaken' }],
      CloudWatchLogsRoleArn: ['acts-as', { settled: 'weaken' }],
      EnableLogFileValidation: 'protects',
      EventSelectors: { unordered: SELECTORS },
      // AWS says that a trail records them where nothing is said, and CloudFormation that it doesn't.
      IncludeGlobalServiceEvents: ['protects', 'protects-by-default'],
      InsightSelectors: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      IsLogging: 'protects',
      IsMultiRegionTrail: 'protects',
      IsOrganizationTrail: 'protects',
      KMSKeyId: KEY,
      S3BucketName: ['acts', 'writes-to', { settled: 'weaken' }],
      S3KeyPrefix: SHAPE,
      SnsTopicName: 'notifies',
      Tags: 'tags',
      TrailName: 'replaces',
    },
  },
};
