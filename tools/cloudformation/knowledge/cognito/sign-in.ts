import type { Rule, Service } from '../language.ts';
import { GRANTS } from '../shared.ts';

const SWITCHED: Rule = { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' };

/** Applications, people and groups of user pools, and how they sign in. */
export const SIGN_IN: Service = {
  'AWS::Cognito::LogDeliveryConfiguration': {
    page: 'aws-resource-cognito-logdeliveryconfiguration',
    new: 'create',
    properties: {
      LogConfigurations: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      UserPoolId: ['replaces', 'acts'],
    },
  },
  'AWS::Cognito::ManagedLoginBranding': {
    page: 'aws-resource-cognito-managedloginbranding',
    new: 'create',
    properties: {
      Assets: 'modify',
      ClientId: 'replaces',
      ReturnMergedResources: 'modify',
      Settings: 'modify',
      UseCognitoProvidedValues: 'modify',
      UserPoolId: ['replaces', 'acts'],
    },
  },
  'AWS::Cognito::Terms': {
    page: 'aws-resource-cognito-terms',
    new: 'create',
    properties: {
      ClientId: 'replaces',
      Enforcement: 'modify',
      Links: 'modify',
      TermsName: 'modify',
      TermsSource: 'modify',
      UserPoolId: ['replaces', 'acts'],
    },
  },
  'AWS::Cognito::UserPoolClient': {
    page: 'aws-resource-cognito-userpoolclient',
    new: 'create',
    properties: {
      // Longer, and what was given counts after it was taken back; shorter, and people sign in again.
      AccessTokenValidity: 'weaken',
      AllowedOAuthFlows: GRANTS,
      AllowedOAuthFlowsUserPoolClient: { standing: 'opens' },
      AllowedOAuthScopes: GRANTS,
      AnalyticsConfiguration: {
        members: {
          ApplicationArn: 'uses',
          ApplicationId: 'uses',
          ExternalId: 'modify',
          RoleArn: 'acts-as',
          UserDataShared: { standing: 'opens' },
        },
      },
      AuthSessionValidity: [
        { number: 'limits', absent: 3 },
        { number: 'delays', absent: 3 },
      ],
      // Where people, and their codes and tokens, are sent.
      CallbackURLs: {
        among: ['UserPoolId'],
        otherwise: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      },
      ClientName: 'modify',
      DefaultRedirectURI: 'disrupt',
      EnablePropagateAdditionalUserContextData: 'protects',
      EnableTokenRevocation: 'protects-by-default',
      ExplicitAuthFlows: GRANTS,
      GenerateSecret: 'replaces',
      IdTokenValidity: 'weaken',
      LogoutURLs: GRANTS,
      PreventUserExistenceErrors: { standing: { order: ['LEGACY', 'ENABLED'], less: 'expose', absent: 'LEGACY' } },
      // Without a list it may read and write all that isn't kept from clients.
      ReadAttributes: { unordered: [GRANTS, { settled: 'expose' }] },
      RefreshTokenRotation: {
        members: {
          Feature: SWITCHED,
          RetryGracePeriodSeconds: [
            { number: 'limits', absent: 0 },
            { number: 'delays', absent: 0 },
          ],
        },
      },
      RefreshTokenValidity: 'weaken',
      SupportedIdentityProviders: GRANTS,
      TokenValidityUnits: 'weaken',
      UserPoolId: ['replaces', 'acts'],
      WriteAttributes: { unordered: [GRANTS, { settled: 'expose' }] },
    },
  },
  'AWS::Cognito::UserPoolDomain': {
    page: 'aws-resource-cognito-userpooldomain',
    new: 'create',
    properties: {
      CustomDomainConfig: {
        members: { CertificateArn: ['uses', { settled: 'disrupt' }], SecurityPolicy: { settled: 'weaken' } },
      },
      Domain: 'replaces',
      ManagedLoginVersion: { values: {}, otherwise: 'disrupt', absent: '1' },
      Routing: 'disrupt',
      UserPoolId: ['replaces', 'acts'],
    },
  },
  'AWS::Cognito::UserPoolGroup': {
    page: 'aws-resource-cognito-userpoolgroup',
    new: 'create',
    properties: {
      Description: 'modify',
      GroupName: 'replaces',
      // Whose role counts for those in several groups.
      Precedence: 'expose',
      RoleArn: ['acts-as', { standing: 'expose' }],
      UserPoolId: ['replaces', 'acts'],
    },
  },
  'AWS::Cognito::UserPoolIdentityProvider': {
    page: 'aws-resource-cognito-userpoolidentityprovider',
    // People of another directory sign in.
    new: 'expose',
    properties: {
      AttributeMapping: 'expose',
      IdpIdentifiers: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      ProviderDetails: ['expose', 'secret'],
      ProviderName: 'replaces',
      ProviderType: 'replaces',
      UserPoolId: ['replaces', 'acts'],
    },
  },
  'AWS::Cognito::UserPoolResourceServer': {
    page: 'aws-resource-cognito-userpoolresourceserver',
    new: 'create',
    properties: {
      Identifier: 'replaces',
      Name: 'modify',
      Scopes: { each: 'modify', by: 'ScopeName', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      UserPoolId: ['replaces', 'acts'],
    },
  },
  'AWS::Cognito::UserPoolRiskConfigurationAttachment': {
    page: 'aws-resource-cognito-userpoolriskconfigurationattachment',
    new: 'create',
    properties: {
      AccountTakeoverRiskConfiguration: { settled: 'weaken' },
      ClientId: 'replaces',
      CompromisedCredentialsRiskConfiguration: {
        members: {
          Actions: { members: { EventAction: { values: { BLOCK: 'modify' }, otherwise: 'weaken' } } },
          // Of all events, where none is named.
          EventFilter: 'weaken',
        },
      },
      RiskExceptionConfiguration: {
        members: {
          BlockedIPRangeList: { each: 'modify', added: 'disrupt', lost: 'weaken', reordered: 'modify' },
          SkippedIPRangeList: { each: 'modify', added: 'weaken', lost: 'modify', reordered: 'modify' },
        },
      },
      UserPoolId: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::Cognito::UserPoolUICustomizationAttachment': {
    page: 'aws-resource-cognito-userpooluicustomizationattachment',
    new: 'create',
    properties: { CSS: 'modify', ClientId: 'replaces', UserPoolId: ['replaces', 'acts'] },
  },
  'AWS::Cognito::UserPoolUser': {
    page: 'aws-resource-cognito-userpooluser',
    new: 'expose',
    properties: {
      ClientMetadata: 'replaces',
      DesiredDeliveryMediums: 'replaces',
      ForceAliasCreation: 'replaces',
      MessageAction: 'replaces',
      UserAttributes: 'replaces',
      UserPoolId: ['replaces', 'acts'],
      Username: 'replaces',
      ValidationData: 'replaces',
    },
  },
  'AWS::Cognito::UserPoolUserToGroupAttachment': {
    page: 'aws-resource-cognito-userpoolusertogroupattachment',
    new: 'expose',
    properties: {
      GroupName: ['replaces', 'acts'],
      UserPoolId: ['replaces', 'acts'],
      Username: ['replaces', 'acts'],
    },
  },
};
