import type { Rule, Rules, Service } from './language.ts';

/** Certificates, and whose are trusted. */
const TLS: Rule = { settled: 'weaken' };

const LISTENERS: Rule = {
  by: '#',
  added: 'modify',
  lost: 'disrupt',
  each: {
    members: {
      ConnectionPool: 'disrupt',
      HealthCheck: 'disrupt',
      OutlierDetection: 'disrupt',
      PortMapping: 'disrupt',
      TLS,
      Timeout: 'disrupt',
    },
  },
};

const PROXY: Readonly<Record<string, Rules>> = {
  BackendDefaults: TLS,
  Listeners: LISTENERS,
  Logging: { settled: 'weaken' },
};

/** Each of them makes the proxies of a mesh send requests elsewhere. */
export const APP_MESH: Service = {
  'AWS::AppMesh::GatewayRoute': {
    page: 'aws-resource-appmesh-gatewayroute',
    new: 'create',
    properties: {
      GatewayRouteName: 'replaces',
      MeshName: ['replaces', 'acts'],
      MeshOwner: 'replaces',
      Spec: 'disrupt',
      Tags: 'tags',
      VirtualGatewayName: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::AppMesh::Mesh': {
    page: 'aws-resource-appmesh-mesh',
    new: 'create',
    properties: {
      MeshName: 'replaces',
      Spec: {
        members: {
          EgressFilter: {
            members: {
              Type: {
                standing: {
                  values: { ALLOW_ALL: 'expose', DROP_ALL: 'disrupt' },
                  otherwise: 'expose',
                  absent: 'DROP_ALL',
                },
              },
            },
          },
          ServiceDiscovery: 'disrupt',
        },
      },
      Tags: 'tags',
    },
  },
  'AWS::AppMesh::Route': {
    page: 'aws-resource-appmesh-route',
    new: 'create',
    properties: {
      MeshName: ['replaces', 'acts'],
      MeshOwner: 'replaces',
      RouteName: 'replaces',
      Spec: 'disrupt',
      Tags: 'tags',
      VirtualRouterName: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::AppMesh::VirtualGateway': {
    page: 'aws-resource-appmesh-virtualgateway',
    new: 'create',
    properties: {
      MeshName: ['replaces', 'acts'],
      MeshOwner: 'replaces',
      Spec: { members: PROXY },
      Tags: 'tags',
      VirtualGatewayName: 'replaces',
    },
  },
  'AWS::AppMesh::VirtualNode': {
    page: 'aws-resource-appmesh-virtualnode',
    new: 'create',
    properties: {
      MeshName: ['replaces', 'acts'],
      MeshOwner: 'replaces',
      Spec: {
        members: {
          ...PROXY,
          Backends: { by: '#', added: 'modify', lost: 'disrupt', each: { settled: 'weaken' } },
          ServiceDiscovery: 'disrupt',
        },
      },
      Tags: 'tags',
      VirtualNodeName: 'replaces',
    },
  },
  'AWS::AppMesh::VirtualRouter': {
    page: 'aws-resource-appmesh-virtualrouter',
    new: 'create',
    properties: {
      MeshName: ['replaces', 'acts'],
      MeshOwner: 'replaces',
      Spec: 'disrupt',
      Tags: 'tags',
      VirtualRouterName: 'replaces',
    },
  },
  'AWS::AppMesh::VirtualService': {
    page: 'aws-resource-appmesh-virtualservice',
    new: 'create',
    properties: {
      MeshName: ['replaces', 'acts'],
      MeshOwner: 'replaces',
      Spec: 'disrupt',
      Tags: 'tags',
      VirtualServiceName: 'replaces',
    },
  },
};
