import type { Service } from './language.ts';

export const SERVICE_DISCOVERY: Service = {
  'AWS::ServiceDiscovery::HttpNamespace': {
    page: 'aws-resource-servicediscovery-httpnamespace',
    new: 'create',
    properties: {
      Description: 'modify',
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::ServiceDiscovery::Instance': {
    page: 'aws-resource-servicediscovery-instance',
    new: 'create',
    properties: {
      InstanceAttributes: 'disrupt',
      InstanceId: 'replaces',
      ServiceId: ['replaces', 'acts'],
    },
  },
  'AWS::ServiceDiscovery::PrivateDnsNamespace': {
    page: 'aws-resource-servicediscovery-privatednsnamespace',
    new: 'create',
    properties: {
      Description: 'modify',
      Name: 'replaces',
      // How long others remember that a name isn't there.
      Properties: 'modify',
      Tags: 'tags',
      // In this network its names are the ones that hold.
      Vpc: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::ServiceDiscovery::PublicDnsNamespace': {
    page: 'aws-resource-servicediscovery-publicdnsnamespace',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'modify',
      Name: 'replaces',
      Properties: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::ServiceDiscovery::Service': {
    page: 'aws-resource-servicediscovery-service',
    new: 'create',
    properties: {
      Description: 'modify',
      DnsConfig: {
        members: {
          DnsRecords: {
            by: 'Type',
            added: 'modify',
            lost: 'disrupt',
            reordered: 'modify',
            each: { members: { TTL: { number: 'delays', absent: 'fits' }, Type: 'modify' } },
          },
          NamespaceId: 'acts',
          RoutingPolicy: 'disrupt',
        },
      },
      HealthCheckConfig: { standing: 'disrupt' },
      HealthCheckCustomConfig: 'replaces',
      Name: 'replaces',
      NamespaceId: ['replaces', 'acts'],
      ServiceAttributes: 'modify',
      Tags: 'tags',
      Type: 'replaces',
    },
  },
};
