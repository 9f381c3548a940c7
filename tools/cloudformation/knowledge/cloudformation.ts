import type { Rules, Service } from './language.ts';

/** A hook holds up whatever its account deploys: which, when and what follows say how much of it. */
const HOOK: Readonly<Record<string, Rules>> = {
  Alias: 'replaces',
  // It refuses where it only told; or it only tells.
  FailureMode: { standing: { values: { WARN: 'weaken' }, otherwise: 'disrupt' } },
  HookStatus: { standing: { values: { DISABLED: 'weaken' }, otherwise: 'disrupt', absent: 'DISABLED' } },
  StackFilters: 'weaken',
  TargetFilters: 'weaken',
  TargetOperations: { each: 'modify', added: 'disrupt', lost: 'weaken', reordered: 'modify' },
};

/**
 * What CloudFormation makes of templates, code and other stacks. What these types do isn't in a change set; only nested
 * stacks have lines of their own.
 */
export const CLOUDFORMATION: Service = {
  'AWS::CDK::Metadata': {
    // CDK writes down which of its versions made the template: https://docs.aws.amazon.com/cdk/v2/guide/usage-data.html
    page: 'aws-resource-cdk-metadata',
    new: 'create',
    gone: 'modify',
    properties: { Analytics: 'modify' },
  },
  'AWS::CloudFormation::CustomResource': {
    page: 'aws-resource-cloudformation-customresource',
    new: 'disrupt',
    properties: {
      ServiceTimeout: 'modify',
      ServiceToken: ['replaces', 'acts'],
    },
  },
  'AWS::CloudFormation::GuardHook': {
    page: 'aws-resource-cloudformation-guardhook',
    new: 'disrupt',
    gone: 'weaken',
    wide: 'account',
    properties: {
      ...HOOK,
      ExecutionRole: ['replaces', 'acts-as'],
      LogBucket: ['acts', 'writes-to', { settled: 'weaken' }],
      Options: 'weaken',
      RuleLocation: ['code', 'weaken'],
    },
  },
  'AWS::CloudFormation::HookTypeConfig': {
    page: 'aws-resource-cloudformation-hooktypeconfig',
    // Its configuration says whether a hook refuses, only tells, or does nothing.
    new: 'weaken',
    gone: 'weaken',
    wide: 'account',
    properties: {
      Configuration: 'weaken',
      ConfigurationAlias: 'replaces',
      TypeArn: ['acts', 'weaken'],
      TypeName: ['acts', 'weaken'],
    },
  },
  'AWS::CloudFormation::LambdaHook': {
    page: 'aws-resource-cloudformation-lambdahook',
    new: 'disrupt',
    gone: 'weaken',
    wide: 'account',
    properties: { ...HOOK, ExecutionRole: 'acts-as', LambdaFunction: ['acts', 'code', 'weaken'] },
  },
  'AWS::CloudFormation::Macro': {
    page: 'aws-resource-cloudformation-macro',
    new: 'create',
    properties: {
      Description: 'modify',
      // What it makes of the templates of others.
      FunctionName: ['acts', 'disrupt'],
      LogGroupName: ['writes-to', { settled: 'weaken' }],
      LogRoleARN: 'acts-as',
      Name: 'replaces',
    },
  },
  'AWS::CloudFormation::Stack': {
    page: 'aws-resource-cloudformation-stack',
    new: 'create',
    holds: 'data',
    // What it would change is in lines of its own.
    properties: {
      NotificationARNs: 'acts',
      Parameters: 'modify',
      Tags: 'tags',
      TemplateURL: 'code',
      TimeoutInMinutes: 'modify',
    },
  },
  'AWS::CloudFormation::StackSet': {
    page: 'aws-resource-cloudformation-stackset',
    new: 'expose',
    wide: 'organization',
    properties: {
      AdministrationRoleARN: 'acts-as',
      AutoDeployment: {
        members: { DependsOn: 'modify', Enabled: 'delete', RetainStacksOnAccountRemoval: 'protects' },
      },
      CallAs: 'expose',
      Capabilities: { each: 'modify', added: 'expose', lost: 'modify', reordered: 'modify' },
      Description: 'modify',
      ExecutionRoleName: 'acts-as',
      ManagedExecution: 'modify',
      OperationPreferences: { settled: 'weaken' },
      // What a change does in its stacks isn't seen here.
      Parameters: 'delete',
      PermissionModel: 'replaces',
      StackInstancesGroup: 'delete',
      StackSetName: 'replaces',
      Tags: 'tags',
      TemplateBody: 'delete',
      TemplateURL: 'delete',
    },
  },
  'AWS::CloudFormation::WaitCondition': {
    page: 'aws-resource-cloudformation-waitcondition',
    new: 'create',
    gone: 'modify',
    properties: { Count: 'modify', Handle: 'uses', Timeout: 'modify' },
  },
  'AWS::CloudFormation::WaitConditionHandle': {
    page: 'aws-resource-cloudformation-waitconditionhandle',
    new: 'create',
    gone: 'modify',
    properties: {},
  },
};
