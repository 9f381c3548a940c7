import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long SQLite itself waits for another process, with the whole of this one standing still. It asks again by itself,
 * which costs a tenth of an attempt from here: where many processes write, most get their turn by then. What takes
 * longer is waited for with the event loop free.
 */
export const STANDSTILL_MS = 100;
const LONGEST_PAUSE_MS = 40;
/** One that waited as long had another before it; less may be the machine's doing. */
const NOTICEABLE_MS = 5;
/** How long another process is taken to be still waiting. */
const REMEMBERED_MS = 200;

export type Attempt = <T>(operation: () => T | Promise<T>) => Promise<T>;

/**
 * Runs an operation until SQLite doesn't say BUSY any more, at most `busyTimeoutMs`; then that error is thrown. Pauses
 * are random, so that processes don't meet again and again at the same moment.
 * @param until milliseconds as `performance.now()` counts them
 */
export async function untilFree<T>(operation: () => T | Promise<T>, until: number): Promise<T> {
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

/** For operations that only read: there is hardly anything to wait for, and nobody else waits in front. */
export function patient(busyTimeoutMs: number): Attempt {
  return (operation) => untilFree(operation, performance.now() + busyTimeoutMs);
}

/** How long a process that had to wait lately leaves the lock alone after a write of its own. */
export interface Courtesy {
  /** Milliseconds that are still to be rested. */
  rest(): number;
  /** @param waited for the lock, in milliseconds */
  wrote(waited: number, held: number): void;
}

/**
 * Waiting processes ask for the lock now and then. The one that has just released it is the fastest to take it again,
 * and on a slow disk, where it is hardly ever free, the others would wait for ever. So it is left free for half as long
 * as it was held; after a write of a millisecond or two that isn't needed.
 */
export function courtesyOf(): Courtesy {
  let contended = Number.NEGATIVE_INFINITY;
  let restUntil = 0;
  return {
    rest: () => restUntil - performance.now(),
    wrote(waited, held) {
      const now = performance.now();
      if (waited > NOTICEABLE_MS) contended = now;
      restUntil = now - contended < REMEMBERED_MS ? now + Math.min(held / 2, LONGEST_PAUSE_MS) : 0;
    },
  };
}

export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
