import { CONNECT_PEOPLE } from './connect/people.ts';
import type { Rules, Service } from './language.ts';

/** What callers or those who answer have. Without a word it is either, by the feature. */
const FEATURE: Rules = ['runs', 'runs-by-default'];

/** Call centres. */
export const CONNECT: Service = {
  ...CONNECT_PEOPLE,
  'AWS::Connect::ContactFlow': {
    page: 'aws-resource-connect-contactflow',
    new: 'create',
    properties: {
      Content: 'code',
      Description: 'modify',
      InstanceArn: 'acts',
      Name: 'modify',
      State: { order: ['ARCHIVED', 'ACTIVE'], less: 'disrupt', absent: 'ACTIVE' },
      Tags: 'tags',
      Type: 'replaces',
    },
  },
  // With it go its users, queues and records of calls.
  'AWS::Connect::Instance': {
    page: 'aws-resource-connect-instance',
    new: 'create',
    holds: 'data',
    properties: {
      Attributes: {
        members: {
          AutoResolveBestVoices: FEATURE,
          ContactLens: ['protects', 'protects-by-default'],
          ContactflowLogs: 'protects',
          EarlyMedia: FEATURE,
          EnhancedChatMonitoring: FEATURE,
          EnhancedContactMonitoring: FEATURE,
          HighVolumeOutBound: FEATURE,
          InboundCalls: FEATURE,
          MessageStreaming: FEATURE,
          MultiPartyChatConference: FEATURE,
          MultiPartyConference: FEATURE,
          OutboundCalls: FEATURE,
          UseCustomTTSVoices: FEATURE,
        },
      },
      // Its users may sign in.
      DirectoryId: ['replaces', 'acts'],
      IdentityManagementType: 'replaces',
      InstanceAlias: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Connect::IntegrationAssociation': {
    page: 'aws-resource-connect-integrationassociation',
    new: 'create',
    gone: 'disrupt',
    properties: {
      InstanceId: ['replaces', 'acts'],
      IntegrationArn: ['replaces', 'acts'],
      IntegrationType: 'replaces',
      Tags: 'tags',
    },
  },
  // A number that is given back is seldom had again.
  'AWS::Connect::PhoneNumber': {
    page: 'aws-resource-connect-phonenumber',
    new: 'create',
    properties: {
      CountryCode: 'replaces',
      Description: 'replaces',
      Prefix: 'replaces',
      SourcePhoneNumberArn: ['replaces', 'acts'],
      Tags: 'tags',
      TargetArn: ['acts', 'disrupt'],
      Type: 'replaces',
    },
  },
};
