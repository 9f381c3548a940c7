import type { Rule, Service } from './language.ts';
import { PLACED_IN } from './shared.ts';

/** Exchange of business documents with partners. */
const OUTPUT: Rule = { members: { BucketName: ['acts', 'writes-to'], Key: 'disrupt' } };

export const B2BI: Service = {
  'AWS::B2BI::Capability': {
    page: 'aws-resource-b2bi-capability',
    new: 'create',
    properties: {
      Configuration: {
        members: {
          Edi: {
            members: {
              CapabilityDirection: 'disrupt',
              InputLocation: { members: { BucketName: ['uses', 'disrupt'], Key: 'disrupt' } },
              OutputLocation: OUTPUT,
              TransformerId: ['uses', 'disrupt'],
              Type: 'disrupt',
            },
          },
        },
      },
      InstructionsDocuments: 'modify',
      Name: 'modify',
      Tags: 'tags',
      Type: 'replaces',
    },
  },
  'AWS::B2BI::Partnership': {
    page: 'aws-resource-b2bi-partnership',
    new: 'create',
    properties: {
      Capabilities: PLACED_IN,
      // How documents to the partner are written, and whether what comes in is acknowledged.
      CapabilityOptions: 'disrupt',
      Email: 'replaces',
      Name: 'modify',
      Phone: 'replaces',
      ProfileId: ['replaces', 'uses'],
      Tags: 'tags',
    },
  },
  'AWS::B2BI::Profile': {
    page: 'aws-resource-b2bi-profile',
    new: 'create',
    properties: {
      BusinessName: 'modify',
      Email: 'modify',
      Logging: 'replaces',
      Name: 'modify',
      Phone: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::B2BI::Transformer': {
    page: 'aws-resource-b2bi-transformer',
    new: 'create',
    properties: {
      EdiType: 'disrupt',
      FileFormat: 'disrupt',
      // With it goes what is refused as invalid.
      InputConversion: 'disrupt',
      Mapping: 'code',
      MappingTemplate: 'code',
      Name: 'modify',
      OutputConversion: 'disrupt',
      SampleDocument: 'modify',
      SampleDocuments: 'modify',
      Status: { order: ['inactive', 'active'], less: 'disrupt', absent: 'inactive' },
      Tags: 'tags',
    },
  },
};
