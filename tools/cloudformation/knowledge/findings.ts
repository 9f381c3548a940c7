import { SECURITY_HUB } from './findings/security-hub.ts';
import type { Rule, Service } from './language.ts';

const KEPT: Rule = { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' };

/** Once it is another, something else is told, or nothing. */
const TOLD: Rule = 'weaken';

/** What looks for faults and costs, and who is told. */
export const FINDINGS: Service = {
  ...SECURITY_HUB,
  'AWS::AccessAnalyzer::Analyzer': {
    page: 'aws-resource-accessanalyzer-analyzer',
    new: 'create',
    gone: 'weaken',
    properties: {
      AnalyzerConfiguration: TOLD,
      AnalyzerName: 'replaces',
      // What matches is put away before anyone sees it.
      ArchiveRules: { each: 'weaken', by: 'RuleName', added: 'weaken', lost: 'modify', reordered: 'modify' },
      Tags: 'tags',
      Type: 'replaces',
    },
  },
  'AWS::AccessAnalyzer::ArchiveRule': {
    page: 'aws-resource-accessanalyzer-archiverule',
    // What matches is put away before anyone sees it.
    new: 'weaken',
    gone: 'modify',
    properties: { AnalyzerName: ['replaces', 'acts'], Filter: TOLD, RuleName: 'replaces' },
  },
  'AWS::Budgets::Budget': {
    page: 'aws-resource-budgets-budget',
    new: 'create',
    gone: 'weaken',
    properties: {
      Budget: TOLD,
      NotificationsWithSubscribers: ['replaces', { settled: 'weaken' }],
      ResourceTags: 'tags',
    },
  },
  'AWS::Budgets::BudgetsAction': {
    page: 'aws-resource-budgets-budgetsaction',
    // Stops machines, or denies people and accounts what they may, once a budget is reached.
    new: 'disrupt',
    gone: 'weaken',
    properties: {
      // From what cost on it brakes.
      ActionThreshold: 'weaken',
      ActionType: 'replaces',
      // What a person released is done without one; or nothing is stopped until a person does.
      ApprovalModel: 'weaken',
      BudgetName: ['replaces', 'acts'],
      Definition: ['acts', 'disrupt'],
      ExecutionRoleArn: 'acts-as',
      NotificationType: 'disrupt',
      ResourceTags: 'tags',
      Subscribers: KEPT,
    },
  },
  'AWS::CE::AnomalyMonitor': {
    page: 'aws-resource-ce-anomalymonitor',
    new: 'create',
    gone: 'weaken',
    properties: {
      MonitorDimension: 'replaces',
      MonitorName: 'modify',
      MonitorSpecification: 'replaces',
      MonitorType: 'replaces',
      ResourceTags: 'replaces',
    },
  },
  'AWS::CE::AnomalySubscription': {
    page: 'aws-resource-ce-anomalysubscription',
    new: 'create',
    gone: 'weaken',
    properties: {
      Frequency: TOLD,
      MonitorArnList: ['uses', KEPT],
      ResourceTags: 'tags',
      Subscribers: KEPT,
      SubscriptionName: 'modify',
      Threshold: { number: 'delays', absent: 'fits' },
      ThresholdExpression: TOLD,
    },
  },
  // By them costs are told apart; policies and budgets may go by that.
  'AWS::CE::CostCategory': {
    page: 'aws-resource-ce-costcategory',
    new: 'create',
    gone: 'weaken',
    properties: {
      DefaultValue: TOLD,
      Name: 'replaces',
      RuleVersion: 'modify',
      Rules: TOLD,
      SplitChargeRules: TOLD,
      Tags: 'tags',
    },
  },
  'AWS::Oam::Link': {
    page: 'aws-resource-oam-link',
    // Another account reads metrics, logs and traces of all of this one.
    new: 'expose',
    gone: 'weaken',
    wide: 'account',
    properties: {
      LabelTemplate: 'replaces',
      LinkConfiguration: 'expose',
      ResourceTypes: { each: 'modify', added: 'expose', lost: 'weaken', reordered: 'modify' },
      SinkIdentifier: ['replaces', 'admits'],
      Tags: 'tags',
    },
  },
  'AWS::Oam::Sink': {
    page: 'aws-resource-oam-sink',
    new: 'create',
    gone: 'weaken',
    properties: { Name: 'replaces', Policy: 'admits', Tags: 'tags' },
  },
  'AWS::XRay::Group': {
    page: 'aws-resource-xray-group',
    new: 'create',
    gone: 'weaken',
    properties: {
      FilterExpression: TOLD,
      GroupName: 'modify',
      InsightsConfiguration: 'protects',
      Tags: 'tags',
    },
  },
  'AWS::XRay::SamplingRule': {
    page: 'aws-resource-xray-samplingrule',
    // How much is traced of all that it matches, in the account.
    new: 'weaken',
    gone: 'weaken',
    wide: 'account',
    properties: {
      RuleName: TOLD,
      SamplingRule: TOLD,
      SamplingRuleRecord: TOLD,
      SamplingRuleUpdate: TOLD,
      Tags: 'tags',
    },
  },
};
