import type { Service } from './language.ts';
import { FLOWS_AND_BRIDGES } from './media/connect.ts';
import { MEDIA_CONVERT } from './media/convert.ts';
import { ORIGINS } from './media/origins.ts';
import { MEDIA_PACKAGE } from './media/package.ts';
import { ROUTERS } from './media/router.ts';
import { MEDIA_TAILOR } from './media/tailor.ts';
import { GRANTS } from './shared.ts';

/** Broadcast video: brought in, made ready, sent out. */
export const MEDIA: Service = {
  ...ORIGINS,
  ...FLOWS_AND_BRIDGES,
  ...MEDIA_CONVERT,
  ...MEDIA_PACKAGE,
  ...ROUTERS,
  ...MEDIA_TAILOR,
  'AWS::MediaLive::Input': {
    page: 'aws-resource-medialive-input',
    new: 'create',
    properties: {
      Destinations: 'disrupt',
      InputDevices: { each: { members: { Id: 'acts' } }, by: '#', added: 'modify', lost: 'disrupt' },
      InputNetworkLocation: 'replaces',
      // Lists of addresses that may send.
      InputSecurityGroups: ['uses', GRANTS],
      MediaConnectFlows: { each: { members: { FlowArn: 'acts' } }, by: '#', added: 'modify', lost: 'disrupt' },
      MulticastSettings: 'disrupt',
      Name: 'modify',
      RoleArn: 'acts-as',
      RouterSettings: [
        'replaces',
        { members: { Destinations: 'modify', EncryptionType: 'modify', SecretArn: 'uses' } },
      ],
      SdiSources: 'acts',
      Smpte2110ReceiverGroupSettings: 'disrupt',
      Sources: 'disrupt',
      SrtSettings: 'disrupt',
      Tags: 'tags',
      Type: 'replaces',
      Vpc: ['replaces', { members: { SecurityGroupIds: 'acts-as', SubnetIds: 'uses' } }],
    },
  },
};
