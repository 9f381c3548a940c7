import type { Rules, Service } from '../language.ts';
import { GRANTS, PLACED_IN } from '../shared.ts';

/**
 * Parameters that are set often, of which another value may interrupt who uses it; those that aren't here are unjudged.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const PARAMETERS: Rules = [
  'disrupt',
  {
    members: {
      activedefrag: 'modify',
      'cluster-enabled': 'disrupt',
      databases: 'disrupt',
      'latency-tracking': 'modify',
      'lazyfree-lazy-eviction': 'modify',
      'lazyfree-lazy-expire': 'modify',
      'maxmemory-policy': [
        // With no eviction, writes are refused once the memory is full; with any other, keys go.
        'disrupt',
        {
          order: [
            'allkeys-random',
            'allkeys-lru',
            'allkeys-lfu',
            'volatile-random',
            'volatile-lru',
            'volatile-lfu',
            'volatile-ttl',
            'noeviction',
          ],
          less: 'delete',
          absent: 'volatile-lru',
        },
      ],
      'maxmemory-samples': 'modify',
      // Those who wait for these notices don't get them.
      'notify-keyspace-events': 'disrupt',
      'reserved-memory-percent': 'disrupt',
      'slowlog-log-slower-than': { number: 'delays', absent: 10_000, endless: -1 },
      'slowlog-max-len': { number: 'retains', absent: 128 },
      'tcp-keepalive': 'modify',
      timeout: 'disrupt',
    },
  },
];

export const GROUPS: Service = {
  'AWS::ElastiCache::ParameterGroup': {
    page: 'aws-resource-elasticache-parametergroup',
    new: 'create',
    properties: {
      CacheParameterGroupFamily: 'replaces',
      Description: 'modify',
      Properties: PARAMETERS,
      Tags: 'tags',
    },
  },
  'AWS::ElastiCache::SecurityGroup': {
    page: 'aws-resource-elasticache-securitygroup',
    new: 'create',
    properties: { Description: 'modify', Tags: 'tags' },
  },
  'AWS::ElastiCache::SecurityGroupIngress': {
    page: 'aws-resource-elasticache-securitygroupingress',
    new: 'expose',
    properties: {
      CacheSecurityGroupName: ['acts', 'expose'],
      EC2SecurityGroupName: 'expose',
      EC2SecurityGroupOwnerId: 'expose',
    },
  },
  'AWS::ElastiCache::SubnetGroup': {
    page: 'aws-resource-elasticache-subnetgroup',
    new: 'create',
    properties: {
      CacheSubnetGroupName: 'replaces',
      Description: 'modify',
      SubnetIds: PLACED_IN,
      Tags: 'tags',
    },
  },
  'AWS::ElastiCache::User': {
    page: 'aws-resource-elasticache-user',
    new: 'create',
    // Of a new one nobody has use until a group has it.
    properties: {
      AccessString: { standing: 'expose' },
      AuthenticationMode: {
        members: {
          Passwords: 'secret',
          Type: {
            standing: { values: { iam: 'disrupt', password: 'weaken' }, otherwise: 'expose', absent: 'password' },
          },
        },
      },
      Engine: 'disrupt',
      NoPasswordRequired: { standing: 'opens' },
      Passwords: 'secret',
      Tags: 'tags',
      UserId: 'replaces',
      UserName: 'replaces',
    },
  },
  'AWS::ElastiCache::UserGroup': {
    page: 'aws-resource-elasticache-usergroup',
    new: 'create',
    properties: {
      Engine: 'disrupt',
      Tags: 'tags',
      UserGroupId: 'replaces',
      UserIds: ['uses', GRANTS],
    },
  },
};
