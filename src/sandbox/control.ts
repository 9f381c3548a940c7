/** What tests steer the sandbox with: the log of requests, faults, reset. Documented in README.md. */
import { EventEmitter, once } from 'node:events';
import { z } from 'zod';

interface RequestRecord {
  readonly seq: number;
  readonly at: string;
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly parameters: unknown;
  /** Who called, in the form of CloudTrail's records. */
  readonly user_identity?: object;
}

/** The newest are kept: a bench may send more than anyone wants to hold. */
const LOG_LIMIT = 50_000;

export const Fault = z.strictObject({
  action: z.string(),
  /** before: nothing happened; after: it did, and the caller isn't told. */
  mode: z.enum(['drop_before', 'drop_after', 'delay_before', 'delay_after', 'error']),
  ms: z.int().min(0).max(600_000).default(1000),
  code: z.string().default('InternalFailure'),
  message: z.string().default('a fault was asked for'),
  status: z.int().min(400).max(599).default(500),
  times: z.int().min(1).default(1),
});
export type Fault = z.infer<typeof Fault>;

/** By the URL under which `TemplateURL` is to find each. */
export const TemplateTexts = z.record(z.string(), z.string());

export interface Control {
  record(entry: Omit<RequestRecord, 'seq' | 'at'>): void;
  requests(action?: string): readonly RequestRecord[];
  /** Resolves when `count` requests of the action have arrived since the last reset, or `waitMs` have passed. */
  waitFor(action: string | undefined, count: number, waitMs: number): Promise<readonly RequestRecord[]>;
  addFault(fault: Fault): void;
  /** The fault that this request runs into, which is then used up. */
  takeFault(action: string): Fault | undefined;
  reset(): void;
}

export function createControl(): Control {
  const arrivals = new EventEmitter().setMaxListeners(0);
  let log: RequestRecord[] = [];
  let faults: { fault: Fault; left: number }[] = [];
  let seq = 0;
  const requests = (action?: string) => log.filter((entry) => action === undefined || entry.action === action);
  return {
    record(entry) {
      log.push({ seq: ++seq, at: new Date().toISOString(), ...entry });
      if (log.length > LOG_LIMIT) log = log.slice(LOG_LIMIT / 2);
      arrivals.emit('request');
    },
    requests,
    async waitFor(action, count, waitMs) {
      const signal = AbortSignal.timeout(waitMs);
      while (requests(action).length < count && !signal.aborted) {
        await once(arrivals, 'request', { signal }).catch(() => undefined);
      }
      return requests(action);
    },
    addFault(fault) {
      faults.push({ fault, left: fault.times });
    },
    takeFault(action) {
      const found = faults.find(({ fault }) => fault.action === action || fault.action === '*');
      if (!found) return undefined;
      found.left--;
      faults = faults.filter(({ left }) => left > 0);
      return found.fault;
    },
    reset() {
      log = [];
      faults = [];
      seq = 0;
    },
  };
}
