import type { Rule, Rules, Service } from '../language.ts';

/** Once it is another, something else is told, or nothing. */
const TOLD: Rule = 'weaken';

/** Clouds and trackers of others, and by which secret. */
const ELSEWHERE: Rules = ['may-act', { settled: 'expose' }];

/** What looks over the findings of all services. */
export const SECURITY_HUB: Service = {
  'AWS::SecurityHub::AggregatorV2': {
    page: 'aws-resource-securityhub-aggregatorv2',
    new: 'create',
    gone: 'weaken',
    wide: 'account',
    properties: { LinkedRegions: { unordered: TOLD }, RegionLinkingMode: TOLD, Tags: 'tags' },
  },
  'AWS::SecurityHub::AutomationRule': {
    page: 'aws-resource-securityhub-automationrule',
    // It may put away what would be seen.
    new: 'weaken',
    gone: 'weaken',
    wide: 'account',
    properties: {
      Actions: TOLD,
      Criteria: TOLD,
      Description: 'modify',
      IsTerminal: TOLD,
      RuleName: 'modify',
      RuleOrder: TOLD,
      RuleStatus: TOLD,
      Tags: 'tags',
    },
  },
  'AWS::SecurityHub::AutomationRuleV2': {
    page: 'aws-resource-securityhub-automationrulev2',
    // It may put away what would be seen, and tells others.
    new: 'weaken',
    gone: 'weaken',
    wide: 'account',
    properties: {
      Actions: ['may-act', TOLD],
      Criteria: TOLD,
      Description: 'modify',
      RuleName: 'modify',
      RuleOrder: TOLD,
      RuleStatus: TOLD,
      Tags: 'tags',
    },
  },
  // What is looked for, in the accounts and units that it is set for.
  'AWS::SecurityHub::ConfigurationPolicy': {
    page: 'aws-resource-securityhub-configurationpolicy',
    new: 'create',
    gone: 'weaken',
    properties: { ConfigurationPolicy: TOLD, Description: 'modify', Name: 'modify', Tags: 'tags' },
  },
  // What it may see elsewhere, and what it tells there.
  'AWS::SecurityHub::Connector': {
    page: 'aws-resource-securityhub-connector',
    new: 'create',
    gone: 'weaken',
    properties: { Description: 'modify', Name: 'replaces', Provider: ELSEWHERE, Tags: 'tags' },
  },
  'AWS::SecurityHub::ConnectorV2': {
    page: 'aws-resource-securityhub-connectorv2',
    new: 'create',
    gone: 'weaken',
    properties: {
      Description: 'modify',
      KmsKeyArn: ['replaces', 'uses'],
      Name: 'replaces',
      Provider: ELSEWHERE,
      Tags: 'tags',
    },
  },
  // Another account sees the findings of all, and says what is looked for.
  'AWS::SecurityHub::DelegatedAdmin': {
    page: 'aws-resource-securityhub-delegatedadmin',
    new: 'expose',
    gone: 'weaken',
    wide: 'organization',
    properties: { AdminAccountId: ['replaces', 'acts'] },
  },
  'AWS::SecurityHub::FindingAggregator': {
    page: 'aws-resource-securityhub-findingaggregator',
    new: 'create',
    gone: 'weaken',
    wide: 'account',
    properties: { RegionLinkingMode: TOLD, Regions: TOLD },
  },
  'AWS::SecurityHub::Hub': {
    page: 'aws-resource-securityhub-hub',
    new: 'create',
    gone: 'weaken',
    wide: 'account',
    properties: {
      AutoEnableControls: 'protects-by-default',
      ControlFindingGenerator: TOLD,
      EnableDefaultStandards: 'protects-by-default',
      Tags: 'tags',
    },
  },
  'AWS::SecurityHub::HubV2': {
    page: 'aws-resource-securityhub-hubv2',
    new: 'create',
    gone: 'weaken',
    wide: 'account',
    properties: {
      NetworkScanning: {
        members: { Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' } },
      },
      Tags: 'tags',
    },
  },
  // A view that is kept of what there is.
  'AWS::SecurityHub::Insight': {
    page: 'aws-resource-securityhub-insight',
    new: 'create',
    gone: 'modify',
    properties: { Filters: 'modify', GroupByAttribute: 'modify', Name: 'modify' },
  },
  // It takes the place of the settings that are there.
  'AWS::SecurityHub::OrganizationConfiguration': {
    page: 'aws-resource-securityhub-organizationconfiguration',
    new: 'weaken',
    gone: 'weaken',
    wide: 'organization',
    properties: {
      AutoEnable: 'protects',
      AutoEnableStandards: { order: ['NONE', 'DEFAULT'], less: 'weaken', absent: 'DEFAULT' },
      ConfigurationType: TOLD,
    },
  },
  'AWS::SecurityHub::PolicyAssociation': {
    page: 'aws-resource-securityhub-policyassociation',
    // What is looked for there no longer is what it was.
    new: 'weaken',
    gone: 'weaken',
    properties: {
      ConfigurationPolicyId: ['uses', TOLD],
      TargetId: ['replaces', 'acts'],
      TargetType: 'replaces',
    },
  },
  'AWS::SecurityHub::ProductSubscription': {
    page: 'aws-resource-securityhub-productsubscription',
    new: 'create',
    gone: 'weaken',
    wide: 'account',
    properties: { ProductArn: ['replaces', 'uses'] },
  },
  'AWS::SecurityHub::SecurityControl': {
    page: 'aws-resource-securityhub-securitycontrol',
    // From what on something is found. Without it AWS's own values hold.
    new: 'weaken',
    gone: 'weaken',
    wide: 'account',
    properties: {
      LastUpdateReason: 'modify',
      Parameters: TOLD,
      SecurityControlArn: 'modify',
      SecurityControlId: 'replaces',
    },
  },
  'AWS::SecurityHub::Standard': {
    page: 'aws-resource-securityhub-standard',
    new: 'create',
    gone: 'weaken',
    wide: 'account',
    properties: {
      DisabledStandardsControls: {
        each: 'modify',
        by: 'StandardsControlArn',
        added: 'weaken',
        lost: 'modify',
        reordered: 'modify',
      },
      StandardsArn: 'replaces',
    },
  },
};
