import type { Service } from './language.ts';

export const GUARD_DUTY: Service = {
  'AWS::GuardDuty::Detector': {
    page: 'aws-resource-guardduty-detector',
    new: 'create',
    properties: {
      DataSources: 'protects',
      Enable: 'protects',
      Features: {
        each: {
          members: {
            AdditionalConfiguration: {
              each: {
                members: {
                  Name: 'modify',
                  Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
                },
              },
              by: 'Name',
              added: 'modify',
              lost: 'weaken',
              reordered: 'modify',
            },
            Name: 'modify',
            Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
          },
        },
        by: 'Name',
        added: 'modify',
        lost: 'weaken',
        reordered: 'modify',
      },
      FindingPublishingFrequency: {
        order: ['SIX_HOURS', 'ONE_HOUR', 'FIFTEEN_MINUTES'],
        less: 'weaken',
        absent: 'SIX_HOURS',
      },
      Tags: 'tags',
    },
  },
  'AWS::GuardDuty::Filter': {
    page: 'aws-resource-guardduty-filter',
    // It may put away what would be seen.
    new: 'weaken',
    properties: {
      Action: { order: ['ARCHIVE', 'NOOP'], less: 'weaken', absent: 'NOOP' },
      Description: 'modify',
      DetectorId: ['replaces', 'acts'],
      FindingCriteria: 'weaken',
      Name: 'replaces',
      Rank: 'weaken',
      Tags: 'tags',
    },
  },
  'AWS::GuardDuty::IPSet': {
    page: 'aws-resource-guardduty-ipset',
    // Addresses that are trusted make no findings.
    new: 'weaken',
    properties: {
      Activate: 'endangers',
      DetectorId: ['replaces', 'acts'],
      ExpectedBucketOwner: { settled: 'weaken' },
      Format: 'replaces',
      Location: 'weaken',
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::GuardDuty::MalwareProtectionPlan': {
    page: 'aws-resource-guardduty-malwareprotectionplan',
    new: 'create',
    properties: {
      Actions: {
        members: {
          Tagging: {
            members: { Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' } },
          },
        },
      },
      ProtectedResource: {
        members: {
          S3Bucket: {
            members: {
              BucketName: ['acts', { settled: 'weaken' }],
              // With some, only those are looked at.
              ObjectPrefixes: 'weaken',
            },
          },
        },
      },
      Role: 'acts-as',
      Tags: 'tags',
    },
  },
  'AWS::GuardDuty::ThreatIntelSet': {
    page: 'aws-resource-guardduty-threatintelset',
    new: 'create',
    properties: {
      Activate: 'protects',
      DetectorId: ['replaces', 'acts'],
      ExpectedBucketOwner: { settled: 'weaken' },
      Format: 'replaces',
      Location: 'weaken',
      Name: 'modify',
      Tags: 'tags',
    },
  },
  // Another account sees and settles what this one does.
  'AWS::GuardDuty::Master': {
    page: 'aws-resource-guardduty-master',
    new: 'expose',
    gone: 'weaken',
    wide: 'account',
    properties: {
      DetectorId: ['replaces', 'acts'],
      InvitationId: 'replaces',
      MasterId: ['replaces', { standing: 'expose' }],
    },
  },
  'AWS::GuardDuty::Member': {
    page: 'aws-resource-guardduty-member',
    new: 'expose',
    gone: 'weaken',
    properties: {
      DetectorId: ['replaces', 'acts'],
      DisableEmailNotification: 'modify',
      Email: 'replaces',
      MemberId: 'replaces',
      Message: 'modify',
      Status: { values: { Enabled: 'modify', Invited: 'modify', Created: 'weaken' }, otherwise: 'weaken' },
    },
  },
  'AWS::GuardDuty::PublishingDestination': {
    page: 'aws-resource-guardduty-publishingdestination',
    new: 'create',
    gone: 'weaken',
    properties: {
      DestinationProperties: {
        members: {
          DestinationArn: ['acts', 'writes-to', { settled: 'weaken' }],
          KmsKeyArn: ['acts', { settled: 'weaken' }],
        },
      },
      DestinationType: { standing: 'weaken' },
      DetectorId: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
  'AWS::GuardDuty::ThreatEntitySet': {
    page: 'aws-resource-guardduty-threatentityset',
    new: 'create',
    gone: 'weaken',
    properties: {
      Activate: 'protects',
      DetectorId: ['replaces', 'acts'],
      ExpectedBucketOwner: { settled: 'weaken' },
      Format: 'replaces',
      Location: 'weaken',
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::GuardDuty::TrustedEntitySet': {
    page: 'aws-resource-guardduty-trustedentityset',
    // What is trusted makes no findings.
    new: 'weaken',
    gone: 'modify',
    properties: {
      Activate: 'endangers',
      DetectorId: ['replaces', 'acts'],
      ExpectedBucketOwner: { settled: 'weaken' },
      Format: 'replaces',
      Location: 'weaken',
      Name: 'modify',
      Tags: 'tags',
    },
  },
};
