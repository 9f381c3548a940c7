import type { Rule, Service } from '../language.ts';
import { callersKey, PUBLIC_ACCESS_BLOCK, SHAPE } from '../shared.ts';

/** A report or a metric less is a record less. */
const REPORTS: Rule = { each: 'modify', by: 'Id', added: 'modify', lost: 'weaken', reordered: 'modify' };

/** Lists of what it has are written to a bucket by names that the template gives them. */
const INVENTORIES: Rule = {
  each: {
    members: { Destination: { members: { BucketArn: ['acts', 'writes-to'] }, others: { settled: 'disrupt' } } },
    others: { settled: 'disrupt' },
  },
  by: 'Id',
  added: 'modify',
  lost: 'weaken',
  reordered: 'modify',
};

/** Reports on metadata that others query: a table of it less is a record less. */
const METADATA_TABLE: Rule = {
  members: {
    ConfigurationState: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
    EncryptionConfiguration: 'weaken',
    Role: 'acts-as',
    TableArn: 'modify',
    TableName: 'modify',
  },
};

/** What is deleted here is from then on deleted in the copy too. */
const COPIES_DELETIONS: Rule = {
  each: {
    members: { DeleteMarkerReplication: { members: { Status: { leaves: 'Disabled', is: 'delete' } } } },
    others: 'modify',
  },
  ...{ by: 'Id', added: 'modify', lost: 'modify' },
};

