import { DEVICES } from './iot/devices.ts';
import type { Rule, Service } from './language.ts';
import { SHAPE } from './shared.ts';

/** What a rule does with a message: into what, and as whom. */
const ACTION: Rule = {
  members: {
    CloudwatchAlarm: {
      members: { AlarmName: 'acts', RoleArn: 'acts-as', StateReason: 'modify', StateValue: { standing: 'disrupt' } },
    },
    CloudwatchLogs: { members: { BatchMode: 'disrupt', LogGroupName: ['acts', 'writes-to'], RoleArn: 'acts-as' } },
    // Devices' messages leave for there, by a new rule too.
    Http: 'expose',
    CloudwatchMetric: {
      members: {
        MetricName: { settled: 'disrupt' },
        MetricNamespace: { settled: 'disrupt' },
        MetricTimestamp: 'modify',
        MetricUnit: { settled: 'disrupt' },
        MetricValue: { settled: 'disrupt' },
        RoleArn: 'acts-as',
      },
    },
    DynamoDB: {
      members: {
        HashKeyField: { standing: 'disrupt' },
        HashKeyType: { standing: 'disrupt' },
        HashKeyValue: { standing: 'disrupt' },
        PayloadField: { standing: 'disrupt' },
        RangeKeyField: { standing: 'disrupt' },
        RangeKeyType: { standing: 'disrupt' },
        RangeKeyValue: { standing: 'disrupt' },
        RoleArn: 'acts-as',
        TableName: ['acts', 'writes-to'],
      },
    },
    DynamoDBv2: { members: { PutItem: { members: { TableName: ['acts', 'writes-to'] } }, RoleArn: 'acts-as' } },
    Firehose: {
      members: {
        BatchMode: { standing: 'disrupt' },
        DeliveryStreamName: ['acts', 'writes-to'],
        RoleArn: 'acts-as',
        Separator: { standing: 'disrupt' },
      },
    },
    IotAnalytics: {
      members: { BatchMode: { standing: 'disrupt' }, ChannelName: ['acts', 'writes-to'], RoleArn: 'acts-as' },
    },
    IotEvents: {
      members: {
        BatchMode: { standing: 'disrupt' },
        InputName: ['acts', 'writes-to'],
        MessageId: 'disrupt',
        RoleArn: 'acts-as',
      },
    },
    Kinesis: { members: { PartitionKey: SHAPE, RoleArn: 'acts-as', StreamName: ['acts', 'writes-to'] } },
    Lambda: { members: { FunctionArn: ['acts', 'writes-to'] } },
    Republish: {
      members: {
        Headers: 'disrupt',
        Qos: { number: 'capacity', absent: 0 },
        RoleArn: 'acts-as',
        Topic: { standing: 'disrupt' },
      },
    },
    S3: {
      members: {
        BucketName: ['acts', 'writes-to'],
        CannedAcl: { values: { private: 'modify' }, otherwise: 'expose', absent: 'private' },
        // Another name may write over what is there.
        Key: { standing: 'disrupt' },
        RoleArn: 'acts-as',
      },
    },
    Sns: { members: { MessageFormat: { standing: 'disrupt' }, RoleArn: 'acts-as', TargetArn: ['acts', 'writes-to'] } },
    Sqs: { members: { QueueUrl: ['acts', 'writes-to'], RoleArn: 'acts-as', UseBase64: { standing: 'disrupt' } } },
    StepFunctions: { members: { ExecutionNamePrefix: 'modify', RoleArn: 'acts-as', StateMachineName: 'acts' } },
    Timestream: {
      members: {
        DatabaseName: 'acts',
        Dimensions: { standing: 'disrupt' },
        RoleArn: 'acts-as',
        TableName: ['acts', 'writes-to'],
        Timestamp: { standing: 'disrupt' },
      },
    },
  },
};

