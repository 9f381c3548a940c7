import type { Rule, Service } from './language.ts';

/** Which copies are made, how often, and where they are. */
const COPIES: Rule = { standing: 'weaken' };

const KEPT: Rule = {
  members: {
    DeleteAfterDays: 'limits',
    DeleteAfterEvent: COPIES,
    MoveToColdStorageAfterDays: 'modify',
    OptInToArchiveForSupportedResources: 'modify',
  },
};

/** Without a number they are kept for good; a number where none was, or a lower one, keeps less. */
const LIFECYCLE: readonly Rule[] = [KEPT, COPIES];

export const BACKUP: Service = {
  'AWS::Backup::BackupPlan': {
    page: 'aws-resource-backup-backupplan',
    new: 'create',
    properties: {
      BackupPlan: {
        members: {
          AdvancedBackupSettings: COPIES,
          BackupPlanName: 'modify',
          BackupPlanRule: {
            by: 'RuleName',
            added: 'modify',
            lost: 'weaken',
            each: {
              members: {
                CompletionWindowMinutes: 'modify',
                CopyActions: {
                  by: 'DestinationBackupVaultArn',
                  added: 'modify',
                  lost: 'weaken',
                  each: { members: { DestinationBackupVaultArn: 'acts', Lifecycle: LIFECYCLE } },
                },
                EnableContinuousBackup: 'protects',
                IndexActions: 'modify',
                Lifecycle: LIFECYCLE,
                RecoveryPointTags: 'tags',
                RuleName: 'modify',
                ScanActions: { settled: 'weaken' },
                ScheduleExpression: COPIES,
                ScheduleExpressionTimezone: 'modify',
                StartWindowMinutes: 'modify',
                TargetBackupVault: ['acts', COPIES],
                TargetLogicallyAirGappedBackupVaultArn: ['acts', { settled: 'weaken' }],
              },
            },
          },
          ScanSettings: {
            by: 'MalwareScanner',
            added: 'modify',
            lost: 'weaken',
            each: { members: { MalwareScanner: 'modify', ResourceTypes: COPIES, ScannerRoleArn: 'acts-as' } },
          },
        },
      },
      BackupPlanTags: 'tags',
    },
  },
  'AWS::Backup::BackupSelection': {
    page: 'aws-resource-backup-backupselection',
    new: 'create',
    properties: {
      BackupPlanId: ['replaces', 'acts'],
      BackupSelection: [
        'replaces',
        {
          members: {
            Conditions: 'modify',
            IamRoleArn: 'acts-as',
            ListOfTags: 'modify',
            NotResources: 'modify',
            Resources: 'acts',
            SelectionName: 'modify',
          },
        },
      ],
    },
  },
  'AWS::Backup::BackupVault': {
    page: 'aws-resource-backup-backupvault',
    new: 'create',
    holds: 'data',
    properties: {
      // What denies that copies are deleted stands there, too.
      AccessPolicy: ['admits', { settled: 'weaken' }],
      BackupVaultName: 'replaces',
      BackupVaultTags: 'tags',
      EncryptionKeyArn: 'replaces',
      // Either way: less, and copies are deleted; more, and nobody can take it back.
      LockConfiguration: { standing: 'weaken' },
      Notifications: {
        members: {
          BackupVaultEvents: { each: 'modify', added: 'modify', lost: 'weaken' },
          SNSTopicArn: ['acts', { settled: 'weaken' }],
        },
      },
    },
  },
};
