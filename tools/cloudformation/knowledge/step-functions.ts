import type { Rule, Service } from './language.ts';
import { KEY, payloads } from './shared.ts';

const ENCRYPTION: Rule = {
  members: {
    KmsDataKeyReusePeriodSeconds: { number: 'delays', absent: 300 },
    KmsKeyId: KEY,
    Type: { order: ['AWS_OWNED_KEY', 'CUSTOMER_MANAGED_KMS_KEY'], less: 'weaken', absent: 'AWS_OWNED_KEY' },
  },
};

export const STEP_FUNCTIONS: Service = {
  'AWS::StepFunctions::Activity': {
    page: 'aws-resource-stepfunctions-activity',
    new: 'create',
    properties: { EncryptionConfiguration: 'replaces', Name: 'replaces', Tags: 'tags' },
  },
  'AWS::StepFunctions::StateMachine': {
    page: 'aws-resource-stepfunctions-statemachine',
    new: 'create',
    properties: {
      Definition: ['code', { flow: 'states' }],
      DefinitionS3Location: 'code',
      DefinitionString: ['code', { flow: 'states' }],
      DefinitionSubstitutions: ['code', 'may-act', { flow: 'texts' }],
      EncryptionConfiguration: ENCRYPTION,
      LoggingConfiguration: {
        members: {
          Destinations: ['uses', 'writes-to', { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' }],
          IncludeExecutionData: payloads('true', 'false'),
          Level: { order: ['OFF', 'FATAL', 'ERROR', 'ALL'], less: 'weaken', absent: 'OFF' },
        },
      },
      RoleArn: 'acts-as',
      StateMachineName: 'replaces',
      StateMachineType: 'replaces',
      Tags: 'tags',
      TracingConfiguration: { members: { Enabled: 'protects' } },
    },
  },
  'AWS::StepFunctions::StateMachineAlias': {
    page: 'aws-resource-stepfunctions-statemachinealias',
    new: 'create',
    properties: {
      DeploymentPreference: {
        members: {
          // What stops a bad deployment.
          Alarms: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
          Interval: 'weaken',
          Percentage: 'weaken',
          StateMachineVersionArn: 'serves',
          Type: 'weaken',
        },
      },
      Description: 'modify',
      Name: 'replaces',
      RoutingConfiguration: 'serves',
      StateMachineArn: 'acts',
    },
  },
  'AWS::StepFunctions::StateMachineVersion': {
    page: 'aws-resource-stepfunctions-statemachineversion',
    new: 'create',
    revision: { of: 'StateMachineArn' },
    properties: {
      Description: 'replaces',
      StateMachineArn: ['replaces', 'acts'],
      StateMachineRevisionId: 'replaces',
    },
  },
};
