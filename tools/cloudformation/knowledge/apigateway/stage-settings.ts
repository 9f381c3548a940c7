import type { Rule } from '../language.ts';

/** What a stage says of the requests that it takes: for all of them, or for one path and method. */
export const METHOD_SETTINGS = {
  CacheDataEncrypted: 'protects',
  CacheTtlInSeconds: 'modify',
  CachingEnabled: 'modify',
  DataTraceEnabled: 'modify',
  LoggingLevel: { order: ['OFF', 'ERROR', 'INFO'], less: 'weaken', absent: 'OFF' },
  MetricsEnabled: 'protects',
  ThrottlingBurstLimit: 'limits',
  ThrottlingRateLimit: 'limits',
} as const satisfies Readonly<Record<string, Rule>>;

export const ACCESS_LOG: Rule = { members: { DestinationArn: { settled: 'weaken' }, Format: 'modify' } };

/** Settings of routes, as version 2 has them. */
export const ROUTE_SETTINGS: Rule = {
  members: {
    DataTraceEnabled: 'modify',
    DetailedMetricsEnabled: 'protects',
    LoggingLevel: { order: ['OFF', 'ERROR', 'INFO'], less: 'weaken', absent: 'OFF' },
    ThrottlingBurstLimit: 'limits',
    ThrottlingRateLimit: 'limits',
  },
};
