import type { Rule, Service } from './language.ts';

/** In either spelling: https://docs.aws.amazon.com/apprunner/latest/api/API_InstanceConfiguration.html */
const CPU: Rule = {
  order: ['0.25 vCPU', '256', '0.5 vCPU', '512', '1 vCPU', '1024', '2 vCPU', '2048', '4 vCPU', '4096'],
  less: 'disrupt',
  absent: '1 vCPU',
};
const MEMORY: Rule = {
  order: [
    ...['0.5 GB', '512', '1 GB', '1024', '2 GB', '2048', '3 GB', '3072', '4 GB', '4096'],
    ...['6 GB', '6144', '8 GB', '8192', '10 GB', '10240', '12 GB', '12288'],
  ],
  less: 'disrupt',
  absent: '2 GB',
};

export const APP_RUNNER: Service = {
  'AWS::AppRunner::AutoScalingConfiguration': {
    page: 'aws-resource-apprunner-autoscalingconfiguration',
    new: 'create',
    revision: { of: 'AutoScalingConfigurationName' },
    joins: { by: 'AutoScalingConfigurationName', arn: 'apprunner:R:A:autoscalingconfiguration/' },
    properties: {
      AutoScalingConfigurationName: 'replaces',
      MaxConcurrency: 'replaces',
      MaxSize: ['replaces', { number: 'capacity', absent: 25 }],
      MinSize: ['replaces', { number: 'capacity', absent: 1 }],
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::AppRunner::ObservabilityConfiguration': {
    page: 'aws-resource-apprunner-observabilityconfiguration',
    new: 'create',
    revision: { of: 'ObservabilityConfigurationName' },
    joins: { by: 'ObservabilityConfigurationName', arn: 'apprunner:R:A:observabilityconfiguration/' },
    properties: {
      ObservabilityConfigurationName: 'replaces',
      Tags: ['replaces', 'tags'],
      TraceConfiguration: ['replaces', { settled: 'weaken' }],
    },
  },
  'AWS::AppRunner::Service': {
    page: 'aws-resource-apprunner-service',
    // On the internet, unless its network configuration says otherwise.
    new: 'create',
    properties: {
      AutoScalingConfigurationArn: 'disrupt',
      EncryptionConfiguration: 'replaces',
      HealthCheckConfiguration: 'disrupt',
      InstanceConfiguration: { members: { Cpu: CPU, InstanceRoleArn: 'acts-as', Memory: MEMORY } },
      NetworkConfiguration: {
        members: {
          EgressConfiguration: 'disrupt',
          IngressConfiguration: { members: { IsPubliclyAccessible: 'opens-by-default' } },
          IpAddressType: 'disrupt',
        },
      },
      ObservabilityConfiguration: {
        members: { ObservabilityConfigurationArn: { settled: 'weaken' }, ObservabilityEnabled: 'protects' },
      },
      ServiceName: 'replaces',
      SourceConfiguration: {
        members: {
          AuthenticationConfiguration: { members: { AccessRoleArn: 'acts-as', ConnectionArn: 'uses' } },
          // On, whatever is pushed runs without a look.
          AutoDeploymentsEnabled: { standing: { values: { true: 'weaken' }, otherwise: 'disrupt' } },
          CodeRepository: 'code',
          ImageRepository: {
            members: { ImageConfiguration: 'code', ImageIdentifier: 'code', ImageRepositoryType: 'code' },
          },
        },
      },
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::AppRunner::VpcConnector': {
    page: 'aws-resource-apprunner-vpcconnector',
    new: 'create',
    properties: {
      SecurityGroups: ['replaces', 'acts-as'],
      Subnets: 'replaces',
      Tags: ['replaces', 'tags'],
      VpcConnectorName: 'replaces',
    },
  },
  'AWS::AppRunner::VpcIngressConnection': {
    page: 'aws-resource-apprunner-vpcingressconnection',
    new: 'create',
    properties: {
      IngressVpcConfiguration: 'disrupt',
      ServiceArn: ['replaces', 'acts'],
      Tags: ['replaces', 'tags'],
      VpcIngressConnectionName: 'replaces',
    },
  },
};
