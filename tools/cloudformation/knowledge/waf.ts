import type { Rule, Service } from './language.ts';

/** One more may let through, one less too. */
const FILTER: Rule = { standing: 'weaken' };

export const WAF: Service = {
  'AWS::WAFv2::IPSet': {
    page: 'aws-resource-wafv2-ipset',
    new: 'create',
    properties: {
      Addresses: FILTER,
      Description: 'modify',
      IPAddressVersion: FILTER,
      Name: 'replaces',
      Scope: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::WAFv2::LoggingConfiguration': {
    page: 'aws-resource-wafv2-loggingconfiguration',
    new: 'create',
    properties: {
      LogDestinationConfigs: { settled: 'weaken' },
      LoggingFilter: FILTER,
      // Fields that aren't to be read in the log.
      RedactedFields: FILTER,
      // It takes the place of the one that was there.
      ResourceArn: ['replaces', 'acts'],
    },
  },
  'AWS::WAFv2::RegexPatternSet': {
    page: 'aws-resource-wafv2-regexpatternset',
    new: 'create',
    properties: {
      Description: 'modify',
      Name: 'replaces',
      RegularExpressionList: FILTER,
      Scope: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::WAFv2::RuleGroup': {
    page: 'aws-resource-wafv2-rulegroup',
    new: 'create',
    properties: {
      AvailableLabels: 'modify',
      Capacity: 'replace',
      ConsumedLabels: 'modify',
      CustomResponseBodies: 'modify',
      Description: 'modify',
      Name: 'replaces',
      MonetizationConfig: 'disrupt',
      Rules: FILTER,
      Scope: 'replaces',
      Tags: 'tags',
      VisibilityConfig: {
        members: { CloudWatchMetricsEnabled: 'protects', MetricName: FILTER, SampledRequestsEnabled: 'protects' },
      },
    },
  },
  'AWS::WAFv2::WebACL': {
    page: 'aws-resource-wafv2-webacl',
    new: 'create',
    properties: {
      ApplicationConfig: 'modify',
      AssociationConfig: FILTER,
      CaptchaConfig: FILTER,
      ChallengeConfig: FILTER,
      CustomResponseBodies: 'modify',
      DataProtectionConfig: FILTER,
      DefaultAction: FILTER,
      Description: 'modify',
      MonetizationConfig: 'disrupt',
      Name: 'replaces',
      OnSourceDDoSProtectionConfig: FILTER,
      Rules: FILTER,
      Scope: 'replaces',
      Tags: 'tags',
      TokenDomains: FILTER,
      VisibilityConfig: {
        members: { CloudWatchMetricsEnabled: 'protects', MetricName: FILTER, SampledRequestsEnabled: 'protects' },
      },
    },
  },
  'AWS::WAFv2::WebACLAssociation': {
    page: 'aws-resource-wafv2-webaclassociation',
    new: 'create',
    properties: {
      // It takes the place of the one that was there.
      ResourceArn: ['replaces', 'acts', 'affects'],
      WebACLArn: ['replaces', 'uses'],
    },
  },
};