const DEFENDER: Service = {
  'AWS::IoT::AccountAuditConfiguration': {
    page: 'aws-resource-iot-accountauditconfiguration',
    // In the place of what was set for the account.
    new: 'weaken',
    gone: 'weaken',
    wide: 'account',
    properties: {
      AccountId: 'replaces',
      AuditCheckConfigurations: {
        // What a check has found goes with it.
        keys: {
          members: {
            Configuration: { settled: 'weaken' },
            Enabled: { values: { true: 'modify' }, otherwise: 'delete' },
          },
        },
        added: 'modify',
        lost: 'delete',
      },
      AuditNotificationTargetConfigurations: {
        members: {
          Sns: { members: { Enabled: 'protects', RoleArn: 'acts-as', TargetArn: ['acts', { settled: 'weaken' }] } },
        },
      },
      RoleArn: 'acts-as',
    },
  },
  'AWS::IoT::ScheduledAudit': {
    page: 'aws-resource-iot-scheduledaudit',
    new: 'create',
    gone: 'weaken',
    properties: {
      DayOfMonth: 'disrupt',
      DayOfWeek: 'disrupt',
      Frequency: { order: ['MONTHLY', 'BIWEEKLY', 'WEEKLY', 'DAILY'], less: 'weaken' },
      ScheduledAuditName: 'replaces',
      Tags: 'tags',
      TargetCheckNames: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
    },
  },
  'AWS::IoT::SecurityProfile': {
    page: 'aws-resource-iot-securityprofile',
    new: 'create',
    gone: 'weaken',
    properties: {
      AdditionalMetricsToRetainV2: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      AlertTargets: {
        keys: { members: { AlertTargetArn: ['acts', { settled: 'weaken' }], RoleArn: 'acts-as' } },
        added: 'modify',
        lost: 'weaken',
      },
      Behaviors: { each: { settled: 'weaken' }, by: 'Name', added: 'modify', lost: 'weaken', reordered: 'modify' },
      MetricsExportConfig: {
        members: { MqttTopic: { settled: 'weaken' }, RoleArn: 'acts-as' },
      },
      SecurityProfileDescription: 'modify',
      SecurityProfileName: 'replaces',
      Tags: 'tags',
      TargetArns: ['uses', { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' }],
    },
  },
};

export const IOT: Service = {
  ...DEVICES,
  ...DEFENDER,
  'AWS::IoT::Authorizer': {
    page: 'aws-resource-iot-authorizer',
    new: 'create',
    gone: 'disrupt',
    properties: {
      // It says who is let in, and with which policy.
      AuthorizerFunctionArn: ['acts', { standing: 'expose' }],
      AuthorizerName: 'replaces',
      EnableCachingForHttp: 'endangers',
      // A token that isn't signed is handed to the function.
      SigningDisabled: ['replaces', 'opens'],
      Status: { standing: { values: { INACTIVE: 'disrupt' }, otherwise: 'expose' } },
      Tags: 'tags',
      TokenKeyName: { standing: 'disrupt' },
      TokenSigningPublicKeys: { standing: 'expose' },
    },
  },
  'AWS::IoT::Certificate': {
    page: 'aws-resource-iot-certificate',
    // A device that has it is let in, with the policies that it gets.
    new: 'create',
    properties: {
      CACertificatePem: 'replaces',
      CertificateMode: 'replaces',
      CertificatePem: 'replaces',
      CertificateSigningRequest: 'replaces',
      Status: { standing: { values: { ACTIVE: 'expose' }, otherwise: 'disrupt' } },
    },
  },
  'AWS::IoT::Logging': {
    page: 'aws-resource-iot-logging',
    // In the place of what was set for the account.
    new: 'weaken',
    gone: 'weaken',
    wide: 'account',
    properties: {
      AccountId: 'replaces',
      DefaultLogLevel: { order: ['DISABLED', 'ERROR', 'WARN', 'INFO', 'DEBUG'], less: 'weaken' },
      EventConfigurations: { settled: 'weaken' },
      RoleArn: 'acts-as',
    },
  },
  'AWS::IoT::Policy': {
    page: 'aws-resource-iot-policy',
    new: 'create',
    gone: 'disrupt',
    properties: { PolicyDocument: 'permits', PolicyName: 'replaces', Tags: 'tags' },
  },
  'AWS::IoT::PolicyPrincipalAttachment': {
    page: 'aws-resource-iot-policyprincipalattachment',
    // A device may do what the policy says.
    new: 'expose',
    gone: 'disrupt',
    properties: { PolicyName: ['replaces', 'acts-as'], Principal: ['replaces', 'acts'] },
  },
  'AWS::IoT::RoleAlias': {
    page: 'aws-resource-iot-rolealias',
    new: 'create',
    gone: 'disrupt',
    // Devices ask for its credentials by their certificates.
    properties: {
      CredentialDurationSeconds: [
        { number: 'limits', absent: 3600 },
        { number: 'delays', absent: 3600 },
      ],
      RoleAlias: 'replaces',
      RoleArn: 'acts-as',
      Tags: 'tags',
    },
  },
  // With it goes its shadow.
  'AWS::IoT::Thing': {
    page: 'aws-resource-iot-thing',
    new: 'create',
    holds: 'data',
    properties: {
      // Policies and groups may rest on them.
      AttributePayload: { standing: 'weaken' },
      ThingName: 'replaces',
    },
  },
  // Policies and jobs go by groups.
  'AWS::IoT::ThingGroup': {
    page: 'aws-resource-iot-thinggroup',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ParentGroupName: ['replaces', 'acts'],
      QueryString: { standing: 'expose' },
      Tags: 'tags',
      ThingGroupName: 'replaces',
      ThingGroupProperties: { standing: 'weaken' },
    },
  },
  'AWS::IoT::ThingPrincipalAttachment': {
    page: 'aws-resource-iot-thingprincipalattachment',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Principal: ['replaces', 'acts'],
      ThingName: ['replaces', 'acts'],
      ThingPrincipalType: 'replaces',
    },
  },
  'AWS::IoT::ThingType': {
    page: 'aws-resource-iot-thingtype',
    new: 'create',
    gone: 'disrupt',
    properties: {
      DeprecateThingType: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
      Tags: 'tags',
      ThingTypeName: 'replaces',
      ThingTypeProperties: 'replaces',
    },
  },
  'AWS::IoT::TopicRule': {
    page: 'aws-resource-iot-topicrule',
    new: 'create',
    properties: {
      RuleName: 'replaces',
      Tags: 'tags',
      TopicRulePayload: {
        members: {
          Actions: { each: ACTION, by: '#', added: 'modify', lost: 'disrupt' },
          AwsIotSqlVersion: { standing: 'disrupt' },
          Description: 'modify',
          // Without it what failed is lost.
          ErrorAction: [ACTION, { settled: 'weaken' }, { ends: 'delete' }],
          RuleDisabled: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
          // What it takes and what of it is handed on.
          Sql: ['code', { standing: 'delete' }],
        },
      },
    },
  },
};
