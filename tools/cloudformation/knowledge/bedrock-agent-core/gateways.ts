import type { Rule, Service } from '../language.ts';
import { GRANTS, KEY } from '../shared.ts';

/** Whose tokens are taken, and for whom. */
export const AUTHORIZER: Rule = { standing: 'expose' };

const TARGET: Rule = {
  members: {
    Http: {
      members: { AgentcoreRuntime: { members: { Arn: 'acts', Qualifier: { standing: 'disrupt' }, Schema: 'code' } } },
    },
    Mcp: {
      members: {
        ApiGateway: {
          members: { ApiGatewayToolConfiguration: 'code', RestApiId: 'acts', Stage: { standing: 'disrupt' } },
        },
        Lambda: { members: { LambdaArn: 'acts', ToolSchema: 'code' } },
        McpServer: {
          members: {
            Endpoint: ['passes-on', { standing: 'disrupt' }],
            ListingMode: { values: {}, otherwise: 'disrupt', absent: 'DEFAULT' },
            McpToolSchema: 'code',
            ResourcePriority: 'disrupt',
          },
        },
        // Its servers get what the gateway has to sign in with.
        OpenApiSchema: ['code', 'may-pass-on'],
        SmithyModel: 'code',
      },
    },
  },
};

/** As whom the gateway calls what is behind it. */
const CREDENTIALS: Rule = {
  each: {
    members: {
      CredentialProvider: {
        members: {
          ApiKeyCredentialProvider: {
            members: {
              CredentialLocation: { standing: 'disrupt' },
              CredentialParameterName: { standing: 'disrupt' },
              CredentialPrefix: { standing: 'disrupt' },
              ProviderArn: 'acts-as',
            },
          },
          IamCredentialProvider: { standing: 'disrupt' },
          OauthCredentialProvider: {
            members: {
              CustomParameters: { standing: 'disrupt' },
              DefaultReturnUrl: { standing: 'disrupt' },
              GrantType: { standing: 'disrupt' },
              ProviderArn: 'acts-as',
              Scopes: GRANTS,
            },
          },
        },
      },
      CredentialProviderType: { standing: 'disrupt' },
    },
  },
  by: '#',
  added: 'modify',
  lost: 'disrupt',
};

/** Doors to tools, and the policies that say who may use which. */
export const GATEWAYS: Service = {
  'AWS::BedrockAgentCore::Gateway': {
    page: 'aws-resource-bedrockagentcore-gateway',
    new: 'create',
    properties: {
      AuthorizerConfiguration: AUTHORIZER,
      AuthorizerType: [
        { values: { AWS_IAM: 'modify', CUSTOM_JWT: 'modify' }, otherwise: 'expose' },
        { standing: 'expose' },
      ],
      Description: 'modify',
      // Callers are told what went wrong inside.
      ExceptionLevel: { values: { DEBUG: 'expose' }, otherwise: 'modify' },
      InterceptorConfigurations: {
        each: {
          members: {
            InputConfiguration: { members: { PassRequestHeaders: 'runs' } },
            InterceptionPoints: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
            Interceptor: { members: { Lambda: { members: { Arn: 'acts' } } } },
          },
        },
        by: '#',
        added: 'modify',
        lost: 'weaken',
      },
      KmsKeyArn: KEY,
      Name: { standing: 'disrupt' },
      PolicyEngineConfiguration: {
        members: {
          Arn: ['uses', { settled: 'expose' }],
          Mode: { order: ['LOG_ONLY', 'ENFORCE'], less: 'expose', absent: 'LOG_ONLY' },
        },
      },
      ProtocolConfiguration: { standing: 'disrupt' },
      ProtocolType: { standing: 'disrupt' },
      RoleArn: 'acts-as',
      Tags: 'tags',
      WafConfiguration: { members: { FailureMode: { order: ['FAIL_OPEN', 'FAIL_CLOSE'], less: 'weaken' } } },
    },
  },
  'AWS::BedrockAgentCore::GatewayTarget': {
    page: 'aws-resource-bedrockagentcore-gatewaytarget',
    new: 'create',
    gone: 'disrupt',
    properties: {
      CredentialProviderConfigurations: CREDENTIALS,
      Description: 'modify',
      GatewayIdentifier: ['replaces', 'acts'],
      MetadataConfiguration: {
        members: { AllowedQueryParameters: GRANTS, AllowedRequestHeaders: GRANTS, AllowedResponseHeaders: GRANTS },
      },
      // Tools are called by it.
      Name: { standing: 'disrupt' },
      TargetConfiguration: TARGET,
    },
  },
  // One may permit, another forbid: each may open something by coming, going or changing.
  'AWS::BedrockAgentCore::Policy': {
    page: 'aws-resource-bedrockagentcore-policy',
    new: 'expose',
    gone: 'expose',
    properties: {
      Definition: 'expose',
      Description: 'modify',
      EnforcementMode: 'expose',
      Name: 'replaces',
      PolicyEngineId: ['replaces', 'acts'],
      ValidationMode: {
        order: ['IGNORE_ALL_FINDINGS', 'FAIL_ON_ANY_FINDINGS'],
        less: 'weaken',
        absent: 'FAIL_ON_ANY_FINDINGS',
      },
    },
  },
  'AWS::BedrockAgentCore::PolicyEngine': {
    page: 'aws-resource-bedrockagentcore-policyengine',
    new: 'create',
    gone: 'expose',
    properties: {
      Description: 'modify',
      EncryptionKeyArn: ['replaces', 'uses'],
      Name: 'replaces',
      Tags: 'tags',
    },
  },
};
