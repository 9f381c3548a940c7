/** So many of something at once. */
export interface Slots {
  readonly free: number;
  readonly taken: number;
  /** Takes one, free or not; what it returns gives it back, once. */
  take(): () => void;
  /**
   * Does `work` in one, as soon as those that came before have let go of enough. What it waits for `aside` takes none;
   * after it, `work` goes on in one again.
   */
  in<T>(work: (aside: <A>(waiting: () => Promise<A>) => Promise<A>) => Promise<T>): Promise<T>;
}

/** @param freed called whenever one is given back and no one waits in line for it */
export function slotsOf(count: number, freed: () => void = () => {}): Slots {
  let taken = 0;
  const inLine: (() => void)[] = [];
  const take = () => {
    taken += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      taken -= 1;
      const next = inLine.shift();
      if (next) next();
      else freed();
    };
  };
  const turn = () => new Promise<() => void>((mine) => inLine.push(() => mine(take())));
  return {
    get free() {
      return Math.max(0, count - taken);
    },
    get taken() {
      return taken;
    },
    take,
    async in(work) {
      let letGo = taken < count ? take() : await turn();
      try {
        return await work(async (waiting) => {
          letGo();
          try {
            return await waiting();
          } finally {
            letGo = taken < count ? take() : await turn();
          }
        });
      } finally {
        letGo();
      }
    },
  };
}
