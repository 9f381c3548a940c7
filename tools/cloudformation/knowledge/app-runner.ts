import type { Service } from './language.ts';

export const APP_RUNNER: Service = {
  'AWS::AppRunner::AutoScalingConfiguration': {
    page: 'aws-resource-apprunner-autoscalingconfiguration',
    new: 'create',
    revision: true,
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
    revision: true,
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
      InstanceConfiguration: { members: { Cpu: 'modify', InstanceRoleArn: 'acts-as', Memory: 'modify' } },
      NetworkConfiguration: {
        members: {
          EgressConfiguration: 'disrupt',
          IngressConfiguration: { members: { IsPubliclyAccessible: 'opens-by-default' } },
          IpAddressType: 'disrupt',
        },
      },
      ObservabilityConfiguration: {
        members: { ObservabilityConfigurationArn: 'modify', ObservabilityEnabled: 'protects' },
      },
      ServiceName: 'replaces',
      SourceConfiguration: {
        members: {
          AuthenticationConfiguration: { members: { AccessRoleArn: 'acts-as', ConnectionArn: 'uses' } },
          AutoDeploymentsEnabled: 'modify',
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
