import type { Service } from './language.ts';

export const KAFKA_CONNECT: Service = {
  'AWS::KafkaConnect::Connector': {
    page: 'aws-resource-kafkaconnect-connector',
    // It takes what is in topics elsewhere, or puts into them what comes from there.
    new: 'create',
    gone: 'disrupt',
    properties: {
      Capacity: { standing: 'disrupt' },
      // From which topics, and where to.
      ConnectorConfiguration: ['replaces', 'code', 'may-act', { standing: 'delete' }],
      ConnectorDescription: 'replaces',
      ConnectorName: 'replaces',
      KafkaCluster: [
        'replaces',
        {
          members: {
            ApacheKafkaCluster: {
              members: { BootstrapServers: 'acts', Vpc: { members: { SecurityGroups: 'acts-as', Subnets: 'uses' } } },
            },
          },
        },
      ],
      KafkaClusterClientAuthentication: 'replaces',
      KafkaClusterEncryptionInTransit: [
        'replaces',
        { members: { EncryptionType: { order: ['PLAINTEXT', 'TLS'], less: 'weaken', absent: 'PLAINTEXT' } } },
      ],
      KafkaConnectVersion: 'replaces',
      LogDelivery: ['replaces', { settled: 'weaken' }],
      NetworkType: 'replaces',
      Plugins: ['replaces', 'code', 'may-act'],
      ServiceExecutionRoleArn: ['replaces', 'acts-as'],
      Tags: 'tags',
      WorkerConfiguration: ['replaces', 'may-act'],
    },
  },
  'AWS::KafkaConnect::CustomPlugin': {
    page: 'aws-resource-kafkaconnect-customplugin',
    new: 'create',
    properties: {
      ContentType: 'replaces',
      Description: 'replaces',
      Location: ['replaces', 'code'],
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::KafkaConnect::WorkerConfiguration': {
    page: 'aws-resource-kafkaconnect-workerconfiguration',
    new: 'create',
    properties: {
      Description: 'replaces',
      Name: 'replaces',
      PropertiesFileContent: ['replaces', 'code'],
      Tags: 'tags',
    },
  },
};
