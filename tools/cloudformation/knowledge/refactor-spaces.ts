import type { Service } from './language.ts';

const IN_APPLICATION = {
  ApplicationIdentifier: ['replaces', 'acts', 'affects'],
  EnvironmentIdentifier: ['replaces', 'uses'],
} as const;

/** Requests that are led to the old or the new one of two applications. */
export const REFACTOR_SPACES: Service = {
  'AWS::RefactorSpaces::Application': {
    page: 'aws-resource-refactorspaces-application',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ApiGatewayProxy: 'replaces',
      EnvironmentIdentifier: ['replaces', 'uses'],
      Name: 'replaces',
      ProxyType: 'replaces',
      Tags: 'tags',
      VpcId: ['replaces', 'uses'],
    },
  },
  'AWS::RefactorSpaces::Environment': {
    page: 'aws-resource-refactorspaces-environment',
    new: 'create',
    gone: 'disrupt',
    properties: { Description: 'replaces', Name: 'replaces', NetworkFabricType: 'replaces', Tags: 'tags' },
  },
  // On, requests go there that went to the default one; off, they go back.
  'AWS::RefactorSpaces::Route': {
    page: 'aws-resource-refactorspaces-route',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...IN_APPLICATION,
      DefaultRoute: { standing: 'disrupt' },
      RouteType: 'replaces',
      ServiceIdentifier: ['replaces', 'acts'],
      Tags: 'tags',
      UriPathRoute: { standing: 'disrupt' },
    },
  },
  'AWS::RefactorSpaces::Service': {
    page: 'aws-resource-refactorspaces-service',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ApplicationIdentifier: ['replaces', 'uses'],
      Description: 'replaces',
      EndpointType: 'replaces',
      EnvironmentIdentifier: ['replaces', 'uses'],
      LambdaEndpoint: ['replaces', { members: { Arn: 'acts' } }],
      Name: 'replaces',
      Tags: 'tags',
      UrlEndpoint: ['replaces', 'may-pass-on'],
      VpcId: ['replaces', 'uses'],
    },
  },
};
