import type { Service } from './language.ts';

export const ECR: Service = {
  'AWS::ECR::PublicRepository': {
    page: 'aws-resource-ecr-publicrepository',
    // Everybody may pull from it.
    new: 'expose',
    holds: 'data',
    properties: {
      RepositoryCatalogData: 'modify',
      RepositoryName: 'replaces',
      RepositoryPolicyText: 'admits',
      Tags: 'tags',
    },
  },
  'AWS::ECR::PullThroughCacheRule': {
    page: 'aws-resource-ecr-pullthroughcacherule',
    new: 'create',
    // For all who ask the account's registry for such names.
    wide: 'account',
    properties: {
      CredentialArn: ['replaces', 'acts-as'],
      CustomRoleArn: ['replaces', 'acts-as'],
      EcrRepositoryPrefix: 'replaces',
      UpstreamRegistry: 'replaces',
      UpstreamRegistryUrl: 'replaces',
      UpstreamRepositoryPrefix: 'replaces',
    },
  },
  'AWS::ECR::RegistryPolicy': {
    page: 'aws-resource-ecr-registrypolicy',
    new: 'expose',
    wide: 'account',
    properties: { PolicyText: 'admits' },
  },
  'AWS::ECR::RegistryScanningConfiguration': {
    page: 'aws-resource-ecr-registryscanningconfiguration',
    // In the place of what was set for the account.
    new: 'weaken',
    wide: 'account',
    properties: { Rules: 'weaken', ScanType: { order: ['BASIC', 'ENHANCED'], less: 'weaken' } },
  },
  'AWS::ECR::ReplicationConfiguration': {
    page: 'aws-resource-ecr-replicationconfiguration',
    // In the place of what was set for the account.
    new: 'weaken',
    wide: 'account',
    properties: { ReplicationConfiguration: 'weaken' },
  },
  'AWS::ECR::Repository': {
    page: 'aws-resource-ecr-repository',
    new: 'create',
    holds: 'data',
    properties: {
      EmptyOnDelete: 'endangers',
      EncryptionConfiguration: 'replaces',
      ImageScanningConfiguration: { members: { ScanOnPush: 'protects' } },
      ImageTagMutability: {
        order: ['MUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION', 'IMMUTABLE'],
        less: 'weaken',
        absent: 'MUTABLE',
      },
      // Which tags the rule above leaves out, either way.
      ImageTagMutabilityExclusionFilters: 'weaken',
      LifecyclePolicy: { members: { LifecyclePolicyText: 'ages', RegistryId: 'modify' } },
      RepositoryName: 'replaces',
      RepositoryPolicyText: 'admits',
      Tags: 'tags',
    },
  },
};
