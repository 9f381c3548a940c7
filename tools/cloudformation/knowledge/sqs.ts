import type { Rules, Service } from './language.ts';
import { DEAD_LETTERS } from './shared.ts';

/** AWS's own key doesn't let other services send to it, and one's own nobody who isn't permitted. */
const KEY_OF_CALLERS: Rules = ['uses', { settled: 'weaken' }, { standing: 'disrupt' }];

export const SQS: Service = {
  'AWS::SQS::Queue': {
    page: 'aws-resource-sqs-queue',
    new: 'create',
    holds: 'data',
    properties: {
      // Off: what comes without an id of its own is refused. On, an id that senders give counts as before.
      ContentBasedDeduplication: 'runs',
      DeduplicationScope: { values: {}, otherwise: 'disrupt', absent: 'queue' },
      DelaySeconds: { number: 'waits', absent: 0 },
      FifoQueue: 'replaces',
      FifoThroughputLimit: { order: ['perQueue', 'perMessageGroupId'], less: 'disrupt', absent: 'perQueue' },
      KmsDataKeyReusePeriodSeconds: { number: 'delays', absent: 300 },
      KmsMasterKeyId: KEY_OF_CALLERS,
      // A smaller limit refuses messages that were taken before.
      MaximumMessageSize: { number: 'limits', absent: 1_048_576 },
      MessageRetentionPeriod: { number: 'expires', absent: 345_600 },
      QueueName: 'replaces',
      ReceiveMessageWaitTimeSeconds: 'modify',
      // Which queues may send what failed here: one that no longer may, fails to.
      RedriveAllowPolicy: { standing: 'disrupt' },
      // Without it a message that fails again and again is deleted in the end, and nobody sees it.
      RedrivePolicy: {
        // More often, and nobody is told of what fails for as long, and what comes after it in a group waits.
        members: {
          deadLetterTargetArn: DEAD_LETTERS,
          maxReceiveCount: [
            { number: 'limits', absent: 'fits' },
            { number: 'delays', absent: 'fits' },
          ],
        },
      },
      SqsManagedSseEnabled: 'protects-by-default',
      Tags: 'tags',
      // Sooner, and what is still worked on is given out again.
      VisibilityTimeout: { number: 'limits', absent: 30 },
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
