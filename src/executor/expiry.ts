import { setImmediate as others } from 'node:timers/promises';
import type { Logger } from 'pino';
import { HoldshortError } from '../kernel/errors.ts';
import type { TicketId } from '../kernel/ticket.ts';
import type { ExecutorStore } from '../store/port.ts';
import { pagesOf } from './pages.ts';
import type { Postponed } from './postponed.ts';
import { isConflict } from './refusals.ts';

/** The key of all that expires, in the executor's memory. */
export const EXPIRY = 'expiry';

/** Failures that are not the ticket's fault. */
const STORE_WIDE: ReadonlySet<string> = new Set(['store_unavailable', 'clock_went_back']);

export interface Expiry {
  /**
   * Expires what is overdue, one after the other: an agent may have left thousands, and whatever a person approved
   * waits for one of them at most. Those that can't be expired are passed, so that they keep nobody after them waiting.
   */
  all(): Promise<void>;
  /** Overdue tickets that could not be expired. */
  readonly failed: ReadonlySet<string>;
}

export function expiryOf({
  store,
  log,
  postponed,
  stopping,
}: {
  readonly store: Pick<ExecutorStore, 'overdue' | 'expire'>;
  readonly log: Pick<Logger, 'error'>;
  readonly postponed: Postponed;
  readonly stopping: AbortSignal;
}): Expiry {
  const failed = new Set<string>();

  async function expire(id: TicketId): Promise<void> {
    try {
      await store.expire(id);
    } catch (error) {
      // Then no other can be expired now either.
      if (error instanceof HoldshortError && STORE_WIDE.has(error.code)) throw error;
      failed.add(id);
      postponed.add(id);
      if (!isConflict(error)) log.error({ err: error, ticket: id }, 'a ticket could not be expired; it is tried again');
    }
  }

  return {
    failed,
    async all() {
      const seen = new Set<string>();
      for await (const page of pagesOf<TicketId>(store.overdue)) {
        for (const id of page) {
          if (stopping.aborted) return;
          seen.add(id);
          if (postponed.has(id)) continue;
          await expire(id);
          // SQLite answers without the event loop, which is needed by whatever else is under way.
          await others();
        }
      }
      for (const id of failed) if (!seen.has(id)) failed.delete(id);
      postponed.delete(EXPIRY);
    },
  };
}
