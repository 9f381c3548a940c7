import type { Rule, Service } from './language.ts';

/** Who is called, in which order: one less, or later, and nobody comes. */
const CALLED: Rule = { standing: 'weaken' };

/** Who is called when something happens, and what is then done by itself. */
export const INCIDENTS: Service = {
  'AWS::SSMContacts::Contact': {
    page: 'aws-resource-ssmcontacts-contact',
    new: 'create',
    gone: 'weaken',
    properties: { Alias: 'replaces', DisplayName: 'modify', Plan: CALLED, Tags: 'tags', Type: 'replaces' },
  },
  'AWS::SSMContacts::ContactChannel': {
    page: 'aws-resource-ssmcontacts-contactchannel',
    new: 'create',
    gone: 'weaken',
    properties: {
      ChannelAddress: CALLED,
      ChannelName: 'modify',
      ChannelType: 'replaces',
      ContactId: ['replaces', 'acts'],
      DeferActivation: { standing: 'endangers' },
    },
  },
  'AWS::SSMContacts::Plan': {
    page: 'aws-resource-ssmcontacts-plan',
    // In the place of the one that a contact has.
    new: { among: ['ContactId'], otherwise: 'weaken' },
    gone: 'weaken',
    properties: { ContactId: ['replaces', 'acts'], RotationIds: CALLED, Stages: CALLED },
  },
  'AWS::SSMContacts::Rotation': {
    page: 'aws-resource-ssmcontacts-rotation',
    new: 'create',
    gone: 'weaken',
    properties: {
      ContactIds: CALLED,
      Name: 'modify',
      Recurrence: CALLED,
      StartTime: CALLED,
      Tags: 'tags',
      TimeZoneId: CALLED,
    },
  },
  // Without it incidents are kept nowhere.
  'AWS::SSMIncidents::ReplicationSet': {
    page: 'aws-resource-ssmincidents-replicationset',
    new: 'create',
    wide: 'account',
    holds: 'data',
    properties: {
      DeletionProtected: 'protects',
      Regions: {
        by: 'RegionName',
        added: 'modify',
        lost: 'delete',
        reordered: 'modify',
        each: { members: { RegionConfiguration: ['uses', { settled: 'weaken' }], RegionName: 'modify' } },
      },
      Tags: 'tags',
    },
  },
  'AWS::SSMIncidents::ResponsePlan': {
    page: 'aws-resource-ssmincidents-responseplan',
    new: 'create',
    gone: 'weaken',
    properties: {
      // Documents that run then, and as whom.
      Actions: {
        each: {
          members: {
            SsmAutomation: {
              members: { RoleArn: 'acts-as', TargetAccount: { standing: 'expose' } },
              others: ['code', { standing: 'disrupt' }],
            },
          },
        },
        by: '#',
        added: 'disrupt',
        lost: 'weaken',
      },
      ChatChannel: ['notifies', { settled: 'weaken' }],
      DisplayName: 'modify',
      Engagements: ['uses', { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' }],
      IncidentTemplate: {
        members: {
          // Later ones of the same word open no incident of their own.
          DedupeString: { standing: 'weaken' },
          Impact: { standing: 'weaken' },
          IncidentTags: 'tags',
          NotificationTargets: ['notifies', { settled: 'weaken' }],
          Summary: 'modify',
          Title: 'modify',
        },
      },
      Integrations: ['may-act', { settled: 'weaken' }],
      Name: 'replaces',
      Tags: 'tags',
    },
  },
};
