import type { Rule, Rules, Service } from './language.ts';
import { GRANTS } from './shared.ts';

/** A password before the pages. */
const BASIC_AUTH: Rule = {
  members: { EnableBasicAuth: { standing: 'fences' }, Password: 'secret', Username: 'secret' },
};

/** By which Amplify reads the repository. */
const TOKEN: Rule = { settled: 'disrupt' };

/** What is pushed isn't published any more. */
const BUILDS: Rules = ['runs', 'runs-by-default'];

export const AMPLIFY: Service = {
  'AWS::Amplify::App': {
    page: 'aws-resource-amplify-app',
    new: 'create',
    properties: {
      AccessToken: TOKEN,
      AutoBranchCreationConfig: {
        members: {
          AutoBranchCreationPatterns: GRANTS,
          BasicAuthConfig: BASIC_AUTH,
          BuildSpec: 'code',
          EnableAutoBranchCreation: { standing: 'opens' },
          EnableAutoBuild: 'modify',
          EnablePerformanceMode: 'modify',
          // Those who may open a pull request have it built and published.
          EnablePullRequestPreview: 'opens',
          EnvironmentVariables: 'modify',
          Framework: 'modify',
          PullRequestEnvironmentName: 'disrupt',
          Stage: 'modify',
        },
      },
      BasicAuthConfig: BASIC_AUTH,
      BuildSpec: 'code',
      CacheConfig: {
        members: {
          Type: {
            standing: {
              order: ['AMPLIFY_MANAGED_NO_COOKIES', 'AMPLIFY_MANAGED'],
              less: 'expose',
              absent: 'AMPLIFY_MANAGED_NO_COOKIES',
            },
          },
        },
      },
      ComputeRoleArn: 'acts-as',
      // Browsers are told in them what pages may do.
      CustomHeaders: { settled: 'weaken' },
      CustomRules: { standing: 'disrupt' },
      Description: 'modify',
      // A branch that is deleted in the repository is deleted here, with its site.
      EnableBranchAutoDeletion: 'endangers',
      EnvironmentVariables: 'modify',
      IAMServiceRole: 'acts-as',
      JobConfig: {
        members: {
          BuildComputeType: {
            order: ['STANDARD_8GB', 'LARGE_16GB', 'XLARGE_72GB'],
            less: 'disrupt',
            absent: 'STANDARD_8GB',
          },
        },
      },
      Name: 'modify',
      OauthToken: TOKEN,
      Platform: { standing: 'disrupt' },
      Repository: ['code', { settled: 'disrupt' }],
      Tags: 'tags',
    },
  },
  'AWS::Amplify::Branch': {
    page: 'aws-resource-amplify-branch',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AppId: ['replaces', 'acts'],
      Backend: { members: { StackArn: ['uses', { settled: 'disrupt' }] } },
      BasicAuthConfig: BASIC_AUTH,
      BranchName: 'replaces',
      BuildSpec: 'code',
      ComputeRoleArn: 'acts-as',
      Description: 'modify',
      EnableAutoBuild: BUILDS,
      EnablePerformanceMode: 'modify',
      EnablePullRequestPreview: 'opens',
      EnableSkewProtection: 'protects',
      EnvironmentVariables: 'modify',
      Framework: 'modify',
      PullRequestEnvironmentName: 'disrupt',
      Stage: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::Amplify::Domain': {
    page: 'aws-resource-amplify-domain',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AppId: ['replaces', 'acts'],
      AutoSubDomainCreationPatterns: GRANTS,
      AutoSubDomainIAMRole: 'acts-as',
      CertificateSettings: { members: { CertificateType: 'disrupt', CustomCertificateArn: ['uses', 'disrupt'] } },
      DomainName: 'replaces',
      EnableAutoSubDomain: { standing: 'opens' },
      SubDomainSettings: {
        each: { members: { BranchName: 'disrupt', Prefix: 'modify' } },
        by: 'Prefix',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
    },
  },
};
