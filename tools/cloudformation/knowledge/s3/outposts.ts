import type { Service } from '../language.ts';

/** Buckets in racks at a company's own place. */
export const S3_OUTPOSTS: Service = {
  'AWS::S3Outposts::AccessPoint': {
    page: 'aws-resource-s3outposts-accesspoint',
    new: 'create',
    properties: {
      Bucket: ['replaces', 'acts'],
      Name: 'replaces',
      Policy: 'admits',
      VpcConfiguration: ['replaces', 'uses'],
    },
  },
  'AWS::S3Outposts::Bucket': {
    page: 'aws-resource-s3outposts-bucket',
    new: 'create',
    holds: 'data',
    properties: {
      BucketName: 'replaces',
      LifecycleConfiguration: 'ages',
      OutpostId: ['replaces', 'uses'],
      Tags: 'tags',
    },
  },
  'AWS::S3Outposts::BucketPolicy': {
    page: 'aws-resource-s3outposts-bucketpolicy',
    new: 'create',
    properties: { Bucket: ['replaces', 'acts'], PolicyDocument: 'admits' },
  },
  'AWS::S3Outposts::Endpoint': {
    page: 'aws-resource-s3outposts-endpoint',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AccessType: 'replaces',
      CustomerOwnedIpv4Pool: ['replaces', 'uses'],
      // AWS's own word.
      FailedReason: 'modify',
      OutpostId: ['replaces', 'uses'],
      SecurityGroupId: ['replaces', 'acts-as'],
      SubnetId: ['replaces', 'uses'],
    },
  },
};
