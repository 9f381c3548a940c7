import type { Rule, Service } from './language.ts';
import { callersKey } from './shared.ts';

const IN_STREAM: Rule = { members: { ResourceARN: ['uses', 'disrupt'], RoleARN: 'acts-as' } };
const OUT_STREAM: Rule = { members: { ResourceARN: ['acts', 'writes-to'], RoleARN: 'acts-as' } };
const OUTPUT: Rule = {
  members: {
    DestinationSchema: 'disrupt',
    KinesisFirehoseOutput: OUT_STREAM,
    KinesisStreamsOutput: OUT_STREAM,
    LambdaOutput: OUT_STREAM,
    Name: 'modify',
  },
};

export const KINESIS: Service = {
  'AWS::Kinesis::ResourcePolicy': {
    page: 'aws-resource-kinesis-resourcepolicy',
    new: 'create',
    properties: { ResourceArn: ['replaces', 'acts'], ResourcePolicy: 'admits' },
  },
  'AWS::Kinesis::Stream': {
    page: 'aws-resource-kinesis-stream',
    new: 'create',
    holds: 'data',
    properties: {
      DesiredShardLevelMetrics: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      MaxRecordSizeInKiB: { number: 'limits', absent: 1024 },
      Name: 'replaces',
      RetentionPeriodHours: { number: 'expires', absent: 24 },
      // On demand there are as many as are needed.
      ShardCount: { number: 'capacity', absent: 'fits' },
      StreamEncryption: { members: { EncryptionType: { settled: 'weaken' }, KeyId: callersKey('alias/aws/kinesis') } },
      StreamModeDetails: {
        members: { StreamMode: { order: ['PROVISIONED', 'ON_DEMAND'], less: 'disrupt', absent: 'PROVISIONED' } },
      },
      Tags: 'tags',
      WarmThroughputMiBps: { number: 'capacity', absent: 0 },
    },
  },
  'AWS::Kinesis::StreamConsumer': {
    page: 'aws-resource-kinesis-streamconsumer',
    new: 'create',
    properties: {
      ConsumerName: 'replaces',
      StreamARN: ['replaces', 'acts'],
      Tags: 'replaces',
    },
  },
  'AWS::KinesisAnalytics::Application': {
    page: 'aws-resource-kinesisanalytics-application',
    new: 'create',
    properties: {
      ApplicationCode: 'code',
      ApplicationDescription: 'modify',
      ApplicationName: 'replaces',
      Inputs: {
        each: {
          members: {
            InputParallelism: { members: { Count: 'capacity' } },
            InputProcessingConfiguration: { members: { InputLambdaProcessor: OUT_STREAM } },
            InputSchema: 'code',
            KinesisFirehoseInput: IN_STREAM,
            KinesisStreamsInput: IN_STREAM,
            NamePrefix: 'disrupt',
          },
        },
        by: '#',
        added: 'modify',
        lost: 'disrupt',
      },
    },
  },
  'AWS::KinesisAnalytics::ApplicationOutput': {
    page: 'aws-resource-kinesisanalytics-applicationoutput',
    new: 'create',
    properties: { ApplicationName: ['replaces', 'acts'], Output: OUTPUT },
  },
  'AWS::KinesisAnalyticsV2::Application': {
    page: 'aws-resource-kinesisanalyticsv2-application',
    new: 'create',
    properties: {
      // An application that runs is started again with another one.
      ApplicationConfiguration: [
        'code',
        'disrupt',
        {
          members: {
            ApplicationCodeConfiguration: 'code',
            ApplicationEncryptionConfiguration: { settled: 'weaken' },
            ApplicationSnapshotConfiguration: { members: { SnapshotsEnabled: 'protects' } },
            ApplicationSystemRollbackConfiguration: { members: { RollbackEnabled: 'protects' } },
            EnvironmentProperties: 'modify',
            FlinkApplicationConfiguration: {
              members: {
                // Without checkpoints what it knows is lost when it stops.
                CheckpointConfiguration: { settled: 'weaken' },
                MonitoringConfiguration: { settled: 'weaken' },
                ParallelismConfiguration: 'modify',
              },
            },
            SqlApplicationConfiguration: 'code',
            VpcConfigurations: {
              each: { members: { SecurityGroupIds: 'acts-as', SubnetIds: 'uses' } },
              by: '#',
              added: 'modify',
              lost: 'disrupt',
            },
            ZeppelinApplicationConfiguration: 'code',
          },
        },
      ],
      ApplicationDescription: 'modify',
      ApplicationMaintenanceConfiguration: 'disrupt',
      ApplicationMode: 'replaces',
      ApplicationName: 'replaces',
      RunConfiguration: {
        members: {
          ApplicationRestoreConfiguration: {
            members: {
              ApplicationRestoreType: {
                order: ['SKIP_RESTORE_FROM_SNAPSHOT', 'RESTORE_FROM_CUSTOM_SNAPSHOT', 'RESTORE_FROM_LATEST_SNAPSHOT'],
                less: 'delete',
                absent: 'RESTORE_FROM_LATEST_SNAPSHOT',
              },
              SnapshotName: 'weaken',
            },
          },
          // State that the code no longer knows is dropped.
          FlinkRunConfiguration: { members: { AllowNonRestoredState: 'endangers' } },
        },
      },
      RuntimeEnvironment: 'replaces',
      ServiceExecutionRole: 'acts-as',
      Tags: 'tags',
    },
  },
  'AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption': {
    page: 'aws-resource-kinesisanalyticsv2-applicationcloudwatchloggingoption',
    new: 'create',
    properties: {
      ApplicationName: ['replaces', 'acts'],
      CloudWatchLoggingOption: ['uses', { settled: 'weaken' }],
    },
  },
  'AWS::KinesisAnalyticsV2::ApplicationOutput': {
    page: 'aws-resource-kinesisanalyticsv2-applicationoutput',
    new: 'create',
    properties: { ApplicationName: ['replaces', 'acts'], Output: OUTPUT },
  },
};
