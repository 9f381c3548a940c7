import type { Rule } from './language.ts';

/**
 * How a resource is updated: what stands beside its properties, whatever its type. What isn't here nobody has judged.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
 */
export const UPDATE_POLICY: Rule = {
  members: {
    // The group itself is made again, and the old one goes once the new one runs.
    AutoScalingReplacingUpdate: { members: { WillReplace: { values: {}, otherwise: 'disrupt', absent: 'false' } } },
    AutoScalingRollingUpdate: {
      members: {
        MaxBatchSize: { number: 'waits', absent: 1 },
        MinActiveInstancesPercent: { number: 'capacity', absent: 100 },
        MinInstancesInService: { number: 'capacity', absent: 0 },
        MinSuccessfulInstancesPercent: { number: 'retains', absent: 100 },
        PauseTime: { settled: 'weaken' },
        SuspendProcesses: { each: 'modify', added: 'weaken', lost: 'disrupt', reordered: 'modify' },
        WaitOnResourceSignals: 'protects',
      },
    },
    // Off, the sizes go back to what the template says, whatever a schedule has set.
    AutoScalingScheduledAction: {
      members: {
        IgnoreUnmodifiedGroupSizeProperties: { values: { true: 'modify' }, otherwise: 'disrupt', absent: 'false' },
      },
    },
    // What is checked before the traffic goes to another version, and how fast it goes there.
    CodeDeployLambdaAliasUpdate: {
      members: {
        AfterAllowTrafficHook: { settled: 'weaken' },
        ApplicationName: { settled: 'weaken' },
        BeforeAllowTrafficHook: { settled: 'weaken' },
        DeploymentGroupName: { settled: 'weaken' },
      },
    },
    EnableVersionUpgrade: 'protects',
    StopBeforeUpdate: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
    UseOnlineResharding: 'protects',
  },
};

/**
 * What its creation waits for; that a new one takes its place is creation, too.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html
 */
export const CREATION_POLICY: Rule = {
  members: {
    AutoScalingCreationPolicy: { members: { MinSuccessfulInstancesPercent: { number: 'retains', absent: 100 } } },
    ResourceSignal: { members: { Count: { number: 'retains', absent: 1 }, Timeout: { settled: 'weaken' } } },
    StartFleet: 'runs',
  },
};
