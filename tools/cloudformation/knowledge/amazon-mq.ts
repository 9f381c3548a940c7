import { AUTOMATIC_UPGRADES } from './databases.ts';
import type { Rule, Service } from './language.ts';
import { GRANTS, SECURITY_GROUPS } from './shared.ts';

/** Who may read and write which queues stands in it too. */
const BROKER_CONFIGURATION: Rule = { standing: 'expose' };

export const AMAZON_MQ: Service = {
  'AWS::AmazonMQ::Broker': {
    page: 'aws-resource-amazonmq-broker',
    new: 'create',
    holds: 'data',
    properties: {
      AuthenticationStrategy: 'replaces',
      AutoMinorVersionUpgrade: AUTOMATIC_UPGRADES,
      BrokerName: 'replaces',
      // The broker is started again with it.
      Configuration: ['disrupt', BROKER_CONFIGURATION, { members: { Id: 'uses', Revision: 'disrupt' } }],
      DataReplicationMode: { order: ['NONE', 'CRDR'], less: 'weaken', absent: 'NONE' },
      DataReplicationPrimaryBrokerArn: 'acts',
      DeploymentMode: 'replaces',
      EncryptionOptions: ['replaces', { members: { KmsKeyId: 'uses', UseAwsOwnedKey: 'modify' } }],
      EngineType: 'replaces',
      EngineVersion: { lasting: 'disrupt' },
      HostInstanceType: 'disrupt',
      LdapServerMetadata: ['disrupt', { standing: 'expose' }],
      Logs: { members: { Audit: 'protects', General: 'protects' } },
      MaintenanceWindowStartTime: 'disrupt',
      PubliclyAccessible: ['replaces', 'opens'],
      SecurityGroups: SECURITY_GROUPS,
      StorageSize: { number: 'capacity', absent: 'fits' },
      StorageType: 'replaces',
      SubnetIds: ['replaces', 'uses'],
      Tags: 'tags',
      // They are taken when the broker is started again.
      Users: {
        standing: {
          each: {
            members: {
              ConsoleAccess: 'opens',
              Groups: GRANTS,
              Password: 'secret',
              ReplicationUser: 'disrupt',
              Username: 'modify',
            },
          },
          by: 'Username',
          added: 'expose',
          lost: 'disrupt',
          reordered: 'modify',
        },
      },
    },
  },
  'AWS::AmazonMQ::Configuration': {
    page: 'aws-resource-amazonmq-configuration',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AuthenticationStrategy: 'replaces',
      Data: BROKER_CONFIGURATION,
      Description: 'modify',
      EngineType: 'replaces',
      EngineVersion: 'replaces',
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::AmazonMQ::ConfigurationAssociation': {
    page: 'aws-resource-amazonmq-configurationassociation',
    // The broker has it from its next start on: who may read and write what stands in it, too.
    new: { among: ['Broker'], otherwise: 'expose' },
    gone: 'expose',
    properties: {
      Broker: ['replaces', 'acts'],
      Configuration: ['disrupt', BROKER_CONFIGURATION, { members: { Id: 'uses', Revision: 'disrupt' } }],
    },
  },
};
