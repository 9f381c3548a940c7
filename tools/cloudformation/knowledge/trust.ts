import type { Rule, Service } from './language.ts';
import { GRANTS } from './shared.ts';

/** Switched on it counts; off, it no longer does. */
const SWITCH: Rule = {
  standing: { values: { true: 'expose', false: 'disrupt' }, otherwise: 'expose', absent: 'false' },
};

/** Who is believed outside AWS, and packages and findings of the account. */
export const TRUST: Service = {
  'AWS::CodeArtifact::Domain': {
    page: 'aws-resource-codeartifact-domain',
    new: 'create',
    holds: 'data',
    properties: {
      DomainName: 'replaces',
      EncryptionKey: 'replaces',
      PermissionsPolicyDocument: 'admits',
      Tags: 'tags',
    },
  },
  'AWS::CodeArtifact::Repository': {
    page: 'aws-resource-codeartifact-repository',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'modify',
      DomainName: ['replaces', 'acts'],
      DomainOwner: 'replaces',
      // Packages of the same name come from there: others than before.
      ExternalConnections: { standing: 'expose' },
      PermissionsPolicyDocument: 'admits',
      RepositoryName: 'replaces',
      Tags: 'tags',
      Upstreams: ['uses', { standing: 'expose' }],
    },
  },
  // What is passed over by the searches that name it.
  'AWS::Macie::AllowList': {
    page: 'aws-resource-macie-allowlist',
    new: 'create',
    gone: 'modify',
    properties: { Criteria: { standing: 'weaken' }, Description: 'modify', Name: 'modify', Tags: 'tags' },
  },
  'AWS::Macie::CustomDataIdentifier': {
    page: 'aws-resource-macie-customdataidentifier',
    new: 'create',
    gone: 'weaken',
    properties: {
      Description: 'replaces',
      IgnoreWords: 'replaces',
      Keywords: 'replaces',
      MaximumMatchDistance: 'replaces',
      Name: 'replaces',
      Regex: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Macie::Member': {
    page: 'aws-resource-macie-member',
    new: 'expose',
    gone: 'weaken',
    properties: { AccountId: ['replaces', 'acts'], Email: 'replaces', Tags: 'tags' },
  },
  'AWS::Macie::FindingsFilter': {
    page: 'aws-resource-macie-findingsfilter',
    // It may put away what would be seen.
    new: 'weaken',
    gone: 'modify',
    wide: 'account',
    properties: {
      Action: { order: ['ARCHIVE', 'NOOP'], less: 'weaken', absent: 'NOOP' },
      Description: 'modify',
      FindingCriteria: 'weaken',
      Name: 'modify',
      Position: 'weaken',
      Tags: 'tags',
    },
  },
  'AWS::Macie::Session': {
    page: 'aws-resource-macie-session',
    new: 'create',
    gone: 'weaken',
    wide: 'account',
    properties: {
      FindingPublishingFrequency: {
        order: ['SIX_HOURS', 'ONE_HOUR', 'FIFTEEN_MINUTES'],
        less: 'weaken',
        absent: 'SIX_HOURS',
      },
      Status: { order: ['PAUSED', 'ENABLED'], less: 'weaken', absent: 'ENABLED' },
    },
  },
  // Certificates that no longer count.
  'AWS::RolesAnywhere::CRL': {
    page: 'aws-resource-rolesanywhere-crl',
    new: 'disrupt',
    gone: 'expose',
    properties: {
      CrlData: 'expose',
      Enabled: { values: { true: 'disrupt', false: 'expose' }, otherwise: 'expose', absent: 'false' },
      Name: 'modify',
      Tags: 'tags',
      TrustAnchorArn: ['acts', { settled: 'expose' }],
    },
  },
  'AWS::RolesAnywhere::Profile': {
    page: 'aws-resource-rolesanywhere-profile',
    // Machines outside get the credentials of its roles.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AcceptRoleSessionName: 'opens',
      AttributeMappings: 'expose',
      DurationSeconds: [
        { number: 'limits', absent: 3600 },
        { number: 'delays', absent: 3600 },
      ],
      Enabled: SWITCH,
      ManagedPolicyArns: ['permits', { settled: 'expose' }],
      Name: 'modify',
      RequireInstanceProperties: 'replaces',
      RoleArns: ['acts-as', GRANTS],
      SessionPolicy: ['permits', { settled: 'expose' }, { standing: 'disrupt' }],
      Tags: 'tags',
    },
  },
  'AWS::RolesAnywhere::TrustAnchor': {
    page: 'aws-resource-rolesanywhere-trustanchor',
    // Those who have a certificate of this authority are believed.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      Enabled: SWITCH,
      Name: 'modify',
      NotificationSettings: { settled: 'weaken' },
      Source: 'expose',
      Tags: 'tags',
    },
  },
};
