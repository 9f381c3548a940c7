import type { AgentStore, StoredTicket } from '../store/port.ts';

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
      const timer = setTimeout(wake, left);
      await woken;
      clearTimeout(timer);
    }
  } finally {
    unwatch();
    signal?.removeEventListener('abort', aborted);
  }
}
