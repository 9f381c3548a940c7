import type { Rule, Rules, Service } from './language.ts';
import { SECURITY_GROUPS } from './shared.ts';

const TESTS: Rule = {
  members: {
    ImageTestsEnabled: 'protects-by-default',
    TimeoutMinutes: [{ number: 'limits', absent: 720 }, { ends: 'weaken' }],
  },
};

const SCANS: Rule = { members: { EcrConfiguration: 'modify', ImageScanningEnabled: 'protects' } };

/** What images are made of; each number of it stays as it is. */
const MADE_OF: Readonly<Record<string, Rules>> = {
  Components: ['replaces', 'code'],
  ParentImage: ['replaces', 'code'],
};

export const IMAGE_BUILDER: Service = {
  'AWS::ImageBuilder::Component': {
    page: 'aws-resource-imagebuilder-component',
    new: 'create',
    revision: { of: 'Name' },
    joins: { by: 'Name', arn: 'imagebuilder:R:A:component/' },
    properties: {
      ChangeDescription: 'replaces',
      Data: ['replaces', 'code'],
      Description: 'replaces',
      KmsKeyId: 'replaces',
      Name: 'replaces',
      Platform: 'replaces',
      SupportedOsVersions: 'replaces',
      Tags: ['replaces', 'tags'],
      Uri: ['replaces', 'code'],
      Version: 'replaces',
    },
  },
  'AWS::ImageBuilder::ContainerRecipe': {
    page: 'aws-resource-imagebuilder-containerrecipe',
    new: 'create',
    revision: { of: 'Name' },
    joins: { by: 'Name', arn: 'imagebuilder:R:A:container-recipe/' },
    properties: {
      ...MADE_OF,
      Components: 'replaces',
      ContainerType: 'replaces',
      Description: 'replaces',
      DockerfileTemplateData: ['replaces', 'code'],
      DockerfileTemplateUri: ['replaces', 'code'],
      ImageOsVersionOverride: 'replaces',
      InstanceConfiguration: ['replaces', 'code'],
      KmsKeyId: 'replaces',
      Name: 'replaces',
      ParentImage: 'replaces',
      PlatformOverride: 'replaces',
      Tags: ['replaces', 'tags'],
      TargetRepository: ['replaces', { members: { RepositoryName: 'acts', Service: 'modify' } }],
      Version: 'replaces',
      WorkingDirectory: 'replaces',
    },
  },
  'AWS::ImageBuilder::DistributionConfiguration': {
    page: 'aws-resource-imagebuilder-distributionconfiguration',
    new: 'create',
    properties: {
      Description: 'modify',
      Distributions: {
        by: 'Region',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: {
          members: {
            AmiDistributionConfiguration: {
              members: {
                AmiTags: 'tags',
                Description: 'modify',
                KmsKeyId: ['uses', { settled: 'weaken' }],
                // Who may start from the images.
                LaunchPermissionConfiguration: 'expose',
                Name: 'modify',
                TargetAccountIds: { each: 'expose', added: 'expose', lost: 'disrupt', reordered: 'modify' },
              },
            },
            ContainerDistributionConfiguration: {
              members: {
                ContainerTags: 'modify',
                Description: 'modify',
                TargetRepository: { members: { RepositoryName: 'acts', Service: 'modify' } },
              },
            },
            FastLaunchConfigurations: 'modify',
            // The template's default becomes the new image.
            LaunchTemplateConfigurations: {
              by: 'LaunchTemplateId',
              added: 'disrupt',
              lost: 'disrupt',
              reordered: 'modify',
              each: { members: { AccountId: 'disrupt', LaunchTemplateId: 'acts', SetDefaultVersion: 'disrupt' } },
            },
            LicenseConfigurationArns: { settled: 'weaken' },
            Region: 'modify',
            SsmParameterConfigurations: {
              by: 'ParameterName',
              added: 'disrupt',
              lost: 'disrupt',
              reordered: 'modify',
              each: { members: { AmiAccountId: 'disrupt', DataType: 'modify', ParameterName: 'acts' } },
            },
          },
        },
      },
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::ImageBuilder::Image': {
    page: 'aws-resource-imagebuilder-image',
    new: 'create',
    holds: 'data',
    properties: {
      ContainerRecipeArn: ['replaces', 'code'],
      // Images and snapshots then go with it.
      DeletionSettings: { standing: 'weaken' },
      DistributionConfigurationArn: ['replaces', 'acts'],
      EnhancedImageMetadataEnabled: 'replaces',
      ExecutionRole: 'acts-as',
      ImagePipelineExecutionSettings: 'modify',
      ImageRecipeArn: ['replaces', 'code'],
      ImageScanningConfiguration: 'replaces',
      ImageTestsConfiguration: 'replaces',
      // It names the instance profile.
      InfrastructureConfigurationArn: ['replaces', 'acts-as'],
      LoggingConfiguration: { members: { LogGroupName: ['writes-to', { settled: 'weaken' }] } },
      Tags: ['replaces', 'tags'],
      Workflows: ['replaces', 'code'],
    },
  },
  'AWS::ImageBuilder::ImagePipeline': {
    page: 'aws-resource-imagebuilder-imagepipeline',
    new: 'create',
    properties: {
      ContainerRecipeArn: 'code',
      Description: 'modify',
      DistributionConfigurationArn: 'acts',
      EnhancedImageMetadataEnabled: 'protects-by-default',
      ExecutionRole: 'acts-as',
      ImageRecipeArn: 'code',
      ImageScanningConfiguration: SCANS,
      ImageTags: 'tags',
      ImageTestsConfiguration: TESTS,
      InfrastructureConfigurationArn: 'acts-as',
      LoggingConfiguration: {
        members: {
          ImageLogGroupName: ['writes-to', { settled: 'weaken' }],
          PipelineLogGroupName: ['writes-to', { settled: 'weaken' }],
        },
      },
      Name: 'replaces',
      Schedule: { settled: 'disrupt' },
      Status: 'runs-by-default',
      Tags: 'tags',
      Workflows: 'code',
    },
  },
  'AWS::ImageBuilder::ImageRecipe': {
    page: 'aws-resource-imagebuilder-imagerecipe',
    new: 'create',
    revision: { of: 'Name' },
    joins: { by: 'Name', arn: 'imagebuilder:R:A:image-recipe/' },
    properties: {
      ...MADE_OF,
      AdditionalInstanceConfiguration: ['replaces', 'code'],
      AmiTags: 'replaces',
      AmiWatermarks: 'replaces',
      BlockDeviceMappings: 'replaces',
      Components: 'replaces',
      Description: 'replaces',
      Name: 'replaces',
      ParentImage: 'replaces',
      Tags: ['replaces', 'tags'],
      Version: 'replaces',
      WorkingDirectory: 'replaces',
    },
  },
  'AWS::ImageBuilder::InfrastructureConfiguration': {
    page: 'aws-resource-imagebuilder-infrastructureconfiguration',
    new: 'create',
    properties: {
      Description: 'modify',
      InstanceMetadataOptions: {
        members: {
          HttpPutResponseHopLimit: 'weaken',
          HttpTokens: { order: ['optional', 'required'], less: 'weaken', absent: 'optional' },
        },
      },
      InstanceProfileName: 'acts-as',
      InstanceTypes: 'modify',
      KeyPair: ['uses', 'weaken'],
      Logging: {
        members: { S3Logs: [{ settled: 'weaken' }, { members: { S3BucketName: 'writes-to' }, others: 'modify' }] },
      },
      Name: 'replaces',
      Placement: 'modify',
      ResourceTags: 'tags',
      SecurityGroupIds: SECURITY_GROUPS,
      SnsTopicArn: { settled: 'weaken' },
      SubnetId: 'uses',
      Tags: 'tags',
      TerminateInstanceOnFailure: 'modify',
    },
  },
  // Images, their snapshots and container images are disabled or deleted as they age.
  'AWS::ImageBuilder::LifecyclePolicy': {
    page: 'aws-resource-imagebuilder-lifecyclepolicy',
    new: 'delete',
    properties: {
      Description: 'modify',
      ExecutionRole: 'acts-as',
      Name: 'replaces',
      PolicyDetails: 'delete',
      ResourceSelection: 'delete',
      ResourceType: 'delete',
      Status: { values: { DISABLED: 'modify' }, otherwise: 'delete', absent: 'ENABLED' },
      Tags: 'tags',
    },
  },
  'AWS::ImageBuilder::Workflow': {
    page: 'aws-resource-imagebuilder-workflow',
    new: 'create',
    revision: { of: 'Name' },
    joins: { by: 'Name', arn: 'imagebuilder:R:A:workflow/' },
    properties: {
      ChangeDescription: 'replaces',
      Data: ['replaces', 'code', { flow: 'steps' }],
      Description: 'replaces',
      KmsKeyId: 'replaces',
      Name: 'replaces',
      Tags: 'tags',
      Type: 'replaces',
      Uri: ['replaces', 'code'],
      Version: 'replaces',
    },
  },
};
