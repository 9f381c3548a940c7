import type { Service } from './language.ts';

/** What belongs together, and what is signed: nothing of it runs. */
export const APP_REGISTRY: Service = {
  'AWS::ResourceGroups::Group': {
    page: 'aws-resource-resourcegroups-group',
    new: 'create',
    properties: {
      Configuration: 'modify',
      Description: 'modify',
      Name: 'replaces',
      // Commands and patches may be sent to all that is in it.
      ResourceQuery: 'disrupt',
      Resources: ['uses', 'disrupt'],
      Tags: 'tags',
    },
  },
  'AWS::ServiceCatalogAppRegistry::Application': {
    page: 'aws-resource-servicecatalogappregistry-application',
    new: 'create',
    properties: { Description: 'modify', Name: 'modify', Tags: 'tags' },
  },
  'AWS::ServiceCatalogAppRegistry::AttributeGroup': {
    page: 'aws-resource-servicecatalogappregistry-attributegroup',
    new: 'create',
    properties: { Attributes: 'modify', Description: 'modify', Name: 'modify', Tags: 'tags' },
  },
  'AWS::ServiceCatalogAppRegistry::AttributeGroupAssociation': {
    page: 'aws-resource-servicecatalogappregistry-attributegroupassociation',
    new: 'create',
    properties: { Application: ['replaces', 'acts'], AttributeGroup: ['replaces', 'uses'] },
  },
  'AWS::ServiceCatalogAppRegistry::ResourceAssociation': {
    page: 'aws-resource-servicecatalogappregistry-resourceassociation',
    new: 'create',
    properties: {
      Application: ['replaces', 'acts'],
      // What it names gets a tag of the application.
      Resource: ['replaces', 'acts'],
      ResourceType: 'replaces',
    },
  },
  'AWS::Signer::ProfilePermission': {
    page: 'aws-resource-signer-profilepermission',
    new: 'expose',
    properties: {
      Action: 'replaces',
      Principal: ['replaces', 'admits'],
      ProfileName: ['replaces', 'acts'],
      ProfileVersion: 'replaces',
      StatementId: 'replaces',
    },
  },
  'AWS::Signer::SigningProfile': {
    page: 'aws-resource-signer-signingprofile',
    new: 'create',
    properties: {
      PlatformId: 'replaces',
      ProfileName: 'replaces',
      SignatureValidityPeriod: 'replaces',
      Tags: 'tags',
    },
  },
};
