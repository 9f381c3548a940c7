import type { Rule, Service } from './language.ts';
import { GRANTS, SECURITY_GROUPS, SHAPE } from './shared.ts';

/** Where broker logs go: another place, or off, and the record ends. */
const LOGS: Rule = {
  members: {
    CloudWatchLogs: { members: { Enabled: 'protects', LogGroup: ['writes-to', { settled: 'weaken' }] } },
    Firehose: { members: { DeliveryStream: ['writes-to', { settled: 'weaken' }], Enabled: 'protects' } },
    S3: { members: { Bucket: ['writes-to', { settled: 'weaken' }], Enabled: 'protects', Prefix: SHAPE } },
  },
};

/**
 * What brokers keep, and how safely; clusters that name the latest revision run with it.
 * https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html
 */
const BROKERS: Rule = {
  members: {
    'allow.everyone.if.no.acl.found': { values: { false: 'disrupt' }, otherwise: 'expose', absent: 'true' },
    'auto.create.topics.enable': 'runs',
    'default.replication.factor': { number: 'retains', absent: 'fits' },
    'delete.topic.enable': 'endangers-by-default',
    // In which way topics keep: `compact` drops what has a later record of the same key.
    'log.cleanup.policy': { standing: 'delete' },
    'log.retention.bytes': { number: 'expires', absent: -1, endless: -1 },
    'log.retention.hours': { number: 'expires', absent: 168, endless: -1 },
    // In the place of hours, whatever these say.
    'log.retention.minutes': [{ number: 'expires', absent: -1, endless: -1 }, { ends: 'delete' }],
    'log.retention.ms': [{ number: 'expires', absent: -1, endless: -1 }, { ends: 'delete' }],
    'message.max.bytes': { number: 'limits', absent: 1_048_588 },
    'min.insync.replicas': { number: 'retains', absent: 'fits' },
    'num.partitions': 'modify',
    // On, a replica that lacks records may become the leader: they are lost.
    'unclean.leader.election.enable': { values: { false: 'modify' }, otherwise: 'delete', absent: 'true' },
  },
  others: 'disrupt',
};

/** Off, clients that sign in by it are refused. */
const SIGN_IN: Rule = { members: { Enabled: 'runs' } };

/** On, networks of other accounts may join, as far as the cluster's policy lets them. */
const FROM_OTHER_NETWORKS: Rule = { members: { Enabled: { standing: 'opens' } } };

