import type { Service } from '../language.ts';

/** Video that is turned into other forms. */
export const MEDIA_CONVERT: Service = {
  'AWS::MediaConvert::JobTemplate': {
    page: 'aws-resource-mediaconvert-jobtemplate',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AccelerationSettings: 'modify',
      Category: 'modify',
      Description: 'modify',
      HopDestinations: { standing: 'disrupt' },
      Name: 'replaces',
      Priority: { number: 'limits', absent: 0 },
      Queue: ['acts', { settled: 'disrupt' }],
      // What is made of what, and into which bucket or at which host it is put.
      SettingsJson: ['may-act', { standing: 'expose' }],
      StatusUpdateInterval: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::MediaConvert::Preset': {
    page: 'aws-resource-mediaconvert-preset',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Category: 'modify',
      Description: 'modify',
      Name: 'replaces',
      SettingsJson: { standing: 'disrupt' },
      Tags: 'tags',
    },
  },
  'AWS::MediaConvert::Queue': {
    page: 'aws-resource-mediaconvert-queue',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ConcurrentJobs: { number: 'capacity', absent: 'fits' },
      Description: 'modify',
      MaximumConcurrentFeeds: { number: 'capacity', absent: 'fits' },
      Name: 'replaces',
      PricingPlan: { standing: 'disrupt' },
      Status: { order: ['PAUSED', 'ACTIVE'], less: 'disrupt', absent: 'ACTIVE' },
      Tags: 'tags',
    },
  },
};
