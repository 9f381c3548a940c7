import type { Service } from './language.ts';
import { PLACED_IN, SECURITY_GROUPS } from './shared.ts';

export const DAX: Service = {
  'AWS::DAX::Cluster': {
    page: 'aws-resource-dax-cluster',
    new: 'create',
    properties: {
      AvailabilityZones: 'disrupt',
      ClusterEndpointEncryptionType: ['replaces', { order: ['NONE', 'TLS'], less: 'weaken', absent: 'NONE' }],
      ClusterName: 'replaces',
      Description: 'modify',
      // All that reach the port read tables by it.
      IAMRoleARN: ['replaces', 'acts-as'],
      NetworkType: 'replaces',
      NodeType: 'replaces',
      NotificationTopicARN: ['notifies', { settled: 'weaken' }],
      ParameterGroupName: ['uses', 'disrupt'],
      PreferredMaintenanceWindow: 'disrupt',
      ReplicationFactor: 'capacity',
      SSESpecification: 'replaces',
      SecurityGroupIds: SECURITY_GROUPS,
      SubnetGroupName: ['replaces', 'uses'],
      Tags: 'tags',
    },
  },
  // How long answers are kept.
  'AWS::DAX::ParameterGroup': {
    page: 'aws-resource-dax-parametergroup',
    new: 'create',
    properties: { Description: 'replaces', ParameterGroupName: 'replaces', ParameterNameValues: 'disrupt' },
  },
  'AWS::DAX::SubnetGroup': {
    page: 'aws-resource-dax-subnetgroup',
    new: 'create',
    properties: { Description: 'modify', SubnetGroupName: 'replaces', SubnetIds: PLACED_IN },
  },
};
