import type { Service } from './language.ts';
import { GRANTS } from './shared.ts';

export const RAM: Service = {
  'AWS::RAM::Permission': {
    page: 'aws-resource-ram-permission',
    new: 'create',
    properties: {
      Name: 'replaces',
      PolicyTemplate: ['replaces', { standing: 'expose' }],
      ResourceType: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::RAM::ResourceShare': {
    page: 'aws-resource-ram-resourceshare',
    // Other accounts use what is shared.
    new: 'expose',
    properties: {
      AllowExternalPrincipals: {
        standing: { values: { false: 'modify' }, otherwise: 'expose', absent: 'true' },
      },
      Name: 'modify',
      PermissionArns: GRANTS,
      Principals: GRANTS,
      ResourceArns: ['acts', GRANTS],
      ResourceShareConfiguration: 'expose',
      Sources: { settled: 'expose' },
      Tags: 'tags',
    },
  },
};
