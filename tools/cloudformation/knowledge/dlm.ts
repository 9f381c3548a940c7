import type { Rule, Service } from './language.ts';

/** How many copies, or for how long: all others are deleted at its next run. */
const RETAINED: Rule = {
  members: { Count: 'expires', Interval: 'expires', IntervalUnit: { settled: 'delete' } },
};

const COPIES: Rule = {
  ...{ by: '#', added: 'modify', lost: 'modify' },
  each: { members: { RetainRule: RETAINED }, others: 'modify' },
};

export const DLM: Service = {
  'AWS::DLM::LifecyclePolicy': {
    page: 'aws-resource-dlm-lifecyclepolicy',
    // Copies of all disks that have its tags, and deletes them as they age.
    new: 'disrupt',
    wide: 'account',
    properties: {
      CopyTags: 'protects',
      CreateInterval: { number: 'delays', absent: 1 },
      CrossRegionCopyTargets: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      DefaultPolicy: 'weaken',
      Description: 'modify',
      // Which disks are left out.
      Exclusions: 'weaken',
      ExecutionRoleArn: 'acts-as',
      // On, the last copy goes too once the disk is gone.
      ExtendDeletion: 'endangers',
      PolicyDetails: [
        'weaken',
        {
          members: {
            Schedules: {
              ...{ by: '#', added: 'modify', lost: 'modify' },
              each: { members: { CrossRegionCopyRules: COPIES, RetainRule: RETAINED }, others: 'modify' },
            },
            TargetTags: {
              each: { members: { Key: 'modify', Value: 'acts' } },
              added: 'modify',
              lost: 'weaken',
              reordered: 'modify',
            },
          },
          others: 'modify',
        },
      ],
      RetainInterval: { number: 'expires', absent: 7 },
      State: { order: ['DISABLED', 'ENABLED'], less: 'weaken' },
      Tags: 'tags',
    },
  },
};
