interface Sizes {
  /** A caller's requests that may be under way at once; a wait for a ticket is one, for up to 45 seconds. */
  readonly atOnce: number;
  /** What may come of a caller at once after a rest, and a second from then on. */
  readonly burst: number;
  readonly perSecond: number;
  /** All callers' together, each with a body of up to 4 MiB. */
  readonly allAtOnce: number;
  /** And a second, which may come at once after a rest; absent: what their own budgets come to. */
  readonly allPerSecond?: number;
}

const CALLERS: Sizes = { atOnce: 32, burst: 120, perSecond: 20, allAtOnce: 512 };

/**
 * The page's, one for each thing that may be done with an address or a seal. The attacker has the addresses of its
 * tickets, as the agent that asked for them: however often it looks, or asks a question, it takes nothing from people
 * who answer theirs, whose seals it doesn't have, nor from the list, whose address it doesn't have.
 */
const PAGE_SIZES = {
  look: { atOnce: 32, burst: 120, perSecond: 20, allAtOnce: 128, allPerSecond: 40 },
  list: { atOnce: 32, burst: 120, perSecond: 20, allAtOnce: 64 },
  ask: { atOnce: 32, burst: 120, perSecond: 20, allAtOnce: 128, allPerSecond: 40 },
  /** By seal: its own browser brings it once, which is always heard. Who asked for many tries each of them again. */
  answer: { atOnce: 4, burst: 8, perSecond: 0.1, allAtOnce: 192, allPerSecond: 40 },
} as const satisfies Record<string, Sizes>;

/** Who had nothing for so long has one even where all together have had theirs: a flood elsewhere is none of theirs. */
const RESTED_MS = 2_000;
/**
 * So many bytes of a message, or members and items in it, are one request more: what a tool has to read of a text takes
 * up to some milliseconds for each kilobyte.
 */
const BYTES = 4 * 1024;
const VALUES = 500;
/** Callers that are remembered. Of those that have nothing under way, who asked longest ago is forgotten first. */
const MOST_CALLERS = 10_000;

/** Why a request isn't taken now, and after how many seconds to come again. */
export interface Busy {
  readonly status: 429 | 503;
  readonly retryAfter: number;
}

/** In requests, beyond the one that it is. @param values members and items, as counted before it is parsed */
export function workOf(length: number, values: number): number {
  return Math.floor(length / BYTES) + Math.floor(values / VALUES);
}

interface Budget {
  underWay: number;
  left: number;
  at: number;
  /** When a request of it was last taken. */
  taken: number;
}

/**
 * Keeps one caller from keeping others waiting. By person: who holds a token can name any client and get a new one each
 * second.
 * @param monotonic milliseconds that only ever grow
 */
export function limitsBy(
  monotonic: () => number,
  { atOnce, burst, perSecond, allAtOnce, allPerSecond = Number.POSITIVE_INFINITY }: Sizes = CALLERS,
) {
  const together = { left: allPerSecond, at: monotonic() };
  const budgets = new Map<string, Budget>();
  let all = 0;
  let listening = 0;
  const budgetOf = (caller: string): Budget => {
    const now = monotonic();
    const had = budgets.get(caller) ?? { underWay: 0, left: burst, at: now, taken: Number.NEGATIVE_INFINITY };
    const budget = { ...had, left: Math.min(burst, had.left + ((now - had.at) / 1_000) * perSecond), at: now };
    // Last in the map is what was asked for last.
    budgets.delete(caller);
    budgets.set(caller, budget);
    return budget;
  };
  const spent = ({ left }: Budget): Busy => ({ status: 429, retryAfter: Math.ceil((1 - left) / perSecond) });
  /** Takes one of what all have together, below nothing for who has rested. @returns whether there is one */
  const takeOfAll = ({ at: now, taken }: Budget): boolean => {
    if (allPerSecond === Number.POSITIVE_INFINITY) return true;
    together.left = Math.min(allPerSecond, together.left + ((now - together.at) / 1_000) * allPerSecond);
    together.at = now;
    if (together.left < 1 && now - taken < RESTED_MS) return false;
    together.left = Math.max(0, together.left - 1);
    return true;
  };
  const forgetIdle = () => {
    for (const [caller, { underWay }] of budgets) {
      if (budgets.size <= MOST_CALLERS) return;
      if (underWay === 0) budgets.delete(caller);
    }
  };
  return {
    /**
     * @param listens is it a stream that has no end of its own?
     * @returns what ends this request's share, or why it isn't taken
     */
    enter(caller: string, listens: boolean): (() => void) | Busy {
      if (all >= allAtOnce) return { status: 503, retryAfter: 1 };
      const budget = budgetOf(caller);
      if (budget.left < 1) return spent(budget);
      if (budget.underWay >= atOnce || !takeOfAll(budget)) return { status: 429, retryAfter: 1 };
      budget.left -= 1;
      budget.underWay += 1;
      budget.taken = budget.at;
      all += 1;
      if (listens) listening += 1;
      forgetIdle();
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        all -= 1;
        if (listens) listening -= 1;
        const entered = budgets.get(caller);
        if (entered) entered.underWay -= 1;
      };
    },
    /**
     * What a request that was entered turned out to be, as soon as that is known. More than is left is owed: who sends
     * much is heard, and then not again before it is paid.
     * @returns why nothing is to be done for it
     */
    spend(caller: string, work: number): Busy | undefined {
      const budget = budgetOf(caller);
      if (budget.left < 0) return spent(budget);
      budget.left -= work;
      return undefined;
    },
    /** Those that end by themselves. */
    underWay: () => all - listening,
  };
}

/** The page's shares, none of which takes from another. */
export function pageLimits(monotonic: () => number) {
  const shares = {
    look: limitsBy(monotonic, PAGE_SIZES.look),
    list: limitsBy(monotonic, PAGE_SIZES.list),
    ask: limitsBy(monotonic, PAGE_SIZES.ask),
    answer: limitsBy(monotonic, PAGE_SIZES.answer),
  };
  return {
    enter: (share: keyof typeof shares, subject: string) => shares[share].enter(subject, false),
    underWay: () => Object.values(shares).reduce((sum, share) => sum + share.underWay(), 0),
  };
}

export type Limits = ReturnType<typeof limitsBy>;
