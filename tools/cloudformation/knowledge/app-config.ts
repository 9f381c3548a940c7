import type { Rule, Service } from './language.ts';
import { KEY } from './shared.ts';

const DELETION_CHECK: Rule = {
  order: ['BYPASS', 'ACCOUNT_DEFAULT', 'APPLY'],
  less: 'weaken',
  absent: 'ACCOUNT_DEFAULT',
};

export const APP_CONFIG: Service = {
  'AWS::AppConfig::Application': {
    page: 'aws-resource-appconfig-application',
    new: 'create',
    properties: { Description: 'modify', Name: 'modify', Tags: 'tags' },
  },
  'AWS::AppConfig::ConfigurationProfile': {
    page: 'aws-resource-appconfig-configurationprofile',
    new: 'create',
    properties: {
      ApplicationId: ['replaces', 'acts'],
      DeletionProtectionCheck: DELETION_CHECK,
      Description: 'modify',
      KmsKeyIdentifier: KEY,
      LocationUri: 'replaces',
      Name: 'modify',
      RetrievalRoleArn: 'acts-as',
      Tags: 'tags',
      Type: 'replaces',
      // What refuses a bad configuration.
      Validators: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
    },
  },
  'AWS::AppConfig::Deployment': {
    page: 'aws-resource-appconfig-deployment',
    // Those who read the environment get the configuration.
    new: 'create',
    revision: true,
    properties: {
      ApplicationId: ['replaces', 'acts'],
      ConfigurationProfileId: ['replaces', 'acts'],
      ConfigurationVersion: 'replaces',
      DeploymentStrategyId: 'replaces',
      Description: 'replaces',
      DynamicExtensionParameters: 'replaces',
      EnvironmentId: ['replaces', 'acts'],
      KmsKeyIdentifier: 'replaces',
      Tags: 'replaces',
    },
  },
  'AWS::AppConfig::DeploymentStrategy': {
    page: 'aws-resource-appconfig-deploymentstrategy',
    new: 'create',
    properties: {
      // Time in which alarms can stop a deployment before it is everywhere.
      DeploymentDurationInMinutes: 'retains',
      Description: 'modify',
      FinalBakeTimeInMinutes: 'retains',
      // A fault is noticed only after more targets have it.
      GrowthFactor: 'delays',
      GrowthType: 'weaken',
      Name: 'replaces',
      ReplicateTo: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::AppConfig::Environment': {
    page: 'aws-resource-appconfig-environment',
    new: 'create',
    properties: {
      ApplicationId: ['replaces', 'acts'],
      DeletionProtectionCheck: DELETION_CHECK,
      Description: 'modify',
      // Alarms that roll a deployment back.
      Monitors: {
        each: { members: { AlarmArn: 'uses', AlarmRoleArn: 'acts-as' } },
        by: 'AlarmArn',
        added: 'modify',
        lost: 'weaken',
        reordered: 'modify',
      },
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::AppConfig::Extension': {
    page: 'aws-resource-appconfig-extension',
    new: 'create',
    properties: {
      Actions: {
        keys: {
          each: { members: { Description: 'modify', Name: 'modify', RoleArn: 'acts-as', Uri: 'acts' } },
          added: 'modify',
          lost: 'disrupt',
          reordered: 'modify',
        },
        added: 'modify',
        lost: 'disrupt',
      },
      Description: 'modify',
      LatestVersionNumber: 'modify',
      Name: 'replaces',
      Parameters: 'modify',
      Tags: 'replaces',
    },
  },
  'AWS::AppConfig::ExtensionAssociation': {
    page: 'aws-resource-appconfig-extensionassociation',
    new: 'create',
    properties: {
      ExtensionIdentifier: ['replaces', 'uses'],
      ExtensionVersionNumber: 'replaces',
      Parameters: 'modify',
      ResourceIdentifier: ['replaces', 'acts'],
      Tags: 'replaces',
    },
  },
  'AWS::AppConfig::HostedConfigurationVersion': {
    page: 'aws-resource-appconfig-hostedconfigurationversion',
    new: 'create',
    revision: { of: 'ConfigurationProfileId' },
    properties: {
      ApplicationId: ['replaces', 'acts'],
      ConfigurationProfileId: ['replaces', 'acts'],
      Content: 'replaces',
      ContentType: 'replaces',
      Description: 'replaces',
      LatestVersionNumber: 'replaces',
      VersionLabel: 'replaces',
    },
  },
};
