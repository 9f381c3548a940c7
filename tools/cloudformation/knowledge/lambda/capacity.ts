import type { Service } from '../language.ts';

/** Machines of one's own for functions, and MicroVMs. */
export const CAPACITY: Service = {
  'AWS::Lambda::CapacityProvider': {
    page: 'aws-resource-lambda-capacityprovider',
    new: 'create',
    properties: {
      CapacityProviderName: 'replaces',
      CapacityProviderScalingConfig: {
        members: { MaxVCpuCount: 'capacity', ScalingMode: 'disrupt', ScalingPolicies: 'modify' },
      },
      InstanceRequirements: 'replaces',
      KmsKeyArn: 'replaces',
      PermissionsConfig: ['replaces', { members: { CapacityProviderOperatorRoleArn: 'acts-as' } }],
      PropagateTags: 'weaken',
      Tags: 'tags',
      TelemetryConfig: { settled: 'weaken' },
      VpcConfig: ['replaces', { members: { SecurityGroupIds: 'acts-as', SubnetIds: 'uses' } }],
    },
  },
  'AWS::Lambda::MicrovmImage': {
    page: 'aws-resource-lambda-microvmimage',
    new: 'create',
    properties: {
      AdditionalOsCapabilities: { each: 'modify', added: 'weaken', lost: 'disrupt', reordered: 'modify' },
      BaseImageArn: 'code',
      BaseImageVersion: 'code',
      BuildRoleArn: 'acts-as',
      CodeArtifact: 'code',
      CpuConfigurations: 'modify',
      Description: 'modify',
      EgressNetworkConnectors: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      EnvironmentVariables: {
        unless_changed: ['CodeArtifact', 'BaseImageVersion'],
        otherwise: { keys: 'modify', added: 'modify', lost: 'disrupt' },
      },
      Hooks: 'code',
      Logging: { members: { CloudWatch: ['uses', 'writes-to', { settled: 'weaken' }], Disabled: 'endangers' } },
      Name: 'replaces',
      Resources: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::Lambda::NetworkConnector': {
    page: 'aws-resource-lambda-networkconnector',
    new: 'create',
    properties: {
      Configuration: {
        members: {
          VpcEgressConfiguration: {
            members: {
              AssociatedComputeResourceTypes: 'modify',
              NetworkProtocol: 'disrupt',
              SecurityGroupIds: ['acts-as', 'disrupt'],
              SubnetIds: ['uses', 'disrupt'],
            },
          },
        },
      },
      Name: 'replaces',
      OperatorRole: 'acts-as',
      Tags: 'tags',
    },
  },
};
