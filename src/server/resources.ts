import { ResourceNotFoundError, type Server } from '@modelcontextprotocol/server';
import { HoldshortError } from '../kernel/errors.ts';
import { asciiJson } from '../kernel/plan.ts';
import { isTerminal, type TicketState } from '../kernel/ticket.ts';
import { toToolResult } from './answers.ts';
import type { ServerContext } from './context.ts';
import { ticketAnswer } from './views.ts';

const PREFIX = 'holdshort://tickets/';
const LISTED = 100;

/** The agent's own tickets as resources, with news of each change to whoever subscribed. */
export function serveTickets(server: Server, { store, log, agent, session }: ServerContext): () => void {
  const subscribed = new Set<string>();
  const lastSeen = new Map<string, TicketState>();

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
  server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
    subscribed.add(PREFIX + idIn(uri));
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });

  const announce = async () => {
    const { items } = await store.tickets({ limit: LISTED });
    for (const { id, state } of items) {
      const before = lastSeen.get(id);
      lastSeen.set(id, state);
      if (before === undefined || before === state) continue;
      if (server.getNegotiatedProtocolVersion() === '2026-07-28' || subscribed.has(PREFIX + id))
        await server.sendResourceUpdated({ uri: PREFIX + id });
      if (isTerminal(state)) subscribed.delete(PREFIX + id);
    }
  };
  return store.watch(() => {
    announce().catch((error) => log.warn({ err: error }, "a ticket's change could not be announced"));
  });
}

function idIn(uri: string): string {
  if (!uri.startsWith(PREFIX)) throw new ResourceNotFoundError(uri);
  return uri.slice(PREFIX.length);
}
