import type { Service } from './language.ts';

export const SQS: Service = {
  'AWS::SQS::Queue': {
    page: 'aws-resource-sqs-queue',
    new: 'create',
    holds: 'data',
    properties: {
      ContentBasedDeduplication: 'modify',
      DeduplicationScope: 'modify',
      DelaySeconds: 'modify',
      FifoQueue: 'replaces',
      FifoThroughputLimit: 'modify',
      KmsDataKeyReusePeriodSeconds: 'modify',
      KmsMasterKeyId: ['uses', 'weaken'],
      // A smaller limit refuses messages that were taken before.
      MaximumMessageSize: { number: 'limits', absent: 1_048_576 },
      MessageRetentionPeriod: { number: 'expires', absent: 345_600 },
      QueueName: 'replaces',
      ReceiveMessageWaitTimeSeconds: 'modify',
      RedriveAllowPolicy: 'modify',
      // Without it a message that fails again and again is deleted in the end, and nobody sees it.
      RedrivePolicy: 'acts',
      SqsManagedSseEnabled: 'protects-by-default',
      Tags: 'tags',
      VisibilityTimeout: 'modify',
    },
  },
  'AWS::SQS::QueuePolicy': {
    page: 'aws-resource-sqs-queuepolicy',
    new: 'create',
    gone: 'disrupt',
    properties: {
      PolicyDocument: 'admits',
      Queues: 'acts',
    },
  },
  'AWS::SQS::QueueInlinePolicy': {
    page: 'aws-resource-sqs-queueinlinepolicy',
    new: 'create',
    gone: 'disrupt',
    properties: {
      PolicyDocument: 'admits',
      Queue: 'acts',
    },
  },
};
