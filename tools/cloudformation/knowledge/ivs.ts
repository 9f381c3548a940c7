import type { Rule, Rules, Service } from './language.ts';
import { SHAPE } from './shared.ts';

/** Where a film may be watched. The first one shuts out all others. */
const ALLOWED: Rule = { unordered: [{ settled: 'expose' }, { standing: 'disrupt' }] };

const LOGGED: Rules = ['acts', 'writes-to', { settled: 'weaken' }];

/** Live video, and what is said beside it. */
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
      RecordingConfigurationArn: ['acts', 'writes-to', { settled: 'weaken' }],
      Tags: 'tags',
      // A stream that is too good for it is cut off.
      Type: 'disrupt',
    },
  },
  'AWS::IVS::EncoderConfiguration': {
    page: 'aws-resource-ivs-encoderconfiguration',
    new: 'create',
    properties: { Name: 'replaces', Tags: 'tags', Video: 'replaces' },
  },
  'AWS::IVS::IngestConfiguration': {
    page: 'aws-resource-ivs-ingestconfiguration',
    new: 'create',
    gone: 'disrupt',
    properties: {
      IngestProtocol: 'replaces',
      InsecureIngest: ['replaces', 'endangers'],
      Name: 'replaces',
      StageArn: ['acts', { settled: 'disrupt' }],
      Tags: 'tags',
      UserId: 'replaces',
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
  // Of an empty list are all countries, and all sites.
  'AWS::IVS::PlaybackRestrictionPolicy': {
    page: 'aws-resource-ivs-playbackrestrictionpolicy',
    new: 'create',
    gone: 'expose',
    properties: {
      AllowedCountries: ALLOWED,
      AllowedOrigins: ALLOWED,
      EnableStrictOriginEnforcement: { standing: 'fences' },
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::IVS::PublicKey': {
    page: 'aws-resource-ivs-publickey',
    // Those who have the private key let people into every stage of the account.
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
  'AWS::IVS::Stage': {
    page: 'aws-resource-ivs-stage',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AutoParticipantRecordingConfiguration: [
        { settled: 'weaken' },
        { members: { StorageConfigurationArn: ['acts', 'writes-to'] }, others: 'modify' },
      ],
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::IVS::StorageConfiguration': {
    page: 'aws-resource-ivs-storageconfiguration',
    new: 'create',
    gone: 'weaken',
    properties: { Name: 'replaces', S3: ['replaces', { members: { BucketName: 'acts' } }], Tags: 'tags' },
  },
  'AWS::IVS::StreamKey': {
    page: 'aws-resource-ivs-streamkey',
    new: 'create',
    gone: 'disrupt',
    properties: { ChannelArn: ['replaces', 'acts'], Tags: 'tags' },
  },
  'AWS::IVSChat::LoggingConfiguration': {
    page: 'aws-resource-ivschat-loggingconfiguration',
    new: 'create',
    gone: 'weaken',
    properties: {
      DestinationConfiguration: {
        members: {
          CloudWatchLogs: { members: { LogGroupName: LOGGED } },
          Firehose: { members: { DeliveryStreamName: LOGGED } },
          S3: { members: { BucketName: LOGGED } },
        },
      },
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::IVSChat::Room': {
    page: 'aws-resource-ivschat-room',
    new: 'create',
    gone: 'disrupt',
    properties: {
      LoggingConfigurationIdentifiers: [
        'acts',
        'writes-to',
        { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      ],
      MaximumMessageLength: { number: 'throttles', absent: 500 },
      MaximumMessageRatePerSecond: { number: 'throttles', absent: 10 },
      // Who reads each message first, and may hold it back.
      MessageReviewHandler: {
        members: {
          FallbackResult: { order: ['ALLOW', 'DENY'], less: 'weaken', absent: 'ALLOW' },
          Uri: ['acts', 'writes-to', { settled: 'weaken' }],
        },
      },
      Name: 'modify',
      Tags: 'tags',
    },
  },
};
