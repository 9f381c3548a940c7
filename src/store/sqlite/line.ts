import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { HoldshortError } from '../../kernel/errors.ts';
import { type Courtesy, isBusy, STANDSTILL_MS, untilFree } from './busy.ts';
import type { Connection } from './connection.ts';

type Operation = (connection: Connection) => unknown;
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** How many share a commit at most: the lock is others' too. */
const TOGETHER = 32;
/** A timer can't be set for less: it would rest longer than it wrote. */
const SHORTEST_PAUSE_MS = 1;

interface Waiting {
  readonly operation: Operation;
  /** As `performance.now()` counts. */
  readonly until: number;
  readonly tell: (outcome: Outcome) => void;
}

/** Writes of one process, in the order in which they came. */
export type Line = <T>(operation: (connection: Connection) => T) => Promise<T>;

/**
 * If each write tried by itself, each would stop the process again while another one has the lock, and each would wait
 * for the disk. Those that wait when it is free share one transaction and one commit. Each of them is a savepoint
 * in it: one that is refused is undone by itself, and all are told when the commit is durable. One whose time is over
 * while it waits fails as the one before it did.
 */
export function lineOf(connect: () => Promise<Connection>, busyTimeoutMs: number, courtesy: Courtesy): Line {
  const waiting: Waiting[] = [];
  let going = false;
  /** So many are run one by one: together they failed, and nobody knows which of them it was. */
  let oneByOne = 0;

  async function goOn(): Promise<void> {
    going = true;
    for (let first = waiting[0]; first; first = waiting[0]) {
      // What comes in the same turn of the event loop shares its commit.
      await turn();
      const rest = courtesy.rest();
      if (rest >= SHORTEST_PAUSE_MS) await pause(rest);
      await next(first.until);
    }
    going = false;
  }

  async function next(until: number): Promise<void> {
    let group: readonly Waiting[] = [];
    const attempt = async () => {
      const connection = await connect();
      group = waiting.slice(0, oneByOne > 0 ? 1 : TOGETHER);
      return together(connection, group);
    };
    try {
      const outcomes = await untilFree(attempt, until);
      waiting.splice(0, group.length);
      oneByOne = Math.max(0, oneByOne - 1);
      for (const [at, { tell }] of group.entries()) tell(outcomes[at] as Outcome);
    } catch (error) {
      if (group.length > 1 && !isBusy(error)) {
        oneByOne = group.length;
        return;
      }
      oneByOne = Math.max(0, oneByOne - 1);
      const over = isBusy(error) ? waiting.filter((one) => one.until - until < STANDSTILL_MS).length : 1;
      for (const { tell } of waiting.splice(0, over)) tell({ error });
    }
  }

  return async <T>(operation: (connection: Connection) => T) => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    waiting.push({ operation, until: performance.now() + busyTimeoutMs, tell: resolve });
    if (!going) void goOn();
    const outcome = await promise;
    if ('error' in outcome) throw outcome.error;
    return outcome.value as T;
  };
}

/** Where it can't be begun or committed, nothing happened, and the error says why. */
function together(connection: Connection, group: readonly Waiting[]): readonly Outcome[] {
  const [first, ...others] = group;
  if (first && others.length === 0) return [{ value: first.operation(connection) }];
  return connection.writing(() => group.map(({ operation }) => outcomeOf(operation, connection)));
}

/** A refusal is an outcome; whatever else fails may have ended the transaction. */
function outcomeOf(operation: Operation, connection: Connection): Outcome {
  try {
    return { value: operation(connection) };
  } catch (error) {
    if (error instanceof HoldshortError) return { error };
    throw error;
  }
}
