import type { Caller } from './who.ts';

/** With the operator's name as it is signed now: said otherwise, it is another session. */
type Named = Caller & { readonly operator: string };

/** Sessions that a hub keeps at hand: of each only what was noted of it, and the streams that listen. */
const MOST = 2_000;

/**
 * The agent's server of each session, made when it first asks here. Nothing is lost with one that is forgotten: the
 * next request makes it again, on this hub or another.
 */
export function sessionsOf<S extends { close(): Promise<void> }>(make: (caller: Named) => Promise<S>) {
  const kept = new Map<string, Promise<S>>();
  // Given other accounts, it is another session too: what was made for the one before isn't asked any more.
  const keyOf = ({ agent, operator, session, accounts }: Named) => JSON.stringify([agent, operator, session, accounts]);
  const closeOne = async (served: Promise<S>) => (await served).close();
  return {
    of(caller: Named): Promise<S> {
      const key = keyOf(caller);
      const made = kept.get(key) ?? make(caller);
      kept.delete(key);
      kept.set(key, made);
      made.catch(() => kept.delete(key));
      if (kept.size > MOST) for (const oldest of [...kept.keys()].slice(0, kept.size - MOST)) kept.delete(oldest);
      return made;
    },
    async close(): Promise<void> {
      await Promise.allSettled([...kept.values()].map(closeOne));
      kept.clear();
    },
  };
}
