import type { Rule, Service } from './language.ts';

/** Instances are ended for others, or the environment is made again: options name types, images, networks and roles. */
const ROLLS: Rule = 'replace';

/** Versions are deleted as others come; what they are made of too, where it says so. */
const LIFECYCLE: Rule = { values: { false: 'modify' }, otherwise: 'delete', absent: 'false' };

export const ELASTIC_BEANSTALK: Service = {
  'AWS::ElasticBeanstalk::Application': {
    page: 'aws-resource-elasticbeanstalk-application',
    new: 'create',
    properties: {
      ApplicationName: 'replaces',
      Description: 'modify',
      ResourceLifecycleConfig: {
        members: {
          ServiceRole: 'acts-as',
          VersionLifecycleConfig: {
            members: {
              MaxAgeRule: {
                members: { DeleteSourceFromS3: 'endangers', Enabled: LIFECYCLE, MaxAgeInDays: 'expires' },
              },
              MaxCountRule: { members: { DeleteSourceFromS3: 'endangers', Enabled: LIFECYCLE, MaxCount: 'expires' } },
            },
          },
        },
      },
    },
  },
  'AWS::ElasticBeanstalk::ApplicationVersion': {
    page: 'aws-resource-elasticbeanstalk-applicationversion',
    new: 'create',
    revision: { of: 'ApplicationName' },
    properties: {
      ApplicationName: ['replaces', 'acts'],
      BuildConfiguration: ['replaces', 'code'],
      Description: 'modify',
      ImageConfiguration: ['replaces', 'code'],
      Process: 'replaces',
      SourceBundle: ['replaces', 'code'],
    },
  },
  // Environments take it when they are made, or told to.
  'AWS::ElasticBeanstalk::ConfigurationTemplate': {
    page: 'aws-resource-elasticbeanstalk-configurationtemplate',
    new: 'create',
    properties: {
      ApplicationName: ['replaces', 'acts'],
      Description: 'modify',
      EnvironmentId: 'replaces',
      OptionSettings: 'modify',
      PlatformArn: 'replaces',
      SolutionStackName: 'replaces',
      SourceConfiguration: 'replaces',
    },
  },
  'AWS::ElasticBeanstalk::Environment': {
    page: 'aws-resource-elasticbeanstalk-environment',
    // A web application on the internet, under a role that stands in its options.
    new: 'expose',
    properties: {
      ApplicationName: ['replaces', 'acts'],
      CNAMEPrefix: 'replaces',
      Description: 'modify',
      EnvironmentName: 'replaces',
      OperationsRole: 'acts-as',
      OptionSettings: ROLLS,
      PlatformArn: ROLLS,
      SolutionStackName: 'replaces',
      Tags: 'tags',
      TemplateName: ROLLS,
      Tier: ROLLS,
      // All instances at once, unless its options say otherwise.
      VersionLabel: ['code', 'disrupt'],
    },
  },
};
