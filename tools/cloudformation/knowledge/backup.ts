import type { Rule, Service } from './language.ts';

/** Which copies are made, how often, and where they are. */
const COPIES: Rule = { standing: 'weaken' };

const KEPT: Rule = {
  members: {
    // Without a number they are kept for good.
    DeleteAfterDays: { number: 'retains', absent: 36_500 },
    MoveToColdStorageAfterDays: 'limits',
    OptInToArchiveForSupportedResources: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
  },
};

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
            reordered: 'modify',
            each: {
              members: {
                // A copy that isn't made in time is given up.
                CompletionWindowMinutes: { number: 'retains', absent: 10_080 },
                CopyActions: {
                  by: 'DestinationBackupVaultArn',
                  added: 'modify',
                  lost: 'weaken',
                  reordered: 'modify',
                  each: { members: { DestinationBackupVaultArn: 'acts', Lifecycle: KEPT } },
                },
                EnableContinuousBackup: 'protects',
                IndexActions: 'modify',
                Lifecycle: KEPT,
                RecoveryPointTags: 'tags',
                RuleName: 'modify',
                ScanActions: { settled: 'weaken' },
                ScheduleExpression: { settled: 'weaken' },
                ScheduleExpressionTimezone: 'disrupt',
                StartWindowMinutes: { number: 'retains', absent: 480 },
                TargetBackupVault: ['acts', { settled: 'weaken' }],
                TargetLogicallyAirGappedBackupVaultArn: ['acts', { settled: 'weaken' }],
              },
            },
          },
          ScanSettings: {
            by: 'MalwareScanner',
            added: 'modify',
            lost: 'weaken',
            reordered: 'modify',
            each: {
              members: { MalwareScanner: 'modify', ResourceTypes: { settled: 'weaken' }, ScannerRoleArn: 'acts-as' },
            },
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
            // All of the account that has these tags.
            Conditions: 'acts',
            IamRoleArn: 'acts-as',
            ListOfTags: 'acts',
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
          BackupVaultEvents: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
          SNSTopicArn: ['notifies', { settled: 'weaken' }],
        },
      },
    },
  },
  'AWS::Backup::LogicallyAirGappedBackupVault': {
    page: 'aws-resource-backup-logicallyairgappedbackupvault',
    new: 'create',
    holds: 'data',
    properties: {
      AccessPolicy: ['admits', { settled: 'weaken' }],
      BackupVaultName: 'replaces',
      BackupVaultTags: 'tags',
      EncryptionKeyArn: 'replaces',
      MaxRetentionDays: 'replaces',
      MinRetentionDays: 'replaces',
      MpaApprovalTeamArn: { settled: 'weaken' },
      Notifications: {
        members: {
          BackupVaultEvents: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
          SNSTopicArn: ['notifies', { settled: 'weaken' }],
        },
      },
    },
  },
  'AWS::Backup::ReportPlan': {
    page: 'aws-resource-backup-reportplan',
    new: 'create',
    properties: {
      ReportDeliveryChannel: COPIES,
      ReportPlanDescription: 'modify',
      ReportPlanName: 'replaces',
      ReportPlanTags: 'tags',
      ReportSetting: COPIES,
    },
  },
  'AWS::Backup::RestoreTestingPlan': {
    page: 'aws-resource-backup-restoretestingplan',
    new: 'create',
    properties: {
      RecoveryPointSelection: COPIES,
      RestoreTestingPlanName: 'replaces',
      ScheduleExpression: COPIES,
      ScheduleExpressionTimezone: 'disrupt',
      StartWindowHours: { number: 'retains', absent: 24 },
      Tags: 'tags',
    },
  },
  // What was deleted by mistake is kept for a while.
  'AWS::Rbin::Rule': {
    page: 'aws-resource-rbin-rule',
    new: 'create',
    gone: 'weaken',
    properties: {
      Description: 'modify',
      ExcludeResourceTags: { standing: { each: 'modify', added: 'weaken', lost: 'modify', reordered: 'modify' } },
      LockConfiguration: { settled: 'weaken' },
      ResourceTags: { standing: 'weaken' },
      ResourceType: 'replaces',
      RetentionPeriod: {
        members: { RetentionPeriodUnit: 'modify', RetentionPeriodValue: { number: 'expires', absent: 0 } },
      },
      Status: 'modify',
      Tags: 'tags',
    },
  },
};
