/** A caller's requests that may be under way at once; a wait for a ticket is one, for up to 45 seconds. */
const AT_ONCE = 32;
/** What may come at once after a rest, and a second from then on. */
const BURST = 120;
const PER_SECOND = 20;
/**
 * So many bytes of a message, or members and items in it, are one request more: what a tool has to read of a text takes
 * up to some milliseconds for each kilobyte.
 */
const BYTES = 4 * 1024;
const VALUES = 500;
/** All callers' together, each with a body of up to 4 MiB. */
const ALL_AT_ONCE = 512;
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
}

function spent({ left }: Budget): Busy {
  return { status: 429, retryAfter: Math.ceil((1 - left) / PER_SECOND) };
}

/**
 * Keeps one caller from keeping others waiting. By person: who holds a token can name any client and get a new one each
 * second.
 * @param monotonic milliseconds that only ever grow
 */
export function limitsBy(monotonic: () => number) {
  const budgets = new Map<string, Budget>();
  let all = 0;
  let listening = 0;
  const budgetOf = (caller: string): Budget => {
    const now = monotonic();
    const { underWay = 0, left = BURST, at = now } = budgets.get(caller) ?? {};
    const budget = { underWay, left: Math.min(BURST, left + ((now - at) / 1_000) * PER_SECOND), at: now };
    // Last in the map is what was asked for last.
    budgets.delete(caller);
    budgets.set(caller, budget);
    return budget;
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
      if (all >= ALL_AT_ONCE) return { status: 503, retryAfter: 1 };
      const budget = budgetOf(caller);
      if (budget.left < 1) return spent(budget);
      if (budget.underWay >= AT_ONCE) return { status: 429, retryAfter: 1 };
      budget.left -= 1;
      budget.underWay += 1;
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

export type Limits = ReturnType<typeof limitsBy>;
