/** After a round that took something, or had no room: what is freed meanwhile is claimed in one write. */
const REST_MS = 50;
const LONGEST_REST_MS = 250;
/** A tenth of its time at most goes into looking. */
const LOOKS = 10;

/**
 * How long after a round began the next one may begin. Every step of every ticket wakes every executor: what is cheap
 * to look at is looked at at once, since it may be what a person has just approved. Where it took long, thousands that
 * can't run now are looked through, or others hold the lock and take what there is: they work meanwhile.
 * @param took how many tickets, of as many as there was room for
 * @param lookedMs how long it was asked for them
 */
export function restAfter(took: number, room: number, lookedMs: number): number {
  if (took > 0 || room === 0) return REST_MS;
  return Math.min(LOOKS * lookedMs, LONGEST_REST_MS);
}

/** After a round in which the store couldn't be read. */
export const FAILED_REST_MS = LONGEST_REST_MS;

/** One rest, which may end early: also before it has begun. */
export interface Rest {
  for(ms: number): Promise<void>;
  end(): void;
}

export function restOf(): Rest {
  const ended = Promise.withResolvers<void>();
  return {
    for(ms) {
      const timer = setTimeout(ended.resolve, ms);
      return ended.promise.finally(() => clearTimeout(timer));
    },
    end: ended.resolve,
  };
}