export const BUCKET: Service = {
  'AWS::S3::Bucket': {
    page: 'aws-resource-s3-bucket',
    new: 'create',
    holds: 'data',
    properties: {
      // Tags of the bucket then say who may do what.
      AbacStatus: { standing: { values: { Disabled: 'disrupt' }, otherwise: 'expose', absent: 'Disabled' } },
      AccelerateConfiguration: {
        members: { AccelerationStatus: { order: ['Suspended', 'Enabled'], less: 'disrupt', absent: 'Suspended' } },
      },
      // LogDeliveryWrite lets S3's own log delivery write, and no one read.
      AccessControl: {
        values: {
          BucketOwnerFullControl: 'modify',
          BucketOwnerRead: 'modify',
          LogDeliveryWrite: 'modify',
          Private: 'modify',
        },
        otherwise: 'expose',
        absent: 'Private',
      },
      AnalyticsConfigurations: REPORTS,
      BucketEncryption: {
        members: {
          ServerSideEncryptionConfiguration: {
            each: {
              members: {
                BlockedEncryptionTypes: {
                  members: {
                    EncryptionType: { each: 'modify', added: 'disrupt', lost: 'weaken', reordered: 'modify' },
                  },
                },
                BucketKeyEnabled: 'modify',
                ServerSideEncryptionByDefault: {
                  members: {
                    KMSMasterKeyID: callersKey('alias/aws/s3'),
                    SSEAlgorithm: { order: ['AES256', 'aws:kms', 'aws:kms:dsse'], less: 'weaken', absent: 'AES256' },
                  },
                },
              },
            },
            by: '#',
            added: 'modify',
            lost: 'weaken',
          },
        },
      },
      BucketName: 'replaces',
      BucketNamePrefix: 'replaces',
      BucketNamespace: 'replaces',
      // Pages of other origins may read what the browser may.
      // The first rule that fits is the one that counts.
      CorsConfiguration: {
        members: {
          CorsRules: { standing: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'expose' } },
        },
      },
      // What nobody read for months has to be fetched back for hours before it can be read.
      IntelligentTieringConfigurations: {
        each: { standing: 'disrupt' },
        by: 'Id',
        added: 'disrupt',
        lost: 'modify',
        reordered: 'modify',
      },
      InventoryConfigurations: INVENTORIES,
      LifecycleConfiguration: 'ages',
      LoggingConfiguration: {
        members: {
          DestinationBucketName: ['acts', 'writes-to', { settled: 'weaken' }],
          LogFilePrefix: SHAPE,
          TargetObjectKeyFormat: SHAPE,
        },
      },
      MetadataConfiguration: {
        members: {
          AnnotationTableConfiguration: METADATA_TABLE,
          Destination: { settled: 'weaken' },
          InventoryTableConfiguration: METADATA_TABLE,
          JournalTableConfiguration: {
            members: {
              EncryptionConfiguration: 'weaken',
              RecordExpiration: {
                members: {
                  Days: 'expires',
                  Expiration: { values: { DISABLED: 'modify' }, otherwise: 'delete', absent: 'DISABLED' },
                },
              },
              TableArn: 'modify',
              TableName: { settled: 'weaken' },
            },
          },
        },
      },
      MetadataTableConfiguration: { settled: 'weaken' },
      MetricsConfigurations: REPORTS,
      // Entries are the same by all they say: other events, or another filter, are a lost one and an added one.
      NotificationConfiguration: {
        members: {
          EventBridgeConfiguration: { members: { EventBridgeEnabled: 'runs' } },
          LambdaConfigurations: {
            each: { members: { Event: 'modify', Filter: 'modify', Function: 'acts' } },
            added: 'modify',
            lost: 'disrupt',
            reordered: 'modify',
          },
          QueueConfigurations: {
            each: { members: { Event: 'modify', Filter: 'modify', Queue: ['acts', 'writes-to'] } },
            added: 'modify',
            lost: 'disrupt',
            reordered: 'modify',
          },
          TopicConfigurations: {
            each: { members: { Event: 'modify', Filter: 'modify', Topic: 'notifies' } },
            added: 'modify',
            lost: 'disrupt',
            reordered: 'modify',
          },
        },
      },
      ObjectLockConfiguration: {
        members: {
          ObjectLockEnabled: { settled: 'weaken' },
          Rule: {
            members: {
              DefaultRetention: {
                members: {
                  Days: 'retains',
                  DefaultEventHold: { members: { Days: 'retains', Years: 'retains' } },
                  Mode: { order: ['', 'GOVERNANCE', 'COMPLIANCE'], less: 'weaken', absent: '' },
                  Years: 'retains',
                },
              },
            },
          },
        },
      },
      ObjectLockEnabled: 'replaces',
      // Access lists of objects count unless the owner of the bucket owns them all.
      OwnershipControls: {
        members: {
          Rules: {
            each: {
              members: {
                ObjectOwnership: {
                  order: ['ObjectWriter', 'BucketOwnerPreferred', 'BucketOwnerEnforced'],
                  less: 'expose',
                  absent: 'BucketOwnerEnforced',
                },
              },
            },
            by: '#',
            added: 'modify',
            lost: 'expose',
          },
        },
      },
      PublicAccessBlockConfiguration: PUBLIC_ACCESS_BLOCK,
      // Entries are the same by all they say: one that copies less, or elsewhere, is a lost one and an added one.
      ReplicationConfiguration: {
        members: {
          Role: 'acts-as',
          Rules: [
            COPIES_DELETIONS,
            {
              each: {
                members: {
                  DeleteMarkerReplication: 'modify',
                  Destination: {
                    members: {
                      AccessControlTranslation: 'modify',
                      // Another account has what is stored from then on.
                      Account: 'expose',
                      Bucket: ['acts', 'writes-to'],
                      EncryptionConfiguration: 'modify',
                      Metrics: 'modify',
                      ReplicationTime: 'modify',
                      StorageClass: 'modify',
                    },
                  },
                  Filter: 'modify',
                  Id: 'modify',
                  Prefix: 'modify',
                  Priority: 'modify',
                  SourceSelectionCriteria: 'modify',
                  Status: 'modify',
                },
              },
              added: 'modify',
              lost: 'weaken',
              reordered: 'modify',
            },
          ],
        },
      },
      Tags: 'tags',
      VersioningConfiguration: {
        members: { Status: { order: ['Suspended', 'Enabled'], less: 'weaken', absent: 'Suspended' } },
      },
      WebsiteConfiguration: {
        members: {
          ErrorDocument: { settled: 'disrupt' },
          IndexDocument: { settled: 'disrupt' },
          RedirectAllRequestsTo: 'disrupt',
          RoutingRules: 'disrupt',
        },
      },
    },
  },
};
