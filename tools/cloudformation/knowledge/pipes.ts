import type { Rule, Service } from './language.ts';
import { attempts, DEAD_LETTERS, ECS_TASK, KEY } from './shared.ts';

const READING = {
  BatchSize: 'modify',
  MaximumBatchingWindowInSeconds: { number: 'waits', absent: 0 },
  StartingPosition: 'replaces',
} as const;

/** Records that are older, or failed as often, are skipped; -1 is never. */
function stream(name: string): Rule {
  const kept = [`SourceParameters.${name}.DeadLetterConfig.Arn`];
  return {
    members: {
      ...READING,
      DeadLetterConfig: { members: { Arn: DEAD_LETTERS } },
      MaximumRecordAgeInSeconds: attempts(-1, kept, -1),
      MaximumRetryAttempts: attempts(-1, kept, -1),
      OnPartialBatchItemFailure: { settled: 'disrupt' },
      ParallelizationFactor: { number: 'capacity', absent: 1 },
      StartingPositionTimestamp: 'replaces',
    },
  };
}

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
          CloudwatchLogsLogDestination: ['uses', 'writes-to', { settled: 'weaken' }],
          FirehoseLogDestination: ['uses', 'writes-to', { settled: 'weaken' }],
          // Whole events and answers.
          IncludeExecutionData: { standing: { each: 'modify', added: 'expose', lost: 'weaken', reordered: 'modify' } },
          Level: { order: ['OFF', 'ERROR', 'INFO', 'TRACE'], less: 'weaken', absent: 'OFF' },
          S3LogDestination: ['uses', { settled: 'weaken' }, { members: { BucketName: 'writes-to' }, others: 'modify' }],
        },
      },
      Name: 'replaces',
      RoleArn: 'acts-as',
      Source: ['replaces', 'takes'],
      SourceParameters: {
        members: {
          ActiveMQBrokerParameters: BROKER,
          DynamoDBStreamParameters: stream('DynamoDBStreamParameters'),
          // What doesn't match is taken out of a queue all the same.
          FilterCriteria: 'sifts',
          KinesisStreamParameters: stream('KinesisStreamParameters'),
          ManagedStreamingKafkaParameters: BROKER,
          RabbitMQBrokerParameters: BROKER,
          SelfManagedKafkaParameters: BROKER,
          SqsQueueParameters: { members: READING },
        },
      },
      Tags: 'tags',
      Target: ['acts', 'writes-to'],
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
          InputTemplate: ['instructs', 'disrupt'],
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
