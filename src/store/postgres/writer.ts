import { randomUUID } from 'node:crypto';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { brokenLog, momentOf, type Purpose } from '../story/log.ts';
import { type AtOnce, attemptedAtOnce, fitting } from './at-once.ts';
import type { Attempt, Outcome, Outcomes } from './attempt.ts';
import type { Connections } from './connections.ts';
import { isContention, isLost, storeFailure, untold } from './failures.ts';
import { type Reader, readerOf } from './reader.ts';
import { LONGEST_UNDER_LOCK_MS } from './schema/at-once.ts';
import { type LogCounts, type Recipients, type Writing, writesOn } from './writing.ts';

/*
 * Group commit. One process writes the log in one transaction at a time. What comes meanwhile waits, and then goes into
 * the next one together, a savepoint for each: the lock that all writers of all hosts wait for, and the disk, are asked
 * once for all of them. Nobody is answered before the commit that holds what they wrote is durable.
 */

export interface Manner<T = never> {
  /** What only stops something is written whatever the clock says. */
  readonly purpose?: Purpose;
  /** What it comes to where nothing stands in its way: sent so, unless one without waits before it. */
  readonly atOnce?: AtOnce<T>;
  /** Sends what the operation reads first, which is the same whatever the lock tells: once, right before it. */
  readonly ahead?: Ahead;
}

type Ahead = (db: Pick<Reader, 'all'>) => void;

export type Operation<T> = (writing: Writing) => Promise<T>;

export interface Writer {
  write<T>(operation: Operation<T>, manner?: Manner<T>): Promise<T>;
}

interface Waiting {
  readonly operation: Operation<unknown>;
  readonly purpose: Purpose;
  readonly ahead: Ahead | undefined;
  readonly atOnce: AtOnce<unknown> | undefined;
  /** As `performance.now()` counts. */
  readonly until: number;
  answer(outcome: Outcome): void;
}

/** So many at most are undone together where the connection breaks, and keep the lock from others. */
const MOST_TOGETHER = 64;
const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

const LOCK = 'SELECT * FROM holdshort.lock_log($1)';
const COMMITTED = 'SELECT holdshort.was_committed($1) AS size';

