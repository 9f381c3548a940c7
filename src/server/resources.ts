import { type ProtocolEra, ResourceNotFoundError, type Server } from '@modelcontextprotocol/server';
import { HoldshortError } from '../kernel/errors.ts';
import { asciiJson } from '../kernel/plan.ts';
import type { TicketState } from '../kernel/ticket.ts';
import { toToolResult } from './answers.ts';
import type { ServerContext } from './context.ts';
import { ticketAnswer } from './views.ts';

const PREFIX = 'holdshort://tickets/';
const LISTED = 100;
/**
 * On 2026-07-28 the SDK answers `subscriptions/listen` by itself, and before the first call: nothing here is told of it. So watching
 * begins by itself, once the client's first questions are answered.
 */
const WATCH_AFTER_MS = 250;

export interface TicketNews {
  /** Begins to watch the store; before that nothing is opened. Idempotent. */
  watch(): void;
  stop(): void;
}

/** The agent's own tickets as resources, with news of each change to whoever subscribed. */
export function serveTickets(
  server: Server,
  { store, log, agent, session }: ServerContext,
  era: ProtocolEra,
): TicketNews {
  const subscribed = new Set<string>();

  server.setRequestHandler('resources/list', async () => {
    const { items } = await store.tickets({ limit: LISTED });
    return {
      resources: items.map((ticket) => ({
        uri: PREFIX + ticket.id,
        name: ticket.id,
        title: `${ticket.draft.tool}: ${ticket.state}`,
        mimeType: 'application/json',
      })),
    };
  });
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [
      {
        uriTemplate: `${PREFIX}{id}`,
        name: 'ticket',
        title: 'A change and its decision',
        mimeType: 'application/json',
      },
    ],
  }));
  server.setRequestHandler('resources/read', async ({ params: { uri } }) => {
    const ticket = await store.ticket(idIn(uri)).catch((error) => {
      if (error instanceof HoldshortError && error.code === 'not_found') throw new ResourceNotFoundError(uri);
      throw error;
    });
    await store.append({
      type: 'call.completed',
      actor: `agent:${agent}`,
      session,
      ticket: ticket.id,
      outcome: 'completed',
      detail: { resource: PREFIX + ticket.id },
    });
    return {
      contents: [
        { uri, mimeType: 'application/json', text: asciiJson(toToolResult(ticketAnswer(ticket)).structuredContent) },
      ],
    };
  });
  // 2025-era clients subscribe by request; on 2026-07-28 the SDK keeps the subscriptions and filters what is sent.
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    const { id } = await store.ticket(idIn(uri));
    subscribed.add(PREFIX + id);
    watch();
    await announce();
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });

  let lastSeen: ReadonlyMap<string, TicketState> | undefined;
  let unwatch: (() => void) | undefined;
  /** Says which tickets have another state than last time; the first time, only looks. */
  const announce = async () => {
    const before = lastSeen;
    const listens = era === 'modern' || subscribed.size > 0;
    lastSeen = listens ? new Map((await store.states(LISTED)).map(({ id, state }) => [id, state])) : undefined;
    for (const [id, state] of lastSeen ?? []) {
      const uri = PREFIX + id;
      if (!before || before.get(id) === state) continue;
      if (subscribed.size === 0 || subscribed.has(uri)) await server.sendResourceUpdated({ uri });
    }
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

function idIn(uri: string): string {
  if (!uri.startsWith(PREFIX)) throw new ResourceNotFoundError(uri);
  return uri.slice(PREFIX.length);
}
