import type { Service } from './language.ts';
import { SECURITY_GROUPS } from './shared.ts';

export const S3_FILES: Service = {
  'AWS::S3Files::AccessPoint': {
    page: 'aws-resource-s3files-accesspoint',
    new: 'create',
    properties: {
      ClientToken: 'replaces',
      FileSystemId: ['replaces', 'acts'],
      PosixUser: 'replaces',
      RootDirectory: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::S3Files::FileSystem': {
    page: 'aws-resource-s3files-filesystem',
    new: 'create',
    holds: 'data',
    properties: {
      AcceptBucketWarning: 'replaces',
      // What is written to files is written to the bucket.
      Bucket: ['replaces', 'acts'],
      ClientToken: 'replaces',
      KmsKeyId: 'replaces',
      Prefix: 'replaces',
      RoleArn: ['replaces', 'acts-as'],
      SynchronizationConfiguration: { standing: 'disrupt' },
      Tags: 'tags',
    },
  },
  'AWS::S3Files::MountTarget': {
    page: 'aws-resource-s3files-mounttarget',
    new: 'create',
    properties: {
      FileSystemId: ['replaces', 'acts'],
      IpAddressType: 'replaces',
      Ipv4Address: 'replaces',
      Ipv6Address: 'replaces',
      SecurityGroups: SECURITY_GROUPS,
      SubnetId: 'replaces',
    },
  },
};
