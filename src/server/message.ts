import type { Believed, Unplanned } from '../audit/believe.ts';
import { isDestructive } from '../kernel/effects.ts';
import { begunText } from '../kernel/plan.ts';
import { progressText } from '../kernel/progress.ts';
import { resolutionIn, resolutionText } from '../kernel/resolution.ts';
import type { Restores } from '../kernel/undo.ts';
import { waitingText } from '../kernel/waiting.ts';
import type { ShortageText } from '../policy/shortage-text.ts';
import { sentence } from './answers.ts';

/**
 * How a ticket is, in words. Some clients give their model nothing but the structured part of an answer, so both are in
 * there.
 */
export interface Message {
  readonly message: string;
  /** What the agent does now. Absent when there is nothing left to do. */
  readonly next?: string;
}

/** For the agent: a sentence or two, unbounded and unescaped; the answer bounds and escapes all of its texts. */
export function messageOf(ticket: Believed | Unplanned, shortage?: ShortageText): Message {
  const { id, plan } = ticket;
  const what = plan?.summary ?? ticket.draft.tool;
  switch (ticket.state) {
    case 'pending': {
      const harm = plan?.effects.filter(isDestructive).join(', ');
      return {
        message: `Held, nothing has run: ${what}${harm ? ` (${harm})` : ''} in ${plan?.environment}. A person decides ${id} outside this server; nothing that you can send approves it.${shortage ? ` As things are, nobody can approve it: ${shortage.message}.` : ''}`,
        next: shortage
          ? `Tell your user what is held, and what it takes: ${shortage.recovery}. Wait with ticket_wait for ${id} after that; until then go on with other work.`
          : `Tell your user what is held and why. Wait with ticket_wait for ${id}, or go on with other work.`,
      };
    }
    case 'planning':
      return { message: `Still planning: ${what}.`, next: `Ask again with ticket_wait for ${id}.` };
    case 'approved':
      return {
        message: ticket.waiting
          ? `Approved, not run yet: ${what}. It waits: ${waitingText(ticket.waiting)}.`
          : `Approved, not run yet: ${what}. An executor takes it.`,
        next: ticket.waiting
          ? `Wait with ticket_wait for ${id}: it runs by itself once that is over, so do not call again. What helps: ${ticket.waiting.refusal.recovery}.`
          : `Wait with ticket_wait for ${id}.`,
      };
    case 'executing':
      if (ticket.waiting) {
        const begun = plan && begunText(plan, ticket.intent?.step);
        return {
          message: `Under way, not done yet: ${what}${begun ? `; ${begun}` : ''}. It waits: ${waitingText(ticket.waiting)}.`,
          next: `Wait with ticket_wait for ${id}; nothing of it is sent twice.`,
        };
      }
      return {
        message: `Running: ${what}. It runs once, whatever you do.${ticket.progress ? ` ${progressText(ticket.progress)}.` : ''}`,
        next: `Wait with ticket_wait for ${id}.`,
      };
    case 'succeeded':
      return {
        message: `Done: ${what}.${ticket.kit ? ' What it changed was kept: if it was a mistake, ask for it to be restored.' : ''}`,
        ...nextPart(plan?.restores),
      };
    case 'unknown':
      return {
        message: `Unknown: it can not be told whether this happened: ${what}. ${id} is never sent again.`,
        next: sentence(ticket.refusal?.recovery ?? 'let a person look at AWS before anything else is asked for there'),
      };
    case 'resolved': {
      const word = resolutionIn(ticket.resolution);
      return {
        message: `Resolved, by a person and not by AWS: ${what}${word ? `; ${resolutionText(word)}` : ''}.`,
        next: word?.happened
          ? 'It counts as done: look at how it is now before you go on.'
          : 'It counts as not done: ask for it only if it is still wanted.',
      };
    }
    default: {
      const why = ticket.refusal ? ` ${sentence(ticket.refusal.message)}` : '';
      const message = `Ended as ${ticket.state}: ${what}.${why}`;
      return { message, next: sentence(ticket.refusal?.recovery ?? ASK_AGAIN) };
    }
  }
}

/** A way back of several parts is nowhere asked for as a whole. */
function nextPart(restores: Restores | undefined): Pick<Message, 'next'> {
  if (!restores || restores.part >= restores.of) return {};
  const { ticket, part, of } = restores;
  return { next: `Where that is wanted back too, ask for part ${part + 1} of ${of}: ticket_restore for ${ticket}.` };
}

/** What follows a ticket that ended without being refused: expired, withdrawn, out of date. */
export const ASK_AGAIN = 'ask again if it is still wanted';

/** The same as one text, for clients that show the text of an answer. */
export function headlineOf({ message, next }: Message): string {
  return next === undefined ? message : `${message} ${next}`;
}
