/** Pauses before what couldn't be done, or couldn't be told, is tried again; the last one repeats. */
const PAUSES = [250, 1_000, 5_000, 30_000, 120_000] as const;

/** What an executor leaves alone for a while, each time for longer, by a clock that nobody sets back. */
export interface Postponed {
  has(key: string): boolean;
  /** What is left alone now. */
  now(): readonly string[];
  /** Was it ever, as far as is remembered? */
  knows(key: string): boolean;
  add(key: string): void;
  /** The next time it is postponed is the first. */
  delete(key: string): void;
  /**
   * Forgets what is over for as long as `ms`, but not what is in `due`.
   * @param also what else is remembered of each
   */
  forgetAllBut(due: ReadonlySet<string>, ms: number, also: Map<string, unknown>): void;
}

export function postponedOf(): Postponed {
  const tried = new Map<string, { readonly tries: number; readonly until: number }>();
  return {
    has: (key) => (tried.get(key)?.until ?? 0) > performance.now(),
    now: () => [...tried].filter(([, { until }]) => until > performance.now()).map(([key]) => key),
    knows: (key) => tried.has(key),
    add(key) {
      const tries = (tried.get(key)?.tries ?? 0) + 1;
      tried.set(key, { tries, until: performance.now() + (PAUSES[Math.min(tries, PAUSES.length) - 1] ?? 1000) });
    },
    delete: (key) => void tried.delete(key),
    forgetAllBut(due, ms, also) {
      const isOver = (key: string) => (tried.get(key)?.until ?? 0) + ms < performance.now();
      for (const memory of [tried, also]) {
        for (const key of memory.keys()) if (!due.has(key) && isOver(key)) memory.delete(key);
      }
    },
  };
}
