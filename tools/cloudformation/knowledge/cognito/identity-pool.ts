import type { Service } from '../language.ts';
import { GRANTS } from '../shared.ts';

export const IDENTITY_POOL: Service = {
  'AWS::Cognito::IdentityPool': {
    page: 'aws-resource-cognito-identitypool',
    new: 'create',
    holds: 'data',
    properties: {
      // Clients choose the role themselves.
      AllowClassicFlow: 'endangers',
      AllowUnauthenticatedIdentities: 'opens',
      CognitoEvents: { keys: 'acts', added: 'modify', lost: 'disrupt' },
      CognitoIdentityProviders: {
        standing: {
          each: { members: { ClientId: 'modify', ProviderName: 'modify', ServerSideTokenCheck: 'protects' } },
          by: 'ClientId',
          added: 'expose',
          lost: 'disrupt',
          reordered: 'modify',
        },
      },
      CognitoStreams: {
        members: {
          RoleArn: 'acts-as',
          StreamName: ['acts', 'writes-to'],
          StreamingStatus: { order: ['DISABLED', 'ENABLED'], less: 'disrupt', absent: 'DISABLED' },
        },
      },
      DeveloperProviderName: 'expose',
      IdentityPoolName: 'modify',
      IdentityPoolTags: 'tags',
      OpenIdConnectProviderARNs: ['uses', GRANTS],
      PushSync: { members: { ApplicationArns: 'acts', RoleArn: 'acts-as' } },
      SamlProviderARNs: ['uses', GRANTS],
      SupportedLoginProviders: { standing: { keys: 'expose', added: 'expose', lost: 'disrupt' } },
    },
  },
  'AWS::Cognito::IdentityPoolPrincipalTag': {
    page: 'aws-resource-cognito-identitypoolprincipaltag',
    // Policies may go by these tags.
    new: 'expose',
    properties: {
      IdentityPoolId: ['replaces', 'acts'],
      IdentityProviderName: 'replaces',
      PrincipalTags: 'expose',
      UseDefaults: 'expose',
    },
  },
  'AWS::Cognito::IdentityPoolRoleAttachment': {
    page: 'aws-resource-cognito-identitypoolroleattachment',
    new: 'create',
    properties: {
      IdentityPoolId: ['replaces', 'acts'],
      // What role a person gets who matches.
      RoleMappings: [
        { standing: 'expose' },
        {
          keys: {
            members: {
              AmbiguousRoleResolution: 'modify',
              IdentityProvider: 'modify',
              RulesConfiguration: {
                members: {
                  Rules: {
                    each: { members: { Claim: 'modify', MatchType: 'modify', RoleARN: 'acts-as', Value: 'modify' } },
                    added: 'modify',
                    lost: 'disrupt',
                    reordered: 'expose',
                  },
                },
              },
              Type: 'modify',
            },
          },
          added: 'modify',
          lost: 'disrupt',
        },
      ],
      Roles: [
        { keys: 'acts-as', added: 'modify', lost: 'disrupt' },
        { standing: { keys: 'expose', added: 'expose', lost: 'disrupt' } },
      ],
    },
  },
};
