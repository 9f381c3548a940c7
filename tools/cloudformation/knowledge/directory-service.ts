import type { Service } from './language.ts';

export const DIRECTORY_SERVICE: Service = {
  'AWS::DirectoryService::MicrosoftAD': {
    page: 'aws-resource-directoryservice-microsoftad',
    new: 'create',
    holds: 'data',
    properties: {
      CreateAlias: 'replaces',
      Edition: 'replaces',
      EnableSso: 'runs',
      Name: 'replaces',
      Password: ['replaces', 'secret'],
      ShortName: 'replaces',
      VpcSettings: 'replaces',
    },
  },
  'AWS::DirectoryService::SimpleAD': {
    page: 'aws-resource-directoryservice-simplead',
    new: 'create',
    holds: 'data',
    properties: {
      CreateAlias: 'replaces',
      Description: 'replaces',
      EnableSso: 'runs',
      Name: 'replaces',
      Password: ['replaces', 'secret'],
      ShortName: 'replaces',
      Size: 'replaces',
      Tags: 'tags',
      VpcSettings: 'replaces',
    },
  },
};
