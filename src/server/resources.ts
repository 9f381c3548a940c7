import { type ProtocolEra, ResourceNotFoundError, type Server } from '@modelcontextprotocol/server';
import { hideCredentials } from '../../tools/ports/credentials.ts';
import { altered, type Belief, judge } from '../audit/believe.ts';
import { sha256 } from '../kernel/digest.ts';
import { HoldshortError, refusalOf } from '../kernel/errors.ts';
import { asciiJson } from '../kernel/plan.ts';
import { boundedText } from '../kernel/safe-text.ts';
import { TicketId, type TicketState } from '../kernel/ticket.ts';
import type { StoredTicket } from '../store/port.ts';
import { type Answer, refused, toToolResult } from './answers.ts';
import { besideOf } from './beside.ts';
import type { ServerContext } from './context.ts';
import { demandLogin } from './login.ts';
import { ticketAnswer } from './views.ts';

const PREFIX = 'holdshort://tickets/';
const LISTED = 100;
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

/** The agent's own tickets as resources, with news of each change to those who subscribed. */
export function serveTickets(server: Server, context: ServerContext, era: ProtocolEra): TicketNews {
  const { store, log, agent, session, command } = context;
  const subscribed = new Set<string>();

  /** A miss is an entry too: someone may be looking for other agents' tickets. */
  const ticketAt = async (uri: string): Promise<StoredTicket> => {
    const id = idIn(uri);
    const resource = boundedText(hideCredentials(uri), 200, sha256);
    await demandLogin(context);
    try {
      if (id) return await store.ticket(id);
    } catch (error) {
      if (!(error instanceof HoldshortError && error.code === 'not_found')) throw error;
    }
    const actor = `agent:${agent}`;
    await store.append({ type: 'call.rejected', actor, session, outcome: 'not_found', detail: { resource } });
    throw new ResourceNotFoundError(resource);
  };

  server.setRequestHandler('resources/list', async () => {
    await demandLogin(context);
    const { items } = await store.tickets({ limit: LISTED });
    return {
      resources: items.map((ticket) => ({
        uri: PREFIX + ticket.id,
        name: ticket.id,
        title: titleOf(judge(ticket)),
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
    const ticket = await ticketAt(uri);
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
        {
          uri,
          mimeType: 'application/json',
          text: asciiJson(toToolResult(await answerAbout(context, judge(ticket)), command).structuredContent),
        },
      ],
    };
  });
  // 2025-era clients subscribe by request; on 2026-07-28 the SDK keeps the subscriptions and filters what is sent.
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    const { id } = await ticketAt(uri);
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

async function answerAbout(context: ServerContext, belief: Belief): Promise<Answer> {
  if (belief.kind === 'altered') return refused(refusalOf(altered(belief.id, belief.problem)));
  return ticketAnswer(belief.ticket, await besideOf(context, belief.ticket));
}

function titleOf(belief: Belief): string {
  if (belief.kind === 'altered') return 'altered in the database';
  return `${belief.ticket.draft.tool}: ${belief.ticket.state}`;
}

/** The ticket that a URI names, whole: a resource has one name, not every beginning of it. */
function idIn(uri: string): TicketId | undefined {
  return uri.startsWith(PREFIX) ? TicketId.safeParse(uri.slice(PREFIX.length)).data : undefined;
}
