/** So many of something at once. */
export interface Slots {
  readonly free: number;
  readonly taken: number;
  /** Takes one, free or not; what it returns gives it back, once. */
  take(): () => void;
  /**
   * Does `work` in one, as soon as those that came before have let go of enough. While it waits for anything `aside` it
   * has none; after the last of that, `work` goes on in one again.
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
      let letGo: (() => void) | undefined = taken < count ? take() : await turn();
      let [asides, over] = [0, false];
      const drop = () => {
        letGo?.();
        letGo = undefined;
      };
      const takeAgain = async () => {
        const again = taken < count ? take() : await turn();
        // Meanwhile it ended, went aside once more, or has one.
        if (over || asides > 0 || letGo) again();
        else letGo = again;
      };
      try {
        return await work(async (waiting) => {
          asides += 1;
          drop();
          try {
            return await waiting();
          } finally {
            asides -= 1;
            if (asides === 0 && !over) await takeAgain();
          }
        });
      } finally {
        over = true;
        drop();
      }
    },
  };
}
