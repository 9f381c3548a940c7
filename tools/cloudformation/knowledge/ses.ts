import type { Rule, Rules, Service } from './language.ts';
import { MAIL_MANAGER } from './ses/mail-manager.ts';
import { SHAPE } from './shared.ts';

/** What is done with mail that comes in, one after the other. */
const TOPIC: Rules = ['acts', 'writes-to'];
const ACTIONS: Rule = {
  each: {
    members: {
      AddHeaderAction: 'disrupt',
      BounceAction: {
        members: {
          Message: 'modify',
          Sender: 'modify',
          SmtpReplyCode: 'disrupt',
          StatusCode: 'modify',
          TopicArn: TOPIC,
        },
      },
      ConnectAction: { members: { IAMRoleARN: 'acts-as', InstanceARN: 'acts' } },
      LambdaAction: {
        members: {
          FunctionArn: ['acts', 'writes-to'],
          InvocationType: { values: {}, otherwise: 'disrupt', absent: 'Event' },
          TopicArn: TOPIC,
        },
      },
      S3Action: {
        members: {
          BucketName: ['acts', 'writes-to'],
          IamRoleArn: 'acts-as',
          KmsKeyArn: { settled: 'weaken' },
          ObjectKeyPrefix: SHAPE,
          TopicArn: TOPIC,
        },
      },
      SNSAction: { members: { Encoding: SHAPE, TopicArn: TOPIC } },
      StopAction: { members: { Scope: 'disrupt', TopicArn: TOPIC } },
      WorkmailAction: { members: { OrganizationArn: 'acts', TopicArn: TOPIC } },
    },
  },
  by: '#',
  added: 'modify',
  lost: 'disrupt',
};

