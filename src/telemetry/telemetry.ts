import type { Environment } from '../kernel/environment.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import type { TicketState } from '../kernel/ticket.ts';

/**
 * All that is ever told of anything, to those to whom the operator exports it. No token, argument, name of a resource,
 * reason or person has a place here, and nothing may be added that an agent or AWS can choose the text of.
 */
export interface Facts {
  readonly ticket?: string | undefined;
  /** Of those that there are: what an agent calls that isn't there is `unknown_tool`. */
  readonly tool?: string | undefined;
  /** Where several were asked at once: `several`. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly environment?: Environment | undefined;
  readonly outcome?: string | undefined;
  /** Of a refusal; of what failed, that of its error. */
  readonly code?: string | undefined;
  readonly state?: TicketState | undefined;
  readonly decision?: 'approve' | 'deny' | 'withdraw' | undefined;
  /** Which request of a change that takes several, from 1. */
  readonly step?: number | undefined;
}

export type Spanned = 'call' | 'planning' | 'decision' | 'execution' | 'request';

export type Counted = 'calls' | 'refusals' | 'tickets';

export type Timed = 'time_to_decision' | 'decision_to_wire';

/**
 * Traces and metrics, for those who run this. They decide nothing and prove nothing: what happened is in the log alone.
 * Nothing here ever throws but what `work` threw.
 */
export interface Telemetry {
  /** Does `work` in a span. @param traceparent of the caller's own, as W3C Trace Context writes it, unchecked */
  span<T>(name: Spanned, facts: Facts, work: () => Promise<T>, traceparent?: unknown): Promise<T>;
  /** Adds to the span that this is in. */
  tell(facts: Facts): void;
  count(what: Counted, facts: Facts): void;
  time(what: Timed, ms: number, facts: Facts): void;
}

/** Where it is about, and which tool. Of a plan nothing else is told. */
export function factsOf({ tool, account, region, environment }: PlanRecord): Facts {
  return { tool, account, region, environment };
}

/** Where no SDK is set up. */
export const QUIET: Telemetry = {
  span: (_name, _facts, work) => work(),
  tell: () => undefined,
  count: () => undefined,
  time: () => undefined,
};
