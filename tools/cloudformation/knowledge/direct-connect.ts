import type { Rules, Service } from './language.ts';
import { GRANTS } from './shared.ts';

/** Both ends have to agree on it. */
const LINE: Rules = { standing: 'disrupt' };
const INTERFACE: Readonly<Record<string, Rules>> = {
  // By keys both ends know each other.
  BgpPeers: { standing: 'disrupt' },
  ConnectionId: ['acts', { settled: 'disrupt' }],
  RateLimit: LINE,
  Tags: 'tags',
  VirtualInterfaceName: 'modify',
  Vlan: 'replaces',
};
/** What is reached by it. */
const PRIVATE: Readonly<Record<string, Rules>> = {
  ...INTERFACE,
  DirectConnectGatewayId: ['replaces', 'acts'],
  // Sites reach each other by it.
  EnableSiteLink: 'opens',
  Mtu: LINE,
};

/** Lines of one's own into AWS. */
export const DIRECT_CONNECT: Service = {
  'AWS::DirectConnect::Connection': {
    page: 'aws-resource-directconnect-connection',
    new: 'create',
    properties: {
      Bandwidth: 'replaces',
      ConnectionName: 'modify',
      LagId: ['uses', LINE],
      Location: 'replaces',
      ProviderName: 'replaces',
      RequestMACSec: ['replaces', 'protects'],
      Tags: 'tags',
    },
  },
  'AWS::DirectConnect::DirectConnectGateway': {
    page: 'aws-resource-directconnect-directconnectgateway',
    new: 'create',
    properties: { AmazonSideAsn: 'replaces', DirectConnectGatewayName: 'modify', Tags: 'tags' },
  },
  'AWS::DirectConnect::DirectConnectGatewayAssociation': {
    page: 'aws-resource-directconnect-directconnectgatewayassociation',
    // Two networks are joined.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AcceptDirectConnectGatewayAssociationProposalRoleArn: ['replaces', 'acts-as'],
      AllowedPrefixesToDirectConnectGateway: GRANTS,
      AssociatedGatewayId: ['replaces', 'acts'],
      DirectConnectGatewayId: ['replaces', 'acts'],
    },
  },
  'AWS::DirectConnect::Lag': {
    page: 'aws-resource-directconnect-lag',
    new: 'create',
    properties: {
      ConnectionsBandwidth: 'replaces',
      LagName: 'modify',
      Location: 'replaces',
      // With fewer lines than this it is down.
      MinimumLinks: { number: 'waits', absent: 0 },
      ProviderName: 'replaces',
      RequestMACSec: ['replaces', 'protects'],
      Tags: 'tags',
    },
  },
  'AWS::DirectConnect::PrivateVirtualInterface': {
    page: 'aws-resource-directconnect-privatevirtualinterface',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      ...PRIVATE,
      AllocatePrivateVirtualInterfaceRoleArn: ['replaces', 'acts-as'],
      VirtualGatewayId: ['replaces', 'acts'],
    },
  },
  'AWS::DirectConnect::PublicVirtualInterface': {
    page: 'aws-resource-directconnect-publicvirtualinterface',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      ...INTERFACE,
      AllocatePublicVirtualInterfaceRoleArn: ['replaces', 'acts-as'],
      RouteFilterPrefixes: ['replaces', { standing: 'expose' }],
    },
  },
  'AWS::DirectConnect::TransitVirtualInterface': {
    page: 'aws-resource-directconnect-transitvirtualinterface',
    new: 'expose',
    gone: 'disrupt',
    properties: { ...PRIVATE, AllocateTransitVirtualInterfaceRoleArn: ['replaces', 'acts-as'] },
  },
};
