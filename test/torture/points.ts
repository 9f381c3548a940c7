import type { Ending, Life } from './life.ts';

/** How often processes were to be killed at a moment, and were. */
interface Aim {
  hits: number;
  /** They had nothing more to do before they reached it. */
  misses: number;
  /** How often one process reached it at most. */
  most: number;
}

/** The moments of one kind of change, as its own processes reached them: nobody wrote them down. */
export interface Points {
  /** @param random from 0 to 1 */
  next(random: () => number): Pick<Ending, 'point' | 'nth' | 'rare'>;
  lived(aimed: string | undefined, life: Pick<Life, 'point' | 'passed'>): void;
}

/** What an earlier run tells of a world of it. */
interface Earlier {
  readonly kills: Readonly<Record<string, number>>;
  readonly reached: readonly string[];
}

/** Each comes first once; then those at which something changes come more often than those of mere reads. */
function costOf(point: string, { hits, misses }: Aim): number {
  return (hits + 3 * misses) * (/: (\w+\.)?(Describe|Get|List|Lookup)\w+$/.test(point) ? 3 : 1);
}

/**
 * @param only moments whose name has this in it
 * @param before what earlier runs of this kind reached, and where they killed
 */
export function pointsOf(only = '', before: readonly Earlier[] = []): Points {
  const aims = new Map<string, Aim>();
  let explored = 0;
  const aimAt = (point: string): Aim => {
    const known = aims.get(point) ?? { hits: 0, misses: 0, most: 1 };
    aims.set(point, known);
    return known;
  };
  for (const { kills, reached } of before) {
    for (const name of reached) aimAt(name);
    for (const [name, times] of Object.entries(kills)) aimAt(name).hits += times;
  }
  return {
    next(random) {
      const known = [...aims].filter(([point]) => point.includes(only));
      const least = Math.min(...known.map(([name, aim]) => costOf(name, aim)));
      // Each time that all were met, one goes as far as it gets: there may be more behind what is known.
      if (known.length === 0 || least > explored) {
        explored = known.length === 0 ? 0 : least;
        return { point: undefined, nth: 1, rare: [] };
      }
      const which = known.filter(([name, aim]) => costOf(name, aim) === least);
      const [point, aim] = which[Math.floor(random() * which.length)] ?? [];
      const rare = known.flatMap(([name, { hits, misses }]) => (hits === 0 && misses > 0 ? [name] : []));
      // Mostly the first: what a process reaches once more, it often doesn't get to.
      const nth = aim?.hits ? 1 + Math.floor(random() ** 3 * aim.most) : 1;
      return { point, nth, rare };
    },
    lived(aimed, { point, passed }) {
      for (const [name, times] of Object.entries(passed)) {
        const aim = aimAt(name);
        aim.most = Math.max(aim.most, times);
      }
      if (point !== undefined && Object.hasOwn(passed, point)) aimAt(point).hits += 1;
      else if (aimed !== undefined) aimAt(aimed).misses += 1;
    },
  };
}

/** Random numbers from 0 to 1 that a seed gives again (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
