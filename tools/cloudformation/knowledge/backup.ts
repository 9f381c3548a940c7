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
                TargetBackupVault: ['acts', 'writes-to', { settled: 'weaken' }],
                TargetLogicallyAirGappedBackupVaultArn: ['acts', 'writes-to', { settled: 'weaken' }],
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
  // What is looked for in how backups are made.
  'AWS::Backup::Framework': {
    page: 'aws-resource-backup-framework',
    new: 'create',
    gone: 'weaken',
    properties: {
      FrameworkControls: { each: 'weaken', by: 'ControlName', added: 'modify', lost: 'weaken', reordered: 'modify' },
      FrameworkDescription: 'modify',
      FrameworkName: 'replaces',
      FrameworkTags: 'tags',
    },
  },
  // While it stands nobody deletes what it holds, by hand or by age.
  'AWS::Backup::LegalHold': {
    page: 'aws-resource-backup-legalhold',
    new: 'create',
    gone: 'weaken',
    properties: {
      Description: 'replaces',
      RecoveryPointSelection: ['replaces', 'acts', { settled: 'weaken' }],
      Tags: 'replaces',
      Title: 'replaces',
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
      ReportDeliveryChannel: [COPIES, { members: { S3BucketName: 'writes-to' }, others: 'modify' }],
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
  // Whether what was backed up can be restored at all, tried out.
  'AWS::Backup::RestoreTestingSelection': {
    page: 'aws-resource-backup-restoretestingselection',
    new: 'create',
    gone: 'weaken',
    properties: {
      IamRoleArn: 'acts-as',
      ProtectedResourceArns: ['uses', { settled: 'weaken' }],
      ProtectedResourceConditions: { standing: 'weaken' },
      ProtectedResourceType: 'replaces',
      // Into which network a copy is put, and how open it is there.
      RestoreMetadataOverrides: ['may-act', { standing: 'expose' }],
      RestoreTestingPlanName: ['replaces', 'uses'],
      RestoreTestingSelectionName: 'replaces',
      ValidationWindowHours: { number: 'retains', absent: 0 },
    },
  },
  'AWS::Backup::TieringConfiguration': {
    page: 'aws-resource-backup-tieringconfiguration',
    new: 'create',
    gone: 'modify',
    properties: {
      BackupVaultName: ['acts', { settled: 'disrupt' }],
      // What is moved to where it costs less, and is restored from there.
      ResourceSelection: { standing: 'disrupt' },
      TieringConfigurationName: 'replaces',
      TieringConfigurationTags: 'tags',
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