export const MSK: Service = {
  'AWS::MSK::BatchScramSecret': {
    page: 'aws-resource-msk-batchscramsecret',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ClusterArn: ['replaces', 'acts'],
      // Each secret is a user.
      SecretArnList: ['uses', GRANTS],
    },
  },
  'AWS::MSK::Cluster': {
    page: 'aws-resource-msk-cluster',
    new: 'create',
    holds: 'data',
    properties: {
      BrokerNodeGroupInfo: {
        members: {
          BrokerAZDistribution: 'modify',
          ClientSubnets: ['uses', 'replace'],
          ConnectivityInfo: {
            members: {
              NetworkType: 'disrupt',
              PublicAccess: {
                members: {
                  Type: { values: { DISABLED: 'disrupt' }, otherwise: 'expose', absent: 'DISABLED' },
                },
              },
              VpcConnectivity: {
                members: {
                  ClientAuthentication: {
                    members: {
                      Sasl: { members: { Iam: FROM_OTHER_NETWORKS, Scram: FROM_OTHER_NETWORKS } },
                      Tls: FROM_OTHER_NETWORKS,
                    },
                  },
                },
              },
            },
          },
          InstanceType: 'disrupt',
          SecurityGroups: SECURITY_GROUPS,
          StorageInfo: 'disrupt',
        },
      },
      ClientAuthentication: [
        // All that reach the brokers are let in.
        { unsaid: 'expose' },
        {
          members: {
            Sasl: { members: { Iam: SIGN_IN, Scram: SIGN_IN } },
            Tls: { members: { CertificateAuthorityArnList: GRANTS, Enabled: 'runs' } },
            Unauthenticated: { members: { Enabled: 'opens' } },
          },
        },
      ],
      ClusterName: 'replaces',
      // Brokers restart, one after the other.
      ConfigurationInfo: 'disrupt',
      CurrentVersion: 'modify',
      EncryptionInfo: {
        members: {
          EncryptionAtRest: { members: { DataVolumeKMSKeyId: ['uses', 'weaken'] } },
          EncryptionInTransit: {
            members: {
              ClientBroker: [
                'disrupt',
                { order: ['PLAINTEXT', 'TLS_PLAINTEXT', 'TLS'], less: 'weaken', absent: 'TLS' },
              ],
              InCluster: 'protects-by-default',
            },
          },
        },
      },
      EnhancedMonitoring: {
        order: ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'],
        less: 'weaken',
        absent: 'DEFAULT',
      },
      KafkaVersion: { lasting: 'disrupt' },
      LoggingInfo: { members: { AuthorizerLogs: LOGS, BrokerLogs: LOGS } },
      NumberOfBrokerNodes: 'capacity',
      OpenMonitoring: 'protects',
      Rebalancing: { members: { Status: 'disrupt' } },
      StorageMode: 'disrupt',
      Tags: 'tags',
      ZookeeperAccess: { members: { Enabled: { standing: 'opens' } } },
    },
  },
  'AWS::MSK::ClusterPolicy': {
    page: 'aws-resource-msk-clusterpolicy',
    new: 'create',
    gone: 'disrupt',
    properties: { ClusterArn: ['replaces', 'acts'], Policy: 'admits' },
  },
  'AWS::MSK::Configuration': {
    page: 'aws-resource-msk-configuration',
    new: 'create',
    properties: {
      Description: 'modify',
      KafkaVersionsList: 'replaces',
      LatestRevision: 'modify',
      Name: 'replaces',
      ServerProperties: { lines: BROKERS },
    },
  },
  'AWS::MSK::Replicator': {
    page: 'aws-resource-msk-replicator',
    new: 'create',
    properties: {
      Description: 'replaces',
      KafkaClusters: [
        'replaces',
        {
          added: 'modify',
          lost: 'disrupt',
          reordered: 'modify',
          each: {
            members: {
              AmazonMskCluster: { members: { MskClusterArn: 'acts' } },
              ApacheKafkaCluster: 'modify',
              ClientAuthentication: 'modify',
              EncryptionInTransit: 'weaken',
              VpcConfig: { members: { SecurityGroupIds: SECURITY_GROUPS, SubnetIds: 'uses' } },
            },
          },
        },
      ],
      LogDelivery: { members: { ReplicatorLogDelivery: LOGS } },
      // Topics that are no longer copied.
      ReplicationInfoList: 'weaken',
      ReplicatorName: 'replaces',
      ServiceExecutionRoleArn: ['replaces', 'acts-as'],
      Tags: 'tags',
    },
  },
  'AWS::MSK::ServerlessCluster': {
    page: 'aws-resource-msk-serverlesscluster',
    new: 'create',
    holds: 'data',
    properties: {
      ClientAuthentication: ['replaces', { standing: 'expose' }],
      ClusterName: 'replaces',
      Tags: ['replaces', 'tags'],
      VpcConfigs: [
        'replaces',
        {
          added: 'modify',
          lost: 'disrupt',
          reordered: 'modify',
          each: { members: { SecurityGroups: SECURITY_GROUPS, SubnetIds: 'uses' } },
        },
      ],
    },
  },
  'AWS::MSK::Topic': {
    page: 'aws-resource-msk-topic',
    new: 'create',
    holds: 'data',
    properties: {
      ClusterArn: ['replaces', 'acts'],
      // How long records are kept is among them.
      Configs: 'delete',
      PartitionCount: 'capacity',
      ReplicationFactor: 'replaces',
      TopicName: 'replaces',
    },
  },
  'AWS::MSK::VpcConnection': {
    page: 'aws-resource-msk-vpcconnection',
    new: 'create',
    properties: {
      Authentication: ['replaces', { standing: 'expose' }],
      ClientSubnets: ['replaces', 'uses'],
      SecurityGroups: ['replaces', ...SECURITY_GROUPS],
      Tags: 'tags',
      TargetClusterArn: ['replaces', 'acts'],
      VpcId: ['replaces', 'uses'],
    },
  },
};
