import type { Rule, Rules } from '../language.ts';
import { SHAPE } from '../shared.ts';

/** Other sites may be let read it (`Access-Control-Allow-Origin`). */
export const ANSWER_HEADERS: Rule = { standing: { keys: 'expose', added: 'expose', lost: 'disrupt' } };

/** What is made of an answer from behind. A template may leave out what callers mustn't see. */
const ANSWER = {
  members: {
    ContentHandling: SHAPE,
    ResponseParameters: ANSWER_HEADERS,
    ResponseTemplates: 'guards',
    SelectionPattern: { standing: 'disrupt' },
    // Who is refused may be told that all went well, and goes on.
    StatusCode: { standing: { settled: 'weaken' } },
  },
} as const satisfies Rule;

/** Through a private link, or over the internet. */
const CONNECTION: Rule = { standing: { values: { VPC_LINK: 'disrupt' }, otherwise: 'weaken', absent: 'INTERNET' } };

/**
 * What an API does with a call that it takes: one rule for a method or integration, and for an OpenAPI definition, in
 * whose words they are. The attacker leads callers' tokens elsewhere, or has what is behind believe that an
 * administrator calls.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
 */
export const INTEGRATION = {
  // With a key less, or one cache for several, one gets what was made for another.
  cacheKeyParameters: { each: 'modify', added: 'modify', lost: 'expose', reordered: 'modify' },
  // Of its own where none is given: the resource's id.
  cacheNamespace: { stated: { values: {}, otherwise: 'expose' } },
  connectionId: ['uses', { settled: 'disrupt' }],
  connectionType: CONNECTION,
  contentHandling: SHAPE,
  credentials: 'acts-as',
  httpMethod: ['code', { settled: 'disrupt' }],
  integrationSubtype: ['code', { settled: 'expose' }],
  integrationTarget: ['code', { settled: 'disrupt' }],
  passthroughBehavior: SHAPE,
  payloadFormatVersion: SHAPE,
  // Who calls is told to what is behind in a header: another value may be a constant, or the caller's own.
  requestParameters: ['code', { standing: 'expose' }],
  requestTemplates: 'guards',
  responseParameters: ANSWER_HEADERS,
  responseTransferMode: { values: {}, otherwise: 'disrupt', absent: 'BUFFERED' },
  // One that fits what failed may say that all went well.
  responses: {
    keys: { members: lowered(ANSWER.members), others: 'expose' },
    added: 'weaken',
    lost: 'disrupt',
  },
  timeoutInMillis: { number: 'capacity', absent: 29_000 },
  // Whose certificate what is behind must show.
  tlsConfig: {
    members: { insecureSkipVerification: 'endangers', serverNameToVerify: { settled: 'weaken' } },
    others: 'weaken',
  },
  type: ['code', { settled: 'disrupt' }],
  uri: ['code', 'passes-on', { settled: 'disrupt' }],
} as const satisfies Readonly<Record<string, Rules>>;

/** The same where a method lists them. */
export const ANSWERED: Rule = {
  each: ANSWER,
  by: 'StatusCode',
  added: 'weaken',
  lost: 'disrupt',
  reordered: 'modify',
};

/** A definition begins with a small letter what a resource begins with a capital one. */
export function lowered(rules: Readonly<Record<string, Rules>>): Readonly<Record<string, Rules>> {
  return Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [name.replace(/^./, (one) => one.toLowerCase()), rule]),
  );
}
