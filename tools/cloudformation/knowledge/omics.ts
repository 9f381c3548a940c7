import type { Rules, Service } from './language.ts';

const ENCRYPTED = ['replaces', { members: { KeyArn: 'uses', Type: 'modify' } }] as const;

/** What a workflow is made of: everything that a run of it does, under the role that the run is given. */
const DEFINITION: Readonly<Record<string, Rules>> = {
  Accelerators: 'replaces',
  ContainerRegistryMap: ['replaces', 'code'],
  ContainerRegistryMapUri: ['replaces', 'code'],
  DefinitionRepository: ['replaces', 'code'],
  DefinitionUri: ['replaces', 'code'],
  Description: 'modify',
  Engine: 'replaces',
  Main: 'replaces',
  ParameterTemplate: 'replaces',
  ParameterTemplatePath: 'replaces',
  StorageType: 'modify',
  Tags: 'tags',
  WorkflowBucketOwnerId: 'replaces',
  readmeMarkdown: 'modify',
  readmePath: 'replaces',
  readmeUri: 'replaces',
};

export const OMICS: Service = {
  'AWS::Omics::AnnotationStore': {
    page: 'aws-resource-omics-annotationstore',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'modify',
      Name: 'replaces',
      Reference: ['replaces', 'uses'],
      SseConfig: ENCRYPTED,
      StoreFormat: 'replaces',
      StoreOptions: 'replaces',
      Tags: 'replaces',
    },
  },
  'AWS::Omics::Configuration': {
    page: 'aws-resource-omics-configuration',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Description: 'modify',
      Name: 'replaces',
      RunConfigurations: [
        'replaces',
        { members: { VpcConfig: { members: { SecurityGroupIds: 'acts-as', SubnetIds: 'uses' } } } },
      ],
      Tags: 'tags',
    },
  },
  'AWS::Omics::ReferenceStore': {
    page: 'aws-resource-omics-referencestore',
    new: 'create',
    holds: 'data',
    properties: { Description: 'replaces', Name: 'replaces', SseConfig: ENCRYPTED, Tags: 'replaces' },
  },
  'AWS::Omics::RunCache': {
    page: 'aws-resource-omics-runcache',
    new: 'create',
    gone: 'disrupt',
    properties: {
      CacheBehavior: 'modify',
      CacheBucketOwnerId: 'replaces',
      CacheS3Location: ['replaces', 'acts'],
      Description: 'modify',
      Name: 'modify',
      Tags: 'tags',
    },
  },
  // How much of all that may be had the runs in it take at most, and for how long.
  'AWS::Omics::RunGroup': {
    page: 'aws-resource-omics-rungroup',
    new: 'create',
    gone: 'weaken',
    properties: {
      MaxCpus: 'throttles',
      MaxDuration: 'throttles',
      MaxGpus: 'throttles',
      MaxRuns: 'throttles',
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::Omics::SequenceStore': {
    page: 'aws-resource-omics-sequencestore',
    new: 'create',
    holds: 'data',
    properties: {
      AccessLogLocation: ['uses', 'writes-to', { settled: 'weaken' }],
      Description: 'replaces',
      ETagAlgorithmFamily: 'replaces',
      FallbackLocation: ['replaces', 'acts'],
      Name: 'replaces',
      // Tags of what is stored, by which others may be let in to it.
      PropagatedSetLevelTags: { standing: 'weaken' },
      S3AccessPolicy: 'admits',
      SseConfig: ENCRYPTED,
      Tags: 'replaces',
    },
  },
  'AWS::Omics::VariantStore': {
    page: 'aws-resource-omics-variantstore',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'modify',
      Name: 'replaces',
      Reference: ['replaces', 'uses'],
      SseConfig: ENCRYPTED,
      Tags: 'replaces',
    },
  },
  'AWS::Omics::Workflow': {
    page: 'aws-resource-omics-workflow',
    new: 'create',
    gone: 'disrupt',
    properties: { ...DEFINITION, Name: 'modify', StorageCapacity: 'replaces' },
  },
  'AWS::Omics::WorkflowVersion': {
    page: 'aws-resource-omics-workflowversion',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...DEFINITION,
      StorageCapacity: { standing: 'disrupt' },
      VersionName: 'replaces',
      WorkflowId: ['replaces', 'acts'],
    },
  },
};
