import type { Rule, Rules, Service } from '../language.ts';

/** Code in a file that isn't seen here, which may turn callers away. */
export const UNSEEN: Rules = ['code', { standing: 'expose' }];

const CODE: Readonly<Record<string, Rules>> = {
  ApiId: ['replaces', 'acts'],
  Code: 'guards',
  CodeS3Location: UNSEEN,
  // What it asks, and as whom.
  DataSourceName: ['code', { settled: 'expose' }],
  MaxBatchSize: 'modify',
  RequestMappingTemplate: 'guards',
  RequestMappingTemplateS3Location: UNSEEN,
  ResponseMappingTemplate: 'guards',
  ResponseMappingTemplateS3Location: UNSEEN,
  Runtime: 'code',
  // Of two who write at once, one's is lost.
  SyncConfig: [
    'code',
    {
      standing: {
        members: {
          ConflictDetection: { order: ['NONE', 'VERSION'], less: 'delete', absent: 'NONE' },
          ConflictHandler: { values: { OPTIMISTIC_CONCURRENCY: 'disrupt' }, otherwise: 'delete', absent: 'NONE' },
          LambdaConflictHandlerConfig: { members: { LambdaConflictHandlerArn: ['acts', { settled: 'delete' }] } },
        },
      },
    },
  ],
};

/** Without the caller among the keys, one gets what was made for another. Cached for the first time it may be so. */
const CACHED: Rule = {
  standing: [
    { leaves: 'none', is: 'expose', absent: 'none' },
    {
      members: { CachingKeys: { each: 'modify', added: 'modify', lost: 'expose', reordered: 'modify' }, Ttl: 'modify' },
    },
  ],
};

/** What answers a call: code, one piece or several in their order. */
export const RESOLVERS: Service = {
  'AWS::AppSync::FunctionConfiguration': {
    page: 'aws-resource-appsync-functionconfiguration',
    new: 'create',
    properties: { ...CODE, Description: 'modify', FunctionVersion: 'code', Name: 'modify' },
  },
  'AWS::AppSync::Resolver': {
    page: 'aws-resource-appsync-resolver',
    new: 'create',
    properties: {
      ...CODE,
      CachingConfig: CACHED,
      FieldName: 'replaces',
      Kind: 'code',
      MetricsConfig: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
      // The first may turn callers away; what then comes before it they get.
      PipelineConfig: [
        'code',
        {
          members: {
            Functions: { standing: { each: 'code', added: 'modify', lost: 'expose', reordered: 'expose' } },
          },
        },
      ],
      TypeName: 'replaces',
    },
  },
};
