import { wrap } from '../../src/present/wrap.ts';
import { type Desk, logProblem } from '../desk.ts';
import { chatText } from '../render/chat-text.ts';
import { shoutData, shoutLines } from '../render/glass.ts';
import { isListedTicket, type ListedTicket, listText } from '../render/list.ts';
import { outcomeText } from '../render/outcome.ts';
import { ticketText } from '../render/ticket.ts';
import { assessTicket } from '../tickets/assess.ts';
import { unreviewedGlass } from '../tickets/broken-glass.ts';
import { listedHere } from '../tickets/listed.ts';
import { nameClaimed, noteLook } from '../tickets/look.ts';
import { shortageData } from '../tickets/ticket-data.ts';
import { elsewhere, facts, say } from './answers.ts';
import type { CompanionContext } from './context.ts';
import { shown } from './decide.ts';
import type { Inquiries } from './inquiries.ts';
import type { Surface } from './surface.ts';

const WIDTH = 100;
const MOST = 100;

/** `approvals_list`: the tickets that wait for a decision. */
export async function listPending(context: Desk) {
  const { store } = context;
  const shout = await unreviewedGlass(context);
  const { items, cursor } = await store.tickets({ state: 'pending', limit: MOST });
  const all = await listedHere(context, items);
  const now = new Date(await store.now());
  const waiting = all.length === 0 ? 'Nothing waits for a decision.' : listText(all, { width: WIDTH, now });
  const problem = await logProblem(context);
  const nothing = problem
    ? [`NOTHING RUNS, and this may not be what was asked for: ${problem.message}; ${problem.recovery}`]
    : [];
  const text = chatText(
    [...nothing.flatMap((line) => wrap(line, WIDTH)), ...shoutLines(shout, { width: WIDTH }), waiting].join('\n'),
  );
  const tickets = all.map((one) => {
    const { ticket, shortage }: Partial<ListedTicket> = isListedTicket(one) ? one : {};
    const { plan } = ticket ?? {};
    return {
      ticket_id: isListedTicket(one) ? one.ticket.id : one.altered,
      state: ticket?.state ?? 'tampered',
      environment: plan?.environment ?? null,
      effects: plan?.effects ?? [],
      expires_at: plan?.expires_at ?? null,
      cannot_be_approved: shortageData({ shortage }, context),
    };
  });
  return say(cursor ? `${text}\nThe newest ${items.length}; there are more.` : text, {
    tickets,
    truncated: cursor !== undefined,
    ...(problem && { log_problem: { ...problem } }),
    ...shoutData(shout),
  });
}

/** `approvals_show`: one ticket, rendered from its stored bytes. */
export async function showTicket(context: CompanionContext, inquiries: Inquiries, surface: Surface, id: string) {
  const assessment = await assessTicket(context, await context.store.ticket(id));
  await noteLook(context, { ticket: assessment.ticket.id, door: 'companion', claimed: nameClaimed(context) });
  const shownText = ticketText(assessment, { width: WIDTH, now: new Date(assessment.enrolled.at) });
  const text = chatText(`${shownText}${outcomeText(assessment.ticket, WIDTH)}`);
  const answer = say(
    assessment.state === 'pending' ? `${text}\n\n${elsewhere(assessment, context)}` : text,
    facts(assessment),
  );
  return shown(context, inquiries, surface, assessment, answer);
}
