import type { Rule, Service } from '../language.ts';

/** Players ask for it by its name. */
const MANIFESTS: Rule = { each: 'disrupt', by: 'ManifestName', added: 'modify', lost: 'disrupt', reordered: 'modify' };

const SEGMENT: Rule = {
  members: {
    // Without it content that is paid for plays anywhere.
    Encryption: [
      { settled: 'weaken' },
      {
        members: {
          CmafExcludeSegmentDrmMetadata: 'disrupt',
          ConstantInitializationVector: 'disrupt',
          EncryptionMethod: 'disrupt',
          KeyRotationIntervalSeconds: 'delays',
          SpekeKeyProvider: {
            members: {
              CertificateArn: 'acts-as',
              DrmSystems: 'disrupt',
              EncryptionContractConfiguration: 'disrupt',
              ResourceId: 'disrupt',
              RoleArn: 'acts-as',
              Url: 'disrupt',
            },
          },
        },
      },
    ],
    IncludeIframeOnlyStreams: 'disrupt',
    OutputTimestampMode: 'disrupt',
    Scte: 'disrupt',
    SegmentDurationSeconds: 'disrupt',
    SegmentName: 'disrupt',
    TsIncludeDvbSubtitles: 'disrupt',
    TsUseAudioRenditionGroup: 'disrupt',
  },
};

const IN_GROUP = { ChannelGroupName: ['replaces', 'acts'] } as const;

export const MEDIA_PACKAGE: Service = {
  'AWS::MediaPackageV2::Channel': {
    page: 'aws-resource-mediapackagev2-channel',
    new: 'create',
    properties: {
      ...IN_GROUP,
      ChannelName: 'replaces',
      Description: 'modify',
      InputSwitchConfiguration: 'disrupt',
      InputType: 'replaces',
      MultiviewConfiguration: 'disrupt',
      OutputHeaderConfiguration: 'modify',
      OutputLockingMode: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::MediaPackageV2::ChannelGroup': {
    page: 'aws-resource-mediapackagev2-channelgroup',
    new: 'create',
    properties: { ChannelGroupName: 'replaces', Description: 'modify', Tags: 'tags' },
  },
  'AWS::MediaPackageV2::OriginEndpoint': {
    page: 'aws-resource-mediapackagev2-originendpoint',
    new: 'create',
    properties: {
      ...IN_GROUP,
      ChannelName: ['replaces', 'acts'],
      ContainerType: 'disrupt',
      DashManifests: MANIFESTS,
      Description: 'modify',
      ForceEndpointErrorConfiguration: 'disrupt',
      HlsManifests: MANIFESTS,
      LowLatencyHlsManifests: MANIFESTS,
      MssManifests: MANIFESTS,
      OriginEndpointName: 'replaces',
      Segment: SEGMENT,
      // How far back viewers can go.
      StartoverWindowSeconds: { number: 'expires', absent: 0 },
      StreamNameOutputMode: 'disrupt',
      Tags: 'tags',
      UriSeparator: 'disrupt',
    },
  },
  'AWS::MediaPackageV2::OriginEndpointPolicy': {
    page: 'aws-resource-mediapackagev2-originendpointpolicy',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...IN_GROUP,
      // Only those who know a secret get it.
      CdnAuthConfiguration: [
        { settled: 'expose' },
        {
          members: {
            CdnIdentifierSecretArns: [
              'uses',
              { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' },
            ],
            SecretsRoleArn: 'acts-as',
          },
        },
      ],
      ChannelName: ['replaces', 'acts'],
      OriginEndpointName: ['replaces', 'acts'],
      Policy: 'admits',
    },
  },
};
