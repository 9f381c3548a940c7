import type { ProtocolEra, Server } from '@modelcontextprotocol/server';
import type { TicketState } from '../kernel/ticket.ts';
import type { ServerContext } from './context.ts';
import { LISTED, ticketAt, uriOf } from './resources.ts';

/**
 * On 2026-07-28 the SDK answers `subscriptions/listen` by itself, and before the first call: nothing here is told of
 * it. So watching begins by itself, once the client's first questions are answered.
 */
const WATCH_AFTER_MS = 250;

export interface TicketNews {
  /** Begins to watch the store; before that nothing is opened. Idempotent. */
  watch(): void;
  stop(): void;
}

/** News of each change of the agent's own tickets, to a connection that subscribed to them. */
export function newsOn(server: Server, context: ServerContext, era: ProtocolEra): TicketNews {
  const { store, log } = context;
  const subscribed = new Set<string>();
  // 2025-era clients subscribe by request; on 2026-07-28 the SDK keeps the subscriptions and filters what is sent.
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    const { id } = await ticketAt(context, uri);
    subscribed.add(uriOf(id));
    watch();
    await announce();
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });

  const changes = changesOf(context);
  let unwatch: (() => void) | undefined;
  const announce = async () => {
    const listens = era === 'modern' || subscribed.size > 0;
    for (const uri of listens ? await changes.since() : changes.forget())
      if (subscribed.size === 0 || subscribed.has(uri)) await server.sendResourceUpdated({ uri });
  };
  const watch = () => {
    unwatch ??= store.watch(() => {
      announce().catch((error) => log.warn({ err: error }, "a ticket's change could not be announced"));
    });
  };
  const timer = era === 'modern' ? setTimeout(watch, WATCH_AFTER_MS) : undefined;
  const stop = () => {
    clearTimeout(timer);
    unwatch?.();
  };
  return { watch, stop };
}

/** Which of the newest tickets have another state than at the last look; the first time, none. */
export function changesOf({ store }: Pick<ServerContext, 'store'>) {
  let lastSeen: ReadonlyMap<string, TicketState> | undefined;
  return {
    async since(): Promise<readonly string[]> {
      const before = lastSeen;
      lastSeen = new Map((await store.states(LISTED)).map(({ id, state }) => [id, state]));
      return [...lastSeen].flatMap(([id, state]) => (!before || before.get(id) === state ? [] : [uriOf(id)]));
    },
    forget(): readonly string[] {
      lastSeen = undefined;
      return [];
    },
  };
}
