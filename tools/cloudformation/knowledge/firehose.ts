import type { Rule, Rules, Service } from './language.ts';
import { KEY, SHAPE } from './shared.ts';

/** Members that several kinds of destinations have, each in the same shape. */
const COMMON: Readonly<Record<string, Rules>> = {
  BufferingHints: 'modify',
  CloudWatchLoggingOptions: {
    members: {
      Enabled: 'protects',
      LogGroupName: ['uses', 'writes-to', { settled: 'weaken' }],
      LogStreamName: 'modify',
    },
  },
  // What is made of records on their way, by whose code.
  // It may leave out what others must not see.
  ProcessingConfiguration: [
    'code',
    { settled: 'disrupt' },
    {
      standing: {
        members: {
          Enabled: { order: ['false', 'true'], less: 'expose', absent: 'false' },
          Processors: { by: 'Type', each: 'modify', added: 'modify', lost: 'expose' },
        },
        others: 'modify',
      },
    },
  ],
  // Of no destination it is longer where nothing is said.
  RetryOptions: { members: { DurationInSeconds: { number: 'limits', absent: 3600 } } },
  RoleARN: 'acts-as',
  S3BackupMode: { settled: 'weaken' },
  SecretsManagerConfiguration: {
    members: { Enabled: 'disrupt', RoleARN: 'acts-as', SecretARN: ['acts-as', { settled: 'disrupt' }] },
  },
  VpcConfiguration: ['replaces', { members: { RoleARN: 'acts-as', SecurityGroupIds: 'acts-as', SubnetIds: 'uses' } }],
  s3BackupMode: { settled: 'weaken' },
};

const BUCKET: Readonly<Record<string, Rules>> = {
  BucketARN: ['acts', 'writes-to'],
  CompressionFormat: SHAPE,
  EncryptionConfiguration: { settled: 'weaken' },
  ErrorOutputPrefix: SHAPE,
  Prefix: SHAPE,
};
const TO_BUCKET: Rule = { members: { ...COMMON, ...BUCKET } };

/** Records go there, or to the bucket beside it. One that is taken away gets no more. */
function destination(own: Readonly<Record<string, Rules>>): Rule {
  return {
    members: { ...COMMON, S3BackupConfiguration: TO_BUCKET, S3Configuration: TO_BUCKET, ...own },
  };
}

const SEARCH = destination({
  ClusterEndpoint: ['uses', 'writes-to', { settled: 'disrupt' }],
  CollectionEndpoint: ['uses', 'writes-to', { settled: 'disrupt' }],
  DocumentIdOptions: SHAPE,
  DomainARN: ['acts', 'writes-to'],
  IndexName: ['writes-to', 'disrupt'],
  IndexRotationPeriod: 'disrupt',
  TypeName: SHAPE,
});

export const FIREHOSE: Service = {
  'AWS::KinesisFirehose::DeliveryStream': {
    page: 'aws-resource-kinesisfirehose-deliverystream',
    new: 'create',
    properties: {
      AmazonOpenSearchServerlessDestinationConfiguration: SEARCH,
      AmazonopensearchserviceDestinationConfiguration: SEARCH,
      DatabaseSourceConfiguration: 'replaces',
      DeliveryStreamEncryptionConfigurationInput: { members: { KeyARN: KEY, KeyType: { settled: 'weaken' } } },
      DeliveryStreamName: 'replaces',
      DeliveryStreamType: 'replaces',
      DirectPutSourceConfiguration: 'replaces',
      ElasticsearchDestinationConfiguration: SEARCH,
      ExtendedS3DestinationConfiguration: destination({
        ...BUCKET,
        CustomTimeZone: SHAPE,
        DataFormatConversionConfiguration: {
          members: {
            Enabled: 'disrupt',
            InputFormatConfiguration: SHAPE,
            OutputFormatConfiguration: SHAPE,
            SchemaConfiguration: {
              members: {
                CatalogId: 'uses',
                DatabaseName: 'uses',
                Region: 'disrupt',
                RoleARN: 'acts-as',
                TableName: 'uses',
                VersionId: 'disrupt',
              },
            },
          },
        },
        DynamicPartitioningConfiguration: SHAPE,
        FileExtension: SHAPE,
      }),
      HttpEndpointDestinationConfiguration: destination({
        // Who gets the records.
        EndpointConfiguration: { members: { AccessKey: 'secret', Name: 'modify', Url: { standing: 'expose' } } },
        RequestConfiguration: SHAPE,
      }),
      IcebergDestinationConfiguration: destination({
        AppendOnly: SHAPE,
        CatalogConfiguration: { members: { CatalogArn: ['acts', 'writes-to'], WarehouseLocation: 'disrupt' } },
        DestinationTableConfigurationList: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
        SchemaEvolutionConfiguration: 'disrupt',
        TableCreationConfiguration: 'disrupt',
      }),
      KinesisStreamSourceConfiguration: ['replaces', { members: { KinesisStreamARN: 'uses', RoleARN: 'acts-as' } }],
      MSKSourceConfiguration: 'replaces',
      RedshiftDestinationConfiguration: destination({
        ClusterJDBCURL: ['acts', 'writes-to', { settled: 'disrupt' }],
        CopyCommand: 'code',
        Password: 'secret',
        Username: ['acts-as', { settled: 'disrupt' }],
      }),
      S3DestinationConfiguration: TO_BUCKET,
      SnowflakeDestinationConfiguration: destination({
        AccountUrl: { standing: 'expose' },
        ContentColumnName: SHAPE,
        DataLoadingOption: SHAPE,
        Database: 'disrupt',
        KeyPassphrase: 'secret',
        MetaDataColumnName: SHAPE,
        PrivateKey: 'secret',
        Schema: 'disrupt',
        SnowflakeRoleConfiguration: 'disrupt',
        SnowflakeVpcConfiguration: 'replaces',
        Table: 'disrupt',
        User: 'disrupt',
      }),
      SplunkDestinationConfiguration: destination({
        HECAcknowledgmentTimeoutInSeconds: { number: 'limits', absent: 180 },
        HECEndpoint: { standing: 'expose' },
        HECEndpointType: 'disrupt',
        HECToken: 'secret',
      }),
      Tags: 'tags',
    },
  },
};
