import type { Rule, Rules, Service } from './language.ts';
import { SECURITY_GROUPS } from './shared.ts';

/** People and groups, and what each of them may. */
const PERMISSIONS: Rule = { standing: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' } };
/** Which rows and columns of the data each person sees: without it, all. */
const ROWS: Rules = [{ settled: 'expose' }, { standing: 'disrupt' }];
/** What is shown: other data, or less of it. */
const SHOWN: Rule = { standing: 'disrupt' };
const OF_ACCOUNT = { AwsAccountId: 'replaces', Name: 'modify', Permissions: PERMISSIONS, Tags: 'tags' } as const;
const FOLDERS: Rule = { standing: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' } };

export const QUICK_SIGHT: Service = {
  'AWS::QuickSight::Analysis': {
    page: 'aws-resource-quicksight-analysis',
    new: 'create',
    properties: {
      ...OF_ACCOUNT,
      AnalysisId: 'replaces',
      Definition: ['may-act', SHOWN],
      Errors: 'modify',
      FolderArns: FOLDERS,
      Parameters: 'modify',
      Sheets: 'modify',
      SourceEntity: ['may-act', SHOWN],
      Status: 'modify',
      ThemeArn: 'modify',
      ValidationStrategy: 'modify',
    },
  },
  'AWS::QuickSight::Dashboard': {
    page: 'aws-resource-quicksight-dashboard',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...OF_ACCOUNT,
      DashboardId: 'replaces',
      // What viewers may do with it: export, filter, share.
      DashboardPublishOptions: { standing: 'expose' },
      Definition: ['may-act', SHOWN],
      FolderArns: FOLDERS,
      LinkEntities: SHOWN,
      // Who has the link.
      LinkSharingConfiguration: { standing: 'expose' },
      Parameters: 'modify',
      SourceEntity: ['may-act', SHOWN],
      ThemeArn: 'modify',
      ValidationStrategy: 'modify',
      VersionDescription: 'modify',
    },
  },
  'AWS::QuickSight::DataSet': {
    page: 'aws-resource-quicksight-dataset',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...OF_ACCOUNT,
      ColumnGroups: 'modify',
      ColumnLevelPermissionRules: {
        standing: { each: 'modify', added: 'disrupt', lost: 'expose', reordered: 'modify' },
      },
      DataPrepConfiguration: ['may-act', { standing: 'expose' }],
      DataSetId: 'replaces',
      DataSetRefreshProperties: SHOWN,
      DataSetUsageConfiguration: { standing: 'expose' },
      DatasetParameters: SHOWN,
      FieldFolders: 'modify',
      FolderArns: FOLDERS,
      ImportMode: SHOWN,
      IngestionWaitPolicy: 'modify',
      // Filters and joins within, that may keep rows from people.
      LogicalTableMap: ['may-act', { standing: 'expose' }],
      PerformanceConfiguration: 'modify',
      PhysicalTableMap: ['may-act', { standing: 'expose' }],
      RowLevelPermissionDataSet: ['may-act', ...ROWS],
      RowLevelPermissionTagConfiguration: ROWS,
      SemanticModelConfiguration: SHOWN,
      UseAs: SHOWN,
    },
  },
  'AWS::QuickSight::DataSource': {
    page: 'aws-resource-quicksight-datasource',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...OF_ACCOUNT,
      // More credentials' owners may be asked by it.
      AlternateDataSourceParameters: { standing: 'expose' },
      Credentials: ['acts-as', { settled: 'disrupt' }],
      DataSourceId: 'replaces',
      DataSourceParameters: ['may-act', { standing: 'expose' }],
      ErrorInfo: 'modify',
      FolderArns: FOLDERS,
      SslProperties: { members: { DisableSsl: 'endangers' } },
      Type: 'replaces',
      VpcConnectionProperties: ['uses', { settled: 'disrupt' }],
    },
  },
  'AWS::QuickSight::Folder': {
    page: 'aws-resource-quicksight-folder',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...OF_ACCOUNT,
      FolderId: 'replaces',
      FolderType: 'replaces',
      ParentFolderArn: 'replaces',
      SharingModel: 'replaces',
    },
  },
  'AWS::QuickSight::RefreshSchedule': {
    page: 'aws-resource-quicksight-refreshschedule',
    new: 'create',
    gone: 'disrupt',
    properties: { AwsAccountId: 'replaces', DataSetId: ['replaces', 'acts'], Schedule: 'disrupt' },
  },
  'AWS::QuickSight::Template': {
    page: 'aws-resource-quicksight-template',
    new: 'create',
    properties: {
      ...OF_ACCOUNT,
      Definition: SHOWN,
      SourceEntity: ['may-act', SHOWN],
      TemplateId: 'replaces',
      ValidationStrategy: 'modify',
      VersionDescription: 'modify',
    },
  },
  'AWS::QuickSight::Theme': {
    page: 'aws-resource-quicksight-theme',
    new: 'create',
    properties: {
      ...OF_ACCOUNT,
      BaseThemeId: 'modify',
      Configuration: 'modify',
      ThemeId: 'replaces',
      VersionDescription: 'modify',
    },
  },
  'AWS::QuickSight::VPCConnection': {
    page: 'aws-resource-quicksight-vpcconnection',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AvailabilityStatus: 'modify',
      AwsAccountId: 'replaces',
      DnsResolvers: { standing: 'disrupt' },
      Name: 'modify',
      RoleArn: 'acts-as',
      SecurityGroupIds: SECURITY_GROUPS,
      SubnetIds: ['uses', { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' }],
      Tags: 'tags',
      VPCConnectionId: 'replaces',
    },
  },
};
