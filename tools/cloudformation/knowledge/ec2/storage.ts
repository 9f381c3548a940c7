import type { Service } from '../language.ts';

export const STORAGE: Service = {
  'AWS::EC2::Volume': {
    page: 'aws-resource-ec2-volume',
    new: 'create',
    holds: 'data',
    properties: {
      AutoEnableIO: { values: { true: 'weaken' }, otherwise: 'disrupt', absent: 'false' },
      // Where, of what and under which key it is can't be changed; should AWS do so one day, by another volume.
      AvailabilityZone: 'replace',
      AvailabilityZoneId: 'replace',
      Encrypted: ['protects', 'replace'],
      // What gp3 has where none is given; io1 and io2 always name theirs.
      Iops: { number: 'limits', absent: 3_000 },
      KmsKeyId: ['uses', 'replace'],
      MultiAttachEnabled: 'disrupt',
      OutpostArn: 'replace',
      Size: 'modify',
      SnapshotId: ['reads', 'replace'],
      SourceVolumeId: ['reads', 'replace'],
      Tags: 'tags',
      Throughput: { number: 'limits', absent: 125 },
      VolumeInitializationRate: 'modify',
      VolumeType: { order: ['sc1', 'standard', 'st1', 'gp2', 'gp3', 'io1', 'io2'], less: 'disrupt', absent: 'gp2' },
    },
  },
  'AWS::EC2::VolumeAttachment': {
    page: 'aws-resource-ec2-volumeattachment',
    new: 'create',
    // The volume stays, with all that is on it.
    gone: 'disrupt',
    properties: {
      Device: 'replaces',
      EbsCardIndex: 'replaces',
      InstanceId: ['replaces', 'acts'],
      // The instance gets all that is on it.
      VolumeId: ['replaces', 'acts', 'reads'],
    },
  },
  'AWS::EC2::SnapshotBlockPublicAccess': {
    page: 'aws-resource-ec2-snapshotblockpublicaccess',
    // Those who use what is shared don't see it any more, or more can be shared than before.
    new: 'disrupt',
    gone: 'expose',
    wide: 'account',
    properties: {
      State: { order: ['block-new-sharing', 'block-all-sharing'], less: 'expose' },
    },
  },
  'AWS::EC2::EnclaveCertificateIamRoleAssociation': {
    page: 'aws-resource-ec2-enclavecertificateiamroleassociation',
    // A role may use the certificate's private key.
    new: 'expose',
    properties: {
      CertificateArn: ['replaces', 'acts'],
      RoleArn: ['replaces', 'admits'],
    },
  },
};
