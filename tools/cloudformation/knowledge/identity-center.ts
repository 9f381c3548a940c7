import type { Rule, Service } from './language.ts';

/** Any attribute of people may be one by which policies let them in. */
const ATTRIBUTE: Rule = { standing: 'expose' };

/** People and groups of an organization, and what they come into. */
export const IDENTITY_CENTER: Service = {
  'AWS::IdentityStore::Group': {
    page: 'aws-resource-identitystore-group',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Description: 'modify',
      // By it, applications may say who may do what.
      DisplayName: { standing: 'expose' },
      IdentityStoreId: ['replaces', 'acts'],
    },
  },
  // One more in a group may all that it may.
  'AWS::IdentityStore::GroupMembership': {
    page: 'aws-resource-identitystore-groupmembership',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      GroupId: ['replaces', 'acts'],
      IdentityStoreId: ['replaces', 'acts'],
      MemberId: ['replaces', 'acts'],
    },
  },
  'AWS::IdentityStore::User': {
    page: 'aws-resource-identitystore-user',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      Addresses: 'replaces',
      Birthdate: 'modify',
      DisplayName: ATTRIBUTE,
      // Who reads it sets the password.
      Emails: ['replaces', { standing: 'expose' }],
      IdentityStoreId: ['replaces', 'acts'],
      Locale: ATTRIBUTE,
      Name: ATTRIBUTE,
      NickName: ATTRIBUTE,
      PhoneNumbers: 'replaces',
      Photos: 'replaces',
      PreferredLanguage: ATTRIBUTE,
      ProfileUrl: 'modify',
      Roles: ['replaces', ATTRIBUTE],
      Timezone: ATTRIBUTE,
      Title: ATTRIBUTE,
      UserName: ['replaces', { settled: 'disrupt' }],
      UserType: ATTRIBUTE,
      Website: 'modify',
    },
  },
  'AWS::SSO::Application': {
    page: 'aws-resource-sso-application',
    new: 'create',
    gone: 'disrupt',
    wide: 'organization',
    properties: {
      ApplicationProviderArn: 'replaces',
      Description: 'modify',
      InstanceArn: ['replaces', 'acts'],
      Name: 'modify',
      PortalOptions: { standing: 'disrupt' },
      Status: { order: ['DISABLED', 'ENABLED'], less: 'disrupt', absent: 'ENABLED' },
      Tags: 'tags',
    },
  },
  'AWS::SSO::ApplicationAssignment': {
    page: 'aws-resource-sso-applicationassignment',
    new: 'expose',
    gone: 'disrupt',
    properties: { ApplicationArn: ['replaces', 'acts'], PrincipalId: ['replaces', 'acts'], PrincipalType: 'replaces' },
  },
  'AWS::SSO::Instance': {
    page: 'aws-resource-sso-instance',
    new: 'create',
    wide: 'account',
    holds: 'data',
    properties: { Name: 'modify', Tags: 'tags' },
  },
  // Attributes of people by which policies let them in.
  'AWS::SSO::InstanceAccessControlAttributeConfiguration': {
    page: 'aws-resource-sso-instanceaccesscontrolattributeconfiguration',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AccessControlAttributes: 'expose',
      InstanceAccessControlAttributeConfiguration: 'expose',
      InstanceArn: ['replaces', 'acts'],
    },
  },
};
