import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long SQLite itself waits for another process, with the whole of this one standing still. Most waits are over by then (a commit
 * takes about a millisecond); what takes longer is waited for with the event loop free.
 */
export const STANDSTILL_MS = 20;
const LONGEST_PAUSE_MS = 40;

export type Attempt = <T>(operation: () => T | Promise<T>) => Promise<T>;

/**
 * Runs an operation until SQLite doesn't say BUSY any more, at most `busyTimeoutMs`; then that error is thrown. Pauses are random, so
 * that processes don't meet again and again at the same moment.
 * @param until milliseconds as `performance.now()` counts them
 */
async function untilFree<T>(operation: () => T | Promise<T>, until: number): Promise<T> {
  for (let longest = 4; ; longest = Math.min(2 * longest, LONGEST_PAUSE_MS)) {
    try {
      return await operation();
    } catch (error) {
      const rest = (0.5 + Math.random() / 2) * longest;
      if (!isBusy(error) || performance.now() + rest + STANDSTILL_MS > until) throw error;
      await pause(rest);
    }
  }
}

/** For what only reads: there is hardly anything to wait for, and nobody else waits in front. */
export function patient(busyTimeoutMs: number): Attempt {
  return (operation) => untilFree(operation, performance.now() + busyTimeoutMs);
}

/**
 * For what writes: one after the other, in the order of their coming. Each that tried by itself would stop the process anew while
 * somebody else has the lock. Whoever's time is over while it waits in line fails as the one before it did.
 */
export function inLine(busyTimeoutMs: number): Attempt {
  let last: Promise<unknown> = Promise.resolve();
  let failed: { readonly error: unknown; readonly at: number; readonly until: number } | undefined;
  return (operation) => {
    const came = performance.now();
    const until = came + busyTimeoutMs;
    const before = last;
    const turn = (async () => {
      await before;
      if (failed && came <= failed.at && until - failed.until < STANDSTILL_MS) throw failed.error;
      try {
        return await untilFree(operation, until);
      } catch (error) {
        if (isBusy(error)) failed = { error, at: performance.now(), until };
        throw error;
      }
    })();
    last = turn.catch(() => undefined);
    return turn;
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
