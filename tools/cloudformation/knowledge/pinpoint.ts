import type { Service } from './language.ts';

export const PINPOINT: Service = {
  'AWS::Pinpoint::App': {
    page: 'aws-resource-pinpoint-app',
    new: 'create',
    holds: 'data',
    properties: { Name: 'replaces', Tags: 'tags' },
  },
  'AWS::Pinpoint::SMSChannel': {
    page: 'aws-resource-pinpoint-smschannel',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ApplicationId: ['replaces', 'acts'],
      Enabled: 'runs',
      SenderId: 'disrupt',
      ShortCode: 'disrupt',
    },
  },
};
