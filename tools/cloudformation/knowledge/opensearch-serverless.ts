import type { Service } from './language.ts';
import { PLACED_IN, SECURITY_GROUPS } from './shared.ts';

export const OPENSEARCH_SERVERLESS: Service = {
  'AWS::OpenSearchServerless::AccessPolicy': {
    page: 'aws-resource-opensearchserverless-accesspolicy',
    // Says by a pattern of names who may read and write which collections.
    new: 'expose',
    gone: 'disrupt',
    properties: { Description: 'modify', Name: 'replaces', Policy: 'expose', Type: 'replaces' },
  },
  'AWS::OpenSearchServerless::Collection': {
    page: 'aws-resource-opensearchserverless-collection',
    new: 'create',
    holds: 'data',
    properties: {
      CollectionGroupName: ['replaces', 'acts'],
      DeletionProtection: { values: { ENABLED: 'modify' }, otherwise: 'weaken', absent: 'DISABLED' },
      Description: 'modify',
      EncryptionConfig: 'replaces',
      Name: 'replaces',
      StandbyReplicas: 'replaces',
      Tags: ['replaces', 'tags'],
      Type: 'replaces',
      VectorOptions: 'disrupt',
    },
  },
  'AWS::OpenSearchServerless::CollectionGroup': {
    page: 'aws-resource-opensearchserverless-collectiongroup',
    new: 'create',
    properties: {
      CapacityLimits: {
        members: {
          MaxIndexingCapacityInOcu: 'throttles',
          MaxSearchCapacityInOcu: 'throttles',
          MinIndexingCapacityInOcu: 'capacity',
          MinSearchCapacityInOcu: 'capacity',
        },
      },
      Description: 'modify',
      Generation: 'replaces',
      Name: 'replaces',
      StandbyReplicas: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::OpenSearchServerless::Index': {
    page: 'aws-resource-opensearchserverless-index',
    new: 'create',
    holds: 'data',
    properties: {
      CollectionEndpoint: ['replaces', 'acts'],
      IndexName: 'replaces',
      Mappings: 'disrupt',
      Settings: 'disrupt',
    },
  },
  'AWS::OpenSearchServerless::LifecyclePolicy': {
    page: 'aws-resource-opensearchserverless-lifecyclepolicy',
    // Deletes by a pattern of names what is in indexes as it ages.
    new: 'delete',
    gone: 'modify',
    properties: { Description: 'modify', Name: 'replaces', Policy: 'ages', Type: 'replaces' },
  },
  'AWS::OpenSearchServerless::SecurityPolicy': {
    page: 'aws-resource-opensearchserverless-securitypolicy',
    // Says by a pattern of names from where collections are reached, or with which key they are encrypted.
    new: 'expose',
    gone: 'disrupt',
    properties: { Description: 'modify', Name: 'replaces', Policy: 'expose', Type: 'replaces' },
  },
  'AWS::OpenSearchServerless::VpcEndpoint': {
    page: 'aws-resource-opensearchserverless-vpcendpoint',
    new: 'create',
    properties: {
      Name: 'replaces',
      SecurityGroupIds: SECURITY_GROUPS,
      SubnetIds: PLACED_IN,
      // The names of all collections lead to the endpoint from then on, for all in that network.
      // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-vpc.html
      VpcId: ['replaces', 'acts'],
    },
  },
  'AWS::OpenSearchServerless::SecurityConfig': {
    page: 'aws-resource-opensearchserverless-securityconfig',
    // Who signs in there is believed.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      Description: 'modify',
      IamFederationOptions: { standing: 'expose' },
      IamIdentityCenterOptions: { standing: 'expose' },
      Name: 'replaces',
      SamlOptions: { members: { SessionTimeout: 'delays' }, others: { standing: 'expose' } },
      Type: 'replaces',
    },
  },
};
