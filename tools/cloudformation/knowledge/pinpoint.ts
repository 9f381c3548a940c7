import type { Rule, Rules, Service, TypeKnowledge } from './language.ts';

const OF_APP = { ApplicationId: ['replaces', 'acts'] } as const;

/** A way to people's telephones or mail boxes, off or on; and by which keys of the operator's. */
function channel(page: string, own: Readonly<Record<string, Rules>>): TypeKnowledge {
  return { page, new: 'create', gone: 'disrupt', properties: { ...OF_APP, Enabled: 'runs', ...own } };
}

/** With a certificate and its key, or with a token and its key. */
const APNS: Readonly<Record<string, Rules>> = {
  BundleId: 'disrupt',
  Certificate: 'secret',
  DefaultAuthenticationMethod: 'disrupt',
  PrivateKey: 'secret',
  TeamId: 'disrupt',
  TokenKey: 'secret',
  TokenKeyId: 'disrupt',
};

/** Texts for people, as they are sent from then on. */
function template(page: string, own: readonly string[]): TypeKnowledge {
  const texts = Object.fromEntries(own.map((name) => [name, 'modify' as const]));
  const properties = { ...texts, Tags: 'tags', TemplateDescription: 'modify', TemplateName: 'replaces' } as const;
  return { page, new: 'create', gone: 'disrupt', properties };
}

/** How many messages a person, or all of them, get. */
const LIMITS: Rule = {
  members: { Daily: 'throttles', MaximumDuration: 'throttles', MessagesPerSecond: 'throttles', Total: 'throttles' },
  others: 'throttles',
};

/** Who is asked about those who get a message: their addresses go there. */
const HOOK: Rule = {
  members: {
    LambdaFunctionName: ['acts', 'writes-to', { settled: 'disrupt' }],
    Mode: 'disrupt',
    WebUrl: ['passes-on', { settled: 'disrupt' }],
  },
};