export const SES: Service = {
  ...MAIL_MANAGER,
  'AWS::SES::ConfigurationSet': {
    page: 'aws-resource-ses-configurationset',
    new: 'create',
    properties: {
      ArchivingOptions: ['uses', { settled: 'weaken' }],
      DeliveryOptions: {
        members: {
          MaxDeliverySeconds: ['limits', { ends: 'weaken' }],
          SendingPoolName: ['uses', { settled: 'disrupt' }],
          TlsPolicy: { order: ['OPTIONAL', 'REQUIRE'], less: 'weaken', absent: 'OPTIONAL' },
        },
      },
      Name: 'replaces',
      ReputationOptions: { members: { ReputationMetricsEnabled: 'protects' } },
      SendingOptions: { members: { SendingEnabled: 'runs-by-default' } },
      SuppressionOptions: {
        members: {
          SuppressedReasons: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
          ValidationOptions: { settled: 'weaken' },
        },
      },
      Tags: 'tags',
      TrackingOptions: {
        members: {
          CustomRedirectDomain: { settled: 'disrupt' },
          HttpsPolicy: { order: ['OPTIONAL', 'REQUIRE_OPEN_ONLY', 'REQUIRE'], less: 'weaken', absent: 'OPTIONAL' },
        },
      },
      VdmOptions: 'modify',
    },
  },
  'AWS::SES::ConfigurationSetEventDestination': {
    page: 'aws-resource-ses-configurationseteventdestination',
    new: 'create',
    properties: {
      ConfigurationSetName: ['replaces', 'acts'],
      EventDestination: {
        members: {
          CloudWatchDestination: { settled: 'disrupt' },
          Enabled: 'runs',
          EventBridgeDestination: { members: { EventBusArn: ['acts', 'writes-to'] } },
          KinesisFirehoseDestination: { members: { DeliveryStreamARN: ['acts', 'writes-to'], IAMRoleARN: 'acts-as' } },
          MatchingEventTypes: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
          Name: 'modify',
          SnsDestination: { members: { TopicARN: ['acts', 'writes-to'] } },
        },
      },
    },
  },
  'AWS::SES::DedicatedIpPool': {
    page: 'aws-resource-ses-dedicatedippool',
    new: 'create',
    properties: { PoolName: 'replaces', ScalingMode: 'disrupt', Tags: 'tags' },
  },
  'AWS::SES::EmailIdentity': {
    page: 'aws-resource-ses-emailidentity',
    new: 'create',
    properties: {
      ConfigurationSetAttributes: ['uses', { settled: 'disrupt' }],
      DkimAttributes: { members: { SigningEnabled: 'protects-by-default' } },
      // Mail isn't trusted until the new key is in the domain's records.
      DkimSigningAttributes: [
        'disrupt',
        {
          members: {
            DomainSigningPrivateKey: 'secret',
            DomainSigningSelector: 'disrupt',
            NextSigningKeyLength: 'disrupt',
          },
        },
      ],
      EmailIdentity: 'replaces',
      FeedbackAttributes: { members: { EmailForwardingEnabled: 'protects-by-default' } },
      MailFromAttributes: {
        members: {
          BehaviorOnMxFailure: {
            values: { USE_DEFAULT_VALUE: 'modify' },
            otherwise: 'disrupt',
            absent: 'USE_DEFAULT_VALUE',
          },
          MailFromDomain: { settled: 'disrupt' },
        },
      },
      Tags: 'tags',
    },
  },
  'AWS::SES::ContactList': {
    page: 'aws-resource-ses-contactlist',
    new: 'create',
    // Who wants mail, and who doesn't any more.
    holds: 'data',
    properties: {
      ContactListName: 'replaces',
      Description: 'modify',
      Tags: 'tags',
      Topics: {
        by: 'TopicName',
        each: {
          members: {
            DefaultSubscriptionStatus: { settled: 'disrupt' },
            Description: 'modify',
            DisplayName: 'modify',
            TopicName: 'modify',
          },
        },
        added: 'modify',
        lost: 'delete',
        reordered: 'modify',
      },
    },
  },
  'AWS::SES::CustomVerificationEmailTemplate': {
    page: 'aws-resource-ses-customverificationemailtemplate',
    new: 'create',
    properties: {
      FailureRedirectionURL: { settled: 'disrupt' },
      FromEmailAddress: { settled: 'disrupt' },
      SuccessRedirectionURL: { settled: 'disrupt' },
      Tags: 'tags',
      TemplateContent: 'modify',
      TemplateName: 'replaces',
      TemplateSubject: 'modify',
    },
  },
  'AWS::SES::MultiRegionEndpoint': {
    page: 'aws-resource-ses-multiregionendpoint',
    new: 'create',
    properties: { Details: 'replaces', EndpointName: 'replaces', Tags: 'tags' },
  },
  'AWS::SES::ReceiptFilter': {
    page: 'aws-resource-ses-receiptfilter',
    // Mail of all the account is refused or let in by it.
    new: 'disrupt',
    wide: 'account',
    properties: { Filter: ['replaces', { standing: 'expose' }] },
  },
  'AWS::SES::ReceiptRule': {
    page: 'aws-resource-ses-receiptrule',
    new: 'create',
    properties: {
      After: 'disrupt',
      Rule: {
        members: {
          Actions: ACTIONS,
          Enabled: 'runs',
          Name: 'replaces',
          Recipients: { standing: { each: 'modify', added: 'disrupt', lost: 'disrupt', reordered: 'modify' } },
          ScanEnabled: 'protects',
          TlsPolicy: { order: ['Optional', 'Require'], less: 'weaken', absent: 'Optional' },
        },
      },
      RuleSetName: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::SES::ReceiptRuleSet': {
    page: 'aws-resource-ses-receiptruleset',
    new: 'create',
    properties: { RuleSetName: 'replaces' },
  },
  'AWS::SES::Template': {
    page: 'aws-resource-ses-template',
    new: 'create',
    properties: {
      Tags: 'tags',
      Template: {
        members: { HtmlPart: 'modify', SubjectPart: 'modify', TemplateName: 'replaces', TextPart: 'modify' },
      },
    },
  },
  // What it names is used in its name, and stopped with it.
  'AWS::SES::Tenant': {
    page: 'aws-resource-ses-tenant',
    new: 'create',
    properties: {
      ResourceAssociations: {
        each: { members: { ResourceArn: 'acts' } },
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
      Tags: 'tags',
      TenantName: 'replaces',
    },
  },
  'AWS::SES::VdmAttributes': {
    page: 'aws-resource-ses-vdmattributes',
    // In the place of what was set for the account.
    new: 'weaken',
    wide: 'account',
    properties: { DashboardAttributes: 'weaken', GuardianAttributes: 'modify' },
  },
};
