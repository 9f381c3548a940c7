import { z } from 'zod';

/**
 * `quotas:` in the configuration, for each agent of each operator on its own. The defaults are far above what an honest
 * day needs.
 */
export const Quotas = z.strictObject({
  destructive_per_hour: z
    .int('must be a whole number')
    .min(0)
    .default(100)
    .describe('Destructive changes that an agent may ask for within an hour, outside the sandbox environment.'),
  pending: z
    .int('must be a whole number')
    .min(0)
    .default(100)
    .describe('Tickets of an agent that may wait for people at a time.'),
  resources_per_plan: z
    .int('must be a whole number')
    .min(0)
    .default(1_000)
    .describe('Resources that one plan may touch.'),
});

export type Quotas = z.infer<typeof Quotas>;

export const DEFAULT_QUOTAS: Quotas = Quotas.parse({});

/** What an agent asked for before: its destructive tickets of the last hour, and its tickets that wait for people. */
export const Asked = z.strictObject({
  destructive_last_hour: z.int().min(0),
  pending: z.int().min(0),
});

export type Asked = z.infer<typeof Asked>;

export const NOTHING_ASKED: Asked = { destructive_last_hour: 0, pending: 0 };
