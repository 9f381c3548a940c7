import type { Rule, Rules } from '../language.ts';
import { CORS, GRANTS, SHAPE } from '../shared.ts';
import type { Verdict } from '../verdict.ts';
import { ASKED_FOR, CHECKS, REFUSALS } from './checks.ts';
import { INTEGRATION, lowered } from './integration.ts';
import { IP_KIND, TLS } from './stage-settings.ts';

/*
 * What an OpenAPI definition says beside who may call which operation, in its own words, judged as the resource that
 * says it. What isn't here counts as the worst.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */

/** A model: what doesn't fit it is turned away, where requests are checked; else nobody looks at it. */
function models(checks: boolean): Rules {
  return checks ? { keys: 'weaken', added: 'modify', lost: 'weaken' } : 'modify';
}

const INTEGRATED: Rule = { members: INTEGRATION, others: 'expose' };

/** The name of what checks requests: those that it refused come through. */
const VALIDATOR: Rule = { settled: 'weaken' };

const WORDS = {
  deprecated: 'modify',
  description: 'modify',
  externalDocs: 'modify',
  operationId: 'modify',
  summary: 'modify',
} as const satisfies Readonly<Record<string, Rule>>;

/** @param added what one more may do */
function parameters(checks: boolean, added: Verdict): Rule {
  const each: Rule = {
    members: {
      ...WORDS,
      ...{ allowEmptyValue: 'modify', default: 'modify', enum: 'modify', example: 'modify', examples: 'modify' },
      ...{ explode: 'modify', format: 'modify', items: 'modify', style: 'modify', type: 'modify' },
      content: checks ? 'weaken' : 'modify',
      in: { settled: 'disrupt' },
      name: 'modify',
      required: ASKED_FOR,
      schema: checks ? 'weaken' : 'modify',
    },
    others: 'weaken',
  };
  return { each, by: 'name', added, lost: 'weaken', reordered: 'modify' };
}

/** With a status or header less, callers get an error, or browsers don't hand the answer on. */
const RESPONSES: Rule = {
  keys: {
    members: {
      content: 'modify',
      description: 'modify',
      examples: 'modify',
      headers: { keys: 'modify', added: 'modify', lost: 'disrupt' },
      links: 'modify',
      schema: 'modify',
    },
    others: 'disrupt',
  },
  added: 'modify',
  lost: 'disrupt',
};

/**
 * @param checks whether any request is checked by its model, before or after
 * @param hides whether it may ask for a parameter less than its path does
 */
export function operationRules(checks: boolean, hides: boolean): Rule {
  return {
    members: {
      ...WORDS,
      callbacks: 'modify',
      consumes: 'disrupt',
      parameters: parameters(checks, checks && hides ? 'weaken' : 'modify'),
      produces: 'disrupt',
      requestBody: checks ? 'weaken' : 'modify',
      responses: RESPONSES,
      schemes: 'disrupt',
      // Who may call, by path and method: `rules/open-api.ts`.
      security: 'modify',
      servers: 'disrupt',
      tags: 'modify',
      'x-amazon-apigateway-auth': { settled: 'expose' },
      'x-amazon-apigateway-integration': [{ ends: 'disrupt' }, INTEGRATED],
      'x-amazon-apigateway-request-validator': VALIDATOR,
    },
    others: 'expose',
  };
}

/** What a path says for all its operations. */
export function pathRules(checks: boolean): Rule {
  return {
    members: { description: 'modify', parameters: parameters(checks, 'modify'), servers: 'disrupt', summary: 'modify' },
    others: 'expose',
  };
}

/** The whole, but for paths, schemes and what of them each operation asks for. */
export function definitionRules(checks: boolean): Rule {
  return {
    members: {
      basePath: 'disrupt',
      components: {
        members: {
          callbacks: 'modify',
          examples: 'modify',
          headers: 'modify',
          links: 'modify',
          parameters: { keys: 'weaken', added: 'modify', lost: 'weaken' },
          requestBodies: models(checks),
          responses: RESPONSES,
          schemas: models(checks),
          securitySchemes: 'modify',
          'x-amazon-apigateway-integrations': { keys: INTEGRATED, added: 'create', lost: 'disrupt' },
        },
        others: 'expose',
      },
      consumes: 'disrupt',
      definitions: models(checks),
      externalDocs: 'modify',
      host: 'disrupt',
      info: 'modify',
      openapi: 'modify',
      parameters: { keys: 'weaken', added: 'modify', lost: 'weaken' },
      paths: 'modify',
      produces: 'disrupt',
      responses: RESPONSES,
      schemes: 'disrupt',
      security: 'modify',
      securityDefinitions: 'modify',
      servers: {
        each: { members: { description: 'modify', url: 'disrupt', variables: 'disrupt' }, others: 'expose' },
        by: '#',
        added: 'disrupt',
        lost: 'disrupt',
      },
      swagger: 'modify',
      // One may be a tag of the API's own.
      tags: {
        each: { members: { ...WORDS, name: 'modify' }, others: 'weaken' },
        by: 'name',
        added: 'modify',
        lost: 'weaken',
        reordered: 'modify',
      },
      'x-amazon-apigateway-api-key-source': 'disrupt',
      'x-amazon-apigateway-binary-media-types': SHAPE,
      'x-amazon-apigateway-cors': lower(CORS),
      'x-amazon-apigateway-documentation': 'modify',
      'x-amazon-apigateway-endpoint-access-mode': { order: ['BASIC', 'STRICT'], less: 'weaken', absent: 'BASIC' },
      'x-amazon-apigateway-endpoint-configuration': {
        members: {
          disableExecuteApiEndpoint: {
            standing: { values: { true: 'disrupt' }, otherwise: 'expose', absent: 'false' },
          },
          ipAddressType: IP_KIND,
          vpcEndpointIds: ['uses', GRANTS],
        },
        others: 'expose',
      },
      'x-amazon-apigateway-gateway-responses': {
        keys: { members: lowered(REFUSALS), others: 'expose' },
        // In the place of AWS's own, by which who is turned away learns of it.
        added: 'weaken',
        lost: 'disrupt',
      },
      'x-amazon-apigateway-importexport-version': 'modify',
      'x-amazon-apigateway-minimum-compression-size': 'modify',
      'x-amazon-apigateway-policy': [{ settled: 'expose' }, { standing: 'disrupt' }],
      'x-amazon-apigateway-request-validator': VALIDATOR,
      'x-amazon-apigateway-request-validators': {
        keys: { members: lowered(CHECKS), others: 'weaken' },
        added: 'create',
        lost: 'weaken',
      },
      'x-amazon-apigateway-security-policy': TLS,
    },
    others: 'expose',
  };
}

/** A document's rules, for one whose words begin with small letters. */
function lower(rule: Rule): Rule {
  return typeof rule === 'object' && 'members' in rule ? { members: lowered(rule.members), others: 'expose' } : rule;
}
