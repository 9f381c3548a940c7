import type { Rule, Service } from './language.ts';
import { GRANTS } from './shared.ts';

/** Principals, whose roles may be anyone's. */
const PRINCIPALS: Rule = { each: 'expose', added: 'expose', lost: 'disrupt', reordered: 'modify' };

/** Who may read which tables, columns and rows. */
export const LAKE_FORMATION: Service = {
  'AWS::LakeFormation::DataCellsFilter': {
    page: 'aws-resource-lakeformation-datacellsfilter',
    new: 'create',
    gone: 'disrupt',
    properties: {
      // Who may read by it reads other rows and columns then.
      ColumnNames: ['replaces', { standing: 'expose' }],
      ColumnWildcard: ['replaces', { standing: 'expose' }],
      DatabaseName: ['replaces', 'acts'],
      Name: 'replaces',
      RowFilter: ['replaces', { standing: 'expose' }],
      TableCatalogId: 'replaces',
      TableName: ['replaces', 'acts'],
    },
  },
  'AWS::LakeFormation::DataLakeSettings': {
    page: 'aws-resource-lakeformation-datalakesettings',
    // In the place of what was set for the account: its administrators, too.
    new: 'expose',
    gone: 'expose',
    wide: 'account',
    properties: {
      Admins: PRINCIPALS,
      AllowExternalDataFiltering: 'expose',
      AllowFullTableExternalDataAccess: 'expose',
      AuthorizedSessionTagValueList: GRANTS,
      CreateDatabaseDefaultPermissions: 'expose',
      CreateTableDefaultPermissions: 'expose',
      ExternalDataFilteringAllowList: PRINCIPALS,
      MutationType: 'expose',
      Parameters: 'expose',
      ReadOnlyAdmins: PRINCIPALS,
      TrustedResourceOwners: GRANTS,
    },
  },
  'AWS::LakeFormation::Permissions': {
    page: 'aws-resource-lakeformation-permissions',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      DataLakePrincipal: 'expose',
      Permissions: PRINCIPALS,
      PermissionsWithGrantOption: PRINCIPALS,
      Resource: ['acts', 'expose'],
    },
  },
  'AWS::LakeFormation::PrincipalPermissions': {
    page: 'aws-resource-lakeformation-principalpermissions',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      Catalog: 'replaces',
      Permissions: 'replaces',
      PermissionsWithGrantOption: 'replaces',
      Principal: 'replaces',
      Resource: ['replaces', 'acts'],
    },
  },
  'AWS::LakeFormation::Resource': {
    page: 'aws-resource-lakeformation-resource',
    // Those whom Lake Formation lets read what is stored there, by a role that isn't theirs.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      HybridAccessEnabled: 'expose',
      ResourceArn: ['replaces', 'acts'],
      RoleArn: 'acts-as',
      UseServiceLinkedRole: 'expose',
      WithFederation: 'expose',
    },
  },
  // What is permitted by its values is all that carries them.
  'AWS::LakeFormation::Tag': {
    page: 'aws-resource-lakeformation-tag',
    new: 'create',
    gone: 'disrupt',
    properties: {
      CatalogId: 'replaces',
      TagKey: 'replaces',
      TagValues: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
    },
  },
  'AWS::LakeFormation::TagAssociation': {
    page: 'aws-resource-lakeformation-tagassociation',
    // Those who may read what carries it read this, too.
    new: 'expose',
    gone: 'disrupt',
    properties: { LFTags: 'replaces', Resource: ['replaces', 'acts'] },
  },
};
