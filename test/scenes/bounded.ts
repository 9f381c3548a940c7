import { appendFileSync } from 'node:fs';

/** Whether generated sets run whole: `npm run test:all`. */
const ALL = process.env.HOLDSHORT_TESTS === 'all';

/**
 * How many of a generated set are tried: some by default, all by `npm run test:all`. The end of the run says how many.
 * @param what they are, as one reads it after the numbers: `generated calls over all tools`
 */
export function bounded(what: string, whole: number, some: number): number {
  const taken = ALL ? whole : Math.min(some, whole);
  const [tried, of] = [taken, whole].map((count) => count.toLocaleString('en-US'));
  // For test/summary-reporter.ts; where a single process runs without it nobody needs to know.
  if (process.env.HOLDSHORT_BOUNDS) appendFileSync(process.env.HOLDSHORT_BOUNDS, `${tried} of ${of} ${what}\n`);
  return taken;
}

/** So many of them by default, the same ones every time and evenly apart, the longest among them. */
export function sample<T>(what: string, items: readonly T[], some: number): readonly T[] {
  const most = bounded(what, items.length, some);
  if (most >= items.length) return items;
  const size = (item: T) => (typeof item === 'string' ? item.length : 0);
  const longest = items.reduce((one, other) => (size(other) > size(one) ? other : one));
  const apart = items.filter(
    (_, at) => Math.floor((at * most) / items.length) !== Math.floor(((at - 1) * most) / items.length),
  );
  return apart.includes(longest) ? apart : [...apart.slice(0, -1), longest];
}
