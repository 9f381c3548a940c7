import type { Rule, Service } from './language.ts';
import { SHAPE } from './shared.ts';

/** What is looked at, or how often: another may be less. */
const LOOKED_AT: Rule = { standing: 'weaken' };

const HOW_OFTEN: Rule = {
  order: ['TwentyFour_Hours', 'Twelve_Hours', 'Six_Hours', 'Three_Hours', 'One_Hour'],
  less: 'weaken',
  absent: 'TwentyFour_Hours',
};

export const CONFIG: Service = {
  'AWS::Config::AggregationAuthorization': {
    page: 'aws-resource-config-aggregationauthorization',
    // Another account may read what Config recorded here.
    new: 'expose',
    properties: {
      AuthorizedAccountId: 'replaces',
      AuthorizedAwsRegion: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Config::ConfigRule': {
    page: 'aws-resource-config-configrule',
    new: 'create',
    properties: {
      Compliance: 'modify',
      ConfigRuleName: 'replaces',
      Description: 'modify',
      EvaluationModes: LOOKED_AT,
      InputParameters: LOOKED_AT,
      MaximumExecutionFrequency: HOW_OFTEN,
      Scope: LOOKED_AT,
      Source: LOOKED_AT,
    },
  },
  'AWS::Config::ConfigurationAggregator': {
    page: 'aws-resource-config-configurationaggregator',
    new: 'create',
    properties: {
      AccountAggregationSources: LOOKED_AT,
      ConfigurationAggregatorName: 'replaces',
      OrganizationAggregationSource: {
        members: { AllAwsRegions: 'protects', AwsRegions: LOOKED_AT, RoleArn: 'acts-as' },
      },
      Tags: 'tags',
    },
  },
  'AWS::Config::ConfigurationRecorder': {
    // An account has one in each region, and one that is put by its name takes the place of what stands.
    // https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigurationRecorder.html
    page: 'aws-resource-config-configurationrecorder',
    new: 'create',
    wide: 'account',
    properties: {
      Name: 'replaces',
      RecordingGroup: {
        members: {
          AllSupported: 'protects',
          ExclusionByResourceTypes: LOOKED_AT,
          IncludeGlobalResourceTypes: 'protects',
          RecordingStrategy: LOOKED_AT,
          ResourceTypes: { unordered: LOOKED_AT },
        },
      },
      RecordingMode: LOOKED_AT,
      RoleARN: 'acts-as',
      StartedOnCreate: 'replaces',
    },
  },
  'AWS::Config::DeliveryChannel': {
    page: 'aws-resource-config-deliverychannel',
    new: 'create',
    wide: 'account',
    properties: {
      ConfigSnapshotDeliveryProperties: { members: { DeliveryFrequency: HOW_OFTEN } },
      Name: 'replaces',
      S3BucketName: ['acts', 'writes-to', { settled: 'weaken' }],
      S3KeyPrefix: SHAPE,
      S3KmsKeyArn: { settled: 'weaken' },
      SnsTopicARN: ['writes-to', { settled: 'weaken' }],
    },
  },
  'AWS::Config::RemediationConfiguration': {
    page: 'aws-resource-config-remediationconfiguration',
    // It changes what a rule finds, by a document of Systems Manager.
    new: 'disrupt',
    properties: {
      // Unasked, and the document may delete what the rule finds.
      Automatic: { acting: { values: { true: 'delete' }, otherwise: 'weaken', absent: 'false' } },
      ConfigRuleName: ['replaces', 'acts'],
      // How many at once, and after how many failures it stops.
      ExecutionControls: 'disrupt',
      MaximumAutomaticAttempts: { number: 'retains', absent: 5 },
      Parameters: ['acts-as', 'disrupt'],
      ResourceType: 'disrupt',
      RetryAttemptSeconds: 'modify',
      TargetId: ['code', 'delete'],
      TargetType: 'disrupt',
      TargetVersion: ['code', 'delete'],
    },
  },
  'AWS::Config::ConformancePack': {
    page: 'aws-resource-config-conformancepack',
    // Its rules, and what mends what they find, stand in a template of their own.
    new: 'disrupt',
    properties: {
      ConformancePackInputParameters: LOOKED_AT,
      ConformancePackName: 'replaces',
      DeliveryS3Bucket: ['writes-to', { settled: 'weaken' }],
      DeliveryS3KeyPrefix: SHAPE,
      Tags: 'tags',
      TemplateBody: ['code', 'weaken'],
      TemplateS3Uri: ['code', 'weaken'],
      TemplateSSMDocumentDetails: ['code', 'weaken'],
    },
  },
  'AWS::Config::OrganizationConfigRule': {
    page: 'aws-resource-config-organizationconfigrule',
    new: 'create',
    wide: 'organization',
    properties: {
      ExcludedAccounts: LOOKED_AT,
      OrganizationConfigRuleName: 'replaces',
      OrganizationCustomPolicyRuleMetadata: LOOKED_AT,
      OrganizationCustomRuleMetadata: LOOKED_AT,
      OrganizationManagedRuleMetadata: LOOKED_AT,
    },
  },
  'AWS::Config::OrganizationConformancePack': {
    page: 'aws-resource-config-organizationconformancepack',
    new: 'disrupt',
    wide: 'organization',
    properties: {
      ConformancePackInputParameters: LOOKED_AT,
      DeliveryS3Bucket: ['writes-to', { settled: 'weaken' }],
      DeliveryS3KeyPrefix: SHAPE,
      ExcludedAccounts: LOOKED_AT,
      OrganizationConformancePackName: 'replaces',
      Tags: 'tags',
      TemplateBody: ['code', 'weaken'],
      TemplateS3Uri: ['code', 'weaken'],
    },
  },
  'AWS::Config::StoredQuery': {
    page: 'aws-resource-config-storedquery',
    new: 'create',
    properties: {
      QueryDescription: 'modify',
      QueryExpression: 'modify',
      QueryName: 'replaces',
      Tags: 'tags',
    },
  },
};
