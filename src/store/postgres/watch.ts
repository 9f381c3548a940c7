import type { Connections } from './connections.ts';

const NEWS = 'LISTEN holdshort_news';
/** Finds what nobody was told of: by a connection that broke unseen, or while there is none. */
const SAFETY_POLL_MS = 1_000;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Who rests, and listens again right after, keeps the connection. */
const LINGER_MS = 2_000;

export interface Watcher {
  /** Calls back after a commit that others may want to know of. Returns the way to stop. */
  watch(changed: () => void): () => void;
  /** This process committed. */
  notify(): void;
  close(): void;
}

/** From the first listener to the last one's end. Another may begin before this one's connection is there. */
interface Round {
  /** Where it has a connection. */
  hangUp?: (() => void) | undefined;
}

/**
 * The database tells of commits; anyone may send such a word, so it says no more than that it is time to look.
 * Nothing is opened or kept alive while nobody waits.
 */
export function watcherOf(connections: () => Promise<Connections>, news: () => Promise<number>): Watcher {
  const listeners = new Set<() => void>();
  let seen: number | undefined;
  let looking = false;
  let again = false;
  let poll: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let current: Round | undefined;
  let lingering: NodeJS.Timeout | undefined;

  /** One look at a time; what came while one was under way is looked at after it. */
  const look = async () => {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    do {
      again = false;
      // A store that can't be read now tells nobody anything; the safety poll looks again.
      const now = await news().catch(() => undefined);
      if (now === undefined || now === seen) continue;
      seen = now;
      for (const listener of [...listeners]) listener();
    } while (again);
    looking = false;
  };

  const listen = async (mine: Round, pauseMs: number): Promise<void> => {
    if (mine !== current) return;
    const lost = () => {
      if (mine.hangUp === undefined) return;
      mine.hangUp();
      later(SHORTEST_PAUSE_MS);
    };
    const later = (ms: number) => {
      if (mine !== current) return;
      retry = setTimeout(() => void listen(mine, Math.min(2 * ms, LONGEST_PAUSE_MS)), (0.5 + Math.random() / 2) * ms);
    };
    try {
      const { client, release } = await (await connections()).take();
      if (mine !== current) return release();
      const told = () => notify();
      mine.hangUp = () => {
        mine.hangUp = undefined;
        client.off('notification', told).off('error', lost).off('end', lost);
        // It still listens: nobody else is to have it.
        release(true);
      };
      client.on('notification', told).on('error', lost).on('end', lost);
      await client.query(NEWS);
      if (mine !== current) return;
      // What was committed before it listened.
      void look();
    } catch {
      mine.hangUp?.();
      later(pauseMs);
    }
  };

  const notify = () => {
    if (listeners.size > 0) void look();
  };
  const start = () => {
    seen = undefined;
    if (current) {
      clearTimeout(lingering);
      return void look();
    }
    current = {};
    poll = setInterval(notify, SAFETY_POLL_MS);
    void look();
    void listen(current, SHORTEST_PAUSE_MS);
  };
  const stop = () => {
    const ended = current;
    current = undefined;
    clearInterval(poll);
    clearTimeout(retry);
    ended?.hangUp?.();
  };

  return {
    watch(changed) {
      const listener = () => changed();
      listeners.add(listener);
      if (listeners.size === 1) start();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) lingering = setTimeout(stop, LINGER_MS).unref();
      };
    },
    notify,
    close() {
      clearTimeout(lingering);
      stop();
      listeners.clear();
    },
  };
}
