import type { Rule, Service } from './language.ts';

/** Who is watched over: one less, and nobody steps in there. */
const WATCHED: Rule = { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' };

/** Accounts, resources and tags for which a policy holds: with each other one it changes others. */
const SCOPE: Rule = 'disrupt';

/** Shield, and the policies of Firewall Manager, which hold in all accounts of an organization. */
export const PROTECTION: Service = {
  'AWS::FMS::NotificationChannel': {
    page: 'aws-resource-fms-notificationchannel',
    new: 'create',
    gone: 'weaken',
    wide: 'account',
    properties: { SnsRoleName: 'acts-as', SnsTopicArn: ['replaces', 'notifies', { standing: 'weaken' }] },
  },
  'AWS::FMS::Policy': {
    page: 'aws-resource-fms-policy',
    // Firewalls, groups and lists of other accounts are changed by it.
    new: 'disrupt',
    wide: 'organization',
    properties: {
      // Removed, it takes what it protects by with it.
      DeleteAllPolicyResources: { standing: 'endangers' },
      ExcludeMap: 'weaken',
      ExcludeResourceTags: 'weaken',
      IncludeMap: 'weaken',
      PolicyDescription: 'modify',
      PolicyName: 'modify',
      // What no longer follows it is changed, in each account.
      RemediationEnabled: { standing: { values: { true: 'disrupt' }, otherwise: 'weaken', absent: 'false' } },
      ResourceSetIds: ['uses', SCOPE],
      ResourceTagLogicalOperator: SCOPE,
      ResourceTags: SCOPE,
      ResourceType: SCOPE,
      ResourceTypeList: SCOPE,
      // What leaves its scope loses what protected it.
      ResourcesCleanUp: { standing: 'endangers' },
      // What is let in, and by which rules.
      SecurityServicePolicyData: 'expose',
      Tags: 'tags',
    },
  },
  // People of AWS's may come in, by a role of this account.
  'AWS::Shield::DRTAccess': {
    page: 'aws-resource-shield-drtaccess',
    new: 'expose',
    gone: 'weaken',
    wide: 'account',
    properties: {
      LogBucketList: ['acts', { standing: { each: 'modify', added: 'expose', lost: 'weaken', reordered: 'modify' } }],
      RoleArn: ['acts-as', { settled: 'weaken' }],
    },
  },
  'AWS::Shield::ProactiveEngagement': {
    page: 'aws-resource-shield-proactiveengagement',
    new: 'create',
    gone: 'weaken',
    wide: 'account',
    properties: {
      // Who is called while there is an attack.
      EmergencyContactList: { standing: 'weaken' },
      ProactiveEngagementStatus: { order: ['DISABLED', 'ENABLED'], less: 'weaken' },
    },
  },
  'AWS::Shield::Protection': {
    page: 'aws-resource-shield-protection',
    new: 'create',
    gone: 'weaken',
    properties: {
      // It writes rules of its own into the firewall of what is protected; to block is to turn some away.
      ApplicationLayerAutomaticResponseConfiguration: {
        members: {
          // Counted alone, an attack comes through.
          Action: [{ standing: 'disrupt' }, { members: { Block: { ends: 'weaken' }, Count: 'modify' } }],
          Status: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
        },
      },
      HealthCheckArns: ['uses', WATCHED],
      Name: 'replaces',
      ResourceArn: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
  'AWS::Shield::ProtectionGroup': {
    page: 'aws-resource-shield-protectiongroup',
    new: 'create',
    gone: 'weaken',
    properties: {
      Aggregation: 'weaken',
      Members: ['uses', WATCHED],
      Pattern: { standing: { values: { ALL: 'modify' }, otherwise: 'weaken' } },
      ProtectionGroupId: 'replaces',
      ResourceType: { standing: 'weaken' },
      Tags: 'tags',
    },
  },
};
