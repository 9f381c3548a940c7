/** A clock that runs faster than ours, for built processes that wait for leases, rounds and limits. */
export interface Clock {
  /** ms since 1970 */
  now(): number;
  /** Of each process that goes by it. */
  readonly env: Record<string, string>;
}

/** From now on so many times as fast as ours, in whatever is given it: the command's processes, the embedded cloud. */
export function fasterClock(speed: number): Clock {
  const from = Date.now();
  return {
    now: () => Math.floor(from + (Date.now() - from) * speed),
    env: {
      HOLDSHORT_TEST_CLOCK: `${from} ${speed}`,
      NODE_OPTIONS: `--import=${new URL('clock-process.ts', import.meta.url).href}`,
    },
  };
}
