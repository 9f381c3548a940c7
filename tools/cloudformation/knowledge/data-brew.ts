import type { Rule, Service } from './language.ts';
import { KEY, SHAPE } from './shared.ts';

/** Written to. Another key may be one under which something is stored. */
const PLACE: Rule = { members: { Bucket: ['acts', 'writes-to'], BucketOwner: 'modify', Key: 'disrupt' } };

/** What stands there is deleted first. */
const OVERWRITES: Rule = { values: { false: 'modify' }, otherwise: 'delete', absent: 'false' };

const TABLE_OPTIONS: Rule = { members: { TableName: 'disrupt', TempDirectory: PLACE } };

const CATALOG_TABLE = { CatalogId: 'acts', DatabaseName: 'acts', TableName: 'acts' } as const;

export const DATA_BREW: Service = {
  'AWS::DataBrew::Dataset': {
    page: 'aws-resource-databrew-dataset',
    new: 'create',
    properties: {
      Format: SHAPE,
      FormatOptions: SHAPE,
      Input: {
        members: {
          DataCatalogInputDefinition: {
            members: { CatalogId: 'uses', DatabaseName: 'uses', TableName: 'uses', TempDirectory: PLACE },
          },
          DatabaseInputDefinition: {
            members: {
              DatabaseTableName: 'disrupt',
              // The connection has the credentials by which the query runs.
              GlueConnectionName: 'acts-as',
              QueryString: 'code',
              TempDirectory: PLACE,
            },
          },
          Metadata: 'modify',
          S3InputDefinition: 'disrupt',
        },
      },
      Name: 'replaces',
      PathOptions: 'disrupt',
      Source: 'disrupt',
      Tags: 'replaces',
    },
  },
  'AWS::DataBrew::Job': {
    page: 'aws-resource-databrew-job',
    new: 'create',
    properties: {
      DataCatalogOutputs: {
        by: '#',
        added: 'modify',
        lost: 'disrupt',
        each: {
          members: {
            ...CATALOG_TABLE,
            DatabaseOptions: TABLE_OPTIONS,
            Overwrite: OVERWRITES,
            S3Options: { members: { Location: PLACE } },
          },
        },
      },
      DatabaseOutputs: {
        by: '#',
        added: 'modify',
        lost: 'disrupt',
        each: {
          members: {
            DatabaseOptions: TABLE_OPTIONS,
            DatabaseOutputMode: 'delete',
            GlueConnectionName: ['acts', 'acts-as'],
          },
        },
      },
      DatasetName: 'uses',
      EncryptionKeyArn: KEY,
      EncryptionMode: { order: ['SSE-S3', 'SSE-KMS'], less: 'weaken' },
      JobSample: 'disrupt',
      LogSubscription: { order: ['DISABLE', 'ENABLE'], less: 'weaken', absent: 'DISABLE' },
      MaxCapacity: ['limits', { ends: 'weaken' }],
      MaxRetries: { number: 'capacity', absent: 0 },
      Name: 'replaces',
      OutputLocation: PLACE,
      Outputs: {
        by: '#',
        added: 'modify',
        lost: 'disrupt',
        each: {
          members: {
            CompressionFormat: 'disrupt',
            Format: 'disrupt',
            FormatOptions: 'disrupt',
            Location: PLACE,
            MaxOutputFiles: 'disrupt',
            Overwrite: OVERWRITES,
            PartitionColumns: 'disrupt',
          },
        },
      },
      ProfileConfiguration: 'modify',
      ProjectName: 'uses',
      Recipe: { members: { Name: ['uses', 'code'], Version: 'code' } },
      RoleArn: 'acts-as',
      Tags: 'replaces',
      Timeout: ['limits', { ends: 'weaken' }],
      Type: 'replaces',
      // Rules that bad data fails by.
      ValidationConfigurations: { each: { settled: 'weaken' }, by: '#', added: 'modify', lost: 'weaken' },
    },
  },
  'AWS::DataBrew::Project': {
    page: 'aws-resource-databrew-project',
    new: 'create',
    properties: {
      DatasetName: 'uses',
      Name: 'replaces',
      // Those who work in the project change it.
      RecipeName: 'acts',
      RoleArn: 'acts-as',
      Sample: 'modify',
      Tags: 'replaces',
    },
  },
  'AWS::DataBrew::Recipe': {
    page: 'aws-resource-databrew-recipe',
    new: 'create',
    properties: { Description: 'modify', Name: 'replaces', Steps: 'code', Tags: 'replaces' },
  },
};
