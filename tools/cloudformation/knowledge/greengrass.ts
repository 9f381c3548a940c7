import type { Rule, Service } from './language.ts';

const CORES: Rule = {
  by: 'Id',
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
  each: { members: { CertificateArn: 'acts', Id: 'modify', SyncShadow: 'modify', ThingArn: 'acts' } },
};

/** The superuser of the device. */
const USER: Rule = { values: { 0: 'expose' }, otherwise: 'modify', absent: 'ggc_user' };

const EXECUTION: Rule = {
  members: {
    IsolationMode: {
      values: { GreengrassContainer: 'modify', NoContainer: 'expose' },
      otherwise: 'expose',
      absent: 'GreengrassContainer',
    },
    RunAs: { members: { Gid: USER, Uid: USER } },
  },
};

const FUNCTION: Rule = {
  members: {
    FunctionArn: ['uses', 'code'],
    FunctionConfiguration: {
      members: {
        EncodingType: 'disrupt',
        Environment: {
          members: {
            AccessSysfs: 'opens',
            Execution: EXECUTION,
            ResourceAccessPolicies: {
              each: 'expose',
              by: 'ResourceId',
              added: 'expose',
              lost: 'disrupt',
              reordered: 'modify',
            },
            Variables: 'modify',
          },
        },
        ExecArgs: 'code',
        Executable: 'code',
        MemorySize: ['limits', { ends: 'weaken' }],
        Pinned: 'modify',
        Timeout: ['limits', { ends: 'weaken' }],
      },
    },
    Id: 'modify',
  },
};

/** Devices that run functions where they stand. Nothing of it reaches a device before a deployment of the group. */
export const GREENGRASS: Service = {
  'AWS::Greengrass::CoreDefinition': {
    page: 'aws-resource-greengrass-coredefinition',
    new: 'create',
    properties: { InitialVersion: ['replaces', { members: { Cores: CORES } }], Name: 'modify', Tags: 'tags' },
  },
  'AWS::Greengrass::CoreDefinitionVersion': {
    page: 'aws-resource-greengrass-coredefinitionversion',
    new: 'create',
    revision: { of: 'CoreDefinitionId' },
    properties: { CoreDefinitionId: ['replaces', 'acts'], Cores: ['replaces', CORES] },
  },
  'AWS::Greengrass::FunctionDefinition': {
    page: 'aws-resource-greengrass-functiondefinition',
    new: 'create',
    properties: {
      InitialVersion: [
        'replaces',
        {
          members: {
            DefaultConfig: { members: { Execution: EXECUTION } },
            Functions: { each: FUNCTION, by: 'Id', added: 'modify', lost: 'disrupt', reordered: 'modify' },
          },
        },
      ],
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::Greengrass::Group': {
    page: 'aws-resource-greengrass-group',
    new: 'create',
    properties: {
      InitialVersion: [
        'replaces',
        {
          members: {
            ConnectorDefinitionVersionArn: 'uses',
            CoreDefinitionVersionArn: 'acts',
            DeviceDefinitionVersionArn: 'uses',
            FunctionDefinitionVersionArn: ['uses', 'code'],
            LoggerDefinitionVersionArn: 'uses',
            ResourceDefinitionVersionArn: 'uses',
            SubscriptionDefinitionVersionArn: 'uses',
          },
        },
      ],
      Name: 'modify',
      RoleArn: 'acts-as',
      Tags: 'tags',
    },
  },
  'AWS::Greengrass::SubscriptionDefinition': {
    page: 'aws-resource-greengrass-subscriptiondefinition',
    new: 'create',
    properties: {
      InitialVersion: [
        'replaces',
        {
          members: {
            Subscriptions: {
              by: 'Id',
              added: 'modify',
              lost: 'disrupt',
              reordered: 'modify',
              each: { members: { Id: 'modify', Source: 'uses', Subject: 'disrupt', Target: 'acts' } },
            },
          },
        },
      ],
      Name: 'modify',
      Tags: 'tags',
    },
  },
};
