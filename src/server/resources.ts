import { ResourceNotFoundError, type Server } from '@modelcontextprotocol/server';
import { altered, type Belief, judge } from '../audit/believe.ts';
import { HoldshortError, refusalOf } from '../kernel/errors.ts';
import { asciiJson } from '../kernel/plan.ts';
import { TicketId } from '../kernel/ticket.ts';
import type { StoredTicket } from '../store/port.ts';
import { onlyVisible, visible } from './account.ts';
import { type Answer, refused, toToolResult } from './answers.ts';
import { besideOf } from './beside.ts';
import { briefly } from './brief.ts';
import type { ServerContext } from './context.ts';
import { demandLogin } from './login.ts';
import { ticketAnswer } from './views.ts';

const PREFIX = 'holdshort://tickets/';
export const LISTED = 100;

/**
 * A miss is an entry too: someone may be looking for others' tickets.
 * @throws ResourceNotFoundError of the SDK's, also for another's
 */
export async function ticketAt(context: ServerContext, uri: string): Promise<StoredTicket> {
  const { store, agent, session } = context;
  const id = idIn(uri);
  const resource = briefly(uri, 200);
  await demandLogin(context);
  try {
    if (id) return await visible(context, await store.ticket(id));
  } catch (error) {
    if (!(error instanceof HoldshortError && error.code === 'not_found')) throw error;
  }
  const actor = `agent:${agent}`;
  await store.append({ type: 'call.rejected', actor, session, outcome: 'not_found', detail: { resource } });
  throw new ResourceNotFoundError(resource);
}

export function uriOf(id: string): string {
  return PREFIX + id;
}

/** The agent's own tickets as resources. */
export function serveTickets(server: Server, context: ServerContext): void {
  const { store, agent, session, command } = context;

  server.setRequestHandler('resources/list', async () => {
    await demandLogin(context);
    const { items } = await store.tickets({ limit: LISTED });
    return {
      resources: (await onlyVisible(context, items)).map((ticket) => ({
        uri: uriOf(ticket.id),
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
    const ticket = await ticketAt(context, uri);
    await store.append({
      type: 'call.completed',
      actor: `agent:${agent}`,
      session,
      ticket: ticket.id,
      outcome: 'completed',
      detail: { resource: uriOf(ticket.id) },
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