export const PINPOINT: Service = {
  'AWS::Pinpoint::ADMChannel': channel('aws-resource-pinpoint-admchannel', {
    ClientId: 'disrupt',
    ClientSecret: 'secret',
  }),
  'AWS::Pinpoint::APNSChannel': channel('aws-resource-pinpoint-apnschannel', APNS),
  'AWS::Pinpoint::APNSSandboxChannel': channel('aws-resource-pinpoint-apnssandboxchannel', APNS),
  'AWS::Pinpoint::APNSVoipChannel': channel('aws-resource-pinpoint-apnsvoipchannel', APNS),
  'AWS::Pinpoint::APNSVoipSandboxChannel': channel('aws-resource-pinpoint-apnsvoipsandboxchannel', APNS),
  'AWS::Pinpoint::App': {
    page: 'aws-resource-pinpoint-app',
    new: 'create',
    holds: 'data',
    properties: { Name: 'replaces', Tags: 'tags' },
  },
  'AWS::Pinpoint::ApplicationSettings': {
    page: 'aws-resource-pinpoint-applicationsettings',
    new: 'create',
    gone: 'weaken',
    properties: {
      ApplicationId: ['replaces', 'acts', 'affects'],
      CampaignHook: HOOK,
      CloudWatchMetricsEnabled: 'protects',
      Limits: LIMITS,
      // When people are left alone.
      QuietTime: { settled: 'weaken' },
    },
  },
  'AWS::Pinpoint::BaiduChannel': channel('aws-resource-pinpoint-baiduchannel', {
    ApiKey: 'secret',
    SecretKey: 'secret',
  }),
  // People get messages by it.
  'AWS::Pinpoint::Campaign': {
    page: 'aws-resource-pinpoint-campaign',
    new: 'disrupt',
    gone: 'disrupt',
    properties: {
      AdditionalTreatments: ['may-act', { standing: 'disrupt' }],
      ApplicationId: ['replaces', 'acts'],
      CampaignHook: HOOK,
      CustomDeliveryConfiguration: {
        members: {
          DeliveryUri: ['acts', 'writes-to', 'passes-on', { settled: 'disrupt' }],
          EndpointTypes: { standing: 'disrupt' },
        },
      },
      Description: 'modify',
      HoldoutPercent: { standing: 'disrupt' },
      IsPaused: { standing: 'disrupt' },
      Limits: LIMITS,
      MessageConfiguration: { standing: 'disrupt' },
      Name: 'modify',
      Priority: 'modify',
      Schedule: { standing: 'disrupt' },
      SegmentId: ['uses', { standing: 'disrupt' }],
      SegmentVersion: { standing: 'disrupt' },
      Tags: 'tags',
      TemplateConfiguration: { standing: 'disrupt' },
      TreatmentDescription: 'modify',
      TreatmentName: 'modify',
    },
  },
  'AWS::Pinpoint::EmailChannel': channel('aws-resource-pinpoint-emailchannel', {
    ConfigurationSet: ['uses', { settled: 'disrupt' }],
    FromAddress: 'disrupt',
    Identity: ['acts-as', { settled: 'disrupt' }],
    OrchestrationSendingRoleArn: 'acts-as',
    RoleArn: 'acts-as',
  }),
  'AWS::Pinpoint::EmailTemplate': template('aws-resource-pinpoint-emailtemplate', [
    'DefaultSubstitutions',
    'HtmlPart',
    'Subject',
    'TextPart',
  ]),
  // What people do with what they got, and in the app.
  'AWS::Pinpoint::EventStream': {
    page: 'aws-resource-pinpoint-eventstream',
    new: 'create',
    gone: 'weaken',
    properties: {
      ...OF_APP,
      DestinationStreamArn: ['acts', 'writes-to', { settled: 'weaken' }],
      RoleArn: 'acts-as',
    },
  },
  'AWS::Pinpoint::GCMChannel': channel('aws-resource-pinpoint-gcmchannel', {
    ApiKey: 'secret',
    DefaultAuthenticationMethod: 'disrupt',
    ServiceJson: 'secret',
  }),
  'AWS::Pinpoint::InAppTemplate': template('aws-resource-pinpoint-inapptemplate', [
    'Content',
    'CustomConfig',
    'Layout',
  ]),
  'AWS::Pinpoint::PushTemplate': template('aws-resource-pinpoint-pushtemplate', [
    'ADM',
    'APNS',
    'Baidu',
    'Default',
    'DefaultSubstitutions',
    'GCM',
  ]),
  'AWS::Pinpoint::SMSChannel': channel('aws-resource-pinpoint-smschannel', {
    SenderId: 'disrupt',
    ShortCode: 'disrupt',
  }),
  // Who gets what is sent.
  'AWS::Pinpoint::Segment': {
    page: 'aws-resource-pinpoint-segment',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...OF_APP,
      Dimensions: { standing: 'disrupt' },
      Name: 'modify',
      SegmentGroups: { standing: 'disrupt' },
      Tags: 'tags',
    },
  },
  'AWS::Pinpoint::SmsTemplate': template('aws-resource-pinpoint-smstemplate', ['Body', 'DefaultSubstitutions']),
  'AWS::Pinpoint::VoiceChannel': channel('aws-resource-pinpoint-voicechannel', {}),
  'AWS::PinpointEmail::ConfigurationSet': {
    page: 'aws-resource-pinpointemail-configurationset',
    new: 'create',
    gone: 'disrupt',
    properties: {
      DeliveryOptions: { members: { SendingPoolName: ['uses', { settled: 'disrupt' }] } },
      Name: 'replaces',
      ReputationOptions: { members: { ReputationMetricsEnabled: 'protects' } },
      SendingOptions: { members: { SendingEnabled: 'runs-by-default' } },
      Tags: 'tags',
      TrackingOptions: { members: { CustomRedirectDomain: { settled: 'disrupt' } } },
    },
  },
  'AWS::PinpointEmail::ConfigurationSetEventDestination': {
    page: 'aws-resource-pinpointemail-configurationseteventdestination',
    new: 'create',
    gone: 'weaken',
    properties: {
      ConfigurationSetName: ['replaces', 'acts'],
      EventDestination: {
        members: {
          CloudWatchDestination: { settled: 'disrupt' },
          Enabled: 'runs',
          KinesisFirehoseDestination: {
            members: { DeliveryStreamArn: ['acts', 'writes-to'], IamRoleArn: 'acts-as' },
          },
          MatchingEventTypes: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
          PinpointDestination: { members: { ApplicationArn: ['acts', 'writes-to'] } },
          SnsDestination: { members: { TopicArn: ['acts', 'writes-to'] } },
        },
      },
      EventDestinationName: 'replaces',
    },
  },
  'AWS::PinpointEmail::DedicatedIpPool': {
    page: 'aws-resource-pinpointemail-dedicatedippool',
    new: 'create',
    gone: 'disrupt',
    properties: { PoolName: 'replaces', Tags: 'tags' },
  },
  'AWS::PinpointEmail::Identity': {
    page: 'aws-resource-pinpointemail-identity',
    new: 'create',
    gone: 'disrupt',
    properties: {
      DkimSigningEnabled: 'protects',
      // Off, nobody hears of what came back.
      FeedbackForwardingEnabled: 'protects-by-default',
      MailFromAttributes: { settled: 'disrupt' },
      Name: 'replaces',
      Tags: 'tags',
    },
  },
};
