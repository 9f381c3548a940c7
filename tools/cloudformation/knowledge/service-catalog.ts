import type { Rule, Rules, Service } from './language.ts';
import { GRANTS } from './shared.ts';

const LANGUAGE: Rule = 'modify';

/** A constraint holds for all who launch the product from the portfolio. */
const CONSTRAINED = { PortfolioId: ['replaces', 'acts'], ProductId: ['replaces', 'acts'] } as const;

const ALLOWED: Rules = [
  { values: { NOT_ALLOWED: 'modify', ALLOWED: 'expose' }, otherwise: 'expose', absent: 'NOT_ALLOWED' },
  { standing: { values: { NOT_ALLOWED: 'disrupt', ALLOWED: 'expose' }, otherwise: 'expose', absent: 'NOT_ALLOWED' } },
];

const CONSTRAINTS: Service = {
  'AWS::ServiceCatalog::LaunchNotificationConstraint': {
    page: 'aws-resource-servicecatalog-launchnotificationconstraint',
    new: 'create',
    gone: 'weaken',
    properties: {
      ...CONSTRAINED,
      AcceptLanguage: LANGUAGE,
      Description: 'modify',
      NotificationArns: ['acts', { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' }],
    },
  },
  // Products are made by this role, no longer by the one who launches them.
  'AWS::ServiceCatalog::LaunchRoleConstraint': {
    page: 'aws-resource-servicecatalog-launchroleconstraint',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...CONSTRAINED,
      AcceptLanguage: LANGUAGE,
      Description: 'modify',
      LocalRoleName: 'acts-as',
      RoleArn: 'acts-as',
    },
  },
  'AWS::ServiceCatalog::LaunchTemplateConstraint': {
    page: 'aws-resource-servicecatalog-launchtemplateconstraint',
    new: 'create',
    gone: 'weaken',
    properties: {
      ...CONSTRAINED,
      AcceptLanguage: LANGUAGE,
      Description: 'modify',
      Rules: { settled: 'weaken' },
    },
  },
  'AWS::ServiceCatalog::ResourceUpdateConstraint': {
    page: 'aws-resource-servicecatalog-resourceupdateconstraint',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...CONSTRAINED,
      AcceptLanguage: LANGUAGE,
      Description: 'modify',
      TagUpdateOnProvisionedProduct: ALLOWED,
    },
  },
  'AWS::ServiceCatalog::StackSetConstraint': {
    page: 'aws-resource-servicecatalog-stacksetconstraint',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...CONSTRAINED,
      AcceptLanguage: LANGUAGE,
      // The accounts in which stacks are made.
      AccountList: GRANTS,
      AdminRole: 'acts-as',
      Description: 'modify',
      ExecutionRole: 'acts-as',
      RegionList: GRANTS,
      StackInstanceControl: ALLOWED,
    },
  },
};

const PORTFOLIOS: Service = {
  'AWS::ServiceCatalog::Portfolio': {
    page: 'aws-resource-servicecatalog-portfolio',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AcceptLanguage: LANGUAGE,
      Description: 'modify',
      DisplayName: 'modify',
      ProviderName: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::ServiceCatalog::PortfolioPrincipalAssociation': {
    page: 'aws-resource-servicecatalog-portfolioprincipalassociation',
    // Who it names may launch what is in the portfolio, by the roles that its constraints give.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AcceptLanguage: 'replaces',
      PortfolioId: ['replaces', 'acts'],
      PrincipalARN: ['replaces', 'admits'],
      PrincipalType: 'replaces',
    },
  },
  'AWS::ServiceCatalog::PortfolioProductAssociation': {
    page: 'aws-resource-servicecatalog-portfolioproductassociation',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AcceptLanguage: 'replaces',
      PortfolioId: ['replaces', 'acts'],
      ProductId: ['replaces', 'uses'],
      SourcePortfolioId: ['replaces', 'uses'],
    },
  },
  'AWS::ServiceCatalog::PortfolioShare': {
    page: 'aws-resource-servicecatalog-portfolioshare',
    // Another account launches what is in it.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AcceptLanguage: 'replaces',
      AccountId: ['replaces', 'admits'],
      PortfolioId: ['replaces', 'acts'],
      ShareTagOptions: { standing: 'opens' },
    },
  },
  'AWS::ServiceCatalog::TagOption': {
    page: 'aws-resource-servicecatalog-tagoption',
    new: 'create',
    gone: 'weaken',
    properties: { Active: 'protects-by-default', Key: 'replaces', Value: 'replaces' },
  },
  'AWS::ServiceCatalog::TagOptionAssociation': {
    page: 'aws-resource-servicecatalog-tagoptionassociation',
    new: 'create',
    gone: 'weaken',
    properties: { ResourceId: ['replaces', 'acts'], TagOptionId: ['replaces', 'uses'] },
  },
};

export const SERVICE_CATALOG: Service = {
  ...CONSTRAINTS,
  ...PORTFOLIOS,
  'AWS::ServiceCatalog::CloudFormationProduct': {
    page: 'aws-resource-servicecatalog-cloudformationproduct',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AcceptLanguage: LANGUAGE,
      Description: 'modify',
      Distributor: 'modify',
      Name: 'modify',
      Owner: 'modify',
      ProductType: { standing: 'disrupt' },
      // Templates; a version less can't be launched any more.
      ProvisioningArtifactParameters: {
        each: {
          members: {
            Description: 'modify',
            DisableTemplateValidation: 'endangers',
            Info: 'code',
            Name: 'modify',
            Type: 'modify',
          },
        },
        by: '#',
        added: 'modify',
        lost: 'disrupt',
      },
      // On, versions that stacks were made from are deleted for new ones.
      ReplaceProvisioningArtifacts: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
      SourceConnection: {
        members: {
          ConnectionParameters: {
            members: {
              CodeStar: {
                members: { ArtifactPath: 'code', Branch: 'code', ConnectionArn: 'acts-as', Repository: 'code' },
              },
            },
          },
          Type: 'modify',
        },
      },
      SupportDescription: 'modify',
      SupportEmail: 'modify',
      SupportUrl: 'modify',
      Tags: 'tags',
    },
  },
};
