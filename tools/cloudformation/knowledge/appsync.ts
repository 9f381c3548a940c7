import { RESOLVERS, UNSEEN } from './appsync/resolvers.ts';
import type { Rule, Rules, Service } from './language.ts';
import { GRANTS } from './shared.ts';

/** A key that is in every page or app is no sign-in. */
const MODE: Rule = {
  values: { AMAZON_COGNITO_USER_POOLS: 'modify', AWS_IAM: 'modify', AWS_LAMBDA: 'modify', OPENID_CONNECT: 'modify' },
  otherwise: 'expose',
};
const MODES: Rule = {
  each: { members: { AuthType: MODE } },
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
};

const USER_POOL: Rule = {
  members: {
    AppIdClientRegex: [{ settled: 'expose' }, { standing: 'disrupt' }],
    AwsRegion: 'disrupt',
    DefaultAction: { standing: { order: ['ALLOW', 'DENY'], less: 'expose', absent: 'ALLOW' } },
    UserPoolId: ['uses', { settled: 'expose' }],
  },
};
const OPEN_ID: Rule = {
  members: {
    AuthTTL: 'weaken',
    ClientId: [{ settled: 'expose' }, { standing: 'disrupt' }],
    IatTTL: 'weaken',
    Issuer: { settled: 'expose' },
  },
};
const AUTHORIZER: Rule = {
  members: {
    AuthorizerResultTtlInSeconds: { number: 'delays', absent: 0 },
    AuthorizerUri: ['acts', { settled: 'expose' }],
    IdentityValidationExpression: [{ settled: 'expose' }, { standing: 'disrupt' }],
  },
};

const ROLE_AND_LEVEL: Readonly<Record<string, Rules>> = {
  CloudWatchLogsRoleArn: 'acts-as',
  // Headers and what templates make of requests.
  ExcludeVerboseContent: {
    standing: { values: { true: 'weaken' }, otherwise: 'expose', absent: 'false' },
  },
  FieldLogLevel: { order: ['NONE', 'ERROR', 'INFO', 'DEBUG', 'ALL'], less: 'weaken', absent: 'NONE' },
  LogLevel: { order: ['NONE', 'ERROR', 'INFO', 'DEBUG', 'ALL'], less: 'weaken', absent: 'NONE' },
};

/** Who gets what is asked, signed as its role. */
const ENDPOINT: Rule = {
  members: { AwsRegion: { settled: 'disrupt' }, Endpoint: ['passes-on', { settled: 'disrupt' }] },
};
const HTTP: Rule = {
  members: { AuthorizationConfig: { settled: 'expose' }, Endpoint: ['passes-on', { settled: 'disrupt' }] },
};

const CACHES = ['SMALL', 'MEDIUM', 'LARGE', 'XLARGE', 'LARGE_2X', 'LARGE_4X', 'LARGE_8X', 'LARGE_12X'] as const;

