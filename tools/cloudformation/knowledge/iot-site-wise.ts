import type { Service } from './language.ts';

export const IOT_SITE_WISE: Service = {
  'AWS::IoTSiteWise::AccessPolicy': {
    page: 'aws-resource-iotsitewise-accesspolicy',
    // Lets someone see, or administer, a portal or a project.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AccessPolicyIdentity: { standing: 'expose' },
      AccessPolicyPermission: { standing: { values: { VIEWER: 'disrupt' }, otherwise: 'expose' } },
      AccessPolicyResource: ['acts', { standing: 'expose' }],
    },
  },
};
