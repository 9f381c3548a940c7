import type { Rule, Service } from './language.ts';
import { WAF_CLASSIC } from './waf/classic.ts';

/** What is looked at, and how. */
const FILTER: Rule = { standing: 'weaken' };

/** Who is let through, or what of them is shown: a set may stand in a rule that allows, and in one that blocks. */
const LETS_THROUGH: Rule = { standing: 'expose' };

/** The same of lists: rules are taken by their `Priority`, and a set has no order. */
const LISTED: Rule = { unordered: LETS_THROUGH };

export const WAF: Service = {
  ...WAF_CLASSIC,
  'AWS::WAFv2::IPSet': {
    page: 'aws-resource-wafv2-ipset',
    new: 'create',
    properties: {
      Addresses: LISTED,
      Description: 'modify',
      IPAddressVersion: LETS_THROUGH,
      Name: 'replaces',
      Scope: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::WAFv2::LoggingConfiguration': {
    page: 'aws-resource-wafv2-loggingconfiguration',
    new: 'create',
    properties: {
      LogDestinationConfigs: ['writes-to', { settled: 'weaken' }],
      LoggingFilter: FILTER,
      // Fields that aren't to be read in the log.
      RedactedFields: { standing: { each: 'modify', added: 'modify', lost: 'expose', reordered: 'modify' } },
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
      RegularExpressionList: LISTED,
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
      Rules: LISTED,
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
      DataProtectionConfig: LETS_THROUGH,
      DefaultAction: LETS_THROUGH,
      Description: 'modify',
      MonetizationConfig: 'disrupt',
      Name: 'replaces',
      OnSourceDDoSProtectionConfig: FILTER,
      Rules: LISTED,
      Scope: 'replaces',
      Tags: 'tags',
      TokenDomains: { unordered: FILTER },
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
