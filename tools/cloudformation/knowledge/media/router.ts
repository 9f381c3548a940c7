import type { Rule, Service } from '../language.ts';
import { SECURITY_GROUPS } from '../shared.ts';
import { TRANSIT } from './connect.ts';

const SRT_KEY: Rule = {
  members: { EncryptionKey: { members: { RoleArn: 'acts-as', SecretArn: ['uses', 'disrupt'] } } },
};

const INPUT_PROTOCOL: Rule = {
  members: {
    Rist: 'disrupt',
    Rtp: 'disrupt',
    SrtCaller: {
      members: {
        DecryptionConfiguration: SRT_KEY,
        MinimumLatencyMilliseconds: 'disrupt',
        SourceAddress: 'disrupt',
        SourcePort: 'disrupt',
        StreamId: 'disrupt',
      },
    },
    SrtListener: {
      members: { DecryptionConfiguration: SRT_KEY, MinimumLatencyMilliseconds: 'disrupt', Port: 'disrupt' },
    },
  },
};

/** In one place: another list of protocols is another input. */
const INPUT_PROTOCOLS: Rule = { each: INPUT_PROTOCOL, by: '#', added: 'modify', lost: 'disrupt' };

/** Where the content goes. */
const OUTPUT_PROTOCOL: Rule = {
  members: {
    Rist: 'expose',
    RtmpPush: 'expose',
    Rtp: 'expose',
    SrtCaller: {
      members: {
        DestinationAddress: 'expose',
        DestinationPort: 'expose',
        EncryptionConfiguration: [SRT_KEY, { settled: 'weaken' }],
        MinimumLatencyMilliseconds: 'disrupt',
        StreamId: 'disrupt',
      },
    },
    SrtListener: {
      members: {
        EncryptionConfiguration: [SRT_KEY, { settled: 'weaken' }],
        MinimumLatencyMilliseconds: 'disrupt',
        Port: 'disrupt',
      },
    },
  },
};

const INTERFACE: readonly Rule[] = ['uses', 'disrupt'];

const PLACED = {
  AvailabilityZone: 'replaces',
  // It is interrupted in this window.
  MaintenanceConfiguration: 'disrupt',
  MaximumBitrate: 'limits',
  Name: 'modify',
  RegionName: 'replaces',
  RoutingScope: 'disrupt',
  Tags: 'tags',
  Tier: 'disrupt',
} as const;

export const ROUTERS: Service = {
  'AWS::MediaConnect::RouterInput': {
    page: 'aws-resource-mediaconnect-routerinput',
    new: 'create',
    properties: {
      ...PLACED,
      Configuration: {
        members: {
          Failover: {
            members: {
              NetworkInterfaceArn: INTERFACE,
              PrimarySourceIndex: 'disrupt',
              ProtocolConfigurations: INPUT_PROTOCOLS,
              SourcePriorityMode: 'disrupt',
            },
          },
          MediaConnectFlow: {
            members: { FlowArn: 'acts', FlowOutputArn: 'acts', SourceTransitDecryption: TRANSIT },
          },
          MediaLiveChannel: {
            members: {
              MediaLiveChannelArn: 'acts',
              MediaLiveChannelOutputName: 'disrupt',
              MediaLivePipelineId: 'disrupt',
              SourceTransitDecryption: TRANSIT,
            },
          },
          Merge: {
            members: {
              MergeRecoveryWindowMilliseconds: 'disrupt',
              NetworkInterfaceArn: INTERFACE,
              ProtocolConfigurations: INPUT_PROTOCOLS,
            },
          },
          Standard: {
            members: {
              NetworkInterfaceArn: INTERFACE,
              Protocol: 'disrupt',
              ProtocolConfiguration: INPUT_PROTOCOL,
            },
          },
        },
      },
      ContentQualityAnalysisConfiguration: { settled: 'weaken' },
      TransitEncryption: [TRANSIT, { settled: 'weaken' }],
    },
  },
  'AWS::MediaConnect::RouterNetworkInterface': {
    page: 'aws-resource-mediaconnect-routernetworkinterface',
    new: 'create',
    properties: {
      Configuration: {
        members: {
          Public: {
            members: { AllowRules: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' } },
          },
          Vpc: { members: { SecurityGroupIds: SECURITY_GROUPS, SubnetId: ['uses', 'disrupt'] } },
        },
      },
      Name: 'modify',
      RegionName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::MediaConnect::RouterOutput': {
    page: 'aws-resource-mediaconnect-routeroutput',
    new: 'create',
    properties: {
      ...PLACED,
      Configuration: {
        members: {
          MediaConnectFlow: {
            members: { DestinationTransitEncryption: TRANSIT, FlowArn: 'acts', FlowSourceArn: 'acts' },
          },
          MediaLiveInput: {
            members: {
              DestinationTransitEncryption: TRANSIT,
              MediaLiveInputArn: 'acts',
              MediaLivePipelineId: 'disrupt',
            },
          },
          Standard: {
            members: {
              NetworkInterfaceArn: INTERFACE,
              Protocol: 'disrupt',
              ProtocolConfiguration: OUTPUT_PROTOCOL,
            },
          },
        },
      },
      FabricConfiguration: 'disrupt',
    },
  },
};
