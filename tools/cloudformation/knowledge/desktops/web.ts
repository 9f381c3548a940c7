import type { Rule, Rules, Service } from '../language.ts';
import { GRANTS, PLACED_IN, SECURITY_GROUPS } from '../shared.ts';

/** What people may carry out of a session, or into it. */
const ALLOWED: Rule = { standing: { values: { Disabled: 'disrupt' }, otherwise: 'expose' } };
const FIXED = { AdditionalEncryptionContext: 'replaces', CustomerManagedKey: 'replaces' } as const;
/** Settings that hold for all who come by a portal: another set, or none. */
const HOLDS: Rules = ['uses', { settled: 'expose' }, { standing: 'disrupt' }];

/** Browsers that people are streamed. */
export const DESKTOPS_OF_WEB: Service = {
  'AWS::WorkSpacesWeb::BrowserSettings': {
    page: 'aws-resource-workspacesweb-browsersettings',
    new: 'create',
    properties: {
      ...FIXED,
      // Policies of Chrome: which sites, extensions and downloads.
      BrowserPolicy: { standing: 'expose' },
      Tags: 'tags',
      WebContentFilteringPolicy: {
        standing: {
          members: {
            AllowedUrls: GRANTS,
            BlockedCategories: { each: 'modify', added: 'disrupt', lost: 'expose', reordered: 'modify' },
            BlockedUrls: { each: 'modify', added: 'disrupt', lost: 'expose', reordered: 'modify' },
          },
        },
      },
    },
  },
  'AWS::WorkSpacesWeb::DataProtectionSettings': {
    page: 'aws-resource-workspacesweb-dataprotectionsettings',
    new: 'create',
    properties: {
      ...FIXED,
      Description: 'modify',
      DisplayName: 'modify',
      // What is struck out before people see it.
      InlineRedactionConfiguration: { standing: 'expose' },
      Tags: 'tags',
    },
  },
  'AWS::WorkSpacesWeb::IdentityProvider': {
    page: 'aws-resource-workspacesweb-identityprovider',
    // Who signs in there is let in.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      IdentityProviderDetails: { standing: 'expose' },
      IdentityProviderName: { settled: 'disrupt' },
      IdentityProviderType: { standing: 'expose' },
      PortalArn: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
  'AWS::WorkSpacesWeb::IpAccessSettings': {
    page: 'aws-resource-workspacesweb-ipaccesssettings',
    new: 'create',
    properties: {
      ...FIXED,
      Description: 'modify',
      DisplayName: 'modify',
      IpRules: { standing: { by: 'IpRange', each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' } },
      Tags: 'tags',
    },
  },
  'AWS::WorkSpacesWeb::NetworkSettings': {
    page: 'aws-resource-workspacesweb-networksettings',
    new: 'create',
    properties: {
      SecurityGroupIds: SECURITY_GROUPS,
      SubnetIds: PLACED_IN,
      Tags: 'tags',
      VpcId: ['uses', { settled: 'disrupt' }],
    },
  },
  'AWS::WorkSpacesWeb::Portal': {
    page: 'aws-resource-workspacesweb-portal',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...FIXED,
      AuthenticationType: { standing: 'expose' },
      BrowserSettingsArn: HOLDS,
      DataProtectionSettingsArn: HOLDS,
      DisplayName: 'modify',
      InstanceType: { standing: 'disrupt' },
      // From which addresses; without any, from all.
      IpAccessSettingsArn: HOLDS,
      MaxConcurrentSessions: ['limits', { ends: 'weaken' }],
      NetworkSettingsArn: HOLDS,
      PortalCustomDomain: { settled: 'disrupt' },
      SessionLoggerArn: ['uses', { settled: 'weaken' }],
      Tags: 'tags',
      TrustStoreArn: HOLDS,
      UserAccessLoggingSettingsArn: ['uses', { settled: 'weaken' }],
      UserSettingsArn: HOLDS,
    },
  },
  'AWS::WorkSpacesWeb::TrustStore': {
    page: 'aws-resource-workspacesweb-truststore',
    new: 'create',
    properties: { CertificateList: GRANTS, Tags: 'tags' },
  },
  'AWS::WorkSpacesWeb::UserAccessLoggingSettings': {
    page: 'aws-resource-workspacesweb-useraccessloggingsettings',
    new: 'create',
    gone: 'weaken',
    properties: { KinesisStreamArn: ['uses', 'writes-to', { settled: 'weaken' }], Tags: 'tags' },
  },
  'AWS::WorkSpacesWeb::UserSettings': {
    page: 'aws-resource-workspacesweb-usersettings',
    new: 'create',
    properties: {
      ...FIXED,
      BrandingConfiguration: 'modify',
      CookieSynchronizationConfiguration: {
        standing: {
          members: {
            Allowlist: GRANTS,
            Blocklist: { each: 'modify', added: 'disrupt', lost: 'expose', reordered: 'modify' },
          },
        },
      },
      CopyAllowed: ALLOWED,
      DeepLinkAllowed: ALLOWED,
      DisconnectTimeoutInMinutes: { standing: 'weaken' },
      DownloadAllowed: ALLOWED,
      IdleDisconnectTimeoutInMinutes: { standing: 'weaken' },
      PasteAllowed: ALLOWED,
      PrintAllowed: ALLOWED,
      Tags: 'tags',
      ToolbarConfiguration: 'modify',
      UploadAllowed: ALLOWED,
      WebAuthnAllowed: ALLOWED,
    },
  },
};
