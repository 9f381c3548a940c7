import pg from 'pg';
import type { Store } from '../../../src/store/port.ts';

/** Sets the time of a database that `TEST_CLOCK` is the time of. */
export interface Clock {
  /** A promise only where there is something to set. */
  set(now: number): Promise<unknown> | undefined;
  close(): Promise<void>;
}

export async function clockOf(config: pg.ClientConfig): Promise<Clock> {
  const client = new pg.Client(config);
  await client.connect();
  await client.query('SET synchronous_commit TO off');
  let last: number | undefined;
  let setting: Promise<unknown> = Promise.resolve();
  return {
    set(now) {
      if (now === last) return undefined;
      last = now;
      setting = setting.then(() => client.query('UPDATE test.clock SET now = $1', [now]));
      return setting;
    },
    close: () => client.end(),
  };
}

/** The same store; before each operation the database is told what time the test has. */
export function clocked(store: Store, clock: Clock, now: () => number): Store {
  const timed = <Doors extends object>(doors: Doors): Doors =>
    Object.fromEntries(
      Object.entries(doors).map(([verb, operation]) => [
        verb,
        verb === 'watch'
          ? operation
          : (...args: unknown[]) => {
              const set = clock.set(now());
              return set ? set.then(() => operation(...args)) : operation(...args);
            },
      ]),
    ) as Doors;
  return {
    forAgent: (caller) => timed(store.forAgent(caller)),
    forApprover: () => timed(store.forApprover()),
    forExecutor: (executor) => timed(store.forExecutor(executor)),
    forNotifier: () => timed(store.forNotifier()),
    forAudit: () => timed(store.forAudit()),
    forHead: () => timed(store.forHead()),
    close: () => store.close(),
  };
}
