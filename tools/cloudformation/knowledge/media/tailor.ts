import type { Rule, Service } from '../language.ts';

/** Where viewers' data goes when it is asked what they get to see. */
const ASKED: Rule = 'passes-on';

const LOGS: Rule = 'weaken';

/** Advertisements put into video. */
export const MEDIA_TAILOR: Service = {
  'AWS::MediaTailor::ChannelPolicy': {
    page: 'aws-resource-mediatailor-channelpolicy',
    new: 'create',
    gone: 'disrupt',
    properties: { ChannelName: ['replaces', 'acts'], Policy: 'admits' },
  },
  'AWS::MediaTailor::PlaybackConfiguration': {
    page: 'aws-resource-mediatailor-playbackconfiguration',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AdConditioningConfiguration: { standing: 'disrupt' },
      // Among it the headers and the body of the question.
      AdDecisionServerConfiguration: { standing: 'expose' },
      AdDecisionServerUrl: [ASKED, { standing: 'disrupt' }],
      AdsPersonalizationConcurrency: { standing: 'disrupt' },
      AdsPersonalizationTimeouts: { standing: 'disrupt' },
      AvailSuppression: { standing: 'disrupt' },
      Bumper: { standing: 'disrupt' },
      CdnConfiguration: { standing: 'disrupt' },
      // What players may say takes the place of these in the addresses above.
      ConfigurationAliases: { standing: 'expose' },
      DashConfiguration: { standing: 'disrupt' },
      FunctionMapping: ['code', { standing: 'disrupt' }],
      HlsConfiguration: 'modify',
      InsertionMode: { standing: 'disrupt' },
      LivePreRollConfiguration: {
        members: { AdDecisionServerUrl: [ASKED, { standing: 'disrupt' }], MaxDurationSeconds: { standing: 'disrupt' } },
        others: { standing: 'expose' },
      },
      LogConfiguration: { standing: LOGS },
      ManifestProcessingRules: { standing: 'disrupt' },
      Name: 'replaces',
      PersonalizationThresholdSeconds: { standing: 'disrupt' },
      SlateAdUrl: { standing: 'disrupt' },
      Tags: 'tags',
      TranscodeProfileName: { standing: 'disrupt' },
      // Where the video comes from that viewers see.
      VideoContentSourceUrl: [ASKED, { standing: 'disrupt' }],
    },
  },
};
