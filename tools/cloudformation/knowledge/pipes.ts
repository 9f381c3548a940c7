import type { Rule, Service } from './language.ts';
import { ECS_TASK, KEY } from './shared.ts';

/** Records that are older, or failed as often, are skipped; -1 is never. */
const NEVER: Rule = { number: 'capacity', absent: -1, endless: -1 };

const READING = {
  BatchSize: 'modify',
  MaximumBatchingWindowInSeconds: 'modify',
  StartingPosition: 'replaces',
} as const;

const STREAM: Rule = {
  members: {
    ...READING,
    DeadLetterConfig: { members: { Arn: 'acts' } },
    MaximumRecordAgeInSeconds: NEVER,
    MaximumRetryAttempts: NEVER,
    OnPartialBatchItemFailure: { settled: 'disrupt' },
    ParallelizationFactor: { number: 'capacity', absent: 1 },
    StartingPositionTimestamp: 'replaces',
  },
};

const BROKER: Rule = {
  members: {
    ...READING,
    AdditionalBootstrapServers: 'replaces',
    ConsumerGroupID: 'replaces',
    Credentials: ['acts-as', { settled: 'disrupt' }],
    QueueName: 'replaces',
    ServerRootCaCertificate: { settled: 'disrupt' },
    TopicName: 'replaces',
    VirtualHost: 'replaces',
    Vpc: { members: { SecurityGroup: 'acts-as', Subnets: 'uses' } },
  },
};

export const PIPES: Service = {
  'AWS::Pipes::Pipe': {
    page: 'aws-resource-pipes-pipe',
    new: 'create',
    properties: {
      Description: 'modify',
      DesiredState: { order: ['STOPPED', 'RUNNING'], less: 'disrupt', absent: 'RUNNING' },
      Enrichment: 'acts',
      EnrichmentParameters: 'disrupt',
      KmsKeyIdentifier: KEY,
      LogConfiguration: {
        members: {
          CloudwatchLogsLogDestination: ['uses', { settled: 'weaken' }],
          FirehoseLogDestination: ['uses', { settled: 'weaken' }],
          IncludeExecutionData: 'weaken',
          Level: { order: ['OFF', 'ERROR', 'INFO', 'TRACE'], less: 'weaken', absent: 'OFF' },
          S3LogDestination: ['uses', { settled: 'weaken' }],
        },
      },
      Name: 'replaces',
      RoleArn: 'acts-as',
      // Messages of a queue that it takes are gone for its other readers.
      Source: ['replaces', 'acts', 'affects'],
      SourceParameters: {
        members: {
          ActiveMQBrokerParameters: BROKER,
          DynamoDBStreamParameters: STREAM,
          // What doesn't match is taken out of a queue all the same.
          FilterCriteria: 'disrupt',
          KinesisStreamParameters: STREAM,
          ManagedStreamingKafkaParameters: BROKER,
          RabbitMQBrokerParameters: BROKER,
          SelfManagedKafkaParameters: BROKER,
          SqsQueueParameters: { members: READING },
        },
      },
      Tags: 'tags',
      Target: 'acts',
      TargetParameters: {
        members: {
          BatchJobParameters: {
            members: {
              ArrayProperties: 'disrupt',
              ContainerOverrides: 'code',
              DependsOn: 'modify',
              JobDefinition: ['acts-as', 'code'],
              JobName: 'modify',
              Parameters: 'modify',
              RetryStrategy: 'disrupt',
            },
          },
          CloudWatchLogsParameters: 'disrupt',
          EcsTaskParameters: ECS_TASK,
          EventBridgeEventBusParameters: 'disrupt',
          HttpParameters: 'disrupt',
          InputTemplate: 'disrupt',
          KinesisStreamParameters: 'disrupt',
          LambdaFunctionParameters: 'disrupt',
          RedshiftDataParameters: {
            members: {
              Database: 'acts',
              DbUser: 'acts-as',
              SecretManagerArn: 'acts-as',
              Sqls: 'code',
              StatementName: 'modify',
              WithEvent: 'runs',
            },
          },
          SageMakerPipelineParameters: 'disrupt',
          SqsQueueParameters: 'disrupt',
          StepFunctionStateMachineParameters: 'disrupt',
          TimestreamParameters: 'disrupt',
        },
      },
    },
  },
};
