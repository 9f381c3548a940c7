import { entryRest } from '../../audit/entry.ts';
import type { StoredEntry } from '../../audit/log.ts';
import type { Entry, Told } from '../story/step.ts';
import type { Attempt, Outcome, Outcomes } from './attempt.ts';
import type { Connections } from './connections.ts';
import { isHindered, isLost } from './failures.ts';
import type { Reader } from './reader.ts';
import { type Recipients, stepsOf } from './writing.ts';

/*
 * Most of what is written rests on nothing but that nothing stands in its way. However many of that wait, it takes one
 * journey, which is a transaction by itself (`write_at_once`). Of what something stands in the way of, nothing was
 * written: that operation reads and decides by itself, as any other does.
 */

/** What an operation writes, where nothing stands in its way: one entry. */
export interface AtOnce<T> {
  readonly told: Told | Entry;
  /** How many news there were when it was weighed: more stand in its way. Undefined: it isn't weighed. */
  readonly seen?: number | undefined;
  readonly answer: (entry: StoredEntry) => T;
}

/** What one transaction wrote, of so many at most: behind it may be the same of another process. */
const WRITTEN = `SELECT seq, text, leaf FROM holdshort.entry WHERE seq BETWEEN $1::bigint AND $2
  AND xmin = (SELECT first.xmin FROM holdshort.entry first WHERE first.seq = $1) ORDER BY seq`;

const WRITE = 'SELECT nth, seq, text, leaf FROM holdshort.write_at_once($1, $2)';

/** What plans may take together: all of it becomes one text. */
const MOST_BYTES = 4_194_304;

/** How many, from the first on, may be sent together. */
export function fitting(waiting: readonly { readonly atOnce: AtOnce<unknown> | undefined }[]): number {
  let bytes = 0;
  const other = waiting.findIndex(({ atOnce }, nth) => {
    bytes += atOnce && 'after' in atOnce.told ? (atOnce.told.after.plan?.length ?? 0) : 0;
    return !atOnce || (nth > 0 && bytes > MOST_BYTES);
  });
  return other < 0 ? waiting.length : other;
}

/** @returns of those that something stands in the way of, no outcome; undefined where that is so of all of them */
export async function attemptedAtOnce(
  connections: () => Promise<Connections>,
  id: string,
  wanted: readonly AtOnce<unknown>[],
  recipients: Recipients,
): Promise<Attempt | undefined> {
  let held: Awaited<ReturnType<Connections['take']>> | undefined;
  try {
    const steps = stepsOf(
      wanted.map(({ told }) => told),
      recipients,
      (event) => event,
    );
    const values = [id, JSON.stringify(steps.map((step, nth) => ({ seen: wanted[nth]?.seen, step })))];
    held = await (await connections()).take();
    const { rows } = await held.client.query<StoredEntry & { nth: number }>({ name: 'at once', text: WRITE, values });
    const written = new Map(rows.map((row) => [row.nth, row]));
    const outcomes = wanted.map(({ answer }, nth) => answered(answer, written.get(nth)));
    held.release();
    return { kind: 'committed', outcomes };
  } catch (error) {
    const lost = isLost(error);
    held?.release(lost);
    if (isHindered(error)) return undefined;
    if (!held || !lost) return { kind: 'failed', error };
    const written = async (db: Reader, size: number) =>
      found(wanted, await db.all<StoredEntry>(WRITTEN, size + 1, size + wanted.length));
    return { kind: 'untold', error, outcomes: written };
  }
}

/** Those that are in the log follow each other there, in their order. */
function found(wanted: readonly AtOnce<unknown>[], entries: readonly StoredEntry[]): Outcomes {
  let next = 0;
  return wanted.map(({ told, answer }) => {
    const [event] = 'event' in told ? [told.event] : told.entries.map((entry) => entry.event);
    const entry = entries[next];
    if (!event || !entry?.text.endsWith(`Z",${entryRest(event)}`)) return undefined;
    next += 1;
    return answered(answer, entry);
  });
}

function answered(answer: (entry: StoredEntry) => unknown, entry: StoredEntry | undefined): Outcome | undefined {
  return entry && { value: answer(entry) };
}
