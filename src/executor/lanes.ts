import { cpus } from 'node:os';
import type { TicketId } from '../kernel/ticket.ts';

/** A host has few. The system takes one from a process that ends, however it ends. */
export interface Lanes {
  /** Has this executor one from now on? Nobody waits for one. */
  enter(): Promise<boolean>;
  leave(): void;
}

/** How long what comes first is left to those that have a lane, where processors are idle. */
export const LEFT_MS = 100;
/** And where none is: half of what a claim of theirs would keep it from others. */
export const LONGEST_LEFT_MS = 5_000;
/** Looking takes from those who carry out, too: who leaves something again looks more rarely. */
const RAREST_LOOK_MS = 1_600;
/** So much of the processors' time isn't idle by chance. */
const IDLE = 0.25;

/** Whether an executor takes now what is due. */
export interface Turn {
  /** @param first the ticket that it would take first */
  mine(first: TicketId): Promise<boolean>;
  /**
   * It has looked.
   * @param busy does it send anything?
   * @returns after how long it looks again, and not before; undefined where it left nothing to others
   */
  over(busy: boolean): number | undefined;
}

/**
 * On one host as many executors take what is due as it has processors; each other one leaves it to them as long as they
 * get on with it, or all processors are busy. More of them would carry out less: each has to look at what the others
 * did, waits for the same locks, and runs code that was not compiled there yet (sixteen on two processors did half as
 * much as one). Why they don't get on doesn't matter: they are suspended, have no room, or are for another account or
 * region. What is due longest is taken first everywhere, so that no ticket is passed for longer.
 */
export function turnOf(lanes: Lanes, processors: () => Time = processorTime): Turn {
  let passed: { readonly ticket: TicketId; readonly at: number; readonly time: Time } | undefined;
  let [rest, next]: [number | undefined, number] = [undefined, LEFT_MS];
  return {
    async mine(first) {
      if ((await lanes.enter()) || (passed?.ticket === first && isLeftTooLong(passed))) {
        return true;
      }
      if (passed?.ticket !== first) passed = { ticket: first, at: performance.now(), time: processors() };
      [rest, next] = [next, Math.min(2 * next, RAREST_LOOK_MS)];
      return false;
    },
    over(busy) {
      if (!busy) lanes.leave();
      const after = rest;
      rest = undefined;
      if (after === undefined) [passed, next] = [undefined, LEFT_MS];
      return after;
    },
  };

  function isLeftTooLong({ at, time }: NonNullable<typeof passed>): boolean {
    const ms = performance.now() - at;
    const now = processors();
    return ms >= LONGEST_LEFT_MS || (ms >= LEFT_MS && now.idle - time.idle >= IDLE * (now.all - time.all));
  }
}

/** In milliseconds since they were started, all of them together. */
interface Time {
  readonly idle: number;
  readonly all: number;
}

function processorTime(): Time {
  const times = cpus().map(({ times }) => times);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap((one) => Object.values(one))) };
}
