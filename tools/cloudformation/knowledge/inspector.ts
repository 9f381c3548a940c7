import type { Service } from './language.ts';

export const INSPECTOR: Service = {
  'AWS::Inspector::AssessmentTarget': {
    page: 'aws-resource-inspector-assessmenttarget',
    new: 'create',
    gone: 'weaken',
    properties: {
      AssessmentTargetName: 'replaces',
      // Without it all instances are looked at: with one, or another, some no longer are.
      ResourceGroupArn: ['uses', 'weaken'],
    },
  },
  'AWS::Inspector::AssessmentTemplate': {
    page: 'aws-resource-inspector-assessmenttemplate',
    new: 'create',
    gone: 'weaken',
    properties: {
      AssessmentTargetArn: ['replaces', 'uses'],
      AssessmentTemplateName: 'replaces',
      DurationInSeconds: 'replaces',
      RulesPackageArns: 'replaces',
      UserAttributesForFindings: 'replaces',
    },
  },
};
