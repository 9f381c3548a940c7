import { TARGET_TRACKING } from './auto-scaling.ts';
import type { Rule, Service } from './language.ts';
import { callersKey } from './shared.ts';

/** What is provisioned; on demand there is as much as is asked for. */
const PROVISIONED: Rule = {
  members: {
    ReadCapacityUnits: { number: 'capacity', absent: 'fits' },
    WriteCapacityUnits: { number: 'capacity', absent: 'fits' },
  },
};
const SCALED: Rule = {
  members: {
    MaxCapacity: { number: 'capacity', absent: 'fits' },
    MinCapacity: { number: 'capacity', absent: 'fits' },
    SeedCapacity: 'modify',
    TargetTrackingScalingPolicyConfiguration: TARGET_TRACKING,
  },
};
const SCALED_WRITES: Rule = { members: { WriteCapacityAutoScalingSettings: SCALED } };
const SCALED_READS: Rule = {
  members: {
    ReadCapacityAutoScalingSettings: SCALED,
    ReadCapacityUnits: { number: 'capacity', absent: 'fits' },
  },
};
const MOST: Rule = { number: 'throttles', absent: -1, endless: -1 };
const ON_DEMAND: Rule = { members: { MaxReadRequestUnits: MOST, MaxWriteRequestUnits: MOST } };

const INSIGHTS: Rule = {
  members: {
    Enabled: 'protects',
    Mode: {
      order: ['THROTTLED_KEYS', 'ACCESSED_AND_THROTTLED_KEYS'],
      less: 'weaken',
      absent: 'ACCESSED_AND_THROTTLED_KEYS',
    },
  },
};

/** An index that keeps its name but not its keys is deleted and made again. */
const VECTOR_INDEXES: Rule = {
  each: { settled: 'delete' },
  by: 'IndexName',
  added: 'modify',
  lost: 'delete',
  reordered: 'modify',
};

/** A key attribute of another type is another table. */
const ATTRIBUTES: Rule = {
  each: { settled: 'replace' },
  by: 'AttributeName',
  added: 'modify',
  lost: 'modify',
};

/** Off: what could be gone back to until then can't any more, also once it is on again. */
const RECOVERY: Rule = {
  members: {
    PointInTimeRecoveryEnabled: ['protects', { leaves: 'true', is: 'delete', absent: 'false' }],
    RecoveryPeriodInDays: { number: 'expires', absent: 35 },
  },
};

const KINESIS: Rule = {
  members: {
    ApproximateCreationDateTimePrecision: { values: {}, otherwise: 'disrupt', absent: 'MILLISECOND' },
    StreamArn: ['acts', 'writes-to'],
  },
};

/** On: items are deleted as they age. */
const TIME_TO_LIVE: Rule = {
  members: {
    AttributeName: { values: { '': 'modify' }, otherwise: 'delete', absent: '' },
    Enabled: { values: { false: 'modify' }, otherwise: 'delete', absent: 'false' },
  },
};

const POLICY: Rule = { members: { PolicyDocument: 'admits' } };

