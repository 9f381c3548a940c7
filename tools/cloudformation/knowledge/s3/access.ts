import type { Service } from '../language.ts';
import { PUBLIC_ACCESS_BLOCK } from '../shared.ts';

/** Ways to what buckets hold, and what is watched over all of them. */
export const BUCKET_ACCESS: Service = {
  'AWS::S3::AccessGrant': {
    page: 'aws-resource-s3-accessgrant',
    new: 'expose',
    properties: {
      AccessGrantsLocationConfiguration: 'expose',
      AccessGrantsLocationId: ['acts', 'expose'],
      ApplicationArn: 'expose',
      Grantee: 'expose',
      Permission: 'expose',
      S3PrefixType: 'replaces',
      Tags: 'replaces',
    },
  },
  'AWS::S3::AccessGrantsInstance': {
    page: 'aws-resource-s3-accessgrantsinstance',
    new: 'create',
    wide: 'account',
    properties: {
      IdentityCenterArn: 'expose',
      Tags: 'replaces',
    },
  },
  'AWS::S3::AccessGrantsLocation': {
    page: 'aws-resource-s3-accessgrantslocation',
    new: 'create',
    properties: {
      IamRoleArn: 'acts-as',
      LocationScope: ['acts', 'expose'],
      Tags: 'replaces',
    },
  },
  'AWS::S3::AccessPoint': {
    page: 'aws-resource-s3-accesspoint',
    new: 'create',
    properties: {
      Bucket: ['replaces', 'acts'],
      BucketAccountId: 'replaces',
      Name: 'replaces',
      Policy: 'admits',
      PublicAccessBlockConfiguration: PUBLIC_ACCESS_BLOCK,
      Tags: 'tags',
      // Without it the internet is where requests may come from.
      VpcConfiguration: 'replaces',
    },
  },
  'AWS::S3::BucketPolicy': {
    page: 'aws-resource-s3-bucketpolicy',
    new: 'create',
    properties: {
      Bucket: ['replaces', 'acts'],
      PolicyDocument: 'admits',
    },
  },
  'AWS::S3::MultiRegionAccessPoint': {
    page: 'aws-resource-s3-multiregionaccesspoint',
    new: 'create',
    properties: {
      Name: 'replaces',
      PublicAccessBlockConfiguration: ['replaces', PUBLIC_ACCESS_BLOCK],
      Regions: [
        'replaces',
        {
          each: { members: { Bucket: 'acts', BucketAccountId: 'modify' } },
          added: 'modify',
          lost: 'disrupt',
          reordered: 'modify',
        },
      ],
    },
  },
  'AWS::S3::MultiRegionAccessPointPolicy': {
    page: 'aws-resource-s3-multiregionaccesspointpolicy',
    new: 'create',
    properties: {
      MrapName: ['replaces', 'acts'],
      Policy: 'admits',
    },
  },
  'AWS::S3::StorageLens': {
    page: 'aws-resource-s3-storagelens',
    new: 'create',
    properties: {
      // Reports on what is stored: less of them is a record less.
      StorageLensConfiguration: 'weaken',
      Tags: 'tags',
    },
  },
  'AWS::S3::StorageLensGroup': {
    page: 'aws-resource-s3-storagelensgroup',
    new: 'create',
    properties: {
      Filter: 'modify',
      Name: 'replaces',
      Tags: 'tags',
    },
  },
};
