import type { Service } from './language.ts';

export const EVENT_SCHEMAS: Service = {
  'AWS::EventSchemas::Discoverer': {
    page: 'aws-resource-eventschemas-discoverer',
    new: 'create',
    properties: {
      CrossAccount: 'modify',
      Description: 'modify',
      // A rule is made on the bus.
      SourceArn: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
  'AWS::EventSchemas::Registry': {
    page: 'aws-resource-eventschemas-registry',
    new: 'create',
    properties: { Description: 'modify', RegistryName: 'replaces', Tags: 'tags' },
  },
  'AWS::EventSchemas::RegistryPolicy': {
    page: 'aws-resource-eventschemas-registrypolicy',
    new: 'create',
    properties: { Policy: 'admits', RegistryName: 'acts', RevisionId: 'modify' },
  },
  'AWS::EventSchemas::Schema': {
    page: 'aws-resource-eventschemas-schema',
    new: 'create',
    properties: {
      Content: 'modify',
      Description: 'modify',
      RegistryName: ['replaces', 'acts'],
      SchemaName: 'replaces',
      Tags: 'tags',
      Type: 'modify',
    },
  },
};
