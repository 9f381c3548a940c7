import type { Rule, Service } from './language.ts';

/** What is done, and who is told, when an alarm changes its state. An action may stop or terminate an instance. */
const ACTIONS = { AlarmActions: 'notifies', InsufficientDataActions: 'notifies', OKActions: 'notifies' } as const;

const MISSING: Rule = {
  order: ['notBreaching', 'ignore', 'missing', 'breaching'],
  less: 'weaken',
  absent: 'missing',
};

export const CLOUDWATCH: Service = {
  'AWS::CloudWatch::Alarm': {
    page: 'aws-resource-cloudwatch-alarm',
    new: 'create',
    // AWS keeps the history of one that is deleted, and the new one finds its state within a period.
    tie: true,
    properties: {
      ...ACTIONS,
      ActionsEnabled: 'protects-by-default',
      AlarmDescription: 'modify',
      // By it composite alarms, deployments and dashboards of elsewhere watch it.
      AlarmName: ['replaces', { settled: 'weaken' }],
      // Another condition or metric: it no longer sees what it saw. Later, or from more on, is less.
      ComparisonOperator: 'weaken',
      DatapointsToAlarm: 'delays',
      // It watches something else, unless that is only the next version of a function.
      Dimensions: {
        by: 'Name',
        added: 'weaken',
        lost: 'weaken',
        reordered: 'modify',
        each: { members: { Name: 'modify', Value: 'weaken' } },
        known: { ExecutedVersion: { members: { Name: 'modify', Value: 'modify' } } },
      },
      EvaluateLowSampleCountPercentile: { order: ['ignore', 'evaluate'], less: 'weaken', absent: 'evaluate' },
      EvaluationCriteria: 'weaken',
      EvaluationInterval: 'weaken',
      EvaluationPeriods: 'delays',
      EvaluationWindow: 'weaken',
      ExtendedStatistic: 'weaken',
      MetricName: 'weaken',
      Metrics: { unordered: 'weaken' },
      Namespace: 'weaken',
      Period: { number: 'delays', absent: 'fits' },
      Statistic: 'weaken',
      Tags: 'tags',
      Threshold: 'threshold',
      ThresholdMetricId: 'weaken',
      TreatMissingData: MISSING,
      Unit: 'weaken',
      WarmUpConfiguration: 'weaken',
    },
  },
  'AWS::CloudWatch::AlarmMuteRule': {
    page: 'aws-resource-cloudwatch-alarmmuterule',
    // No one is told meanwhile.
    new: 'weaken',
    properties: {
      Description: 'modify',
      ExpireDate: 'weaken',
      MuteTargets: { members: { AlarmNames: ['acts', 'weaken'] } },
      Name: 'replaces',
      Rule: 'weaken',
      StartDate: 'weaken',
      Tags: 'tags',
    },
  },
  'AWS::CloudWatch::AnomalyDetector': {
    page: 'aws-resource-cloudwatch-anomalydetector',
    new: 'create',
    properties: {
      // Times that it leaves out.
      Configuration: 'weaken',
      Dimensions: 'replaces',
      MetricCharacteristics: 'weaken',
      MetricMathAnomalyDetector: 'replaces',
      MetricName: 'replaces',
      Namespace: 'replaces',
      SingleMetricAnomalyDetector: 'replaces',
      Stat: 'replaces',
    },
  },
  'AWS::CloudWatch::CompositeAlarm': {
    page: 'aws-resource-cloudwatch-compositealarm',
    new: 'create',
    properties: {
      ...ACTIONS,
      ActionsEnabled: 'protects-by-default',
      // While it is in alarm no one is told.
      ActionsSuppressor: ['uses', 'weaken'],
      ActionsSuppressorExtensionPeriod: { number: 'delays', absent: 'fits' },
      ActionsSuppressorWaitPeriod: { number: 'delays', absent: 'fits' },
      AlarmDescription: 'modify',
      AlarmName: 'replaces',
      AlarmRule: 'weaken',
      Tags: 'tags',
    },
  },
  'AWS::CloudWatch::Dashboard': {
    page: 'aws-resource-cloudwatch-dashboard',
    new: 'create',
    // All that it has is in the template.
    tie: true,
    properties: { DashboardBody: 'modify', DashboardName: ['replaces', 'modify'], Tags: 'tags' },
  },
  'AWS::CloudWatch::InsightRule': {
    page: 'aws-resource-cloudwatch-insightrule',
    new: 'create',
    properties: {
      ApplyOnTransformedLogs: 'weaken',
      RuleBody: 'weaken',
      RuleName: 'replaces',
      RuleState: { order: ['DISABLED', 'ENABLED'], less: 'weaken' },
      Tags: 'tags',
    },
  },
  'AWS::CloudWatch::LogAlarm': {
    page: 'aws-resource-cloudwatch-logalarm',
    new: 'create',
    properties: {
      ...ACTIONS,
      ActionLogLineCount: 'modify',
      ActionLogLineRoleArn: 'acts-as',
      ActionsEnabled: 'protects-by-default',
      AlarmDescription: 'modify',
      AlarmName: 'replaces',
      ComparisonOperator: 'weaken',
      QueryResultsToAlarm: 'delays',
      QueryResultsToEvaluate: 'delays',
      ScheduledQueryConfiguration: {
        members: {
          AggregationExpression: 'weaken',
          LogGroupIdentifiers: ['uses', { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' }],
          QueryString: 'weaken',
          ScheduleConfiguration: 'weaken',
          ScheduledQueryRoleARN: 'acts-as',
          Tags: 'tags',
        },
      },
      Tags: 'tags',
      Threshold: 'threshold',
      TreatMissingData: MISSING,
      WarmUpConfiguration: 'weaken',
    },
  },
  'AWS::CloudWatch::MetricStream': {
    page: 'aws-resource-cloudwatch-metricstream',
    new: 'create',
    properties: {
      ExcludeFilters: { unordered: 'weaken' },
      FirehoseArn: ['acts', 'writes-to', { settled: 'weaken' }],
      IncludeFilters: { unordered: 'weaken' },
      IncludeLinkedAccountsMetrics: 'protects',
      Name: 'replaces',
      OutputFormat: 'disrupt',
      RoleArn: 'acts-as',
      StatisticsConfigurations: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      Tags: 'tags',
    },
  },
};
