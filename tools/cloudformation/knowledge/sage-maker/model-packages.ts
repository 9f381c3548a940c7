import type { Service } from '../language.ts';

/** Models in their versions, as they are kept to be deployed. */
export const MODEL_PACKAGES: Service = {
  // What may be deployed, once a person has approved it.
  'AWS::SageMaker::ModelPackage': {
    page: 'aws-resource-sagemaker-modelpackage',
    new: 'create',
    holds: 'data',
    properties: {
      AdditionalInferenceSpecifications: 'code',
      AdditionalInferenceSpecificationsToAdd: 'code',
      ApprovalDescription: 'modify',
      CertifyForMarketplace: { standing: 'opens' },
      ClientToken: 'replaces',
      CustomerMetadataProperties: 'modify',
      Domain: 'replaces',
      DriftCheckBaselines: 'replaces',
      InferenceSpecification: ['replaces', 'code'],
      LastModifiedTime: 'modify',
      MetadataProperties: 'replaces',
      // Pipelines deploy what is approved; what no longer is can't be.
      ModelApprovalStatus: { values: { Approved: 'expose' }, otherwise: 'disrupt', absent: 'PendingManualApproval' },
      ModelCard: {
        members: {
          ModelCardContent: 'modify',
          ModelCardStatus: { values: { Approved: 'weaken' }, otherwise: 'modify' },
        },
      },
      ModelMetrics: 'replaces',
      ModelPackageDescription: 'replaces',
      ModelPackageGroupName: ['replaces', 'uses'],
      ModelPackageName: 'modify',
      ModelPackageStatusDetails: 'modify',
      ModelPackageVersion: 'modify',
      SamplePayloadUrl: 'replaces',
      SecurityConfig: ['replaces', 'uses'],
      SkipModelValidation: { order: ['All', 'None'], less: 'weaken', absent: 'None' },
      SourceAlgorithmSpecification: ['replaces', 'code'],
      SourceUri: 'code',
      Tags: 'tags',
      Task: 'replaces',
      ValidationSpecification: ['replaces', 'may-act'],
    },
  },
  'AWS::SageMaker::ModelPackageGroup': {
    page: 'aws-resource-sagemaker-modelpackagegroup',
    new: 'create',
    holds: 'data',
    properties: {
      ModelPackageGroupDescription: 'replaces',
      ModelPackageGroupName: 'replaces',
      ModelPackageGroupPolicy: 'admits',
      Tags: 'tags',
    },
  },
};
