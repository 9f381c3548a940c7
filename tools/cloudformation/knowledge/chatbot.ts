import type { Rules, Service } from './language.ts';

const CHANNEL: Readonly<Record<string, Rules>> = {
  ConfigurationName: 'replaces',
  CustomizationResourceArns: 'uses',
  // What people of the channel may do at most; without any, all that their role may.
  GuardrailPolicies: ['permits', { standing: 'expose' }],
  IamRoleArn: 'acts-as',
  LoggingLevel: { order: ['NONE', 'ERROR', 'INFO'], less: 'weaken', absent: 'NONE' },
  // What of them nobody is told of any more.
  SnsTopicArns: ['acts', { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' }],
  Tags: 'tags',
  UserRoleRequired: 'protects',
};

export const CHATBOT: Service = {
  'AWS::Chatbot::MicrosoftTeamsChannelConfiguration': {
    page: 'aws-resource-chatbot-microsoftteamschannelconfiguration',
    // Those who are in the channel may act by it.
    new: 'expose',
    properties: {
      ...CHANNEL,
      TeamId: 'replaces',
      TeamsChannelId: 'expose',
      TeamsChannelName: 'modify',
      TeamsTenantId: 'replaces',
    },
  },
  'AWS::Chatbot::SlackChannelConfiguration': {
    page: 'aws-resource-chatbot-slackchannelconfiguration',
    // Those who are in the channel may act by it.
    new: 'expose',
    properties: { ...CHANNEL, SlackChannelId: 'expose', SlackWorkspaceId: 'replaces' },
  },
};
