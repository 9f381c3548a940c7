import type { StoredEntry } from '../../audit/log.ts';
import type { Entry, Told } from '../story/step.ts';
import type { Attempt } from './attempt.ts';
import type { Connections } from './connections.ts';
import { isHindered, isLost } from './failures.ts';
import { readEntries } from './log-reader.ts';
import { type Recipients, stepsOf } from './writing.ts';

/*
 * Most of what is written rests on nothing but that nothing stands in its way. That takes one journey, which is a
 * transaction by itself (`write_at_once`), instead of three. Where something does, nothing was written, and the
 * operation reads and decides by itself, as any other does.
 */

/** What an operation writes, where nothing stands in its way: one entry. */
export interface AtOnce<T> {
  readonly told: Told | Entry;
  /** How many news there were when it was weighed: more stand in its way. Undefined: it isn't weighed. */
  readonly seen?: number | undefined;
  readonly answer: (entry: StoredEntry) => T;
}

const WRITE = 'SELECT seq, text, leaf FROM holdshort.write_at_once($1, $2, $3)';

/** @returns undefined where something stands in its way, and nothing was written */
export async function attemptedAtOnce(
  connections: () => Promise<Connections>,
  id: string,
  { told, seen, answer }: AtOnce<unknown>,
  recipients: Recipients,
): Promise<Attempt | undefined> {
  const values = [id, seen ?? null, JSON.stringify(stepsOf([told], recipients, (event) => event))];
  const answered = ([entry]: readonly StoredEntry[]) => {
    if (!entry) throw new Error('the log gave no entry');
    return [{ value: answer(entry) }];
  };
  let held: Awaited<ReturnType<Connections['take']>> | undefined;
  try {
    held = await (await connections()).take();
    const { rows } = await held.client.query<StoredEntry>({ name: 'at once', text: WRITE, values });
    const outcomes = answered(rows);
    held.release();
    return { kind: 'committed', outcomes };
  } catch (error) {
    const lost = isLost(error);
    held?.release(lost);
    if (isHindered(error)) return undefined;
    if (!held || !lost) return { kind: 'failed', error };
    return { kind: 'untold', error, outcomes: async (db, size) => answered(await readEntries(db, size + 1, 1)) };
  }
}
