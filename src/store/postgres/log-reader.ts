import type { StoredEntry } from '../../audit/log.ts';
import { peaksOf } from '../../audit/merkle.ts';
import { type LogReader, MOST_BYTES, type Tree } from '../head/following.ts';
import type { Look } from '../head/keeper.ts';
import { brokenLog } from '../story/log.ts';
import type { Connections } from './connections.ts';
import type { Reader } from './reader.ts';

const ENTRIES = 'SELECT seq, text, leaf FROM holdshort.entry WHERE seq BETWEEN $1 AND $2 ORDER BY seq';
const THOSE = 'SELECT seq, text, leaf FROM holdshort.entry WHERE seq = ANY ($1::bigint[]) ORDER BY seq';

const FITTING = `SELECT max(seq) AS last FROM (SELECT seq, sum(octet_length(text)) OVER (ORDER BY seq) AS bytes
  FROM holdshort.entry WHERE seq BETWEEN $1 AND $2) AS page WHERE bytes <= ${MOST_BYTES}`;

interface LogHead {
  readonly log_id: string;
  readonly size: number;
  readonly frontier: readonly Uint8Array[];
}

const HEAD = 'SELECT log_id, size, frontier FROM holdshort.tree';

export async function readHead(db: Reader): Promise<LogHead> {
  const head = await db.get<Omit<LogHead, 'frontier'> & { frontier: Uint8Array }>(HEAD);
  if (!head) throw brokenLog(undefined);
  return { ...head, frontier: peaksOf(head.frontier) };
}

export function readEntries(db: Reader, from: number, limit: number): Promise<readonly StoredEntry[]> {
  return db.all<StoredEntry>(
    'SELECT seq, text, leaf FROM holdshort.entry WHERE seq >= $1 ORDER BY seq LIMIT $2',
    from,
    limit,
  );
}

/** What a look at the log asked for, and what isn't here yet. */
class Missing extends Error {
  readonly fetch: (db: Reader) => Promise<void>;

  constructor(fetch: (db: Reader) => Promise<void>) {
    super('not fetched yet');
    this.fetch = fetch;
  }
}

/** Others saw more of the log than there was at the moment that is read. */
class Newer extends Error {
  readonly size: number;

  constructor(size: number) {
    super('seen further meanwhile');
    this.size = size;
  }
}

/**
 * The kept head is a file of this machine's, which is read and written in one go: nothing else of this process, and of
 * no other, comes between. So a look at the log waits for nothing: where it asks for what isn't here, all that it did
 * is undone, that is fetched, and it begins again. Each time twice as much is fetched ahead, so that it begins again
 * few times, however long the log is.
 * @param tree where the log ends, as it may be seen
 * @param seen is told how far the log was seen
 */
export async function fetching<T>(
  db: Reader,
  tree: Tree,
  look: (log: LogReader) => T,
  seen: LogReader['seen'] = () => {},
): Promise<T> {
  const entries = new Map<number, StoredEntry>();
  const fetched = new Set<number>();
  const fits = new Map<string, number>();
  let ahead = 0;
  const keep = (found: readonly StoredEntry[], seqs: Iterable<number>) => {
    for (const entry of found) entries.set(entry.seq, entry);
    for (const seq of seqs) fetched.add(seq);
  };
  const log: LogReader = {
    tree: () => tree,
    server: db.server,
    seen,
    fitting(from, to) {
      const page = `${from}-${to}`;
      const last = to <= from ? to : fits.get(page);
      if (last !== undefined) return last;
      throw new Missing(async (reader) => {
        const found = await reader.get<{ last: number | null }>(FITTING, from, to);
        fits.set(page, Math.max(from, found?.last ?? from));
      });
    },
    entries(from, to) {
      const end = Math.min(to, tree.size);
      const wanted = range(from, end);
      if (wanted.every((seq) => fetched.has(seq))) return wanted.flatMap((seq) => entries.get(seq) ?? []);
      throw new Missing(async (reader) => {
        const until = Math.min(tree.size, end + ahead);
        ahead = 2 * ahead + wanted.length;
        keep(await reader.all<StoredEntry>(ENTRIES, from, until), range(from, until));
      });
    },
    those(seqs) {
      const wanted = seqs.filter((seq) => seq <= tree.size);
      const missing = wanted.filter((seq) => !fetched.has(seq));
      if (missing.length === 0) return wanted.flatMap((seq) => entries.get(seq) ?? []);
      throw new Missing(async (reader) => keep(await reader.all<StoredEntry>(THOSE, missing), missing));
    },
  };
  for (;;) {
    try {
      return look(log);
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      await error.fetch(db);
    }
  }
}

/**
 * Looks at the log as it is at one moment, which begins before the kept head is read: what others saw of it since must
 * not look like lost. So it is looked at again, of a moment after that; a log that is shorter even then has lost it.
 */
export function looksBy(reading: Connections['reading']): Look {
  return async (operation) => {
    for (let before = 0; ; ) {
      const found = await reading(async (db) => {
        const { log_id, size, frontier: peaks } = await readHead(db);
        const seen = (head: number) => {
          if (head > size && head > before) throw new Newer(head);
        };
        const look = (log: LogReader) => ({ value: operation((work) => work(log)) });
        return await fetching(db, { log_id, size, peaks }, look, seen).catch(newer);
      });
      if (!(found instanceof Newer)) return found.value;
      before = found.size;
    }
  };
}

function newer(error: unknown): Newer {
  if (error instanceof Newer) return error;
  throw error;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
