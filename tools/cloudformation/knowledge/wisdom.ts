import { GUARDRAIL_POLICIES } from './bedrock.ts';
import type { Service, TypeKnowledge } from './language.ts';

/** What people and customers of a contact centre are answered, by AI or in words that are kept. */
const OF_ASSISTANT = { AssistantId: ['replaces', 'acts'] } as const;

/** A number that agents name; AWS keeps it until it is removed. */
function version(page: string, of: string): TypeKnowledge {
  return {
    page,
    new: 'create',
    gone: 'disrupt',
    properties: { ...OF_ASSISTANT, [of]: ['replaces', 'uses'], ModifiedTimeSeconds: 'replaces' },
  };
}

const ENCRYPTED = ['replaces', { members: { KmsKeyId: 'uses' } }] as const;

/** What people are shown at once. */
const SAID = {
  Content: 'modify',
  Description: 'modify',
  GroupingConfiguration: { standing: 'disrupt' },
  KnowledgeBaseArn: ['replaces', 'acts'],
  Language: 'modify',
  Name: 'modify',
  Tags: 'tags',
} as const;

export const WISDOM: Service = {
  'AWS::Wisdom::AIAgent': {
    page: 'aws-resource-wisdom-aiagent',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...OF_ASSISTANT,
      // Among it which guardrail stands before the answers, and which tools it may call.
      Configuration: ['may-act', { standing: 'expose' }],
      Description: 'modify',
      Name: 'replaces',
      Tags: 'replaces',
      Type: 'replaces',
    },
  },
  'AWS::Wisdom::AIAgentVersion': version('aws-resource-wisdom-aiagentversion', 'AIAgentId'),
  'AWS::Wisdom::AIGuardrail': {
    page: 'aws-resource-wisdom-aiguardrail',
    new: 'create',
    gone: 'weaken',
    properties: {
      ...OF_ASSISTANT,
      ...GUARDRAIL_POLICIES,
      BlockedInputMessaging: 'modify',
      BlockedOutputsMessaging: 'modify',
      Description: 'modify',
      Name: 'replaces',
      Tags: 'replaces',
    },
  },
  'AWS::Wisdom::AIGuardrailVersion': version('aws-resource-wisdom-aiguardrailversion', 'AIGuardrailId'),
  'AWS::Wisdom::AIPrompt': {
    page: 'aws-resource-wisdom-aiprompt',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...OF_ASSISTANT,
      ApiFormat: 'replaces',
      Description: 'modify',
      ModelId: { standing: 'disrupt' },
      Name: 'replaces',
      Tags: 'replaces',
      TemplateConfiguration: 'code',
      TemplateType: 'replaces',
      Type: 'replaces',
    },
  },
  'AWS::Wisdom::AIPromptVersion': version('aws-resource-wisdom-aipromptversion', 'AIPromptId'),
  'AWS::Wisdom::Assistant': {
    page: 'aws-resource-wisdom-assistant',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'replaces',
      Name: 'replaces',
      ServerSideEncryptionConfiguration: ENCRYPTED,
      Tags: 'replaces',
      Type: 'replaces',
    },
  },
  'AWS::Wisdom::AssistantAssociation': {
    page: 'aws-resource-wisdom-assistantassociation',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...OF_ASSISTANT,
      Association: [
        'replaces',
        {
          members: {
            ExternalBedrockKnowledgeBaseConfig: {
              members: { AccessRoleArn: 'acts-as', BedrockKnowledgeBaseArn: 'reads' },
            },
            KnowledgeBaseId: 'reads',
          },
        },
      ],
      AssociationType: 'replaces',
      Tags: 'replaces',
    },
  },
  'AWS::Wisdom::KnowledgeBase': {
    page: 'aws-resource-wisdom-knowledgebase',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'replaces',
      KnowledgeBaseType: 'replaces',
      Name: 'replaces',
      // Links that people of the centre follow.
      RenderingConfiguration: { members: { TemplateUri: ['may-pass-on', { standing: 'disrupt' }] } },
      ServerSideEncryptionConfiguration: ENCRYPTED,
      SourceConfiguration: ['replaces', 'may-act'],
      Tags: 'replaces',
      VectorIngestionConfiguration: { standing: 'disrupt' },
    },
  },
  'AWS::Wisdom::MessageTemplate': {
    page: 'aws-resource-wisdom-messagetemplate',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...SAID,
      ChannelSubtype: 'replaces',
      DefaultAttributes: 'modify',
      MessageTemplateAttachments: 'modify',
    },
  },
  'AWS::Wisdom::MessageTemplateVersion': {
    page: 'aws-resource-wisdom-messagetemplateversion',
    new: 'create',
    gone: 'disrupt',
    properties: { MessageTemplateArn: ['replaces', 'uses'], MessageTemplateContentSha256: 'modify' },
  },
  'AWS::Wisdom::QuickResponse': {
    page: 'aws-resource-wisdom-quickresponse',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ...SAID,
      Channels: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      ContentType: 'modify',
      IsActive: 'runs-by-default',
      ShortcutKey: 'disrupt',
    },
  },
};
