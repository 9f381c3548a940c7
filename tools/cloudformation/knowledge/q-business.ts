import type { Rule, Service } from './language.ts';

const HOOK: Rule = {
  members: {
    InvocationCondition: 'disrupt',
    LambdaArn: ['acts', 'code'],
    RoleArn: 'acts-as',
    S3BucketName: 'acts',
  },
};

/** `ENABLED` or `DISABLED`: what people could do, or what of their documents is understood. */
const OFFERED: Rule = { order: ['DISABLED', 'ENABLED'], less: 'disrupt', absent: 'DISABLED' };

/** Answers come from what is in there. */
const ANSWERS: Rule = { members: { IndexId: ['uses', { standing: 'expose' }] } };

const IN_APPLICATION = { ApplicationId: ['replaces', 'acts'] } as const;

/** Answers to people of a company out of its documents. */
export const Q_BUSINESS: Service = {
  'AWS::QBusiness::Application': {
    page: 'aws-resource-qbusiness-application',
    new: 'create',
    holds: 'data',
    properties: {
      AttachmentsConfiguration: { members: { AttachmentsControlMode: OFFERED } },
      AutoSubscriptionConfiguration: {
        members: {
          // All who sign in get in.
          AutoSubscribe: {
            values: { DISABLED: 'disrupt', ENABLED: 'expose' },
            otherwise: 'expose',
            absent: 'DISABLED',
          },
          DefaultSubscriptionType: 'modify',
        },
      },
      ClientIdsForOIDC: 'replaces',
      Description: 'modify',
      DisplayName: 'modify',
      EncryptionConfiguration: 'replaces',
      IamIdentityProviderArn: ['replaces', 'admits'],
      // An application is made in it; its people are let in.
      IdentityCenterInstanceArn: ['acts', { settled: 'expose' }],
      IdentityType: 'replaces',
      PersonalizationConfiguration: { members: { PersonalizationControlMode: OFFERED } },
      QAppsConfiguration: { members: { QAppsControlMode: OFFERED } },
      QuickSightConfiguration: 'replaces',
      RoleArn: 'acts-as',
      Tags: 'tags',
    },
  },
  // With it go the documents that it has brought into the index.
  'AWS::QBusiness::DataSource': {
    page: 'aws-resource-qbusiness-datasource',
    new: 'create',
    properties: {
      ...IN_APPLICATION,
      // Which documents people get answers from, and whether who may read them is asked.
      Configuration: { standing: 'expose' },
      Description: 'modify',
      DisplayName: 'modify',
      DocumentEnrichmentConfiguration: {
        members: {
          // It may drop what a document says.
          InlineConfigurations: ['code', 'disrupt'],
          PostExtractionHookConfiguration: HOOK,
          PreExtractionHookConfiguration: HOOK,
        },
      },
      IndexId: ['replaces', 'acts'],
      MediaExtractionConfiguration: {
        members: {
          AudioExtractionConfiguration: { members: { AudioExtractionStatus: OFFERED } },
          ImageExtractionConfiguration: { members: { ImageExtractionStatus: OFFERED } },
          VideoExtractionConfiguration: { members: { VideoExtractionStatus: OFFERED } },
        },
      },
      RoleArn: 'acts-as',
      SyncSchedule: { settled: 'disrupt' },
      Tags: 'tags',
      VpcConfiguration: { members: { SecurityGroupIds: 'acts-as', SubnetIds: ['uses', 'disrupt'] } },
    },
  },
  'AWS::QBusiness::Index': {
    page: 'aws-resource-qbusiness-index',
    new: 'create',
    holds: 'data',
    properties: {
      ...IN_APPLICATION,
      CapacityConfiguration: { members: { Units: { number: 'capacity', absent: 1 } } },
      Description: 'modify',
      DisplayName: 'modify',
      DocumentAttributeConfigurations: {
        by: 'Name',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { Name: 'modify', Search: OFFERED, Type: 'disrupt' } },
      },
      Tags: 'tags',
      Type: 'replaces',
    },
  },
  'AWS::QBusiness::Retriever': {
    page: 'aws-resource-qbusiness-retriever',
    new: 'create',
    properties: {
      ...IN_APPLICATION,
      Configuration: { members: { KendraIndexConfiguration: ANSWERS, NativeIndexConfiguration: ANSWERS } },
      DisplayName: 'modify',
      RoleArn: 'acts-as',
      Tags: 'tags',
      Type: 'replaces',
    },
  },
  'AWS::QBusiness::WebExperience': {
    page: 'aws-resource-qbusiness-webexperience',
    new: 'create',
    properties: {
      ...IN_APPLICATION,
      BrowserExtensionConfiguration: {
        members: {
          EnabledBrowserExtensions: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
        },
      },
      CustomizationConfiguration: {
        members: { CustomCSSUrl: 'code', FaviconUrl: 'modify', FontUrl: 'modify', LogoUrl: 'modify' },
      },
      // Who tells who the people are.
      IdentityProviderConfiguration: [
        { standing: 'expose' },
        {
          members: {
            OpenIDConnectConfiguration: { members: { SecretsArn: 'uses', SecretsRole: 'acts-as' } },
            SamlConfiguration: 'modify',
          },
        },
      ],
      // Pages of which sites may show it.
      Origins: { each: 'expose', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      RoleArn: 'acts-as',
      SamplePromptsControlMode: 'modify',
      Subtitle: 'modify',
      Tags: 'tags',
      Title: 'modify',
      WelcomeMessage: 'modify',
    },
  },
};
