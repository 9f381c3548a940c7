import type { Rule, Rules, Service } from '../language.ts';
import { GRANTS } from '../shared.ts';

/** How what is sent is packed: who plays it may need to change. Without encryption it plays anywhere. */
const PACKAGE: Rules = [{ standing: 'disrupt' }, { members: { Encryption: { settled: 'weaken' } }, others: 'modify' }];
const LOGS: Rule = { members: { LogGroupName: ['writes-to', { settled: 'weaken' }] } };

/** What is sent live, who may send it and who may fetch it. */
export const ORIGINS: Service = {
  'AWS::MediaLive::InputSecurityGroup': {
    page: 'aws-resource-medialive-inputsecuritygroup',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Tags: ['replaces', 'tags'],
      // From where may be sent.
      WhitelistRules: {
        standing: { by: 'Cidr', each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      },
    },
  },
  'AWS::MediaPackage::Channel': {
    page: 'aws-resource-mediapackage-channel',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Description: 'modify',
      EgressAccessLogs: LOGS,
      HlsIngest: { standing: 'disrupt' },
      Id: 'replaces',
      IngressAccessLogs: LOGS,
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::MediaPackage::OriginEndpoint': {
    page: 'aws-resource-mediapackage-originendpoint',
    // On the internet, unless something keeps others from it.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      Authorization: [
        { settled: 'expose' },
        { standing: 'disrupt' },
        { members: { SecretsRoleArn: 'acts-as' }, others: 'modify' },
      ],
      ChannelId: ['acts', { settled: 'disrupt' }],
      CmafPackage: PACKAGE,
      DashPackage: PACKAGE,
      Description: 'modify',
      HlsPackage: PACKAGE,
      Id: 'replaces',
      ManifestName: { settled: 'disrupt' },
      MssPackage: PACKAGE,
      Origination: { order: ['DENY', 'ALLOW'], less: 'disrupt', absent: 'ALLOW' },
      StartoverWindowSeconds: { number: 'expires', absent: 0 },
      Tags: 'tags',
      TimeDelaySeconds: { number: 'waits', absent: 0 },
      // Addresses that may fetch it; without any, all may.
      Whitelist: [
        { ends: 'expose' },
        { standing: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' } },
      ],
    },
  },
  'AWS::MediaStore::Container': {
    page: 'aws-resource-mediastore-container',
    new: 'create',
    holds: 'data',
    properties: {
      AccessLoggingEnabled: 'protects',
      ContainerName: 'replaces',
      CorsPolicy: GRANTS,
      LifecyclePolicy: 'ages',
      MetricPolicy: { settled: 'weaken' },
      Policy: 'admits',
      Tags: 'tags',
    },
  },
};
