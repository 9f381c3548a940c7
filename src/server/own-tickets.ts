import type { OwnTickets, TicketView } from '../../tools/ports/tickets.ts';
import { altered, believe, judge } from '../audit/believe.ts';
import { type Json, sha256 } from '../kernel/digest.ts';
import { boundedText } from '../kernel/safe-text.ts';
import { mayFollow, type TicketState } from '../kernel/ticket.ts';
import { waitingText } from '../kernel/waiting.ts';
import { fitting } from '../present/presentable.ts';
import type { StoredTicket } from '../store/port.ts';
import { ticketNotFound } from '../store/story/row.ts';
import { onlyVisible, visible } from './account.ts';
import { besideOf } from './beside.ts';
import type { ServerContext } from './context.ts';
import { messageOf } from './message.ts';
import { resolutionData, ticketData } from './views.ts';
import { waitFor } from './wait.ts';

/** States in which waiting makes sense. */
const WAITING: ReadonlySet<TicketState> = new Set(['planning', 'pending', 'approved', 'executing']);

/** The most characters of what a client shows while it waits. */
const PROGRESS_LIMIT = 500;

/** The agent's own tickets, through a store that has no other verbs. */
export function ownTickets(context: ServerContext, signal: AbortSignal): OwnTickets {
  const { store } = context;
  const viewOf = async (stored: StoredTicket): Promise<TicketView> => {
    const ticket = believe(stored);
    return { state: ticket.state, view: ticketData(ticket, await besideOf(context, ticket)) };
  };
  return {
    get: async (id) => viewOf(await visible(context, await store.ticket(id))),
    async wait(id, timeoutMs, seen) {
      const enough = (stored: StoredTicket) => {
        seen(boundedText(messageOf(believe(stored)).message, PROGRESS_LIMIT, sha256));
        return !WAITING.has(stored.state);
      };
      const { id: whole } = await visible(context, await store.ticket(id));
      return viewOf(await visible(context, await waitFor(store, whole, enough, timeoutMs, signal)));
    },
    // Also of an account that it may no longer ask about, since it only stops; of that it hears no more than this.
    async withdraw(id, reason) {
      const ticket = await store.ticket(id);
      const shown = (await onlyVisible(context, [ticket])).length > 0;
      if (!shown && !mayFollow(ticket.state, 'withdrawn')) throw ticketNotFound(id);
      const withdrawn = await store.withdraw(ticket.id, reason);
      return shown ? viewOf(withdrawn) : bare(withdrawn);
    },
    async list({ state, limit, cursor }) {
      const page = await store.tickets({ state, limit, cursor });
      const seen = await onlyVisible(context, page.items);
      const items = fitting(seen.map(lineOf));
      // What didn't fit comes with the next page: a ticket's id is where to go on after it.
      const next = items.length < seen.length ? seen[items.length - 1]?.id : page.cursor;
      return { items, ...(next ? { cursor: next } : {}) };
    },
  };
}

function bare({ id, state }: StoredTicket): TicketView {
  return { state, view: { message: `It is ${state}, and no longer shown to you.`, ticket: { id, state } } };
}

/** The short form, for lists. */
function lineOf(stored: StoredTicket): Json {
  const belief = judge(stored);
  // One that was altered hides none of the others.
  if (belief.kind === 'altered') return { id: belief.id, problem: altered(belief.id, belief.problem).message };
  const { ticket } = belief;
  const data = ticketData(ticket, {});
  const plan = data.plan as { readonly [key: string]: Json } | undefined;
  return {
    id: ticket.id,
    state: ticket.state,
    tool: ticket.draft.tool,
    created_at: ticket.draft.created_at,
    expires_at: ticket.draft.expires_at,
    ...(ticket.waiting ? { waiting: waitingText(ticket.waiting) } : {}),
    ...resolutionData(ticket),
    ...(plan ? { summary: plan.summary ?? '', environment: plan.environment ?? '', effects: plan.effects ?? [] } : {}),
    ...(plan?.account_name ? { account: plan.account ?? '', account_name: plan.account_name } : {}),
  };
}
