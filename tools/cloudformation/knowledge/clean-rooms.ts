import type { Rule, Service } from './language.ts';

/** What others' questions are answered by: another may give away more. */
const ANSWERED: Rule = { standing: 'expose' };
const LOGGED: Rule = { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' };

/** Tables that other accounts may ask about. */
export const CLEAN_ROOMS: Service = {
  'AWS::CleanRooms::AnalysisTemplate': {
    page: 'aws-resource-cleanrooms-analysistemplate',
    // Questions that others may ask, as they stand there.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AnalysisParameters: ['replaces', ANSWERED],
      Description: 'modify',
      ErrorMessageConfiguration: ['replaces', ANSWERED],
      Format: 'replaces',
      MembershipIdentifier: ['replaces', 'acts'],
      Name: 'replaces',
      Schema: ['replaces', ANSWERED],
      Source: ['replaces', ANSWERED],
      SourceMetadata: 'modify',
      SyntheticDataParameters: ['replaces', ANSWERED],
      Tags: 'tags',
    },
  },
  'AWS::CleanRooms::Collaboration': {
    page: 'aws-resource-cleanrooms-collaboration',
    // Other accounts are invited.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AllowedResultRegions: ['replaces', ANSWERED],
      AnalyticsEngine: 'disrupt',
      AutoApprovedChangeTypes: ['replaces', ANSWERED],
      CreatorDisplayName: 'replaces',
      CreatorMLMemberAbilities: 'replaces',
      CreatorMemberAbilities: 'replaces',
      CreatorPaymentConfiguration: 'replaces',
      DataEncryptionMetadata: ['replaces', ANSWERED],
      Description: 'modify',
      IsMetricsEnabled: 'protects',
      JobLogStatus: ['replaces', LOGGED],
      Members: ['replaces', ANSWERED],
      Name: 'modify',
      QueryLogStatus: ['replaces', LOGGED],
      Tags: 'tags',
    },
  },
  'AWS::CleanRooms::ConfiguredTable': {
    page: 'aws-resource-cleanrooms-configuredtable',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AllowedColumns: ['replaces', ANSWERED],
      AnalysisMethod: ['replaces', ANSWERED],
      AnalysisRules: ANSWERED,
      Description: 'modify',
      Name: 'modify',
      SelectedAnalysisMethods: ANSWERED,
      TableReference: ['replaces', 'reads', ANSWERED],
      Tags: 'tags',
    },
  },
  'AWS::CleanRooms::ConfiguredTableAssociation': {
    page: 'aws-resource-cleanrooms-configuredtableassociation',
    // Others may ask about the table from then on.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      ConfiguredTableAssociationAnalysisRules: ANSWERED,
      ConfiguredTableIdentifier: ['replaces', 'acts'],
      Description: 'modify',
      MembershipIdentifier: ['replaces', 'acts'],
      Name: 'replaces',
      RoleArn: 'acts-as',
      Tags: 'tags',
    },
  },
  'AWS::CleanRooms::Membership': {
    page: 'aws-resource-cleanrooms-membership',
    // It joins what another account runs.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      CollaborationIdentifier: ['replaces', 'acts'],
      DefaultJobResultConfiguration: ['may-act', ANSWERED],
      DefaultResultConfiguration: ['may-act', ANSWERED],
      IsMetricsEnabled: 'protects',
      JobLogStatus: LOGGED,
      PaymentConfiguration: { standing: 'disrupt' },
      QueryLogStatus: LOGGED,
      Tags: 'tags',
    },
  },
};
