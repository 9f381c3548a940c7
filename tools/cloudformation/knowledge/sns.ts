import type { Rules, Service } from './language.ts';
import { attempts, DEAD_LETTERS } from './shared.ts';

/** AWS's own key doesn't let other services send to it, and one's own nobody who isn't permitted. */
const KEY_OF_CALLERS: Rules = ['uses', { settled: 'weaken' }, { standing: 'disrupt' }];

export const SNS: Service = {
  'AWS::SNS::Subscription': {
    page: 'aws-resource-sns-subscription',
    new: 'create',
    properties: {
      DeliveryPolicy: [
        'disrupt',
        {
          members: {
            healthyRetryPolicy: {
              members: { numRetries: attempts(3, ['RedrivePolicy.deadLetterTargetArn']) },
              others: 'modify',
            },
          },
          others: 'modify',
        },
      ],
      // Who gets what the topic tells.
      Endpoint: ['replaces', 'tells'],
      // What matches no more its endpoint never gets.
      FilterPolicy: ['disrupt', { selects: 'delete', absent: 'all' }],
      FilterPolicyScope: { standing: 'delete' },
      Protocol: 'replaces',
      RawMessageDelivery: 'disrupt',
      RedrivePolicy: { members: { deadLetterTargetArn: DEAD_LETTERS } },
      Region: 'disrupt',
      // Sends again what was sent before.
      ReplayPolicy: 'disrupt',
      SubscriptionRoleArn: 'acts-as',
      TopicArn: ['replaces', 'acts'],
    },
  },
  'AWS::SNS::Topic': {
    page: 'aws-resource-sns-topic',
    new: 'create',
    properties: {
      // Without one, all that it has is deleted.
      ArchivePolicy: { members: { MessageRetentionPeriod: { number: 'expires', absent: 0 } } },
      // Off: what comes without an id of its own is refused.
      ContentBasedDeduplication: 'runs',
      // Refuses or masks what must not be told.
      DataProtectionPolicy: { settled: 'expose' },
      DeliveryStatusLogging: {
        each: {
          members: {
            FailureFeedbackRoleArn: 'acts-as',
            Protocol: 'modify',
            SuccessFeedbackRoleArn: 'acts-as',
            SuccessFeedbackSampleRate: 'retains',
          },
        },
        by: 'Protocol',
        added: 'modify',
        lost: 'weaken',
        reordered: 'modify',
      },
      DisplayName: 'modify',
      FifoThroughputScope: 'disrupt',
      FifoTopic: 'replaces',
      KmsMasterKeyId: KEY_OF_CALLERS,
      MaximumMessageSize: 'limits',
      SignatureVersion: { order: ['1', '2'], less: 'weaken', absent: '1' },
      Subscription: {
        each: { members: { Endpoint: 'tells', Protocol: 'modify' } },
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
      Tags: 'tags',
      TopicName: 'replaces',
      TracingConfig: { order: ['PassThrough', 'Active'], less: 'weaken', absent: 'PassThrough' },
    },
  },
  'AWS::SNS::TopicInlinePolicy': {
    page: 'aws-resource-sns-topicinlinepolicy',
    new: 'create',
    properties: { PolicyDocument: 'admits', TopicArn: ['replaces', 'acts'] },
  },
  'AWS::SNS::TopicPolicy': {
    page: 'aws-resource-sns-topicpolicy',
    new: 'create',
    properties: { PolicyDocument: 'admits', Topics: 'acts' },
  },
};
