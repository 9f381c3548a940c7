import type { Service } from './language.ts';

/** How members of a directory get certificates. */
export const PCA_CONNECTORS: Service = {
  'AWS::PCAConnectorAD::Connector': {
    page: 'aws-resource-pcaconnectorad-connector',
    // Who is of the directory may ask for certificates of the authority.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      CertificateAuthorityArn: ['replaces', 'acts-as'],
      DirectoryId: ['replaces', 'acts'],
      Tags: 'tags',
      VpcInformation: ['replaces', { members: { IpAddressType: 'replaces', SecurityGroupIds: 'acts-as' } }],
    },
  },
  'AWS::PCAConnectorAD::Template': {
    page: 'aws-resource-pcaconnectorad-template',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ConnectorArn: ['replaces', 'acts'],
      // For what certificates count, and for whom.
      Definition: { standing: 'expose' },
      Name: 'replaces',
      ReenrollAllCertificateHolders: 'disrupt',
      Tags: 'tags',
    },
  },
  // A group may get certificates by a template, or not.
  'AWS::PCAConnectorAD::TemplateGroupAccessControlEntry': {
    page: 'aws-resource-pcaconnectorad-templategroupaccesscontrolentry',
    new: 'expose',
    gone: 'expose',
    properties: {
      AccessRights: { standing: { members: {}, others: { values: { DENY: 'disrupt' }, otherwise: 'expose' } } },
      GroupDisplayName: 'modify',
      GroupSecurityIdentifier: 'replaces',
      TemplateArn: ['replaces', 'acts'],
    },
  },
};
