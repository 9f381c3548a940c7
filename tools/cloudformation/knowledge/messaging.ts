import type { Rule, Rules, Service } from './language.ts';

/** What is answered to a word, and what the word does to who sends it. */
const KEYWORDS: Rule = {
  by: 'Keyword',
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
  each: {
    members: {
      // Off: who asks to be left alone isn't.
      Action: [{ leaves: 'OPT_OUT', is: 'weaken' }, { standing: 'disrupt' }],
      Keyword: 'modify',
      Message: 'modify',
    },
  },
};

/** Who asks to be left alone is on the list, unless the sender says that it looks after that itself. */
const SENDS: Readonly<Record<string, Rules>> = {
  DeletionProtectionEnabled: 'protects',
  MandatoryKeywords: { standing: 'modify' },
  OptOutListName: ['uses', { settled: 'weaken' }],
  OptionalKeywords: KEYWORDS,
  SelfManagedOptOutsEnabled: 'endangers',
  Tags: 'tags',
  TwoWay: {
    members: {
      ChannelArn: ['acts', { settled: 'disrupt' }],
      ChannelRole: 'acts-as',
      Enabled: 'runs',
    },
  },
};

/** Which messages may go where; one that is blocked less costs, or is misused. */
const COUNTRIES: Rule = {
  by: 'CountryCode',
  added: 'disrupt',
  lost: 'weaken',
  reordered: 'modify',
  each: {
    members: {
      CountryCode: 'modify',
      ProtectStatus: { standing: { values: { ALLOW: 'weaken', MONITOR: 'weaken' }, otherwise: 'disrupt' } },
    },
  },
};

const LOGGED: Rule = {
  by: 'EventDestinationName',
  added: 'modify',
  lost: 'weaken',
  reordered: 'modify',
  each: {
    members: {
      CloudWatchLogsDestination: {
        members: { IamRoleArn: 'acts-as', LogGroupArn: ['acts', 'writes-to', { settled: 'weaken' }] },
      },
      Enabled: 'protects',
      EventDestinationName: 'modify',
      KinesisFirehoseDestination: {
        members: { DeliveryStreamArn: ['acts', 'writes-to', { settled: 'weaken' }], IamRoleArn: 'acts-as' },
      },
      MatchingEventTypes: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      SnsDestination: { members: { TopicArn: ['acts', 'writes-to', { settled: 'weaken' }] } },
    },
  },
};

/** Text and voice messages to people's phones. */
export const MESSAGING: Service = {
  'AWS::SMSVOICE::ConfigurationSet': {
    page: 'aws-resource-smsvoice-configurationset',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ConfigurationSetName: 'replaces',
      DefaultSenderId: 'disrupt',
      EventDestinations: LOGGED,
      MessageFeedbackEnabled: 'protects',
      ProtectConfigurationId: ['uses', { settled: 'weaken' }],
      Tags: 'tags',
    },
  },
  // Who asked to be left alone.
  'AWS::SMSVOICE::OptOutList': {
    page: 'aws-resource-smsvoice-optoutlist',
    new: 'create',
    holds: 'data',
    properties: { OptOutListName: 'replaces', Tags: 'tags' },
  },
  // A number that is given back may be another's the next day.
  'AWS::SMSVOICE::PhoneNumber': {
    page: 'aws-resource-smsvoice-phonenumber',
    new: 'create',
    holds: 'data',
    properties: { ...SENDS, IsoCountryCode: 'replaces', NumberCapabilities: 'replaces', NumberType: 'replaces' },
  },
  'AWS::SMSVOICE::Pool': {
    page: 'aws-resource-smsvoice-pool',
    new: 'create',
    properties: {
      ...SENDS,
      OriginationIdentities: ['acts', { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' }],
      // Numbers that others send from, too.
      SharedRoutesEnabled: { standing: 'disrupt' },
    },
  },
  'AWS::SMSVOICE::ProtectConfiguration': {
    page: 'aws-resource-smsvoice-protectconfiguration',
    new: 'create',
    gone: 'weaken',
    properties: {
      CountryRuleSet: { members: { MMS: COUNTRIES, SMS: COUNTRIES, VOICE: COUNTRIES } },
      DeletionProtectionEnabled: 'protects',
      Tags: 'tags',
    },
  },
  'AWS::SMSVOICE::ResourcePolicy': {
    page: 'aws-resource-smsvoice-resourcepolicy',
    new: 'create',
    properties: { PolicyDocument: 'admits', ResourceArn: ['replaces', 'acts'] },
  },
  'AWS::SMSVOICE::SenderId': {
    page: 'aws-resource-smsvoice-senderid',
    new: 'create',
    properties: {
      DeletionProtectionEnabled: 'protects',
      IsoCountryCode: 'replaces',
      SenderId: 'replaces',
      Tags: 'tags',
    },
  },
};
