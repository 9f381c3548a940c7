import type { Rules, Service } from '../language.ts';
import { KEY } from '../shared.ts';

/** What is asked by it: other documents, or those of others. */
const DOCUMENTS: Rules = ['reads', { standing: 'expose' }];
/** How texts are cut and read; documents that are in it already stay as they are. */
const SITES: Rules = {
  members: {
    CrawlerConfiguration: { standing: 'disrupt' },
    SourceConfiguration: [{ standing: 'expose' }, { members: { CredentialsSecretArn: 'acts-as' }, others: 'modify' }],
  },
};

/** What models are told of one's own documents. */
export const KNOWLEDGE_BASES: Service = {
  'AWS::Bedrock::DataSource': {
    page: 'aws-resource-bedrock-datasource',
    new: 'create',
    // Its policy says whether vectors go with it.
    gone: 'delete',
    properties: {
      // With it removed or replaced, vectors are deleted from the store, too.
      DataDeletionPolicy: { order: ['DELETE', 'RETAIN'], less: 'weaken', absent: 'DELETE' },
      DataSourceConfiguration: {
        members: {
          ConfluenceConfiguration: SITES,
          ManagedKnowledgeBaseConnectorConfiguration: [
            'acts-as',
            { members: { DeletionProtectionConfiguration: 'protects' }, others: { standing: 'expose' } },
          ],
          S3Configuration: {
            members: {
              BucketArn: DOCUMENTS,
              BucketOwnerAccountId: { settled: 'weaken' },
              InclusionPrefixes: { standing: 'expose' },
            },
          },
          SalesforceConfiguration: SITES,
          SharePointConfiguration: SITES,
          Type: 'replaces',
          WebConfiguration: SITES,
        },
      },
      Description: 'modify',
      KnowledgeBaseId: ['replaces', 'acts'],
      Name: 'modify',
      ServerSideEncryptionConfiguration: { members: { KmsKeyArn: KEY } },
      VectorIngestionConfiguration: {
        members: {
          ChunkingConfiguration: 'replaces',
          ContextEnrichmentConfiguration: { standing: 'disrupt' },
          // Functions that are given all documents.
          CustomTransformationConfiguration: ['acts', { standing: 'disrupt' }],
          ParsingConfiguration: 'replaces',
        },
      },
    },
  },
  'AWS::Bedrock::Flow': {
    page: 'aws-resource-bedrock-flow',
    new: 'create',
    properties: {
      CustomerEncryptionKeyArn: KEY,
      Definition: ['code', 'may-act'],
      DefinitionS3Location: 'code',
      DefinitionString: ['code', 'may-act'],
      DefinitionSubstitutions: ['code', 'may-act'],
      Description: 'modify',
      ExecutionRoleArn: 'acts-as',
      Name: { settled: 'disrupt' },
      Tags: 'tags',
      TestAliasTags: 'tags',
    },
  },
  'AWS::Bedrock::FlowAlias': {
    page: 'aws-resource-bedrock-flowalias',
    new: 'create',
    properties: {
      ConcurrencyConfiguration: { standing: 'disrupt' },
      Description: 'modify',
      FlowArn: ['replaces', 'acts'],
      Name: { settled: 'disrupt' },
      RoutingConfiguration: 'serves',
      Tags: 'tags',
    },
  },
  'AWS::Bedrock::FlowVersion': {
    page: 'aws-resource-bedrock-flowversion',
    new: 'create',
    revision: { of: 'FlowArn' },
    properties: { Description: 'replaces', FlowArn: ['replaces', 'acts'] },
  },
  'AWS::Bedrock::KnowledgeBase': {
    page: 'aws-resource-bedrock-knowledgebase',
    new: 'create',
    properties: {
      Description: 'modify',
      KnowledgeBaseConfiguration: {
        members: {
          KendraKnowledgeBaseConfiguration: ['replaces', 'reads'],
          ManagedKnowledgeBaseConfiguration: 'replaces',
          SqlKnowledgeBaseConfiguration: ['acts', { standing: 'expose' }],
          Type: 'replaces',
          VectorKnowledgeBaseConfiguration: ['replaces', 'may-act'],
        },
      },
      Name: 'modify',
      RoleArn: 'acts-as',
      // It writes into that store, and is answered from it.
      StorageConfiguration: ['replaces', 'may-act'],
      Tags: 'tags',
    },
  },
};
