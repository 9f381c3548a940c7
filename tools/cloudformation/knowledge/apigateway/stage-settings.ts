import type { Rule, Rules } from '../language.ts';
import { KEEPS_ANSWERS, payloads } from '../shared.ts';

/** Callers without a key were served before. */
export const NEEDS_KEY: Rule = {
  standing: { values: { true: 'disrupt' }, otherwise: 'expose', absent: 'false' },
};

/** By which kinds of addresses it is reached: with one kind less, those who have no other don't reach it. */
export const IP_KIND: Rule = { order: ['ipv4', 'dualstack'], less: 'disrupt', absent: 'ipv4' };

/** What integrations are put together from: which host, function or path is asked. */
export const VARIABLES: Rule = { keys: { settled: 'disrupt' }, added: 'modify', lost: 'disrupt' };

/**
 * Whole requests and answers, tokens too; AWS advises against it in production:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
const DATA_TRACE: Rule = payloads('true', 'false', 'modify');

/** What a stage says of the requests that it takes: for all of them, or for one path and method. */
export const METHOD_SETTINGS = {
  CacheDataEncrypted: 'protects',
  CacheTtlInSeconds: 'modify',
  CachingEnabled: KEEPS_ANSWERS,
  DataTraceEnabled: DATA_TRACE,
  LoggingLevel: { order: ['OFF', 'ERROR', 'INFO'], less: 'weaken', absent: 'OFF' },
  MetricsEnabled: 'protects',
  ThrottlingBurstLimit: 'throttles',
  ThrottlingRateLimit: 'throttles',
} as const satisfies Readonly<Record<string, Rule>>;

/**
 * From the weakest on. What isn't listed may be weaker:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
 */
export const TLS: Rule = {
  order: ['TLS_1_0', 'TLS_1_2', 'SecurityPolicy_TLS13_1_2_2021_06', 'SecurityPolicy_TLS13_1_3_2025_09'],
  less: 'weaken',
};

export const ACCESS_LOG: Rule = {
  members: { DestinationArn: ['writes-to', { settled: 'weaken' }], Format: { settled: 'disrupt' } },
};

/** Settings of routes, as version 2 has them. */
export const ROUTE_SETTINGS: Rule = {
  members: {
    DataTraceEnabled: DATA_TRACE,
    DetailedMetricsEnabled: 'protects',
    LoggingLevel: { order: ['OFF', 'ERROR', 'INFO'], less: 'weaken', absent: 'OFF' },
    ThrottlingBurstLimit: 'throttles',
    ThrottlingRateLimit: 'throttles',
  },
};

/** By which callers know it. They may know one certificate alone, or it isn't for that name. */
export const CERTIFICATE: Rules = ['uses', { settled: 'disrupt' }];
