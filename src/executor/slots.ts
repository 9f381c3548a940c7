/** So many of something at once. */
export interface Slots {
  readonly free: number;
  readonly taken: number;
  /** Takes one, free or not; what it returns gives it back, once. */
  take(): () => void;
  /** Does `work` in one, as soon as those that came before have let go of enough. */
  in<T>(work: () => Promise<T>): Promise<T>;
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
  return {
    get free() {
      return Math.max(0, count - taken);
    },
    get taken() {
      return taken;
    },
    take,
    async in(work) {
      const taking = taken < count ? take() : await new Promise<() => void>((mine) => inLine.push(() => mine(take())));
      try {
        return await work();
      } finally {
        taking();
      }
    },
  };
}
