import type { Rule, Service } from './language.ts';

const HOOK: Rule = {
  members: { InvocationCondition: 'disrupt', LambdaArn: ['acts', 'code'], S3Bucket: 'acts' },
};

export const KENDRA: Service = {
  // With it go the documents that it has brought into the index.
  'AWS::Kendra::DataSource': {
    page: 'aws-resource-kendra-datasource',
    new: 'create',
    properties: {
      CustomDocumentEnrichmentConfiguration: {
        members: {
          // It may drop what a document says.
          InlineConfigurations: ['code', 'disrupt'],
          PostExtractionHookConfiguration: HOOK,
          PreExtractionHookConfiguration: HOOK,
          RoleArn: 'acts-as',
        },
      },
      // Which documents those who search get to see, and whether who may read them is asked.
      DataSourceConfiguration: { standing: 'expose' },
      Description: 'modify',
      IndexId: ['replaces', 'acts'],
      LanguageCode: 'disrupt',
      Name: 'modify',
      RoleArn: 'acts-as',
      Schedule: { settled: 'disrupt' },
      Tags: 'tags',
      Type: 'disrupt',
    },
  },
  'AWS::Kendra::Index': {
    page: 'aws-resource-kendra-index',
    new: 'create',
    holds: 'data',
    properties: {
      CapacityUnits: {
        members: {
          QueryCapacityUnits: { number: 'capacity', absent: 0 },
          StorageCapacityUnits: { number: 'capacity', absent: 0 },
        },
      },
      Description: 'modify',
      DocumentMetadataConfigurations: {
        by: 'Name',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { Name: 'modify', Relevance: 'modify', Search: 'disrupt', Type: 'disrupt' } },
      },
      Edition: 'replaces',
      Name: 'modify',
      RoleArn: 'acts-as',
      ServerSideEncryptionConfiguration: 'replaces',
      Tags: 'tags',
      // By the token of the one who searches, or by what the search says of them.
      UserContextPolicy: {
        standing: {
          values: { USER_TOKEN: 'disrupt', ATTRIBUTE_FILTER: 'expose' },
          otherwise: 'expose',
          absent: 'ATTRIBUTE_FILTER',
        },
      },
      // Whose tokens are believed.
      UserTokenConfigurations: { standing: 'expose' },
    },
  },
};
