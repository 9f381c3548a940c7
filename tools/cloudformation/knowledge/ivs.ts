import type { Service } from './language.ts';
import { SHAPE } from './shared.ts';

/** Live video. */
export const IVS: Service = {
  'AWS::IVS::Channel': {
    page: 'aws-resource-ivs-channel',
    new: 'create',
    properties: {
      // Off, those who know the address watch. On, those who have no token no longer do.
      Authorized: { values: { true: 'disrupt', false: 'expose' }, otherwise: 'expose', absent: 'false' },
      ContainerFormat: SHAPE,
      // Keys to stream with cross the network in clear.
      InsecureIngest: 'endangers',
      LatencyMode: 'modify',
      MultitrackInputConfiguration: 'disrupt',
      Name: 'modify',
      Preset: 'modify',
      RecordingConfigurationArn: ['acts', { settled: 'weaken' }],
      Tags: 'tags',
      // A stream that is too good for it is cut off.
      Type: 'disrupt',
    },
  },
  'AWS::IVS::PlaybackKeyPair': {
    page: 'aws-resource-ivs-playbackkeypair',
    // Those who have the private key let people into every private channel of the account.
    new: 'expose',
    gone: 'disrupt',
    wide: 'account',
    properties: { Name: 'replaces', PublicKeyMaterial: 'replaces', Tags: 'tags' },
  },
  'AWS::IVS::RecordingConfiguration': {
    page: 'aws-resource-ivs-recordingconfiguration',
    new: 'create',
    gone: 'weaken',
    properties: {
      DestinationConfiguration: ['replaces', { members: { S3: { members: { BucketName: 'acts' } } } }],
      Name: 'replaces',
      RecordingReconnectWindowSeconds: 'replaces',
      RenditionConfiguration: 'replaces',
      Tags: 'tags',
      ThumbnailConfiguration: 'replaces',
    },
  },
  'AWS::IVS::StreamKey': {
    page: 'aws-resource-ivs-streamkey',
    new: 'create',
    gone: 'disrupt',
    properties: { ChannelArn: ['replaces', 'acts'], Tags: 'tags' },
  },
};
