import type { Rule, Service } from './language.ts';

const KEPT: Rule = { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' };

export const APPLICATION_INSIGHTS: Service = {
  'AWS::ApplicationInsights::Application': {
    page: 'aws-resource-applicationinsights-application',
    new: 'create',
    gone: 'weaken',
    properties: {
      // The roles of the instances get policies of AWS's.
      AttachMissingPermission: { values: { false: 'modify' }, otherwise: 'expose', absent: 'false' },
      AutoConfigurationEnabled: 'protects',
      CWEMonitorEnabled: 'protects',
      ComponentMonitoringSettings: {
        by: '#',
        added: 'modify',
        lost: 'weaken',
        each: {
          members: {
            ComponentARN: 'acts',
            ComponentConfigurationMode: 'weaken',
            ComponentName: 'weaken',
            CustomComponentConfiguration: 'weaken',
            DefaultOverwriteComponentConfiguration: 'weaken',
            Tier: 'weaken',
          },
        },
      },
      CustomComponents: {
        by: 'ComponentName',
        added: 'modify',
        lost: 'weaken',
        reordered: 'modify',
        each: { members: { ComponentName: 'modify', ResourceList: ['acts', KEPT] } },
      },
      // By account: all that is in it.
      GroupingType: ['replaces', 'acts'],
      LogPatternSets: {
        each: { settled: 'weaken' },
        by: 'PatternSetName',
        added: 'modify',
        lost: 'weaken',
        reordered: 'modify',
      },
      OpsCenterEnabled: 'protects',
      OpsItemSNSTopicArn: ['acts', { settled: 'weaken' }],
      // What is in the group is set up to be watched.
      ResourceGroupName: ['replaces', 'acts'],
      SNSNotificationArn: ['acts', { settled: 'weaken' }],
      Tags: 'tags',
    },
  },
};
