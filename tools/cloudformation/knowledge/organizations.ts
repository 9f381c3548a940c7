import type { Service } from './language.ts';

/** What holds for many accounts: which there are, what they may do at most, and who comes into them. */
export const ORGANIZATIONS: Service = {
  'AWS::Organizations::Account': {
    page: 'aws-resource-organizations-account',
    // It is closed once it is removed.
    new: 'expose',
    holds: 'data',
    wide: 'organization',
    properties: {
      AccountName: 'modify',
      Email: 'disrupt',
      // What limits it hangs on where it is.
      ParentIds: ['acts', 'expose'],
      RoleName: 'expose',
      Tags: 'tags',
    },
  },
  'AWS::Organizations::Organization': {
    page: 'aws-resource-organizations-organization',
    new: 'expose',
    wide: 'organization',
    properties: { FeatureSet: 'weaken' },
  },
  'AWS::Organizations::OrganizationalUnit': {
    page: 'aws-resource-organizations-organizationalunit',
    new: 'create',
    wide: 'organization',
    properties: { Name: 'modify', ParentId: ['replaces', 'acts'], Tags: 'tags' },
  },
  'AWS::Organizations::Policy': {
    page: 'aws-resource-organizations-policy',
    // What accounts may do at most: one more forbids, one less lets them.
    new: 'disrupt',
    gone: 'expose',
    wide: 'organization',
    properties: {
      Content: 'expose',
      Description: 'modify',
      Name: 'modify',
      Tags: 'tags',
      TargetIds: ['acts', { each: 'modify', added: 'disrupt', lost: 'expose', reordered: 'modify' }],
      Type: 'replaces',
    },
  },
  'AWS::SSO::Assignment': {
    page: 'aws-resource-sso-assignment',
    // People come into an account.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      InstanceArn: 'replaces',
      PermissionSetArn: ['replaces', 'acts'],
      PrincipalId: ['replaces', 'admits'],
      PrincipalType: 'replaces',
      TargetId: ['replaces', 'acts'],
      TargetType: 'replaces',
    },
  },
  'AWS::SSO::PermissionSet': {
    page: 'aws-resource-sso-permissionset',
    new: 'create',
    properties: {
      CustomerManagedPolicyReferences: { each: 'expose', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      Description: 'modify',
      InlinePolicy: 'permits',
      InstanceArn: ['replaces', 'acts'],
      ManagedPolicies: 'permits',
      Name: 'replaces',
      // The first one ends what it doesn't allow.
      PermissionsBoundary: [{ settled: 'expose' }, { standing: 'disrupt' }],
      RelayStateType: 'modify',
      // In words, such as PT8H.
      SessionDuration: 'weaken',
      Tags: 'tags',
    },
  },
  'AWS::SSM::ServiceSetting': {
    page: 'aws-resource-ssm-servicesetting',
    // In the place of what was set for the account: whether documents may be shared, as whom instances are managed.
    new: 'expose',
    gone: 'expose',
    wide: 'account',
    properties: { SettingId: 'replaces', SettingValue: 'expose' },
  },
};
