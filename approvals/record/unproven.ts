/** So many attempts of one kind at one ticket are written one by one, in so long. */
const MOST_WRITTEN = 60;
const WINDOW_MS = 600_000;

/** How much of what strangers send is written into the log. */
export interface Budget {
  /**
   * Takes one from what is left for this subject. @returns what the entry adds: how many before it were not written,
   * and whether the next ones won't be either
   */
  spend(subject: string): 'used up' | { readonly not_written_before?: number; readonly not_written_after?: true };
}

/**
 * The attacker has a ticket's address, which proves nothing, and sends nonsense to it all day: the log would grow
 * without end, and what matters would drown in it. Each kind of attempt at each ticket has its own budget, so that no
 * flood silences what is about another.
 * @param clock milliseconds that only ever grow
 */
export function createBudget(clock: () => number): Budget {
  const windows = new Map<string, { until: number; written: number; left: number }>();
  return {
    spend(subject) {
      const now = clock();
      const last = windows.get(subject);
      if (last && now < last.until && last.written >= MOST_WRITTEN) {
        last.left += 1;
        return 'used up';
      }
      for (const [name, { until, left }] of windows) if (until <= now && left === 0) windows.delete(name);
      const current = last && now < last.until ? last : { until: now + WINDOW_MS, written: 0, left: 0 };
      windows.set(subject, current);
      current.written += 1;
      const before = current === last ? 0 : (last?.left ?? 0);
      return {
        ...(before > 0 ? { not_written_before: before } : {}),
        ...(current.written === MOST_WRITTEN ? { not_written_after: true } : {}),
      };
    },
  };
}
