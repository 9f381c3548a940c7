import type { Service } from './language.ts';

export const ROUTE53_RESOLVER: Service = {
  'AWS::Route53Resolver::FirewallDomainList': {
    page: 'aws-resource-route53resolver-firewalldomainlist',
    new: 'create',
    // Lists are allowed or blocked, as rules say elsewhere.
    properties: {
      DomainFileUrl: { standing: 'weaken' },
      Domains: { unordered: { standing: 'weaken' } },
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Route53Resolver::FirewallRuleGroup': {
    page: 'aws-resource-route53resolver-firewallrulegroup',
    new: 'create',
    properties: {
      // One more may be one that allows. They are taken by their `Priority`.
      FirewallRules: { unordered: { standing: 'weaken' } },
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Route53Resolver::FirewallRuleGroupAssociation': {
    page: 'aws-resource-route53resolver-firewallrulegroupassociation',
    new: 'create',
    properties: {
      FirewallRuleGroupId: ['replaces', 'uses'],
      MutationProtection: 'protects',
      Name: 'modify',
      Priority: 'weaken',
      Tags: 'tags',
      VpcId: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::Route53Resolver::ResolverConfig': {
    page: 'aws-resource-route53resolver-resolverconfig',
    new: 'create',
    properties: {
      AutodefinedReverseFlag: 'replaces',
      ResourceId: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::Route53Resolver::ResolverDNSSECConfig': {
    page: 'aws-resource-route53resolver-resolverdnssecconfig',
    new: 'create',
    properties: {
      ResourceId: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::Route53Resolver::ResolverEndpoint': {
    page: 'aws-resource-route53resolver-resolverendpoint',
    new: 'create',
    properties: {
      Direction: 'replaces',
      Dns64Enabled: 'runs',
      IpAddresses: {
        by: 'SubnetId',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { Ip: { settled: 'disrupt' }, Ipv6: { settled: 'disrupt' }, SubnetId: 'uses' } },
      },
      Ipv6InternetAccessEnabled: 'opens',
      Name: 'modify',
      OutpostArn: 'replaces',
      PreferredInstanceType: 'replaces',
      // DNS over HTTPS or in the clear.
      Protocols: { each: 'modify', added: 'weaken', lost: 'disrupt', reordered: 'modify' },
      ResolverEndpointType: 'disrupt',
      RniEnhancedMetricsEnabled: 'protects',
      SecurityGroupIds: ['replaces', 'acts-as'],
      Tags: 'tags',
      TargetNameServerMetricsEnabled: 'protects',
    },
  },
  'AWS::Route53Resolver::ResolverQueryLoggingConfig': {
    page: 'aws-resource-route53resolver-resolverqueryloggingconfig',
    new: 'create',
    properties: {
      DestinationArn: 'replaces',
      Name: 'replaces',
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation': {
    page: 'aws-resource-route53resolver-resolverqueryloggingconfigassociation',
    new: 'create',
    properties: {
      ResolverQueryLogConfigId: 'replaces',
      ResourceId: ['replaces', 'acts'],
    },
  },
  'AWS::Route53Resolver::ResolverRule': {
    page: 'aws-resource-route53resolver-resolverrule',
    new: 'create',
    properties: {
      DelegationRecord: 'disrupt',
      DomainName: 'disrupt',
      Name: 'modify',
      ResolverEndpointId: 'disrupt',
      RuleType: 'replaces',
      Tags: 'tags',
      TargetIps: 'disrupt',
    },
  },
  'AWS::Route53Resolver::ResolverRuleAssociation': {
    page: 'aws-resource-route53resolver-resolverruleassociation',
    new: 'create',
    properties: {
      Name: 'replaces',
      ResolverRuleId: ['replaces', 'uses'],
      VPCId: ['replaces', 'acts', 'affects'],
    },
  },
};
