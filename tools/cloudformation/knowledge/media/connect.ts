import type { Rule, Service } from '../language.ts';
import { SECURITY_GROUPS } from '../shared.ts';

/** A static key, or one of a key server, which is asked by a role. */
const KEYS = {
  Algorithm: 'disrupt',
  ConstantInitializationVector: 'disrupt',
  DeviceId: 'disrupt',
  KeyType: 'disrupt',
  Region: 'disrupt',
  ResourceId: 'disrupt',
  RoleArn: 'acts-as',
  SecretArn: ['uses', 'disrupt'],
  Url: 'disrupt',
} as const;

const DECRYPTION: Rule = { members: KEYS };

/** What is sent is in clear, or under another key. */
const ENCRYPTION: readonly Rule[] = [DECRYPTION, { settled: 'weaken' }];

/** On the way between flows, routers and what is beside them. */
export const TRANSIT: Rule = {
  members: {
    EncryptionKeyConfiguration: {
      members: {
        Automatic: 'modify',
        SecretsManager: { members: { RoleArn: 'acts-as', SecretArn: ['uses', 'disrupt'] } },
      },
    },
    EncryptionKeyType: 'weaken',
  },
};

/** A router may take the content or send its own. */
const ROUTED: Rule = {
  values: { DISABLED: 'disrupt', ENABLED: 'expose' },
  otherwise: 'expose',
  absent: 'DISABLED',
};

const FROM_BRIDGE: Rule = { members: { BridgeArn: 'acts', VpcInterfaceAttachment: 'disrupt' } };

/** From where content comes, and from which addresses it is taken. */
const SOURCE = {
  Decryption: DECRYPTION,
  Description: 'modify',
  EntitlementArn: ['uses', 'disrupt'],
  GatewayBridgeSource: FROM_BRIDGE,
  IngestPort: 'disrupt',
  MaxBitrate: 'disrupt',
  MaxLatency: 'disrupt',
  MinLatency: 'disrupt',
  Protocol: 'disrupt',
  SenderControlPort: 'disrupt',
  SenderIpAddress: 'disrupt',
  SourceListenerAddress: 'disrupt',
  SourceListenerPort: 'disrupt',
  StreamId: 'disrupt',
  Tags: 'tags',
  VpcInterfaceName: ['uses', 'disrupt'],
  // All that is sent from there is taken for the content.
  WhitelistCidr: 'expose',
} as const;

