import type { Service } from './language.ts';
import {
  ADVANCED_OPTIONS,
  ADVANCED_SECURITY,
  COGNITO_OPTIONS,
  ENCRYPTION_AT_REST,
  ENDPOINT_OPTIONS,
  LOG_PUBLISHING,
  NODE_TO_NODE_ENCRYPTION,
  SNAPSHOT_OPTIONS,
  UPGRADE,
  VPC_OPTIONS,
} from './search-domains.ts';

export const OPENSEARCH: Service = {
  'AWS::OpenSearchService::Application': {
    page: 'aws-resource-opensearchservice-application',
    new: 'create',
    holds: 'data',
    properties: {
      // Who is its administrator, among others.
      AppConfigs: { standing: 'expose' },
      DataSources: ['uses', { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' }],
      Endpoint: 'modify',
      IamIdentityCenterOptions: {
        members: {
          Enabled: { standing: 'expose' },
          IamIdentityCenterInstanceArn: { standing: 'expose' },
          IamRoleForIdentityCenterApplicationArn: 'acts-as',
        },
      },
      KmsKeyArn: ['replaces', 'uses'],
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::OpenSearchService::Domain': {
    page: 'aws-resource-opensearchservice-domain',
    new: 'create',
    holds: 'data',
    properties: {
      AIMLOptions: { settled: 'disrupt' },
      AccessPolicies: 'admits',
      AdvancedOptions: ADVANCED_OPTIONS,
      AdvancedSecurityOptions: ADVANCED_SECURITY,
      AutomatedSnapshotPauseOptions: {
        members: { Enabled: 'endangers', EndTime: 'weaken', StartTime: 'weaken' },
      },
      // Most of it makes all nodes again.
      ClusterConfig: [
        'disrupt',
        {
          members: {
            ColdStorageOptions: 'disrupt',
            DedicatedMasterCount: 'disrupt',
            DedicatedMasterEnabled: 'protects',
            DedicatedMasterType: 'disrupt',
            InstanceCount: 'disrupt',
            InstanceType: 'disrupt',
            MultiAZWithStandbyEnabled: 'protects',
            NodeOptions: 'disrupt',
            WarmCount: 'disrupt',
            WarmEnabled: 'disrupt',
            WarmType: 'disrupt',
            ZoneAwarenessConfig: { members: { AvailabilityZoneCount: { number: 'retains', absent: 2 } } },
            ZoneAwarenessEnabled: 'protects',
          },
        },
      ],
      CognitoOptions: COGNITO_OPTIONS,
      DeploymentStrategyOptions: 'modify',
      DomainArn: 'modify',
      DomainEndpointOptions: ENDPOINT_OPTIONS,
      DomainName: 'replaces',
      EBSOptions: 'disrupt',
      EncryptionAtRestOptions: ENCRYPTION_AT_REST,
      EngineMode: 'replaces',
      EngineVersion: UPGRADE,
      IPAddressType: 'disrupt',
      IdentityCenterOptions: { standing: 'expose' },
      LogPublishingOptions: LOG_PUBLISHING,
      NodeToNodeEncryptionOptions: NODE_TO_NODE_ENCRYPTION,
      // When the changes come that AWS asks for.
      OffPeakWindowOptions: 'disrupt',
      SkipShardMigrationWait: 'endangers',
      SnapshotOptions: SNAPSHOT_OPTIONS,
      SoftwareUpdateOptions: {
        members: {
          AutoSoftwareUpdateEnabled: {
            values: { true: 'disrupt', false: 'weaken' },
            otherwise: 'weaken',
            absent: 'false',
          },
          UseLatestServiceSoftwareForBlueGreen: 'modify',
        },
      },
      Tags: 'tags',
      UseCase: 'modify',
      VPCOptions: VPC_OPTIONS,
    },
  },
};

export const ELASTICSEARCH: Service = {
  'AWS::Elasticsearch::Domain': {
    page: 'aws-resource-elasticsearch-domain',
    new: 'create',
    holds: 'data',
    properties: {
      AccessPolicies: 'admits',
      AdvancedOptions: ADVANCED_OPTIONS,
      AdvancedSecurityOptions: ADVANCED_SECURITY,
      CognitoOptions: COGNITO_OPTIONS,
      DomainArn: 'modify',
      DomainEndpointOptions: ENDPOINT_OPTIONS,
      DomainName: 'replaces',
      EBSOptions: 'disrupt',
      // Most of it makes all nodes again.
      ElasticsearchClusterConfig: [
        'disrupt',
        {
          members: {
            ColdStorageOptions: 'disrupt',
            DedicatedMasterCount: 'disrupt',
            DedicatedMasterEnabled: 'protects',
            DedicatedMasterType: 'disrupt',
            InstanceCount: 'disrupt',
            InstanceType: 'disrupt',
            WarmCount: 'disrupt',
            WarmEnabled: 'disrupt',
            WarmType: 'disrupt',
            ZoneAwarenessConfig: { members: { AvailabilityZoneCount: { number: 'retains', absent: 2 } } },
            ZoneAwarenessEnabled: 'protects',
          },
        },
      ],
      ElasticsearchVersion: UPGRADE,
      EncryptionAtRestOptions: ENCRYPTION_AT_REST,
      LogPublishingOptions: LOG_PUBLISHING,
      NodeToNodeEncryptionOptions: NODE_TO_NODE_ENCRYPTION,
      SnapshotOptions: SNAPSHOT_OPTIONS,
      Tags: 'tags',
      VPCOptions: VPC_OPTIONS,
    },
  },
};
