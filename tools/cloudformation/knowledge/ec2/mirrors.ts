import type { Rule, Service } from '../language.ts';

/** Which packets are copied to someone who reads them: another may be more, or fewer than a watch needs. */
const COPIED: Rule = { standing: 'expose' };

export const MIRRORS: Service = {
  'AWS::EC2::TrafficMirrorFilter': {
    page: 'aws-resource-ec2-trafficmirrorfilter',
    new: 'create',
    properties: {
      Description: 'replaces',
      NetworkServices: COPIED,
      Tags: 'tags',
    },
  },
  'AWS::EC2::TrafficMirrorFilterRule': {
    page: 'aws-resource-ec2-trafficmirrorfilterrule',
    new: 'create',
    properties: {
      Description: 'modify',
      DestinationCidrBlock: COPIED,
      DestinationPortRange: COPIED,
      Protocol: COPIED,
      RuleAction: COPIED,
      RuleNumber: COPIED,
      SourceCidrBlock: COPIED,
      SourcePortRange: COPIED,
      Tags: 'tags',
      TrafficDirection: COPIED,
      TrafficMirrorFilterId: ['replaces', 'acts'],
    },
  },
  'AWS::EC2::TrafficMirrorSession': {
    page: 'aws-resource-ec2-trafficmirrorsession',
    // All that an interface sends and gets is copied to someone else.
    new: 'expose',
    properties: {
      Description: 'modify',
      NetworkInterfaceId: ['replaces', 'acts'],
      OwnerId: COPIED,
      PacketLength: COPIED,
      SessionNumber: COPIED,
      Tags: 'tags',
      TrafficMirrorFilterId: COPIED,
      TrafficMirrorTargetId: ['uses', COPIED],
      VirtualNetworkId: 'disrupt',
    },
  },
  'AWS::EC2::TrafficMirrorTarget': {
    page: 'aws-resource-ec2-trafficmirrortarget',
    new: 'create',
    properties: {
      Description: 'replaces',
      GatewayLoadBalancerEndpointId: ['replaces', 'acts'],
      NetworkInterfaceId: ['replaces', 'acts'],
      NetworkLoadBalancerArn: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
};