const FLOWS: Service = {
  'AWS::MediaConnect::Flow': {
    page: 'aws-resource-mediaconnect-flow',
    new: 'create',
    properties: {
      AvailabilityZone: 'replaces',
      EncodingConfig: 'disrupt',
      FlowSize: 'disrupt',
      // It is started again in this window.
      Maintenance: 'disrupt',
      MediaStreams: 'disrupt',
      Name: 'replaces',
      NdiConfig: 'disrupt',
      Source: {
        members: {
          ...SOURCE,
          IngestIp: 'disrupt',
          MaxSyncBuffer: 'disrupt',
          MediaStreamSourceConfigurations: 'disrupt',
          Name: 'disrupt',
          NdiSourceSettings: 'disrupt',
          RouterIntegrationState: ROUTED,
          RouterIntegrationTransitDecryption: TRANSIT,
          SourceArn: 'disrupt',
          SourceIngestPort: 'disrupt',
        },
      },
      SourceFailoverConfig: 'disrupt',
      SourceMonitoringConfig: { settled: 'weaken' },
      Tags: 'tags',
      VpcInterfaces: {
        by: 'Name',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: {
          members: {
            Name: 'modify',
            NetworkInterfaceIds: 'disrupt',
            NetworkInterfaceType: 'disrupt',
            RoleArn: 'acts-as',
            SecurityGroupIds: SECURITY_GROUPS,
            SubnetId: ['uses', 'disrupt'],
            Tags: 'tags',
          },
        },
      },
    },
  },
  'AWS::MediaConnect::FlowEntitlement': {
    page: 'aws-resource-mediaconnect-flowentitlement',
    // Other accounts get the content.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      DataTransferSubscriberFeePercent: 'replaces',
      Description: 'modify',
      Encryption: ENCRYPTION,
      EntitlementStatus: {
        values: { DISABLED: 'disrupt', ENABLED: 'expose' },
        otherwise: 'expose',
        absent: 'ENABLED',
      },
      FlowArn: ['replaces', 'acts'],
      Name: 'replaces',
      Subscribers: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      Tags: 'tags',
    },
  },
  'AWS::MediaConnect::FlowOutput': {
    page: 'aws-resource-mediaconnect-flowoutput',
    new: 'create',
    properties: {
      // Who may fetch it.
      CidrAllowList: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      Description: 'modify',
      // Who gets the content.
      Destination: 'expose',
      Encryption: ENCRYPTION,
      FlowArn: ['replaces', 'acts'],
      MaxLatency: 'disrupt',
      MediaStreamOutputConfigurations: 'expose',
      MinLatency: 'disrupt',
      Name: 'replaces',
      NdiOutputTimecodeSource: 'disrupt',
      NdiProgramName: 'disrupt',
      NdiSpeedHqQuality: 'disrupt',
      OutputStatus: { order: ['DISABLED', 'ENABLED'], less: 'disrupt', absent: 'ENABLED' },
      Port: 'disrupt',
      Protocol: 'disrupt',
      RemoteId: 'expose',
      RouterIntegrationState: ROUTED,
      RouterIntegrationTransitEncryption: [TRANSIT, { settled: 'weaken' }],
      SmoothingLatency: 'disrupt',
      StreamId: 'disrupt',
      Tags: 'tags',
      VpcInterfaceAttachment: 'disrupt',
    },
  },
  'AWS::MediaConnect::FlowSource': {
    page: 'aws-resource-mediaconnect-flowsource',
    new: 'create',
    properties: { ...SOURCE, FlowArn: ['replaces', 'acts'], Name: 'modify', Protocol: 'replaces' },
  },
};

/** Between a data centre and the cloud. */
const BRIDGES: Service = {
  'AWS::MediaConnect::Bridge': {
    page: 'aws-resource-mediaconnect-bridge',
    new: 'create',
    properties: {
      EgressGatewayBridge: 'disrupt',
      IngressGatewayBridge: 'disrupt',
      Name: 'disrupt',
      // Which addresses of the data centre get the content.
      Outputs: 'expose',
      // It runs on the gateway's machines.
      PlacementArn: ['acts', 'disrupt'],
      SourceFailoverConfig: 'disrupt',
      Sources: {
        by: '#',
        added: 'modify',
        lost: 'disrupt',
        each: {
          members: {
            FlowSource: {
              members: { FlowArn: 'acts', FlowVpcInterfaceAttachment: 'disrupt', Name: 'disrupt' },
            },
            NetworkSource: 'disrupt',
          },
        },
      },
    },
  },
  'AWS::MediaConnect::BridgeSource': {
    page: 'aws-resource-mediaconnect-bridgesource',
    new: 'create',
    gone: 'disrupt',
    properties: {
      BridgeArn: ['replaces', 'acts'],
      FlowSource: { members: { FlowArn: 'acts', FlowVpcInterfaceAttachment: 'disrupt' } },
      Name: 'replaces',
      NetworkSource: 'disrupt',
    },
  },
  'AWS::MediaConnect::Gateway': {
    page: 'aws-resource-mediaconnect-gateway',
    new: 'create',
    properties: {
      // Who may bring content in and fetch it.
      EgressCidrBlocks: ['replaces', 'expose'],
      Name: 'replaces',
      Networks: 'replaces',
    },
  },
};

export const FLOWS_AND_BRIDGES: Service = { ...FLOWS, ...BRIDGES };
