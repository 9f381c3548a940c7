import type { Rules, Service } from '../language.ts';
import { GRANTS, KEY } from '../shared.ts';

/** A function that decides whether a person is let in: another one, or none, may let in others. */
const GATE: Rules = ['acts', { settled: 'expose' }];

const SENDER: Rules = { members: { LambdaArn: 'acts', LambdaVersion: 'disrupt' } };

const KEEPS: Rules = { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' };

const TRIGGERS: Rules = {
  members: {
    CreateAuthChallenge: GATE,
    CustomEmailSender: SENDER,
    CustomMessage: 'acts',
    CustomSMSSender: SENDER,
    DefineAuthChallenge: GATE,
    InboundFederation: SENDER,
    KMSKeyID: KEY,
    PostAuthentication: 'acts',
    PostConfirmation: 'acts',
    PreAuthentication: GATE,
    PreSignUp: GATE,
    PreTokenGeneration: GATE,
    PreTokenGenerationConfig: [SENDER, { settled: 'expose' }],
    UserMigration: 'acts',
    VerifyAuthChallengeResponse: GATE,
  },
};

const EMAIL: Rules = {
  members: {
    ConfigurationSet: 'uses',
    EmailSendingAccount: { order: ['COGNITO_DEFAULT', 'DEVELOPER'], less: 'disrupt', absent: 'COGNITO_DEFAULT' },
    From: 'modify',
    ReplyToEmailAddress: 'modify',
    // In whose name mail is sent: Cognito needs no more than this to do so.
    SourceArn: 'acts-as',
  },
};

const SMS: Rules = {
  members: {
    EumsSms: {
      members: {
        CallerArn: 'acts-as',
        ConfigurationSetName: 'uses',
        ExternalId: 'disrupt',
        InEntityId: 'disrupt',
        InTemplateId: 'disrupt',
        OriginationIdentity: 'uses',
        Region: 'disrupt',
      },
    },
    ExternalId: 'disrupt',
    SnsCallerArn: 'acts-as',
    SnsRegion: 'disrupt',
  },
};

export const USER_POOL: Service = {
  'AWS::Cognito::UserPool': {
    page: 'aws-resource-cognito-userpool',
    new: 'create',
    holds: 'data',
    properties: {
      AccountRecoverySetting: { settled: 'weaken' },
      AdminCreateUserConfig: {
        members: {
          // Off: people sign themselves up.
          AllowAdminCreateUserOnly: 'fences',
          InviteMessageTemplate: 'modify',
          UnusedAccountValidityDays: [
            { number: 'limits', absent: 7 },
            { number: 'delays', absent: 7 },
          ],
        },
      },
      // What people sign in with; AWS refuses most changes of it.
      AliasAttributes: 'disrupt',
      AutoVerifiedAttributes: KEEPS,
      DeletionProtection: { order: ['INACTIVE', 'ACTIVE'], less: 'weaken', absent: 'INACTIVE' },
      DeviceConfiguration: { settled: 'weaken' },
      EmailAuthenticationMessage: 'modify',
      EmailAuthenticationSubject: 'modify',
      EmailConfiguration: EMAIL,
      EmailVerificationMessage: 'modify',
      EmailVerificationSubject: 'modify',
      EnabledMfas: KEEPS,
      // Who issues the tokens that others check.
      IssuerConfiguration: 'disrupt',
      KeyConfiguration: { members: { KeyType: 'weaken', KmsKeyArn: KEY } },
      LambdaConfig: TRIGGERS,
      MfaConfiguration: { order: ['OFF', 'OPTIONAL', 'ON'], less: 'weaken', absent: 'OFF' },
      Policies: {
        members: {
          PasswordPolicy: {
            members: {
              MinimumLength: 'protects',
              PasswordHistorySize: 'protects',
              RequireLowercase: 'protects',
              RequireNumbers: 'protects',
              RequireSymbols: 'protects',
              RequireUppercase: 'protects',
              TemporaryPasswordValidityDays: [
                { number: 'limits', absent: 7 },
                { number: 'delays', absent: 7 },
              ],
            },
          },
          SignInPolicy: { members: { AllowedFirstAuthFactors: GRANTS } },
        },
      },
      Schema: { each: { settled: 'disrupt' }, by: 'Name', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      SmsAuthenticationMessage: 'modify',
      SmsConfiguration: SMS,
      SmsVerificationMessage: 'modify',
      UserAttributeUpdateSettings: { members: { AttributesRequireVerificationBeforeUpdate: KEEPS } },
      UserPoolAddOns: {
        members: {
          AdvancedSecurityAdditionalFlows: {
            members: { CustomAuthMode: { order: ['', 'AUDIT', 'ENFORCED'], less: 'weaken', absent: '' } },
          },
          AdvancedSecurityMode: { order: ['OFF', 'AUDIT', 'ENFORCED'], less: 'weaken', absent: 'OFF' },
        },
      },
      UserPoolName: 'modify',
      UserPoolTags: 'tags',
      UserPoolTier: { order: ['LITE', 'ESSENTIALS', 'PLUS'], less: 'weaken', absent: 'ESSENTIALS' },
      UsernameAttributes: 'disrupt',
      UsernameConfiguration: 'disrupt',
      VerificationMessageTemplate: {
        members: { DefaultEmailOption: { values: {}, otherwise: 'disrupt', absent: 'CONFIRM_WITH_CODE' } },
        others: 'modify',
      },
      WebAuthnFactorConfiguration: 'weaken',
      // Passkeys are for one name.
      WebAuthnRelyingPartyID: 'disrupt',
      WebAuthnUserVerification: { order: ['preferred', 'required'], less: 'weaken', absent: 'preferred' },
    },
  },
  'AWS::Cognito::UserPoolRegionalConfigurationAttachment': {
    page: 'aws-resource-cognito-userpoolregionalconfigurationattachment',
    new: 'create',
    properties: {
      EmailConfiguration: EMAIL,
      LambdaConfig: TRIGGERS,
      SmsConfiguration: SMS,
      Status: { order: ['INACTIVE', 'ACTIVE'], less: 'disrupt', absent: 'ACTIVE' },
      UserPoolId: ['replaces', 'acts', 'affects'],
      UserPoolTags: 'tags',
    },
  },
  'AWS::Cognito::UserPoolReplica': {
    page: 'aws-resource-cognito-userpoolreplica',
    new: 'create',
    holds: 'data',
    properties: {
      RegionName: 'replaces',
      UserPoolId: ['replaces', 'acts'],
      UserPoolTagsAtCreate: 'replaces',
    },
  },
};
