import type { Service } from './language.ts';

export const NEPTUNE_GRAPH: Service = {
  'AWS::NeptuneGraph::Graph': {
    page: 'aws-resource-neptunegraph-graph',
    new: 'create',
    holds: 'data',
    properties: {
      DeletionProtection: 'protects',
      GraphName: 'replaces',
      ImportTask: ['replaces', { members: { RoleArn: 'acts-as', Source: 'reads' }, others: 'modify' }],
      KmsKeyIdentifier: 'replaces',
      ProvisionedMemory: 'capacity',
      // Reached from the internet, by those whom IAM lets.
      PublicConnectivity: 'opens',
      ReplicaCount: 'replaces',
      Tags: 'tags',
      VectorSearchConfiguration: 'replaces',
    },
  },
  'AWS::NeptuneGraph::PrivateGraphEndpoint': {
    page: 'aws-resource-neptunegraph-privategraphendpoint',
    new: 'create',
    gone: 'disrupt',
    properties: {
      GraphIdentifier: ['replaces', 'acts'],
      SecurityGroupIds: ['replaces', 'acts-as'],
      SubnetIds: ['replaces', 'uses'],
      VpcId: ['replaces', 'uses'],
    },
  },
};
