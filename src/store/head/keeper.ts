import { setTimeout as pause } from 'node:timers/promises';
import { HoldshortError, refusalOf } from '../../kernel/errors.ts';
import { gone, HeadBusy, noHead } from './failures.ts';
import { BUSY_MS, makeHeadFile, openHeadFile } from './file.ts';
import { type ReadLog, rootText } from './following.ts';
import { Kept } from './kept.ts';
import type { Accepted, Anchor, HeadComparison, Placed, Verified } from './port.ts';

/** A look at the log, whatever keeps it; made again where the store was busy. */
export type Look = <T>(operation: (read: ReadLog) => T) => Promise<T>;

/** The kept head of one installation; its file is opened when it is first needed. */
export interface Keeper {
  /** The head, after it took in all that the log holds. @throws log_not_continued */
  upToDate(look: Look): Promise<Kept>;
  /** The head as it is. @throws log_not_continued where there is none */
  kept(look: Look): Promise<Kept>;
  /** Statements that can't count for anything. What hinders it, the next gate tells. */
  voids(look: Look): Promise<ReadonlySet<number>>;
  /** An empty one, where there is none. Only for `accept`. */
  begin(): Promise<Kept>;
  close(): Promise<void>;
}

/**
 * @param anchor where several hosts keep one head together
 * @param rootKeyId the first key that is pinned here now: what it doesn't lead to is read once
 */
export function keeperOf(file: string | undefined, anchor?: Anchor, rootKeyId?: () => string | undefined): Keeper {
  let opening: Promise<Kept> | undefined;
  const open = async (look: Look): Promise<Kept> => {
    const found = file === undefined ? undefined : await openHeadFile(file);
    if (found) return new Kept(found, anchor, rootKeyId);
    const { size } = await look((read) => read((log) => log.tree()));
    // A log that never held anything has lost nothing either; and what other hosts saw, it is compared with.
    if (file === undefined || (size > 0 && !anchor?.read())) throw noHead(size);
    return await begin(file);
  };
  const begin = async (path: string): Promise<Kept> => {
    await makeHeadFile(path);
    const made = await openHeadFile(path);
    if (!made) throw noHead(0);
    return new Kept(made, anchor, rootKeyId);
  };
  const kept = (look: Look) => {
    opening ??= open(look).catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const upToDate: Keeper['upToDate'] = async (look) => {
    const head = await kept(look);
    while (!(await look((read) => head.extend(read))));
    return head;
  };
  return {
    kept,
    upToDate,
    async voids(look) {
      if (file === undefined) return new Set();
      return await upToDate(look).then(
        (head) => head.voids(),
        () => new Set<number>(),
      );
    },
    begin: () => {
      if (file === undefined) throw noHead(0);
      opening = begin(file);
      return opening;
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      opened?.close();
    },
  };
}

/**
 * What may be weighed about a ticket now. What was signed since the log was last looked at is kept before it is
 * weighed; what came of tickets that had begun is kept with the next look.
 * @throws log_not_continued
 */
export async function verifiedIn(keeper: Keeper, look: Look, ticket: string): Promise<Verified> {
  const kept = await keeper.kept(look);
  for (;;) {
    const seen = await look((read) => read((log) => kept.verified(log, ticket)));
    if (seen && !seen.keepFirst) return seen;
    await keeper.upToDate(look);
  }
}

/** Between two attempts, at most: as long as another process's fsync may take. */
const PAUSE_MS = 40;

/**
 * Tried again where another process has the head: the log's lock is others' meanwhile, and so is this process's time.
 * @throws store_unavailable where that doesn't end
 */
export async function untilHeadFree<T>(attempt: () => Promise<T>): Promise<T> {
  const until = performance.now() + BUSY_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof HeadBusy) || performance.now() > until) throw error;
      await pause((0.5 + Math.random() / 2) * PAUSE_MS);
    }
  }
}

export async function compareHead(keeper: Keeper, look: Look): Promise<HeadComparison> {
  const problem = await keeper.upToDate(look).then(
    () => undefined,
    (error) => {
      if (error instanceof HoldshortError && error.code === 'log_not_continued') return error;
      throw error;
    },
  );
  const kept = await keeper.kept(look).catch(() => undefined);
  return await look((read) =>
    read((log) => {
      // The log last: what others take in meanwhile must not look like lost.
      const { seen, lost = [] } = kept?.compared(log) ?? {};
      const tree = log.tree();
      const now = { size: tree.size, root: rootText(tree), server: log.server };
      const first = lost[0] && gone(lost[0]);
      return {
        now,
        ...(seen && { seen: shown(seen) }),
        lost,
        ...((problem ?? first) && { problem: refusalOf((problem ?? first) as HoldshortError) }),
      };
    }),
  );
}

function shown(seen: Placed) {
  return { size: seen.size, root: rootText(seen), at: seen.at, server: seen.server };
}

export async function acceptHead(keeper: Keeper, look: Look, accepted: Accepted): Promise<void> {
  const kept = await keeper.kept(look).catch(() => keeper.begin());
  await look((read) => kept.accept(read, accepted));
}
