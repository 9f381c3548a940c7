import type { Service } from './language.ts';

export const CLOUD9: Service = {
  'AWS::Cloud9::EnvironmentEC2': {
    page: 'aws-resource-cloud9-environmentec2',
    new: 'create',
    holds: 'data',
    properties: {
      AutomaticStopTimeMinutes: 'replaces',
      ConnectionType: 'replaces',
      Description: 'modify',
      ImageId: 'replaces',
      InstanceType: 'replaces',
      Name: 'modify',
      OwnerArn: ['replaces', 'admits'],
      Repositories: 'replaces',
      SubnetId: 'replaces',
      Tags: 'tags',
    },
  },
};
