import type { Rule, Service } from '../language.ts';
import { GRANTS, SHAPE } from '../shared.ts';
import { ASKED_FOR, CHECKS, REFUSALS } from './checks.ts';
import { ANSWERED, INTEGRATION } from './integration.ts';
import { IP_KIND, NEEDS_KEY, TLS } from './stage-settings.ts';

/** With a status or header less, callers get an error, or browsers don't hand the answer on. */
const ANSWERS: Rule = {
  each: {
    members: {
      ResponseModels: 'modify',
      ResponseParameters: { keys: 'modify', added: 'modify', lost: 'disrupt' },
      StatusCode: 'modify',
    },
  },
  by: 'StatusCode',
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
};

/** Of one that isn't declared nothing is checked, and nothing handed on. */
const DECLARED: Rule = { keys: ASKED_FOR, added: 'modify', lost: 'weaken' };

/** REST APIs, and what they are made of. A change of a method or model counts once it is deployed. */
export const REST_APIS: Service = {
  'AWS::ApiGateway::Authorizer': {
    page: 'aws-resource-apigateway-authorizer',
    new: 'create',
    properties: {
      AuthType: 'modify',
      AuthorizerCredentials: 'acts-as',
      AuthorizerResultTtlInSeconds: { number: 'delays', absent: 300 },
      // Who decides whether a caller is let in.
      AuthorizerUri: { settled: 'expose' },
      IdentitySource: 'disrupt',
      IdentityValidationExpression: [{ settled: 'expose' }, { standing: 'disrupt' }],
      Name: 'modify',
      ProviderARNs: GRANTS,
      RestApiId: ['replaces', 'acts'],
      Type: { settled: 'expose' },
    },
  },
  'AWS::ApiGateway::DocumentationPart': {
    page: 'aws-resource-apigateway-documentationpart',
    new: 'create',
    properties: {
      Location: 'replaces',
      Properties: 'modify',
      RestApiId: ['replaces', 'acts'],
    },
  },
  'AWS::ApiGateway::DocumentationVersion': {
    page: 'aws-resource-apigateway-documentationversion',
    new: 'create',
    properties: {
      Description: 'modify',
      DocumentationVersion: 'replaces',
      RestApiId: ['replaces', 'acts'],
    },
  },
  'AWS::ApiGateway::GatewayResponse': {
    page: 'aws-resource-apigateway-gatewayresponse',
    // In the place of AWS's own, by which who is turned away learns of it.
    new: { among: ['RestApiId'], otherwise: 'weaken' },
    properties: {
      ...REFUSALS,
      ResponseParameters: { among: ['RestApiId'], otherwise: { acting: REFUSALS.ResponseParameters } },
      ResponseType: 'replaces',
      RestApiId: ['replaces', 'acts'],
    },
  },
  'AWS::ApiGateway::Method': {
    page: 'aws-resource-apigateway-method',
    new: 'create',
    properties: {
      ApiKeyRequired: NEEDS_KEY,
      // One of them is enough; without any, every token is. The first turns tokens without it away.
      AuthorizationScopes: { unordered: [{ settled: 'expose' }, { standing: 'disrupt' }] },
      // Those who called otherwise are turned away.
      AuthorizationType: {
        values: { AWS_IAM: 'disrupt', COGNITO_USER_POOLS: 'disrupt', CUSTOM: 'disrupt' },
        otherwise: 'expose',
        absent: 'NONE',
      },
      AuthorizerId: { settled: 'expose' },
      HttpMethod: ['replaces', 'answers'],
      Integration: [
        { ends: 'disrupt' },
        {
          members: {
            CacheKeyParameters: INTEGRATION.cacheKeyParameters,
            CacheNamespace: INTEGRATION.cacheNamespace,
            ConnectionId: INTEGRATION.connectionId,
            ConnectionType: INTEGRATION.connectionType,
            ContentHandling: INTEGRATION.contentHandling,
            Credentials: INTEGRATION.credentials,
            IntegrationHttpMethod: INTEGRATION.httpMethod,
            IntegrationResponses: ANSWERED,
            IntegrationTarget: INTEGRATION.integrationTarget,
            PassthroughBehavior: INTEGRATION.passthroughBehavior,
            RequestParameters: INTEGRATION.requestParameters,
            RequestTemplates: INTEGRATION.requestTemplates,
            ResponseTransferMode: INTEGRATION.responseTransferMode,
            TimeoutInMillis: INTEGRATION.timeoutInMillis,
            Type: INTEGRATION.type,
            Uri: INTEGRATION.uri,
          },
        },
      ],
      MethodResponses: ANSWERS,
      OperationName: 'modify',
      RequestModels: 'disrupt',
      RequestParameters: DECLARED,
      // Requests that it refused come through.
      RequestValidatorId: { settled: 'weaken' },
      ResourceId: 'replaces',
      RestApiId: ['replaces', 'acts'],
    },
  },
  'AWS::ApiGateway::Model': {
    page: 'aws-resource-apigateway-model',
    new: 'create',
    properties: {
      ContentType: 'replaces',
      Description: 'modify',
      Name: 'replaces',
      RestApiId: ['replaces', 'acts'],
      // What doesn't fit it is turned away, where it is asked for.
      Schema: 'weaken',
    },
  },
  'AWS::ApiGateway::RequestValidator': {
    page: 'aws-resource-apigateway-requestvalidator',
    new: 'create',
    properties: {
      Name: 'replaces',
      RestApiId: ['replaces', 'acts'],
      ...CHECKS,
    },
  },
  'AWS::ApiGateway::Resource': {
    page: 'aws-resource-apigateway-resource',
    new: 'create',
    properties: {
      ParentId: 'replaces',
      PathPart: ['replaces', 'answers'],
      RestApiId: ['replaces', 'acts'],
    },
  },
  'AWS::ApiGateway::RestApi': {
    page: 'aws-resource-apigateway-restapi',
    new: 'create',
    properties: {
      ApiKeySourceType: 'disrupt',
      BinaryMediaTypes: SHAPE,
      Body: 'openapi',
      // A file that isn't seen here says what is open.
      BodyS3Location: 'expose',
      CloneFrom: 'modify',
      Description: 'modify',
      DisableExecuteApiEndpoint: {
        standing: { values: { true: 'disrupt' }, otherwise: 'expose', absent: 'false' },
      },
      EndpointAccessMode: { order: ['BASIC', 'STRICT'], less: 'weaken', absent: 'BASIC' },
      EndpointConfiguration: {
        members: {
          IpAddressType: IP_KIND,
          Types: {
            standing: {
              each: [
                { order: ['EDGE', 'REGIONAL', 'PRIVATE'], less: 'expose' },
                { order: ['PRIVATE', 'REGIONAL', 'EDGE'], less: 'disrupt' },
              ],
              by: '#',
              added: 'disrupt',
              lost: 'expose',
            },
          },
          VpcEndpointIds: ['uses', GRANTS],
        },
      },
      FailOnWarnings: 'modify',
      MinimumCompressionSize: 'modify',
      // `overwrite` drops what the definition doesn't have.
      Mode: { order: ['overwrite', 'merge'], less: 'disrupt', absent: 'overwrite' },
      Name: 'modify',
      Parameters: 'disrupt',
      Policy: 'admits',
      SecurityPolicy: TLS,
      Tags: 'tags',
      Version: 'modify',
    },
  },
};
