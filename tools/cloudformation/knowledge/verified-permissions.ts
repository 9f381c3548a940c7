import type { Rule, Service } from './language.ts';
import { GRANTS } from './shared.ts';

/** Cedar that says who may do what in an application. It isn't read: any other may let more. */
const STATEMENT: Rule = { standing: 'expose' };

export const VERIFIED_PERMISSIONS: Service = {
  'AWS::VerifiedPermissions::IdentitySource': {
    page: 'aws-resource-verifiedpermissions-identitysource',
    // Who signs in there is believed.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      Configuration: [
        { standing: 'expose' },
        {
          members: {
            CognitoUserPoolConfiguration: {
              members: {
                ClientIds: GRANTS,
                GroupConfiguration: { settled: 'disrupt' },
                UserPoolArn: 'uses',
              },
            },
            OpenIdConnectConfiguration: 'modify',
          },
        },
      ],
      PolicyStoreId: ['replaces', 'acts'],
      PrincipalEntityType: { standing: 'expose' },
    },
  },
  'AWS::VerifiedPermissions::Policy': {
    page: 'aws-resource-verifiedpermissions-policy',
    // It permits, or forbids, in a store that may be there already.
    new: { among: ['PolicyStoreId'], otherwise: 'expose' },
    gone: 'expose',
    properties: {
      Definition: {
        members: {
          Static: { members: { Description: 'modify', Statement: STATEMENT } },
          TemplateLinked: STATEMENT,
        },
      },
      Name: 'modify',
      PolicyStoreId: ['replaces', 'acts'],
    },
  },
  'AWS::VerifiedPermissions::PolicyStore': {
    page: 'aws-resource-verifiedpermissions-policystore',
    new: 'create',
    holds: 'data',
    properties: {
      DeletionProtection: { members: { Mode: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' } } },
      Description: 'modify',
      EncryptionSettings: ['uses', { settled: 'weaken' }],
      // Policies that no longer fit aren't asked, or fail.
      Schema: { standing: 'disrupt' },
      Tags: 'tags',
      ValidationSettings: { members: { Mode: { order: ['OFF', 'STRICT'], less: 'weaken', absent: 'OFF' } } },
    },
  },
  'AWS::VerifiedPermissions::PolicyTemplate': {
    page: 'aws-resource-verifiedpermissions-policytemplate',
    new: 'create',
    // With all policies that were made of it.
    gone: 'disrupt',
    properties: {
      Description: 'modify',
      Name: 'modify',
      PolicyStoreId: ['replaces', 'acts'],
      Statement: STATEMENT,
    },
  },
};
