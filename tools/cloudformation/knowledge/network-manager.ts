import type { Rule, Service } from './language.ts';
import { PLACED_IN } from './shared.ts';

/** Of which segment of the network it is: who reaches it. */
const SEGMENT: Rule = { standing: 'expose' };
const ATTACHED = {
  CoreNetworkId: ['replaces', 'acts'],
  ProposedSegmentChange: SEGMENT,
  RoutingPolicyLabel: { standing: 'expose' },
  Tags: ['tags', SEGMENT],
} as const;
const PLACED: Rule = 'modify';

/** Networks of several regions and accounts. Segments follow from tags. */
export const NETWORK_MANAGER: Service = {
  'AWS::NetworkManager::CoreNetwork': {
    page: 'aws-resource-networkmanager-corenetwork',
    new: 'create',
    gone: 'delete',
    properties: {
      Description: 'modify',
      GlobalNetworkId: ['replaces', 'acts'],
      // Regions, segments, and who reaches whom. Another one may end a region's network, or join two that were apart.
      PolicyDocument: [{ standing: 'expose' }, { standing: 'delete' }],
      Tags: 'tags',
    },
  },
  'AWS::NetworkManager::Device': {
    page: 'aws-resource-networkmanager-device',
    new: 'create',
    gone: 'modify',
    properties: {
      AWSLocation: PLACED,
      Description: 'modify',
      GlobalNetworkId: ['replaces', 'acts'],
      Location: PLACED,
      Model: 'modify',
      SerialNumber: 'modify',
      SiteId: PLACED,
      Tags: 'tags',
      Type: 'modify',
      Vendor: 'modify',
    },
  },
  'AWS::NetworkManager::GlobalNetwork': {
    page: 'aws-resource-networkmanager-globalnetwork',
    new: 'create',
    properties: { CreatedAt: 'modify', Description: 'modify', State: 'modify', Tags: 'tags' },
  },
  'AWS::NetworkManager::Link': {
    page: 'aws-resource-networkmanager-link',
    new: 'create',
    gone: 'modify',
    properties: {
      Bandwidth: 'modify',
      Description: 'modify',
      GlobalNetworkId: ['replaces', 'acts'],
      Provider: 'modify',
      SiteId: 'replaces',
      Tags: 'tags',
      Type: 'modify',
    },
  },
  'AWS::NetworkManager::Site': {
    page: 'aws-resource-networkmanager-site',
    new: 'create',
    gone: 'modify',
    properties: {
      Description: 'modify',
      GlobalNetworkId: ['replaces', 'acts'],
      Location: PLACED,
      Tags: 'tags',
    },
  },
  'AWS::NetworkManager::SiteToSiteVpnAttachment': {
    page: 'aws-resource-networkmanager-sitetositevpnattachment',
    // Two networks are joined.
    new: 'expose',
    gone: 'disrupt',
    properties: { ...ATTACHED, NetworkFunctionGroupName: SEGMENT, VpnConnectionArn: ['replaces', 'acts'] },
  },
  'AWS::NetworkManager::TransitGatewayPeering': {
    page: 'aws-resource-networkmanager-transitgatewaypeering',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      CoreNetworkId: ['replaces', 'acts'],
      Tags: 'tags',
      TransitGatewayArn: ['replaces', 'acts'],
    },
  },
  'AWS::NetworkManager::TransitGatewayRegistration': {
    page: 'aws-resource-networkmanager-transitgatewayregistration',
    new: 'create',
    gone: 'weaken',
    properties: { GlobalNetworkId: ['replaces', 'acts'], TransitGatewayArn: ['replaces', 'acts'] },
  },
  'AWS::NetworkManager::VpcAttachment': {
    page: 'aws-resource-networkmanager-vpcattachment',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      ...ATTACHED,
      Options: { standing: 'disrupt' },
      SubnetArns: PLACED_IN,
      VpcArn: ['replaces', 'acts'],
    },
  },
};
