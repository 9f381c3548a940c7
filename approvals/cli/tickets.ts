import { believe, type Unplanned } from '../../src/audit/believe.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { TICKET_STATES, type TicketState } from '../../src/kernel/ticket.ts';
import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { hanging } from '../../src/present/wrap.ts';
import { typedHere } from '../desk.ts';
import { shoutData, shoutLines } from '../render/glass.ts';
import { usableWidth } from '../render/layout.ts';
import { listText } from '../render/list.ts';
import { outcomeText } from '../render/outcome.ts';
import { ticketText } from '../render/ticket.ts';
import { outside } from '../render/words.ts';
import { type Assessment, assessTicket } from '../tickets/assess.ts';
import { unreviewedGlass } from '../tickets/broken-glass.ts';
import { listedHere } from '../tickets/listed.ts';
import { nameClaimed, noteLook } from '../tickets/look.ts';
import { proofNote } from '../tickets/stronger-proof.ts';
import { reviewData, ticketData } from '../tickets/ticket-data.ts';
import type { CommandContext } from './context.ts';
import { resolveText } from './resolve.ts';

const MOST = 500;
const RECENT = 20;

/** `tickets list`: everything that waits, then the newest of what was; with a state, the newest in it. */
export async function ticketsList(
  context: CommandContext,
  options: { readonly state?: string | undefined },
): Promise<CommandResult> {
  const state = options.state === undefined ? undefined : ticketState(options.state);
  const waiting = await context.store.tickets({ state: state ?? 'pending', limit: MOST });
  const recent = state ? [] : (await context.store.tickets({ limit: RECENT })).items;
  const shout = await unreviewedGlass(context);
  const known = new Set(waiting.items.map(({ id }) => id));
  const items = await listedHere(context, [...waiting.items, ...recent.filter(({ id }) => !known.has(id))]);
  const cut = waiting.cursor
    ? `\nThe newest ${waiting.items.length} that are ${state ?? 'pending'}; there are more.`
    : '';
  const now = new Date(await context.store.now());
  const view = { width: context.terminal.width, now, paint: context.paint };
  const none = state ? `No ticket is ${state}.` : 'No ticket yet: no agent has asked for a change.';
  return {
    data: {
      tickets: items.map((one) => ticketData(one, context)),
      truncated: waiting.cursor !== undefined,
      ...shoutData(shout),
    },
    text: [...shoutLines(shout, view), items.length === 0 ? none : listText(items, view) + cut].join('\n'),
    exit: EXIT.done,
  };
}

/** `tickets show`. @throws not_found, tampered */
export async function ticketsShow(context: CommandContext, id: string): Promise<CommandResult> {
  const stored = await context.store.ticket(id);
  const ticket = believe(stored);
  if (!ticket.plan) return unplanned(context, ticket);
  const assessment = await assessTicket(context, stored);
  await noteLook(context, { ticket: ticket.id, door: 'cli', claimed: nameClaimed(context) });
  const { terminal, paint, command } = context;
  const view = { width: terminal.width, now: new Date(assessment.enrolled.at), paint, command };
  const outcome = outcomeText(assessment.ticket, usableWidth(view.width));
  const text = `${ticketText(assessment, view)}${outcome}${nextText(assessment, context)}`;
  return { data: reviewData(assessment), text, exit: EXIT.done };
}

function unplanned(context: CommandContext, ticket: Unplanned): CommandResult {
  const why = ticket.refusal ? `: ${outside(ticket.refusal.message, 2000)}` : '';
  const text = hanging(`${ticket.id} is ${ticket.state} and has no plan${why}`, usableWidth(context.terminal.width));
  return { data: ticketData({ ticket }, context), text: text.join('\n'), exit: EXIT.done };
}

function nextText(assessment: Assessment, context: CommandContext): string {
  const { state, ticket } = assessment;
  const { reviewUrl } = context;
  if (state === 'unknown') return resolveText(assessment, context);
  if (state !== 'pending') return '';
  const lines = [
    '',
    '',
    `To decide:  holdshort approve ${ticket.id}`,
    `            holdshort deny ${ticket.id} --reason TEXT`,
    ...(reviewUrl ? [`On the page: ${reviewUrl(ticket.id)}`] : []),
    ...proofNote(assessment, usableWidth(context.terminal.width)),
    'In scripts: add --yes --digest, with the digest above',
  ];
  return typedHere(context, lines.join('\n'));
}

function ticketState(state: string): TicketState {
  const known = TICKET_STATES.find((name) => name === state);
  if (known) return known;
  throw new HoldshortError('usage', `'${state}' is not a state`, `one of ${TICKET_STATES.join(', ')}`);
}
