import type { Service } from './language.ts';

export const DATA_PIPELINE: Service = {
  'AWS::DataPipeline::Pipeline': {
    page: 'aws-resource-datapipeline-pipeline',
    // Its objects start machines and write to tables, under roles that are fields like any others.
    new: 'disrupt',
    properties: {
      Activate: 'runs-by-default',
      Description: 'replaces',
      Name: 'replaces',
      ParameterObjects: 'disrupt',
      ParameterValues: 'disrupt',
      PipelineObjects: ['code', 'disrupt'],
      PipelineTags: 'tags',
    },
  },
};
