import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Connection } from './connection.ts';

/**
 * When to look after the -wal file was written, each counted from the one before: on a fast disk, and on one that is
 * not. The write is seen before its fsync is over, the commit only counts after that, and nothing tells when.
 */
const LOOK_AFTER_MS = [1, 2, 6];
/**
 * After that, or as soon as there was news, nothing is watched for this long, and for twice as long each time that
 * something was written again right then. Where many processes write, each page of each commit would wake all the
 * others, and leave them no time to write; where a person looks and then decides, the second write is seen as soon as
 * the first.
 */
const [SHORTEST_REST_MS, LONGEST_REST_MS] = [4, 64];
/**
 * When to look while it is watched again, until the next write or news: for what was written before, or while nothing
 * was watched, on a disk whose fsync takes as long. Where many write, the next write comes first.
 */
const LOOK_AGAIN_AFTER_MS = [15, 25, 40, 80, 160];
/** Finds what the file system doesn't report: on network drives, or once the inotify watches are used up. */
const SAFETY_POLL_MS = 1000;

export interface Watcher {
  /** Calls back after a commit that others may want to know of. Returns the way to stop. */
  watch(changed: () => void): () => void;
  /** This process committed: no need to look. */
  notify(): void;
  close(): void;
}

/**
 * Grows with what can be waited for. Most of the log can't, nor can claims, or executors would wake each other by
 * looking.
 */
const NEWS = 'SELECT news FROM tree';

/** Nothing is opened, watched or kept alive while nobody waits. */
export function watcherOf(file: string, perform: <T>(look: (connection: Connection) => T) => Promise<T>): Watcher {
  const listeners = new Set<() => void>();
  let seen: number | undefined;
  let folder: FSWatcher | undefined;
  let poll: NodeJS.Timeout | undefined;
  let next: NodeJS.Timeout | undefined;
  let rest = SHORTEST_REST_MS;
  let restedAt = Number.NEGATIVE_INFINITY;

  /** Was there news? */
  const look = async () => {
    // A store that can't be read now tells nobody anything; the safety poll looks again.
    const now = await perform((connection) => connection.get<{ news: number }>(NEWS)?.news).catch(() => undefined);
    if (now === undefined || now === seen) return false;
    seen = now;
    for (const listener of [...listeners]) listener();
    return true;
  };
  const written = () => {
    dropFolder();
    const busy = performance.now() - restedAt < LONGEST_REST_MS;
    rest = busy ? Math.min(2 * rest, LONGEST_REST_MS) : SHORTEST_REST_MS;
    lookAfter(LOOK_AFTER_MS, restThenWatch);
  };
  const lookAfter = ([delay, ...more]: readonly number[], over: () => void) => {
    clearTimeout(next);
    if (listeners.size === 0) return;
    if (delay === undefined) return over();
    const mine = setTimeout(() => {
      void look().then((news) => {
        // Something was written while it looked: that is looked for already.
        if (next === mine) lookAfter(news ? [] : more, over);
      });
    }, delay);
    next = mine;
  };
  const restThenWatch = () => {
    next = setTimeout(() => {
      restedAt = performance.now();
      watchAgain();
    }, rest);
  };
  const watchAgain = () => {
    watchFiles();
    lookAfter(LOOK_AGAIN_AFTER_MS, () => {});
  };
  const start = () => {
    seen = undefined;
    poll = setInterval(watchFiles, SAFETY_POLL_MS);
    // The first look opens the database and so makes the folder; what was committed before it is told once, for safety.
    void look().then(watchAgain);
  };
  const watchFiles = () => {
    if (listeners.size === 0) return;
    try {
      folder ??= watchFolder(dirname(file), (_, name) => {
        if (name === null || name.startsWith(basename(file))) written();
      }).on('error', dropFolder);
    } catch {
      dropFolder();
    }
    // What was written while nothing was watched.
    void look();
  };
  const dropFolder = () => {
    folder?.close();
    folder = undefined;
  };
  const stop = () => {
    clearInterval(poll);
    clearTimeout(next);
    next = undefined;
    dropFolder();
  };

  return {
    watch(changed) {
      const listener = () => changed();
      listeners.add(listener);
      if (listeners.size === 1) start();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stop();
      };
    },
    notify() {
      if (listeners.size > 0) void look();
    },
    close() {
      listeners.clear();
      stop();
    },
  };
}