export const APPSYNC: Service = {
  ...RESOLVERS,
  'AWS::AppSync::Api': {
    page: 'aws-resource-appsync-api',
    new: 'create',
    properties: {
      EventConfig: {
        members: {
          AuthProviders: [
            GRANTS,
            {
              each: {
                members: {
                  AuthType: MODE,
                  CognitoConfig: USER_POOL,
                  LambdaAuthorizerConfig: AUTHORIZER,
                  OpenIDConnectConfig: OPEN_ID,
                },
              },
              by: '#',
              added: 'modify',
              lost: 'disrupt',
            },
          ],
          ConnectionAuthModes: [GRANTS, MODES],
          DefaultPublishAuthModes: [GRANTS, MODES],
          DefaultSubscribeAuthModes: [GRANTS, MODES],
          LogConfig: { members: ROLE_AND_LEVEL },
        },
      },
      Name: 'modify',
      OwnerContact: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::AppSync::ApiCache': {
    page: 'aws-resource-appsync-apicache',
    new: 'create',
    properties: {
      // Of whole requests the caller is always part of the key.
      ApiCachingBehavior: { standing: { values: { FULL_REQUEST_CACHING: 'modify' }, otherwise: 'expose' } },
      ApiId: ['replaces', 'acts', 'affects'],
      AtRestEncryptionEnabled: 'protects',
      HealthMetricsConfig: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
      TransitEncryptionEnabled: 'protects',
      Ttl: 'modify',
      Type: { order: CACHES, less: 'disrupt' },
    },
  },
  'AWS::AppSync::ApiKey': {
    page: 'aws-resource-appsync-apikey',
    // Who has it may call.
    new: 'expose',
    properties: {
      ApiId: ['replaces', 'acts'],
      Description: 'modify',
      // A time in seconds: sooner, and its holders can't call.
      Expires: 'capacity',
    },
  },
  'AWS::AppSync::ChannelNamespace': {
    page: 'aws-resource-appsync-channelnamespace',
    new: 'create',
    properties: {
      ApiId: ['replaces', 'acts'],
      CodeHandlers: 'guards',
      CodeS3Location: UNSEEN,
      // Which code says who may publish and subscribe.
      HandlerConfigs: ['code', { settled: 'expose' }],
      Name: 'replaces',
      // Without them the modes of the API count.
      PublishAuthModes: [MODES, { settled: 'expose' }],
      SubscribeAuthModes: [MODES, { settled: 'expose' }],
      Tags: 'tags',
    },
  },
  'AWS::AppSync::DataSource': {
    page: 'aws-resource-appsync-datasource',
    new: 'create',
    properties: {
      ApiId: ['replaces', 'acts'],
      Description: 'modify',
      DynamoDBConfig: {
        members: {
          // In another region another table is called so.
          AwsRegion: { settled: 'disrupt' },
          DeltaSyncConfig: {
            members: { BaseTableTTL: 'disrupt', DeltaSyncTableName: 'acts', DeltaSyncTableTTL: 'disrupt' },
          },
          TableName: ['acts', 'writes-to'],
          // Off, all callers have what its own role may.
          UseCallerCredentials: { standing: { values: { true: 'disrupt' }, otherwise: 'expose', absent: 'false' } },
          Versioned: 'disrupt',
        },
      },
      ElasticsearchConfig: ENDPOINT,
      EventBridgeConfig: { members: { EventBusArn: ['acts', 'writes-to'] } },
      HttpConfig: HTTP,
      LambdaConfig: { members: { LambdaFunctionArn: 'acts' } },
      MetricsConfig: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
      Name: 'replaces',
      OpenSearchServiceConfig: ENDPOINT,
      RelationalDatabaseConfig: {
        members: {
          RdsHttpEndpointConfig: {
            members: {
              AwsRegion: { settled: 'disrupt' },
              AwsSecretStoreArn: 'acts-as',
              DatabaseName: 'disrupt',
              DbClusterIdentifier: 'acts',
              Schema: 'disrupt',
            },
          },
          RelationalDatabaseSourceType: 'disrupt',
        },
      },
      ServiceRoleArn: 'acts-as',
      Type: 'disrupt',
    },
  },
  'AWS::AppSync::DomainName': {
    page: 'aws-resource-appsync-domainname',
    new: 'create',
    properties: { CertificateArn: 'replaces', Description: 'modify', DomainName: 'replaces', Tags: 'tags' },
  },
  'AWS::AppSync::DomainNameApiAssociation': {
    page: 'aws-resource-appsync-domainnameapiassociation',
    new: 'create',
    properties: { ApiId: ['acts', 'disrupt'], DomainName: ['replaces', 'acts'] },
  },
  'AWS::AppSync::GraphQLApi': {
    page: 'aws-resource-appsync-graphqlapi',
    new: 'create',
    properties: {
      AdditionalAuthenticationProviders: [
        GRANTS,
        {
          each: {
            members: {
              AuthenticationType: MODE,
              LambdaAuthorizerConfig: AUTHORIZER,
              OpenIDConnectConfig: OPEN_ID,
              UserPoolConfig: USER_POOL,
            },
          },
          by: '#',
          added: 'modify',
          lost: 'disrupt',
        },
      ],
      ApiType: 'disrupt',
      AuthenticationType: [MODE, { standing: 'expose' }],
      EnhancedMetricsConfig: { settled: 'weaken' },
      EnvironmentVariables: 'modify',
      IntrospectionConfig: { standing: { order: ['ENABLED', 'DISABLED'], less: 'expose', absent: 'ENABLED' } },
      LambdaAuthorizerConfig: AUTHORIZER,
      LogConfig: { members: ROLE_AND_LEVEL },
      MergedApiExecutionRoleArn: 'acts-as',
      Name: 'modify',
      OpenIDConnectConfig: OPEN_ID,
      OwnerContact: 'modify',
      // How deep and how much a caller may ask for: less refuses calls, more lets one caller use up the rest.
      QueryDepthLimit: { number: 'throttles', absent: 0, endless: 0 },
      ResolverCountLimit: { number: 'throttles', absent: 0, endless: 0 },
      Tags: 'tags',
      UserPoolConfig: USER_POOL,
      Visibility: { standing: { values: { PRIVATE: 'disrupt' }, otherwise: 'expose', absent: 'GLOBAL' } },
      XrayEnabled: 'protects',
    },
  },
  'AWS::AppSync::GraphQLSchema': {
    page: 'aws-resource-appsync-graphqlschema',
    new: 'create',
    properties: {
      ApiId: ['replaces', 'acts', 'affects'],
      Definition: 'graphql',
      // A file that isn't seen here says who may ask for what.
      DefinitionS3Location: { standing: 'expose' },
    },
  },
  'AWS::AppSync::SourceApiAssociation': {
    page: 'aws-resource-appsync-sourceapiassociation',
    new: 'create',
    properties: {
      Description: 'modify',
      MergedApiIdentifier: ['replaces', 'acts'],
      SourceApiAssociationConfig: {
        members: { MergeType: { values: {}, otherwise: 'disrupt', absent: 'MANUAL_MERGE' } },
      },
      SourceApiIdentifier: ['replaces', 'acts'],
    },
  },
  'AWS::AppSync::Type': {
    page: 'aws-resource-appsync-type',
    new: 'create',
    properties: { ApiId: ['replaces', 'acts'], Definition: 'graphql', Format: 'modify' },
  },
};
