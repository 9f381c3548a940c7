import type { Rule, Service } from './language.ts';
import { PLACES } from './shared.ts';

/** One more may let through, one less too. */
const LETS_THROUGH: Rule = { standing: 'expose' };

export const NETWORK_FIREWALL: Service = {
  'AWS::NetworkFirewall::Firewall': {
    page: 'aws-resource-networkfirewall-firewall',
    new: 'create',
    properties: {
      AvailabilityZoneChangeProtection: 'protects',
      AvailabilityZoneMappings: PLACES,
      DeleteProtection: 'protects',
      Description: 'modify',
      EnabledAnalysisTypes: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      FirewallName: 'replaces',
      FirewallPolicyArn: ['uses', LETS_THROUGH],
      FirewallPolicyChangeProtection: 'protects',
      SubnetChangeProtection: 'protects',
      SubnetMappings: PLACES,
      Tags: 'tags',
      TransitGatewayId: ['acts', 'disrupt'],
      VpcId: ['replaces', 'uses'],
    },
  },
  'AWS::NetworkFirewall::FirewallPolicy': {
    page: 'aws-resource-networkfirewall-firewallpolicy',
    new: 'create',
    properties: { Description: 'modify', FirewallPolicy: LETS_THROUGH, FirewallPolicyName: 'replaces', Tags: 'tags' },
  },
  'AWS::NetworkFirewall::LoggingConfiguration': {
    page: 'aws-resource-networkfirewall-loggingconfiguration',
    new: 'create',
    gone: 'weaken',
    properties: {
      EnableMonitoringDashboard: 'protects',
      FirewallArn: ['replaces', 'acts'],
      FirewallName: 'replaces',
      LoggingConfiguration: { standing: 'weaken' },
    },
  },
  'AWS::NetworkFirewall::RuleGroup': {
    page: 'aws-resource-networkfirewall-rulegroup',
    new: 'create',
    properties: {
      Capacity: 'replaces',
      Description: 'modify',
      RuleGroup: LETS_THROUGH,
      RuleGroupName: 'replaces',
      SummaryConfiguration: 'modify',
      Tags: 'tags',
      Type: 'replaces',
    },
  },
};