export const DYNAMODB: Service = {
  'AWS::DynamoDB::GlobalTable': {
    page: 'aws-resource-dynamodb-globaltable',
    new: 'create',
    holds: 'data',
    properties: {
      AttributeDefinitions: ATTRIBUTES,
      // What it may do at most is what is provisioned from then on; on demand it is as much as is asked.
      BillingMode: { values: { PAY_PER_REQUEST: 'modify' }, otherwise: 'disrupt', absent: 'PROVISIONED' },
      GlobalSecondaryIndexes: {
        each: {
          members: {
            IndexName: 'modify',
            KeySchema: { settled: 'delete' },
            Projection: { settled: 'delete' },
            ReadOnDemandThroughputSettings: ON_DEMAND,
            ReadProvisionedThroughputSettings: SCALED_READS,
            WarmThroughput: 'modify',
            WriteOnDemandThroughputSettings: ON_DEMAND,
            WriteProvisionedThroughputSettings: SCALED_WRITES,
          },
        },
        by: 'IndexName',
        added: 'modify',
        lost: 'delete',
        reordered: 'modify',
      },
      // A table that stands already, and is copied to.
      GlobalTableSourceArn: 'acts',
      GlobalTableWitnesses: { settled: 'weaken' },
      KeySchema: 'replaces',
      LocalSecondaryIndexes: 'replaces',
      MultiRegionConsistency: { order: ['EVENTUAL', 'STRONG'], less: 'weaken', absent: 'EVENTUAL' },
      ReadOnDemandThroughputSettings: ON_DEMAND,
      ReadProvisionedThroughputSettings: SCALED_READS,
      Replicas: {
        each: {
          members: {
            ContributorInsightsSpecification: INSIGHTS,
            DeletionProtectionEnabled: 'protects',
            GlobalSecondaryIndexes: {
              each: {
                members: {
                  ContributorInsightsSpecification: INSIGHTS,
                  IndexName: 'modify',
                  ReadOnDemandThroughputSettings: ON_DEMAND,
                  ReadProvisionedThroughputSettings: SCALED_READS,
                },
              },
              by: 'IndexName',
              added: 'modify',
              lost: 'disrupt',
              reordered: 'modify',
            },
            GlobalTableSettingsReplicationMode: 'disrupt',
            KinesisStreamSpecification: KINESIS,
            PointInTimeRecoverySpecification: RECOVERY,
            ReadOnDemandThroughputSettings: ON_DEMAND,
            ReadProvisionedThroughputSettings: SCALED_READS,
            Region: 'modify',
            ReplicaStreamSpecification: { members: { ResourcePolicy: POLICY, Tags: 'tags' } },
            ResourcePolicy: POLICY,
            SSESpecification: { members: { KMSMasterKeyId: callersKey('alias/aws/dynamodb') } },
            TableClass: 'modify',
            Tags: 'tags',
          },
        },
        by: 'Region',
        added: 'modify',
        lost: 'delete',
        reordered: 'modify',
      },
      SSESpecification: { members: { SSEEnabled: 'protects', SSEType: 'modify' } },
      StreamSpecification: { members: { StreamViewType: { settled: 'delete' } } },
      TableName: 'replaces',
      TimeToLiveSpecification: TIME_TO_LIVE,
      VectorIndexes: VECTOR_INDEXES,
      WarmThroughput: 'modify',
      WriteOnDemandThroughputSettings: ON_DEMAND,
      WriteProvisionedThroughputSettings: SCALED_WRITES,
    },
  },
  'AWS::DynamoDB::Table': {
    page: 'aws-resource-dynamodb-table',
    new: 'create',
    holds: 'data',
    properties: {
      AttributeDefinitions: ATTRIBUTES,
      // What it may do at most is what is provisioned from then on; on demand it is as much as is asked.
      BillingMode: { values: { PAY_PER_REQUEST: 'modify' }, otherwise: 'disrupt', absent: 'PROVISIONED' },
      ContributorInsightsSpecification: INSIGHTS,
      DeletionProtectionEnabled: 'protects',
      GlobalSecondaryIndexes: {
        each: {
          members: {
            ContributorInsightsSpecification: INSIGHTS,
            IndexName: 'modify',
            KeySchema: { settled: 'delete' },
            OnDemandThroughput: ON_DEMAND,
            Projection: { settled: 'delete' },
            ProvisionedThroughput: PROVISIONED,
            WarmThroughput: 'modify',
          },
        },
        by: 'IndexName',
        added: 'modify',
        lost: 'delete',
        reordered: 'modify',
      },
      ImportSourceSpecification: [
        'replaces',
        { members: { S3BucketSource: { members: { S3Bucket: 'reads' }, others: 'modify' } }, others: 'modify' },
      ],
      KeySchema: 'replaces',
      KinesisStreamSpecification: KINESIS,
      // AWS makes another table for one more, or another.
      LocalSecondaryIndexes: {
        each: { settled: 'delete' },
        by: 'IndexName',
        added: 'replace',
        lost: 'delete',
        reordered: 'modify',
      },
      OnDemandThroughput: ON_DEMAND,
      PointInTimeRecoverySpecification: RECOVERY,
      ProvisionedThroughput: PROVISIONED,
      ResourcePolicy: POLICY,
      SSESpecification: {
        members: { KMSMasterKeyId: callersKey('alias/aws/dynamodb'), SSEEnabled: 'protects', SSEType: 'modify' },
      },
      // Its records, up to a day old, go with it, and readers of it wait for nothing.
      StreamSpecification: {
        members: { ResourcePolicy: POLICY, StreamViewType: { settled: 'delete' }, Tags: 'tags' },
      },
      TableClass: 'modify',
      TableName: 'replaces',
      Tags: 'tags',
      TimeToLiveSpecification: TIME_TO_LIVE,
      VectorIndexes: VECTOR_INDEXES,
      WarmThroughput: 'modify',
    },
  },
};
