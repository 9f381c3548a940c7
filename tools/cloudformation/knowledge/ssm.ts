import type { Rule, Service } from './language.ts';
import { SHAPE } from './shared.ts';

/** Machines, by id or tag. */
const MACHINES: Rule = {
  each: { members: { Key: 'modify', Values: 'acts' } },
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
};

export const SSM: Service = {
  'AWS::SSM::Association': {
    page: 'aws-resource-ssm-association',
    // Runs at once on all that it names.
    new: 'create',
    properties: {
      ApplyOnlyAtCronInterval: { leaves: 'true', is: 'disrupt' },
      AssociationDispatchAssumeRole: 'acts-as',
      AssociationName: 'modify',
      AutomationTargetParameterName: 'code',
      CalendarNames: 'disrupt',
      ComplianceSeverity: 'modify',
      DocumentVersion: 'code',
      InstanceId: ['replaces', 'acts'],
      MaxConcurrency: { settled: 'weaken' },
      MaxErrors: { settled: 'weaken' },
      Name: 'code',
      OutputLocation: {
        members: {
          S3Location: {
            members: {
              OutputS3BucketName: ['acts', 'writes-to', { settled: 'weaken' }],
              OutputS3KeyPrefix: { standing: 'weaken' },
              OutputS3Region: { standing: 'weaken' },
            },
          },
        },
      },
      Parameters: 'code',
      ScheduleExpression: { settled: 'disrupt' },
      ScheduleOffset: 'disrupt',
      SyncCompliance: { order: ['MANUAL', 'AUTO'], less: 'weaken', absent: 'AUTO' },
      Tags: 'tags',
      Targets: MACHINES,
      WaitForSuccessTimeoutSeconds: 'modify',
    },
  },
  'AWS::SSM::Document': {
    page: 'aws-resource-ssm-document',
    new: 'create',
    properties: {
      Attachments: 'code',
      Content: ['code', { flow: 'steps' }],
      DocumentFormat: 'modify',
      DocumentType: 'replaces',
      // Session Manager reads its settings for the whole account and region from the one of this name: what runs in
      // each session, as whom, and whether it is recorded.
      Name: ['replaces', { values: { 'SSM-SessionManagerRunShell': 'expose' }, otherwise: 'modify' }],
      Requires: 'code',
      Tags: 'tags',
      TargetType: 'modify',
      UpdateMethod: 'modify',
      VersionName: 'modify',
    },
  },
  'AWS::SSM::MaintenanceWindow': {
    page: 'aws-resource-ssm-maintenancewindow',
    new: 'create',
    properties: {
      // Its tasks reach instances that nobody registered.
      AllowUnassociatedTargets: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
      Cutoff: 'disrupt',
      Description: 'modify',
      Duration: 'capacity',
      EndDate: 'disrupt',
      Name: 'modify',
      Schedule: 'disrupt',
      ScheduleOffset: 'disrupt',
      ScheduleTimezone: 'disrupt',
      StartDate: 'disrupt',
      Tags: 'tags',
    },
  },
  'AWS::SSM::MaintenanceWindowTarget': {
    page: 'aws-resource-ssm-maintenancewindowtarget',
    // What the window's tasks run, they run there too.
    new: { among: ['WindowId'], otherwise: 'expose' },
    properties: {
      Description: 'modify',
      Name: 'modify',
      OwnerInformation: 'modify',
      ResourceType: 'disrupt',
      Targets: MACHINES,
      WindowId: ['replaces', 'acts'],
    },
  },
  'AWS::SSM::MaintenanceWindowTask': {
    page: 'aws-resource-ssm-maintenancewindowtask',
    new: 'create',
    properties: {
      CutoffBehavior: 'disrupt',
      Description: 'modify',
      LoggingInfo: [{ settled: 'weaken' }, { members: { S3Bucket: 'writes-to' }, others: 'modify' }],
      MaxConcurrency: { settled: 'weaken' },
      MaxErrors: { settled: 'weaken' },
      Name: 'modify',
      Priority: 'disrupt',
      ServiceRoleArn: 'acts-as',
      Targets: MACHINES,
      TaskArn: ['acts', 'code'],
      TaskInvocationParameters: 'code',
      TaskParameters: 'code',
      TaskType: 'replaces',
      WindowId: ['replaces', 'acts'],
    },
  },
  'AWS::SSM::Parameter': {
    page: 'aws-resource-ssm-parameter',
    new: 'create',
    properties: {
      AllowedPattern: { settled: 'weaken' },
      DataType: 'modify',
      Description: 'modify',
      Name: 'replaces',
      // Among them one that deletes the parameter at a time.
      Policies: 'ages',
      Tags: 'tags',
      Tier: 'modify',
      Type: 'modify',
      // Who reads it, goes by it.
      Value: { standing: 'disrupt' },
    },
  },
  'AWS::SSM::PatchBaseline': {
    page: 'aws-resource-ssm-patchbaseline',
    new: 'create',
    // As the default, for all machines that have no other.
    wide: 'account',
    properties: {
      ApprovalRules: {
        members: {
          PatchRules: {
            each: {
              members: {
                // Until then machines go without.
                ApproveAfterDays: 'delays',
                ApproveUntilDate: 'weaken',
                ComplianceLevel: 'weaken',
                EnableNonSecurity: 'protects',
                PatchFilterGroup: 'weaken',
              },
            },
            by: '#',
            added: 'modify',
            lost: 'weaken',
          },
        },
      },
      ApprovedPatches: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      ApprovedPatchesComplianceLevel: 'weaken',
      ApprovedPatchesEnableNonSecurity: 'protects',
      AvailableSecurityUpdatesComplianceStatus: 'weaken',
      // All machines of the account that have no other.
      DefaultBaseline: { acting: { values: {}, otherwise: 'weaken', absent: 'false' } },
      Description: 'modify',
      GlobalFilters: 'weaken',
      Name: 'modify',
      OperatingSystem: 'replaces',
      // One that leaves goes by the account's default.
      PatchGroups: ['acts', { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' }],
      RejectedPatches: { each: 'modify', added: 'weaken', lost: 'modify', reordered: 'modify' },
      RejectedPatchesAction: 'weaken',
      Sources: 'code',
      Tags: 'tags',
    },
  },
  'AWS::SSM::ResourceDataSync': {
    page: 'aws-resource-ssm-resourcedatasync',
    new: 'create',
    properties: {
      // What is on all machines of the account is written there.
      BucketName: ['replaces', 'acts'],
      BucketPrefix: 'replaces',
      BucketRegion: 'replaces',
      KMSKeyArn: 'replaces',
      S3Destination: [
        'replaces',
        {
          members: {
            BucketName: ['acts', 'writes-to'],
            BucketPrefix: SHAPE,
            BucketRegion: 'modify',
            KMSKeyArn: 'uses',
            SyncFormat: SHAPE,
          },
        },
      ],
      SyncFormat: 'replaces',
      SyncName: 'replaces',
      SyncSource: 'weaken',
      SyncType: 'replaces',
    },
  },
  'AWS::SSM::ResourcePolicy': {
    page: 'aws-resource-ssm-resourcepolicy',
    new: 'create',
    properties: { Policy: 'admits', ResourceArn: ['replaces', 'acts'] },
  },
};