export function writerOf(
  connections: () => Promise<Connections>,
  recipients: Recipients,
  { patienceMs, together = MOST_TOGETHER }: { readonly patienceMs: number; readonly together?: number },
): Writer {
  const queue: Waiting[] = [];
  let draining = false;

  const drain = async () => {
    if (draining) return;
    draining = true;
    for (;;) {
      // All who ask in the same turn, as those do who were just answered, share the transaction.
      await turn();
      if (queue.length === 0) break;
      const batch = queue.splice(0, Math.min(fitting(queue) || together, together));
      const outcomes = await durable(batch);
      const again: Waiting[] = [];
      for (const [index, waiting] of batch.entries()) {
        const outcome = outcomes[index];
        // It was not its turn, or it met another writer and was undone: it comes first in the next one.
        if (!outcome || ('error' in outcome && isContention(outcome.error) && performance.now() < waiting.until))
          again.push({ ...waiting, atOnce: undefined });
        else waiting.answer('error' in outcome ? { error: storeFailure(outcome.error) } : outcome);
      }
      for (const waiting of again.reverse()) place(waiting, 0);
    }
    draining = false;
  };

  /** What only stops something goes before everything else. */
  const place = (waiting: Waiting, at: number) => {
    const others = queue.findIndex(({ purpose }) => purpose !== 'stops');
    const end = others < 0 ? queue.length : others;
    queue.splice(waiting.purpose === 'stops' ? Math.min(at, end) : Math.max(at, end), 0, waiting);
  };

  /** Tries until it is known what became of the transaction, or the time is over. */
  const durable = async (batch: readonly Waiting[]): Promise<Outcomes> => {
    const until = Math.min(...batch.map((waiting) => waiting.until));
    const failed = (error: unknown) => batch.map(() => ({ error }));
    for (let longest = SHORTEST_PAUSE_MS; ; longest = Math.min(2 * longest, LONGEST_PAUSE_MS)) {
      const id = randomUUID();
      const attempt = await attempted(batch, id, until);
      if (attempt.kind === 'committed') return attempt.outcomes;
      if (attempt.kind === 'failed' && !isLost(attempt.error)) return failed(attempt.error);
      if (attempt.kind === 'untold') {
        const outcomes = await lookedUp(id, attempt.outcomes);
        if (outcomes === undefined) return failed(untold(attempt.error));
        if (outcomes !== null) return outcomes;
      }
      const rest = (0.5 + Math.random() / 2) * longest;
      if (performance.now() + rest > until) return failed(attempt.error);
      await pause(rest);
    }
  };

  const attempted = async (batch: readonly Waiting[], id: string, until: number): Promise<Attempt> => {
    const wanted = batch.flatMap(({ atOnce }) => atOnce ?? []);
    if (wanted.length < batch.length) return await attemptedTogether(batch, id);
    const attempt = await attemptedAtOnce(connections, id, wanted, recipients);
    // One that is refused takes none of the others along: the longer way tells which.
    const refused = attempt?.kind === 'failed' && !isLost(attempt.error) && batch.length > 1;
    return attempt && !(refused && performance.now() < until) ? attempt : await attemptedTogether(batch, id);
  };

  const attemptedTogether = async (batch: readonly Waiting[], id: string): Promise<Attempt> => {
    let held: Awaited<ReturnType<Connections['take']>> | undefined;
    let written: readonly Outcome[] | undefined;
    try {
      held = await (await connections()).take();
      const { client } = held;
      const outcomes = await performed(client, batch, id);
      written = outcomes;
      const { command } = await client.query('COMMIT');
      held.release();
      if (command === 'COMMIT') return { kind: 'committed', outcomes };
      return { kind: 'failed', error: new Error('the transaction was undone') };
    } catch (error) {
      const client = held?.client;
      const broken =
        isLost(error) ||
        (await client?.query('ROLLBACK').then(
          () => false,
          () => true,
        ));
      held?.release(broken);
      const outcomes = written;
      return outcomes ? { kind: 'untold', error, outcomes: async () => outcomes } : { kind: 'failed', error };
    }
  };

  /**
   * Asks whether the transaction came through, by a new connection. It waits for one that still commits, and keeps one
   * that did not from ever doing so.
   * @returns null where it did not; undefined where that can't be asked
   */
  const lookedUp = async <T>(
    id: string,
    came: (db: Reader, size: number) => Promise<T>,
  ): Promise<T | null | undefined> => {
    const until = performance.now() + patienceMs;
    for (let longest = SHORTEST_PAUSE_MS; ; longest = Math.min(2 * longest, LONGEST_PAUSE_MS)) {
      try {
        return await (await connections()).writing(async (db) => {
          const size = (await db.get<{ size: number | null }>(COMMITTED, id))?.size;
          return typeof size === 'number' ? await came(db, size) : null;
        });
      } catch {
        const rest = (0.5 + Math.random() / 2) * longest;
        if (performance.now() + rest > until) return undefined;
        await pause(rest);
      }
    }
  };

  /** @returns what became of the first ones, of as many as there was time for */
  const performed = async (client: Client, batch: readonly Waiting[], id: string): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    void client.query('BEGIN').catch(noted);
    const locking = client.query<End>({ name: 'lock', text: LOCK, values: [id] });
    // It is answered after the lock, and in the same journey.
    if (batch.length === 1) batch[0]?.ahead?.(readerOf(client, Number.NaN));
    let [end] = (await locking).rows;
    if (!end) throw brokenLog(undefined);
    const until = performance.now() + LONGEST_UNDER_LOCK_MS;
    for (const { operation, purpose, ahead } of batch) {
      if (outcomes.length > 0 && performance.now() > until) break;
      if (batch.length > 1) void client.query('SAVEPOINT one').catch(noted);
      try {
        const moment = momentOf(end.size === 0 ? undefined : end.newest, end.clock, purpose);
        const writing = { ...readerOf(client, end.clock), ...moment, ...end, purpose };
        const writes = writesOn(client, writing, recipients);
        if (batch.length > 1) ahead?.(writing);
        outcomes.push({ value: await operation({ ...writing, ...writes }) });
        // What it wrote is in the log for the next one; of one that fails, nothing is.
        end = writes.after(end);
        if (batch.length > 1) void client.query('RELEASE SAVEPOINT one').catch(noted);
      } catch (error) {
        if (isLost(error) || batch.length === 1) throw error;
        await client.query('ROLLBACK TO SAVEPOINT one');
        outcomes.push({ error });
      }
    }
    return outcomes;
  };

  return {
    write: <T>(operation: Operation<T>, { purpose = 'opens', ahead, atOnce }: Manner<T> = {}) =>
      new Promise<T>((resolve, reject) => {
        const waiting: Waiting = {
          operation,
          purpose,
          ahead,
          atOnce,
          until: performance.now() + patienceMs,
          answer: (outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.value as T)),
        };
        place(waiting, queue.length);
        void drain();
      }),
  };
}

type Client = Awaited<ReturnType<Connections['take']>>['client'];

interface End extends LogCounts {
  readonly newest: number;
  readonly clock: number;
}

/** The statement behind it in the pipeline fails with it, and is waited for. */
function noted(): void {}
