import type { Service } from './language.ts';

export const S3_VECTORS: Service = {
  'AWS::S3Vectors::Index': {
    page: 'aws-resource-s3vectors-index',
    new: 'create',
    holds: 'data',
    properties: {
      DataType: 'replaces',
      Dimension: 'replaces',
      DistanceMetric: 'replaces',
      EncryptionConfiguration: 'replaces',
      IndexName: 'replaces',
      MetadataConfiguration: 'replaces',
      Tags: 'tags',
      VectorBucketArn: ['replaces', 'acts'],
      VectorBucketName: ['replaces', 'acts'],
    },
  },
  'AWS::S3Vectors::VectorBucket': {
    page: 'aws-resource-s3vectors-vectorbucket',
    new: 'create',
    holds: 'data',
    properties: { EncryptionConfiguration: 'replaces', Tags: 'tags', VectorBucketName: 'replaces' },
  },
  'AWS::S3Vectors::VectorBucketPolicy': {
    page: 'aws-resource-s3vectors-vectorbucketpolicy',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Policy: 'admits',
      VectorBucketArn: ['replaces', 'acts'],
      VectorBucketName: ['replaces', 'acts'],
    },
  },
};
