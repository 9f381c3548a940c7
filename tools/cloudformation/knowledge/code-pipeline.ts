import type { Rule, Rules, Service } from './language.ts';
import { KEY } from './shared.ts';

const ARTIFACT_STORE: Rule = {
  members: {
    EncryptionKey: { members: { Id: KEY, Type: 'modify' } },
    Location: ['uses', 'writes-to', { settled: 'disrupt' }],
    Type: 'modify',
  },
};

/** What must hold before a stage, or happens after it: a rule less lets more through. */
const CONDITIONS: Rules = { settled: 'weaken' };

const ACTION: Rule = {
  members: {
    ActionTypeId: 'code',
    Commands: 'code',
    Configuration: 'code',
    EnvironmentVariables: 'modify',
    InputArtifacts: 'code',
    Name: 'modify',
    Namespace: 'modify',
    OutputArtifacts: 'code',
    OutputVariables: 'modify',
    Region: 'code',
    RoleArn: 'acts-as',
    // What it no longer waits for, the flow says.
    RunOrder: 'modify',
    TimeoutInMinutes: [{ number: 'limits', absent: 'fits' }, { ends: 'weaken' }],
  },
};

/** An action less may be a test or an approval that no longer holds anything up. */
const STAGES: Rule = {
  each: {
    members: {
      Actions: { each: ACTION, by: 'Name', added: 'modify', lost: 'weaken', reordered: 'modify' },
      BeforeEntry: CONDITIONS,
      Blockers: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      Name: 'modify',
      OnFailure: CONDITIONS,
      OnSuccess: CONDITIONS,
    },
  },
  by: 'Name',
  added: 'modify',
  lost: 'weaken',
  // An approval that comes after what it should hold back.
  reordered: 'weaken',
  ahead: 'modify',
};

export const CODE_PIPELINE: Service = {
  'AWS::CodePipeline::CustomActionType': {
    page: 'aws-resource-codepipeline-customactiontype',
    new: 'create',
    properties: {
      Category: 'replaces',
      ConfigurationProperties: 'replaces',
      InputArtifactDetails: 'replaces',
      OutputArtifactDetails: 'replaces',
      Provider: 'replaces',
      Settings: 'replaces',
      Tags: 'tags',
      Version: 'replaces',
    },
  },
  'AWS::CodePipeline::Pipeline': {
    page: 'aws-resource-codepipeline-pipeline',
    new: 'create',
    properties: {
      ArtifactStore: ARTIFACT_STORE,
      ArtifactStores: {
        each: { members: { ArtifactStore: ARTIFACT_STORE, Region: 'modify' } },
        by: 'Region',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
      // One more holds changes back; one less lets through what was held.
      DisableInboundStageTransitions: {
        each: 'modify',
        by: 'StageName',
        added: 'disrupt',
        lost: 'weaken',
        reordered: 'modify',
      },
      ExecutionMode: { values: {}, otherwise: 'disrupt', absent: 'SUPERSEDED' },
      Name: 'replaces',
      PipelineType: { order: ['V1', 'V2'], less: 'disrupt', absent: 'V1' },
      // It deploys once more what it deployed last.
      RestartExecutionOnUpdate: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
      RoleArn: 'acts-as',
      Stages: [{ flow: 'actions' }, STAGES],
      Tags: 'tags',
      Triggers: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      Variables: 'modify',
    },
  },
  'AWS::CodePipeline::Webhook': {
    page: 'aws-resource-codepipeline-webhook',
    new: 'create',
    properties: {
      Authentication: { values: { GITHUB_HMAC: 'modify', IP: 'modify' }, otherwise: 'expose' },
      AuthenticationConfiguration: {
        members: { AllowedIPRange: [{ settled: 'expose' }, { standing: 'disrupt' }], SecretToken: 'secret' },
      },
      Filters: { each: 'modify', added: 'modify', lost: 'expose', reordered: 'modify' },
      Name: 'replaces',
      RegisterWithThirdParty: 'runs',
      Tags: 'tags',
      TargetAction: 'disrupt',
      TargetPipeline: 'acts',
      TargetPipelineVersion: 'modify',
    },
  },
};
