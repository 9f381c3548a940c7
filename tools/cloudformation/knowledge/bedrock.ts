import { KNOWLEDGE_BASES } from './bedrock/knowledge-bases.ts';
import type { Rule, Rules, Service } from './language.ts';
import { KEY } from './shared.ts';

const STRENGTH: Rule = { order: ['NONE', 'LOW', 'MEDIUM', 'HIGH'], less: 'weaken' };
const ACTION: Rule = { order: ['NONE', 'ANONYMIZE', 'BLOCK'], less: 'weaken', absent: 'BLOCK' };

/** What all kinds of filters have. */
const FILTER = {
  Action: ACTION,
  InputAction: ACTION,
  InputEnabled: 'protects-by-default',
  OutputAction: ACTION,
  OutputEnabled: 'protects-by-default',
} as const;

function filters(by: string, members: Readonly<Record<string, Rule>>): Rule {
  return { each: { members: { ...FILTER, ...members } }, by, added: 'modify', lost: 'weaken', reordered: 'modify' };
}

const KEPT: Rule = { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' };

/** What a guardrail keeps from a model, and from those who ask it, wherever it stands. */
export const GUARDRAIL_POLICIES: Readonly<Record<string, Rules>> = {
  ContentPolicyConfig: {
    members: {
      ContentFiltersTierConfig: { settled: 'weaken' },
      FiltersConfig: filters('Type', {
        InputModalities: KEPT,
        InputStrength: STRENGTH,
        OutputModalities: KEPT,
        OutputStrength: STRENGTH,
        Type: 'modify',
      }),
    },
  },
  ContextualGroundingPolicyConfig: {
    members: {
      FiltersConfig: filters('Type', {
        Enabled: 'protects-by-default',
        Threshold: { number: 'retains', absent: 0 },
        Type: 'modify',
      }),
    },
  },
  SensitiveInformationPolicyConfig: {
    members: {
      PiiEntitiesConfig: filters('Type', { Type: 'modify' }),
      RegexesConfig: filters('Name', { Description: 'modify', Name: 'modify', Pattern: { settled: 'weaken' } }),
    },
  },
  TopicPolicyConfig: {
    members: {
      TopicsConfig: filters('Name', {
        Definition: { settled: 'weaken' },
        Examples: KEPT,
        Name: 'modify',
        Type: 'modify',
      }),
      TopicsTierConfig: { settled: 'weaken' },
    },
  },
  WordPolicyConfig: {
    members: {
      ManagedWordListsConfig: filters('Type', { Type: 'modify' }),
      WordsConfig: filters('Text', { Text: 'modify' }),
    },
  },
};

const GUARDRAILS: Service = {
  // Versions of it are what models and agents name.
  'AWS::Bedrock::Guardrail': {
    page: 'aws-resource-bedrock-guardrail',
    new: 'create',
    gone: 'weaken',
    properties: {
      ...GUARDRAIL_POLICIES,
      AutomatedReasoningPolicyConfig: { settled: 'weaken' },
      BlockedInputMessaging: 'modify',
      BlockedOutputsMessaging: 'modify',
      Description: 'modify',
      KmsKeyArn: KEY,
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::Bedrock::GuardrailVersion': {
    page: 'aws-resource-bedrock-guardrailversion',
    new: 'create',
    gone: 'weaken',
    properties: { Description: 'replaces', GuardrailIdentifier: ['replaces', 'uses'] },
  },
};

export const BEDROCK: Service = {
  ...KNOWLEDGE_BASES,
  ...GUARDRAILS,
  // What is changed is its draft; aliases go on with the version that they name.
  'AWS::Bedrock::Agent': {
    page: 'aws-resource-bedrock-agent',
    new: 'create',
    properties: {
      ActionGroups: {
        each: {
          members: {
            ActionGroupExecutor: { members: { CustomControl: 'modify', Lambda: 'acts' } },
            ActionGroupName: 'modify',
            ActionGroupState: { order: ['DISABLED', 'ENABLED'], less: 'disrupt', absent: 'ENABLED' },
            ApiSchema: 'code',
            Description: 'code',
            FunctionSchema: {
              members: {
                Functions: {
                  each: {
                    members: {
                      Description: 'code',
                      Name: 'modify',
                      Parameters: 'code',
                      // Whether a human is asked before it is called.
                      RequireConfirmation: {
                        order: ['DISABLED', 'ENABLED'],
                        less: 'weaken',
                        absent: 'DISABLED',
                      },
                    },
                  },
                  by: 'Name',
                  added: 'modify',
                  lost: 'disrupt',
                  reordered: 'modify',
                },
              },
            },
            ParentActionGroupSignature: 'code',
            SkipResourceInUseCheckOnDelete: 'endangers',
          },
        },
        by: 'ActionGroupName',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
      AgentCollaboration: { standing: 'disrupt' },
      AgentCollaborators: {
        each: {
          members: {
            AgentDescriptor: { members: { AliasArn: 'acts' } },
            CollaborationInstruction: 'code',
            CollaboratorName: 'modify',
            RelayConversationHistory: 'modify',
          },
        },
        by: 'CollaboratorName',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
      AgentName: 'modify',
      AgentResourceRoleArn: 'acts-as',
      AutoPrepare: 'modify',
      CustomOrchestration: { members: { Executor: { members: { Lambda: 'acts' } } } },
      CustomerEncryptionKeyArn: KEY,
      Description: 'modify',
      FoundationModel: ['uses', 'code'],
      GuardrailConfiguration: ['uses', { settled: 'weaken' }],
      IdleSessionTTLInSeconds: { number: 'limits', absent: 600 },
      Instruction: 'code',
      KnowledgeBases: {
        each: {
          members: {
            Description: 'code',
            KnowledgeBaseId: 'uses',
            KnowledgeBaseState: { order: ['DISABLED', 'ENABLED'], less: 'disrupt', absent: 'ENABLED' },
          },
        },
        by: 'KnowledgeBaseId',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
      },
      MemoryConfiguration: {
        members: {
          EnabledMemoryTypes: { settled: 'disrupt' },
          SessionSummaryConfiguration: 'modify',
          StorageDays: { number: 'expires', absent: 30 },
        },
      },
      OrchestrationType: 'code',
      PromptOverrideConfiguration: { members: { OverrideLambda: 'acts', PromptConfigurations: 'code' } },
      SkipResourceInUseCheckOnDelete: 'endangers',
      Tags: 'tags',
      TestAliasTags: 'tags',
    },
  },
  'AWS::Bedrock::AgentAlias': {
    page: 'aws-resource-bedrock-agentalias',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AgentAliasName: 'modify',
      AgentId: ['replaces', 'acts'],
      Description: 'modify',
      RoutingConfiguration: 'serves',
      Tags: 'tags',
    },
  },
  'AWS::Bedrock::ApplicationInferenceProfile': {
    page: 'aws-resource-bedrock-applicationinferenceprofile',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Description: 'replaces',
      InferenceProfileName: 'replaces',
      ModelSource: ['replaces', 'uses'],
      Tags: 'tags',
    },
  },
  'AWS::Bedrock::Prompt': {
    page: 'aws-resource-bedrock-prompt',
    new: 'create',
    properties: {
      CustomerEncryptionKeyArn: KEY,
      DefaultVariant: 'code',
      Description: 'modify',
      Name: 'modify',
      Tags: 'tags',
      Variants: 'code',
    },
  },
  'AWS::Bedrock::PromptVersion': {
    page: 'aws-resource-bedrock-promptversion',
    new: 'create',
    gone: 'disrupt',
    properties: { Description: 'replaces', PromptArn: ['replaces', 'uses'], Tags: 'replaces' },
  },
};
