import type { AgentStore, StoredTicket } from '../store/port.ts';

/** Who left it alone is told by the time that passes, which wakes nobody. */
const LOOK_MS = 10_000;

/**
 * Waits until a ticket is good enough for `enough`, at most `timeoutMs`; then returns it as it is. Woken by the store,
 * no matter who changed it.
 */
export async function waitFor(
  store: AgentStore,
  id: string,
  enough: (ticket: StoredTicket) => boolean,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<StoredTicket> {
  const deadline = performance.now() + Math.max(0, timeoutMs);
  let wake = () => {};
  const unwatch = store.watch(() => wake());
  const aborted = () => wake();
  signal?.addEventListener('abort', aborted);
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const ticket = await store.ticket(id);
      const left = deadline - performance.now();
      if (enough(ticket) || left <= 0 || signal?.aborted) return ticket;
      const timer = setTimeout(wake, Math.min(left, LOOK_MS));
      await woken;
      clearTimeout(timer);
    }
  } finally {
    unwatch();
    signal?.removeEventListener('abort', aborted);
  }
}
