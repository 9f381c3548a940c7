import type { Service } from './language.ts';

export const OSIS: Service = {
  'AWS::OSIS::Pipeline': {
    page: 'aws-resource-osis-pipeline',
    new: 'create',
    properties: {
      // What waits in it is lost with it.
      BufferOptions: { members: { PersistentBufferEnabled: 'protects' } },
      EncryptionAtRestOptions: { members: { KmsKeyArn: ['uses', { settled: 'weaken' }] } },
      LogPublishingOptions: {
        members: {
          CloudWatchLogDestination: ['uses', 'writes-to', { settled: 'weaken' }],
          IsLoggingEnabled: 'protects',
        },
      },
      MaxUnits: 'limits',
      MinUnits: 'capacity',
      // Where what comes in goes, and what is dropped on the way.
      PipelineConfigurationBody: ['code', 'may-act', { standing: 'delete' }],
      PipelineName: 'replaces',
      PipelineRoleArn: 'acts-as',
      ResourcePolicy: { members: { Policy: 'admits' } },
      Tags: 'tags',
    },
  },
};
