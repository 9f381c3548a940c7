import type { Service } from './language.ts';

/** What is broken on purpose, once it is started. */
export const FIS: Service = {
  'AWS::FIS::ExperimentTemplate': {
    page: 'aws-resource-fis-experimenttemplate',
    new: 'create',
    gone: 'modify',
    properties: {
      // Instances are stopped and ended, networks cut off.
      Actions: ['may-act', { standing: 'disrupt' }],
      Description: 'modify',
      ExperimentOptions: { members: { AccountTargeting: 'replaces', EmptyTargetResolutionMode: 'modify' } },
      ExperimentReportConfiguration: 'modify',
      LogConfiguration: { settled: 'weaken' },
      RoleArn: 'acts-as',
      // What ends it before it breaks more: one less, another or none.
      StopConditions: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      Tags: 'replaces',
      // By ARNs, or by tags and filters, which may be anyone's.
      Targets: {
        added: 'modify',
        lost: 'modify',
        keys: [
          { standing: 'disrupt' },
          {
            members: {
              Filters: 'modify',
              Parameters: 'modify',
              ResourceArns: 'acts',
              ResourceTags: 'modify',
              ResourceType: 'modify',
              // How many are broken at once.
              SelectionMode: { settled: 'weaken' },
            },
          },
        ],
      },
    },
  },
  'AWS::FIS::TargetAccountConfiguration': {
    page: 'aws-resource-fis-targetaccountconfiguration',
    // Another account's things are broken, too.
    new: 'disrupt',
    gone: 'modify',
    properties: {
      AccountId: ['replaces', 'acts'],
      Description: 'modify',
      ExperimentTemplateId: ['replaces', 'acts'],
      RoleArn: 'acts-as',
    },
  },
};
