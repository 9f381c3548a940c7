/** The log of requests, and who waits for one. Documented in README.md. */
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
  /** The code of the error that it was answered with, if it was and is. */
  error?: string;
}

/** The newest are kept: a bench may send more than anyone wants to hold. */
const LOG_LIMIT = 50_000;

/** By the URL under which `TemplateURL` is to find each. */
export const TemplateTexts = z.record(z.string(), z.string());

export interface Control {
  /** @returns what notes on it that it was answered with an error */
  record(entry: Omit<RequestRecord, 'seq' | 'at' | 'error'>): (code: string) => void;
  requests(action?: string): readonly RequestRecord[];
  /** Resolves when `count` requests of the action have arrived since the last reset, or `waitMs` have passed. */
  waitFor(action: string | undefined, count: number, waitMs: number): Promise<readonly RequestRecord[]>;
  reset(): void;
}

export function createControl(): Control {
  const arrivals = new EventEmitter().setMaxListeners(0);
  let log: RequestRecord[] = [];
  let seq = 0;
  const requests = (action?: string) => log.filter((entry) => action === undefined || entry.action === action);
  return {
    record(entry) {
      const recorded: RequestRecord = { seq: ++seq, at: new Date().toISOString(), ...entry };
      log.push(recorded);
      if (log.length > LOG_LIMIT) log = log.slice(LOG_LIMIT / 2);
      arrivals.emit('request');
      return (code) => {
        recorded.error = code;
      };
    },
    requests,
    async waitFor(action, count, waitMs) {
      const signal = AbortSignal.timeout(waitMs);
      while (requests(action).length < count && !signal.aborted) {
        await once(arrivals, 'request', { signal }).catch(() => undefined);
      }
      return requests(action);
    },
    reset() {
      log = [];
      seq = 0;
    },
  };
}
