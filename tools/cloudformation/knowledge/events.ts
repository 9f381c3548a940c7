import type { Rule, Service } from './language.ts';
import { attempts, DEAD_LETTERS, ECS_TASK, KEY, payloads, SHAPE } from './shared.ts';

const KEPT = ['Targets.#.DeadLetterConfig.Arn'];

/** What a rule starts, sends or tells. One that is made by another says so by its ARN. */
const TARGETS: Rule = {
  each: {
    members: {
      AppSyncParameters: 'code',
      Arn: ['acts', 'writes-to'],
      BatchParameters: {
        members: {
          ArrayProperties: 'disrupt',
          JobDefinition: ['acts-as', 'code'],
          JobName: 'modify',
          RetryStrategy: 'disrupt',
        },
      },
      DeadLetterConfig: { members: { Arn: DEAD_LETTERS } },
      EcsParameters: ECS_TASK,
      HttpParameters: 'disrupt',
      Id: 'modify',
      Input: ['instructs', SHAPE],
      InputPath: SHAPE,
      InputTransformer: ['instructs', SHAPE],
      KinesisParameters: 'disrupt',
      RedshiftDataParameters: {
        members: {
          Database: 'acts',
          DbUser: 'acts-as',
          SecretManagerArn: 'acts-as',
          Sql: 'code',
          Sqls: 'code',
          StatementName: 'modify',
          WithEvent: 'runs',
        },
      },
      RetryPolicy: {
        members: {
          MaximumEventAgeInSeconds: attempts(86_400, KEPT),
          MaximumRetryAttempts: attempts(185, KEPT),
        },
      },
      RoleArn: 'acts-as',
      // Instances by id or tag, on which commands run.
      RunCommandParameters: {
        members: {
          RunCommandTargets: {
            each: { members: { Key: 'modify', Values: 'acts' } },
            added: 'modify',
            lost: 'disrupt',
            reordered: 'modify',
          },
        },
      },
      SageMakerPipelineParameters: 'disrupt',
      SqsParameters: 'disrupt',
    },
  },
  by: 'Id',
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
};

export const EVENTS: Service = {
  'AWS::Events::ApiDestination': {
    page: 'aws-resource-events-apidestination',
    new: 'create',
    properties: {
      ConnectionArn: ['uses', 'disrupt'],
      Description: 'modify',
      HttpMethod: 'disrupt',
      // Who gets the events.
      InvocationEndpoint: 'expose',
      InvocationRateLimitPerSecond: { number: 'throttles', absent: 300 },
      Name: 'replaces',
    },
  },
  'AWS::Events::Archive': {
    page: 'aws-resource-events-archive',
    new: 'create',
    holds: 'data',
    properties: {
      ArchiveName: 'replaces',
      Description: 'modify',
      EventPattern: { selects: 'weaken', absent: 'all' },
      KmsKeyIdentifier: KEY,
      // 0 is for ever.
      RetentionDays: { number: 'expires', absent: 0, endless: 0 },
      // A rule is made on the bus.
      SourceArn: ['replaces', 'acts'],
    },
  },
  'AWS::Events::Connection': {
    page: 'aws-resource-events-connection',
    new: 'create',
    properties: {
      AuthParameters: [
        {
          members: {
            // Where the client's secret is sent for a token.
            OAuthParameters: {
              members: {
                AuthorizationEndpoint: ['passes-on', { settled: 'disrupt' }],
                ClientParameters: 'secret',
                HttpMethod: { settled: 'disrupt' },
                OAuthHttpParameters: 'secret',
              },
            },
          },
          others: 'secret',
        },
      ],
      AuthorizationType: 'disrupt',
      Description: 'modify',
      InvocationConnectivityParameters: 'disrupt',
      KmsKeyIdentifier: KEY,
      Name: 'replaces',
    },
  },
  'AWS::Events::Endpoint': {
    page: 'aws-resource-events-endpoint',
    new: 'create',
    properties: {
      Description: 'modify',
      EventBuses: {
        each: { members: { EventBusArn: 'acts' } },
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
      Name: 'replaces',
      ReplicationConfig: {
        members: { State: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'ENABLED' } },
      },
      RoleArn: 'acts-as',
      RoutingConfig: 'disrupt',
    },
  },
  'AWS::Events::EventBus': {
    page: 'aws-resource-events-eventbus',
    new: 'create',
    properties: {
      DeadLetterConfig: { members: { Arn: DEAD_LETTERS } },
      Description: 'modify',
      EventSourceName: 'replaces',
      KmsKeyIdentifier: KEY,
      LogConfig: {
        members: {
          IncludeDetail: payloads('FULL', 'NONE'),
          Level: { order: ['OFF', 'ERROR', 'INFO', 'TRACE'], less: 'weaken', absent: 'OFF' },
        },
      },
      Name: 'replaces',
      Policy: 'admits',
      Tags: 'tags',
    },
  },
  'AWS::Events::EventBusPolicy': {
    page: 'aws-resource-events-eventbuspolicy',
    new: 'create',
    properties: {
      Action: 'expose',
      // Without it the whole world, where it kept to an organization.
      Condition: { settled: 'expose' },
      EventBusName: ['replaces', 'acts'],
      Principal: 'admits',
      Statement: 'admits',
      StatementId: 'replaces',
    },
  },
  'AWS::Events::Rule': {
    page: 'aws-resource-events-rule',
    new: 'create',
    properties: {
      Description: 'modify',
      EventBusName: ['replaces', { shared: ['default'], other: 'acts' }],
      // What no longer matches nobody gets.
      EventPattern: { selects: 'delete', absent: 'none' },
      Name: 'replaces',
      RoleArn: 'acts-as',
      ScheduleExpression: 'schedule',
      State: {
        values: { ENABLED: 'modify', ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS: 'modify' },
        otherwise: 'disrupt',
        absent: 'ENABLED',
      },
      Tags: 'tags',
      Targets: TARGETS,
    },
  },
};
