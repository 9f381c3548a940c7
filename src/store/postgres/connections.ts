import type { ClientConfig, Pool, PoolClient } from 'pg';
import { isLost, untold } from './failures.ts';
import { type Reader, readerOf } from './reader.ts';
import { prepareSession, settings } from './session.ts';

/** For reads; one more writes the log, one watches. */
const MOST = 6;
/** One that answers nothing for so long after a lock could have been had is gone, though nobody was told. */
const SILENT_MS = 15_000;
const IDLE_MS = 30_000;

const READS = 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY';
const WRITES = 'BEGIN ISOLATION LEVEL READ COMMITTED';

/** Connections to one database, each checked before anything is asked of it. */
export interface Connections {
  /** What `work` reads is of one moment. */
  reading<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /**
   * A short transaction of its own that is in no log.
   * @throws store_unavailable where the connection broke at its commit
   */
  writing<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** A connection of one's own; `broken` when it isn't to be used again. */
  take(): Promise<{ readonly client: PoolClient; release(broken?: boolean): void }>;
  close(): Promise<void>;
}

/**
 * @param lockMs how long a statement waits for another writer's lock
 * @param anchor the id of the one that this host shares with others
 */
export async function connectionsTo(to: ClientConfig, lockMs: number, anchor?: string): Promise<Connections> {
  // Loaded at the first operation: a server that is only asked for its tools never pays for it.
  const { default: pg } = await import('pg');
  const pool: Pool = new pg.Pool({
    ...settings(to, pg.types, lockMs, anchor),
    query_timeout: lockMs + SILENT_MS,
    max: MOST,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
    onConnect: prepareSession,
  });
  // One that breaks while nobody uses it is dropped by the pool; the next operation opens another.
  pool.on('error', () => {});

  const take = async () => {
    const client = await pool.connect();
    const onError = () => {};
    // What is lost in the middle of a query is told to who asked it.
    client.on('error', onError);
    return {
      client,
      release(broken = false) {
        client.off('error', onError);
        client.release(broken);
      },
    };
  };
  const within = async <T>(begin: string, work: (reader: Reader) => Promise<T>): Promise<T> => {
    const { client, release } = await take();
    let sent = false;
    try {
      const answers = (await client.query(`${begin}; SELECT holdshort.moment() AS now`)) as unknown as {
        rows: { now: number }[];
      }[];
      const result = await work(readerOf(client, answers.at(-1)?.rows[0]?.now ?? 0));
      sent = begin === WRITES;
      await client.query('COMMIT');
      release();
      return result;
    } catch (error) {
      const broken =
        isLost(error) ||
        (await client.query('ROLLBACK').then(
          () => false,
          () => true,
        ));
      release(broken);
      throw sent && isLost(error) ? untold(error) : error;
    }
  };
  return {
    reading: (work) => within(READS, work),
    writing: (work) => within(WRITES, work),
    take,
    close: () => pool.end(),
  };
}
