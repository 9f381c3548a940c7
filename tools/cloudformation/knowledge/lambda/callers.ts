import type { Rule, Service } from '../language.ts';
import { attempts, DEAD_LETTERS, KEY } from '../shared.ts';

const KEPT = ['DestinationConfig.OnFailure.Destination'];

/** Of a function that stands already a new one changes it as well. */
function onStanding(acting: Rule): Rule {
  return { among: ['FunctionName'], otherwise: { acting } };
}

/** What calls functions, and who may. */
export const CALLERS: Service = {
  'AWS::Lambda::EventInvokeConfig': {
    page: 'aws-resource-lambda-eventinvokeconfig',
    new: 'create',
    tie: true,
    properties: {
      DestinationConfig: {
        members: {
          OnFailure: { members: { Destination: DEAD_LETTERS } },
          OnSuccess: { members: { Destination: ['acts', 'writes-to'] } },
        },
      },
      FunctionName: ['replaces', 'acts'],
      // Events that wait longer are dropped.
      MaximumEventAgeInSeconds: onStanding(attempts(21_600, KEPT)),
      MaximumRetryAttempts: onStanding(attempts(2, KEPT)),
      // Events for the one before are tried again, and told of, as AWS does by itself.
      Qualifier: ['replaces', 'disrupt'],
    },
  },
  'AWS::Lambda::EventSourceMapping': {
    page: 'aws-resource-lambda-eventsourcemapping',
    new: { among: ['EventSourceArn'], otherwise: 'disrupt' },
    properties: {
      AmazonManagedKafkaEventSourceConfig: 'replaces',
      BatchSize: 'modify',
      BisectBatchOnFunctionError: 'runs',
      DestinationConfig: { members: { OnFailure: { members: { Destination: DEAD_LETTERS } } } },
      DocumentDBEventSourceConfig: {
        members: {
          CollectionName: 'disrupt',
          DatabaseName: 'disrupt',
          FullDocument: { values: {}, otherwise: 'disrupt', absent: 'Default' },
        },
      },
      Enabled: 'runs-by-default',
      EventSourceArn: ['replaces', 'takes'],
      // What doesn't match is taken out of a queue all the same.
      FilterCriteria: 'sifts',
      FunctionName: ['acts', 'code'],
      // Without it what the function says has failed counts as done, and is deleted.
      FunctionResponseTypes: { each: 'modify', added: 'modify', lost: 'delete', reordered: 'modify' },
      KmsKeyArn: KEY,
      LoggingConfig: { settled: 'weaken' },
      MaximumBatchingWindowInSeconds: { number: 'waits', absent: 0 },
      // Records that are older, or failed as often, are skipped; -1 is never.
      // A record of a stream that is given up on is gone: a destination is told where it stood.
      MaximumRecordAgeInSeconds: { number: 'expires', absent: -1, endless: -1 },
      MaximumRetryAttempts: { number: 'expires', absent: -1, endless: -1 },
      MetricsConfig: { settled: 'weaken' },
      ParallelizationFactor: { number: 'capacity', absent: 1 },
      ProvisionedPollerConfig: {
        members: {
          MaximumPollers: { number: 'capacity', absent: 'fits' },
          MinimumPollers: { number: 'capacity', absent: 'fits' },
          PollerGroupName: 'modify',
        },
      },
      Queues: 'disrupt',
      ScalingConfig: { members: { MaximumConcurrency: 'throttles' } },
      // A record that this group of consumers takes is gone for its other members.
      SelfManagedEventSource: ['replaces', 'acts'],
      SelfManagedKafkaEventSourceConfig: 'replaces',
      // How it signs in to the brokers.
      SourceAccessConfigurations: {
        by: 'Type',
        added: 'disrupt',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { Type: 'modify', URI: ['acts-as', { settled: 'disrupt' }] } },
        known: { VPC_SUBNET: { members: { Type: 'modify', URI: ['uses', { settled: 'disrupt' }] } } },
      },
      StartingPosition: 'replaces',
      StartingPositionTimestamp: 'replaces',
      Tags: 'tags',
      Topics: 'disrupt',
      TumblingWindowInSeconds: 'disrupt',
    },
  },
  'AWS::Lambda::LayerVersionPermission': {
    page: 'aws-resource-lambda-layerversionpermission',
    // Its principals are other accounts.
    new: 'expose',
    properties: {
      Action: 'replaces',
      LayerVersionArn: ['replaces', 'acts'],
      OrganizationId: 'replaces',
      Principal: ['replaces', 'admits'],
    },
  },
  'AWS::Lambda::Permission': {
    page: 'aws-resource-lambda-permission',
    new: 'create',
    // Each is a statement of its own in the function's policy, and all of them hold.
    tie: true,
    // One statement together, which is read whole.
    properties: {
      Action: ['replaces', 'admits'],
      EventSourceToken: ['replaces', 'admits'],
      FunctionName: ['replaces', 'acts'],
      FunctionUrlAuthType: ['replaces', 'admits'],
      InvokedViaFunctionUrl: ['replaces', 'admits'],
      Principal: ['replaces', 'admits'],
      PrincipalOrgID: ['replaces', 'admits'],
      SourceAccount: ['replaces', 'admits'],
      SourceArn: ['replaces', 'admits'],
    },
  },
  'AWS::Lambda::ResourcePolicy': {
    page: 'aws-resource-lambda-resourcepolicy',
    new: 'create',
    properties: {
      PolicyDocument: 'admits',
      ResourceArn: ['replaces', 'acts'],
    },
  },
};
