import type { Rule, Service } from './language.ts';
import { MODEL_PACKAGES } from './sage-maker/model-packages.ts';
import { STUDIO } from './sage-maker/studio.ts';

/** AWS stops the notebook to change it, and starts it again. */
const STOPPED: Rule = 'disrupt';

/** A registry's name, an image, the model's files. */
const CONTAINER: readonly Rule[] = ['replaces', 'code'];

/** An identity in the network as well. */
const NETWORK: readonly Rule[] = ['replaces', { members: { SecurityGroupIds: 'acts-as', Subnets: 'uses' } }];

export const SAGE_MAKER: Service = {
  ...MODEL_PACKAGES,
  ...STUDIO,
  'AWS::SageMaker::CodeRepository': {
    page: 'aws-resource-sagemaker-coderepository',
    new: 'create',
    gone: 'disrupt',
    properties: {
      CodeRepositoryName: 'replaces',
      GitConfig: {
        members: { Branch: 'code', RepositoryUrl: 'code', SecretArn: ['acts-as', { settled: 'disrupt' }] },
      },
      Tags: 'tags',
    },
  },
  'AWS::SageMaker::Endpoint': {
    page: 'aws-resource-sagemaker-endpoint',
    new: 'create',
    gone: 'disrupt',
    properties: {
      DeploymentConfig: {
        members: {
          AutoRollbackConfiguration: {
            // What stops a bad deployment.
            members: { Alarms: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' } },
          },
          BlueGreenUpdatePolicy: { settled: 'weaken' },
          RollingUpdatePolicy: { settled: 'weaken' },
        },
      },
      // Other models, with the roles that they have, on another number of other instances.
      EndpointConfigName: ['acts-as', 'code', { standing: 'disrupt' }],
      EndpointName: 'replaces',
      ExcludeRetainedVariantProperties: { standing: 'disrupt' },
      // Off, the number of instances that scaling found is set back.
      RetainAllVariantProperties: 'runs',
      RetainDeploymentConfig: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::SageMaker::EndpointConfig': {
    page: 'aws-resource-sagemaker-endpointconfig',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AsyncInferenceConfig: ['replaces', 'uses'],
      DataCaptureConfig: ['replaces', 'uses'],
      EnableNetworkIsolation: 'replaces',
      EndpointConfigName: 'replaces',
      ExecutionRoleArn: ['replaces', 'acts-as'],
      ExplainerConfig: 'replaces',
      KmsKeyId: ['replaces', 'uses'],
      MetricsConfig: 'replaces',
      ProductionVariants: ['replaces', 'code'],
      ShadowProductionVariants: ['replaces', 'code'],
      Tags: 'tags',
      VpcConfig: NETWORK,
    },
  },
  'AWS::SageMaker::Model': {
    page: 'aws-resource-sagemaker-model',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Containers: CONTAINER,
      EnableNetworkIsolation: 'replaces',
      ExecutionRoleArn: ['replaces', 'acts-as'],
      InferenceExecutionConfig: 'replaces',
      ModelName: 'replaces',
      PrimaryContainer: CONTAINER,
      Tags: 'tags',
      VpcConfig: NETWORK,
    },
  },
  'AWS::SageMaker::NotebookInstance': {
    page: 'aws-resource-sagemaker-notebookinstance',
    new: 'create',
    holds: 'data',
    properties: {
      AcceleratorTypes: STOPPED,
      AdditionalCodeRepositories: ['uses', STOPPED],
      DefaultCodeRepository: ['uses', STOPPED],
      DirectInternetAccess: [
        'replaces',
        { standing: { values: { Disabled: 'disrupt' }, otherwise: 'expose', absent: 'Enabled' } },
      ],
      InstanceMetadataServiceConfiguration: {
        members: { MinimumInstanceMetadataServiceVersion: [STOPPED, { order: ['1', '2'], less: 'weaken' }] },
      },
      InstanceType: STOPPED,
      KmsKeyId: ['replaces', 'uses'],
      LifecycleConfigName: ['uses', 'code', STOPPED],
      NotebookInstanceName: 'replaces',
      PlatformIdentifier: 'replaces',
      RoleArn: ['acts-as', STOPPED],
      // On, those who use the notebook have the whole machine, and what its role may.
      RootAccess: [STOPPED, { standing: { values: { Disabled: 'modify' }, otherwise: 'expose', absent: 'Enabled' } }],
      SecurityGroupIds: ['replaces', 'acts-as'],
      SubnetId: ['replaces', 'uses'],
      Tags: 'tags',
      VolumeSizeInGB: STOPPED,
    },
  },
  'AWS::SageMaker::NotebookInstanceLifecycleConfig': {
    page: 'aws-resource-sagemaker-notebookinstancelifecycleconfig',
    new: 'create',
    gone: 'disrupt',
    properties: {
      NotebookInstanceLifecycleConfigName: 'replaces',
      // Run as root on the notebooks that name it, which may be anyone's, and as whom they run.
      OnCreate: ['code', { standing: 'expose' }],
      OnStart: ['code', { standing: 'expose' }],
      Tags: 'tags',
    },
  },
  'AWS::SageMaker::Pipeline': {
    page: 'aws-resource-sagemaker-pipeline',
    new: 'create',
    properties: {
      ParallelismConfiguration: { members: { MaxParallelExecutionSteps: 'throttles' } },
      PipelineDefinition: 'code',
      PipelineDescription: 'modify',
      PipelineDisplayName: 'modify',
      PipelineName: 'replaces',
      RoleArn: 'acts-as',
      Tags: 'tags',
    },
  },
};
