import type { Service } from './language.ts';

export const APP_FLOW: Service = {
  'AWS::AppFlow::ConnectorProfile': {
    page: 'aws-resource-appflow-connectorprofile',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ConnectionMode: { standing: 'weaken' },
      ConnectorLabel: 'replaces',
      // Addresses and logins, of which some are roles and buckets.
      ConnectorProfileConfig: ['may-act', { standing: 'expose' }],
      ConnectorProfileName: 'replaces',
      ConnectorType: 'replaces',
      KMSArn: ['uses', { settled: 'weaken' }],
    },
  },
  'AWS::AppFlow::Flow': {
    page: 'aws-resource-appflow-flow',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Description: 'modify',
      // Where what it fetches is put: written over there, or seen by others.
      DestinationFlowConfigList: ['acts', { standing: 'expose' }],
      FlowName: 'replaces',
      FlowStatus: { values: { Active: 'modify' }, otherwise: 'disrupt' },
      KMSArn: 'replaces',
      MetadataCatalogConfig: ['may-act', { settled: 'disrupt' }],
      SourceFlowConfig: ['reads', { standing: 'expose' }],
      Tags: 'tags',
      // What is left out, masked or changed on the way.
      Tasks: { standing: 'expose' },
      TriggerConfig: {
        members: {
          TriggerProperties: { standing: 'disrupt' },
          TriggerType: { standing: 'disrupt' },
        },
      },
    },
  },
};
