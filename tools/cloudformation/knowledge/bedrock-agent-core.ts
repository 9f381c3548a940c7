import { AUTHORIZER, GATEWAYS } from './bedrock-agent-core/gateways.ts';
import type { Rules, Service } from './language.ts';
import { GRANTS, KEY, PLACED_IN, SECURITY_GROUPS } from './shared.ts';

/** A secret by which it signs in elsewhere. */
const SIGN_IN: Rules = ['acts-as', { settled: 'disrupt' }];

const TOOL_NETWORK: Rules = [
  'replaces',
  {
    members: {
      NetworkMode: 'modify',
      VpcConfig: { members: { SecurityGroups: 'acts-as', Subnets: 'uses' } },
    },
  },
];

const TOOLS: Service = {
  'AWS::BedrockAgentCore::BrowserCustom': {
    page: 'aws-resource-bedrockagentcore-browsercustom',
    new: 'create',
    gone: 'disrupt',
    properties: {
      BrowserSigning: 'replaces',
      Certificates: ['replaces', 'uses'],
      Description: 'replaces',
      EnterprisePolicies: ['replaces', 'uses'],
      ExecutionRoleArn: ['replaces', 'acts-as'],
      Name: 'replaces',
      NetworkConfiguration: TOOL_NETWORK,
      RecordingConfig: ['replaces', 'uses'],
      Tags: 'tags',
    },
  },
  'AWS::BedrockAgentCore::CodeInterpreterCustom': {
    page: 'aws-resource-bedrockagentcore-codeinterpretercustom',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Certificates: ['replaces', 'uses'],
      Description: 'replaces',
      ExecutionRoleArn: ['replaces', 'acts-as'],
      Name: 'replaces',
      NetworkConfiguration: TOOL_NETWORK,
      Tags: 'tags',
    },
  },
};

const EVALUATION: Service = {
  'AWS::BedrockAgentCore::Evaluator': {
    page: 'aws-resource-bedrockagentcore-evaluator',
    new: 'create',
    gone: 'weaken',
    properties: {
      Description: 'modify',
      EvaluatorConfig: {
        members: {
          CodeBased: {
            members: {
              LambdaConfig: {
                members: { LambdaArn: 'acts', LambdaTimeoutInSeconds: { number: 'limits', absent: 'fits' } },
              },
            },
          },
          LlmAsAJudge: 'code',
        },
      },
      EvaluatorName: 'replaces',
      KmsKeyArn: KEY,
      Level: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::BedrockAgentCore::OnlineEvaluationConfig': {
    page: 'aws-resource-bedrockagentcore-onlineevaluationconfig',
    new: 'create',
    gone: 'weaken',
    properties: {
      DataSourceConfig: ['uses', { settled: 'weaken' }],
      Description: 'modify',
      EvaluationExecutionRoleArn: 'acts-as',
      Evaluators: ['uses', { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' }],
      ExecutionStatus: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
      OnlineEvaluationConfigName: 'replaces',
      Rule: {
        members: {
          Filters: { standing: 'weaken' },
          SamplingConfig: { members: { SamplingPercentage: 'retains' } },
          SessionConfig: 'modify',
        },
      },
      Tags: 'tags',
    },
  },
};

const CREDENTIAL_PROVIDERS: Service = {
  'AWS::BedrockAgentCore::ApiKeyCredentialProvider': {
    page: 'aws-resource-bedrockagentcore-apikeycredentialprovider',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ApiKey: 'secret',
      ApiKeySecretConfig: { members: { JsonKey: { settled: 'disrupt' }, SecretId: SIGN_IN } },
      ApiKeySecretSource: { standing: 'disrupt' },
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::BedrockAgentCore::OAuth2CredentialProvider': {
    page: 'aws-resource-bedrockagentcore-oauth2credentialprovider',
    new: 'create',
    gone: 'disrupt',
    properties: {
      CredentialProviderVendor: 'replaces',
      Name: 'replaces',
      // Where tokens are asked for with the client's secret.
      Oauth2ProviderConfigInput: { standing: ['expose', 'disrupt'] },
      Tags: 'tags',
    },
  },
  'AWS::BedrockAgentCore::WorkloadIdentity': {
    page: 'aws-resource-bedrockagentcore-workloadidentity',
    new: 'create',
    gone: 'disrupt',
    properties: { AllowedResourceOauth2ReturnUrls: GRANTS, Name: 'replaces', Tags: 'tags' },
  },
};

export const BEDROCK_AGENT_CORE: Service = {
  ...CREDENTIAL_PROVIDERS,
  ...EVALUATION,
  ...GATEWAYS,
  ...TOOLS,
  'AWS::BedrockAgentCore::Memory': {
    page: 'aws-resource-bedrockagentcore-memory',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'modify',
      EncryptionKeyArn: ['replaces', 'uses'],
      EventExpiryDuration: 'expires',
      MemoryExecutionRoleArn: 'acts-as',
      // What one made of the conversations goes with it.
      MemoryStrategies: { each: 'modify', added: 'modify', lost: 'delete', reordered: 'modify' },
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::BedrockAgentCore::Runtime': {
    page: 'aws-resource-bedrockagentcore-runtime',
    new: 'create',
    properties: {
      AgentRuntimeArtifact: 'code',
      AgentRuntimeName: 'replaces',
      AuthorizerConfiguration: AUTHORIZER,
      Description: 'modify',
      EnvironmentVariables: 'modify',
      LifecycleConfiguration: {
        members: {
          IdleRuntimeSessionTimeout: { number: 'limits', absent: 900 },
          MaxLifetime: { number: 'limits', absent: 28_800 },
        },
      },
      NetworkConfiguration: {
        members: {
          NetworkMode: { standing: 'disrupt' },
          NetworkModeConfig: { members: { SecurityGroups: SECURITY_GROUPS, Subnets: PLACED_IN } },
        },
      },
      ProtocolConfiguration: { standing: 'disrupt' },
      RequestHeaderConfiguration: { members: { RequestHeaderAllowlist: GRANTS } },
      RoleArn: 'acts-as',
      Tags: 'tags',
    },
  },
  'AWS::BedrockAgentCore::RuntimeEndpoint': {
    page: 'aws-resource-bedrockagentcore-runtimeendpoint',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AgentRuntimeId: ['replaces', 'acts'],
      AgentRuntimeVersion: 'serves',
      Description: 'modify',
      Name: 'replaces',
      Tags: 'tags',
    },
  },
};
