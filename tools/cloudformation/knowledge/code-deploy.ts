import type { Rule, Service } from './language.ts';

/** Machines by their tags. */
const BY_TAG: Rule = {
  each: { members: { Key: 'modify', Type: 'modify', Value: 'acts' } },
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
};
const NAMED: Rule = { each: { members: { Name: 'acts' } }, added: 'modify', lost: 'disrupt', reordered: 'modify' };
const ROUTE: Rule = { members: { ListenerArns: 'acts' } };

export const CODE_DEPLOY: Service = {
  'AWS::CodeDeploy::Application': {
    page: 'aws-resource-codedeploy-application',
    new: 'create',
    properties: { ApplicationName: 'replaces', ComputePlatform: 'replaces', Tags: 'tags' },
  },
  'AWS::CodeDeploy::DeploymentConfig': {
    page: 'aws-resource-codedeploy-deploymentconfig',
    new: 'create',
    properties: {
      ComputePlatform: 'replaces',
      DeploymentConfigName: 'replaces',
      MinimumHealthyHosts: 'replaces',
      TrafficRoutingConfig: 'replaces',
      ZonalConfig: 'replaces',
    },
  },
  'AWS::CodeDeploy::DeploymentGroup': {
    page: 'aws-resource-codedeploy-deploymentgroup',
    new: 'create',
    properties: {
      // What stops a bad deployment, and takes it back.
      AlarmConfiguration: {
        members: {
          Alarms: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
          Enabled: 'protects',
          IgnorePollAlarmFailure: 'endangers',
        },
      },
      ApplicationName: ['replaces', 'acts'],
      AutoRollbackConfiguration: {
        members: {
          Enabled: 'protects',
          Events: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
        },
      },
      AutoScalingGroups: 'acts',
      BlueGreenDeploymentConfiguration: { settled: 'weaken' },
      // It is carried out at once, on all that the group has.
      Deployment: {
        members: {
          Description: 'modify',
          IgnoreApplicationStopFailures: { standing: 'endangers' },
          Revision: ['code', { standing: 'disrupt' }],
        },
      },
      DeploymentConfigName: { settled: 'weaken' },
      DeploymentGroupName: 'replaces',
      DeploymentStyle: { settled: 'weaken' },
      ECSServices: {
        each: { members: { ClusterName: 'acts', ServiceName: 'acts' } },
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
      Ec2TagFilters: BY_TAG,
      Ec2TagSet: {
        members: {
          Ec2TagSetList: {
            each: { members: { Ec2TagGroup: BY_TAG } },
            added: 'modify',
            lost: 'disrupt',
            reordered: 'modify',
          },
        },
      },
      LoadBalancerInfo: {
        members: {
          ElbInfoList: NAMED,
          TargetGroupInfoList: NAMED,
          TargetGroupPairInfoList: {
            each: { members: { ProdTrafficRoute: ROUTE, TargetGroups: NAMED, TestTrafficRoute: ROUTE } },
            by: '#',
            added: 'modify',
            lost: 'disrupt',
          },
        },
      },
      OnPremisesInstanceTagFilters: BY_TAG,
      OnPremisesTagSet: {
        members: {
          OnPremisesTagSetList: {
            each: { members: { OnPremisesTagGroup: BY_TAG } },
            added: 'modify',
            lost: 'disrupt',
            reordered: 'modify',
          },
        },
      },
      OutdatedInstancesStrategy: { order: ['IGNORE', 'UPDATE'], less: 'disrupt', absent: 'UPDATE' },
      ServiceRoleArn: 'acts-as',
      Tags: 'tags',
      TerminationHookEnabled: 'protects',
      TriggerConfigurations: {
        each: { members: { TriggerEvents: { settled: 'disrupt' }, TriggerName: 'modify', TriggerTargetArn: 'acts' } },
        by: 'TriggerName',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
    },
  },
};
