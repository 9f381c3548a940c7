import { planDigest } from '../kernel/plan.ts';
import { mayFollow, type TicketState } from '../kernel/ticket.ts';
import type { Standing, Standings, TicketRow } from './log.ts';
import type { ParsedEntry } from './parsed-entry.ts';
import type { Problems } from './problems.ts';
import { parseStored } from './stored-json.ts';
import { stateOf } from './ticket-log.ts';
import { differsFromPlan, startsTicket } from './trail.ts';

export interface TicketHistory {
  read(seq: number, entry: ParsedEntry): void;
  /** A row must say what the log says. @returns where in the log the ticket was opened */
  compare(row: TicketRow): number | undefined;
  /** After the rows come the tickets whose row is missing. */
  end(): void;
}

/**
 * Follows every ticket through the log.
 * @param standings empty; for this alone
 */
export function ticketHistory(problems: Problems, standings: Standings): TicketHistory {
  return {
    read(seq, { type, ticket, actor, detail }) {
      if (typeof ticket !== 'string' || typeof detail.ticket_seq !== 'number') return;
      const standing = standings.get(ticket) ?? { numbered: 0, firstSeq: seq, lastSeq: 0 };
      const numbered = detail.ticket_seq;
      if (numbered !== standing.numbered + 1)
        problems.add({
          seq,
          ticket,
          code: 'ticket_story',
          message: `entries about ticket ${ticket} before ${seq} are missing`,
        });
      const state = stateOf(type);
      if (!state) return standings.set(ticket, { ...standing, numbered });
      const digest = typeof detail.digest === 'string' ? detail.digest : undefined;
      const fault = faultOf(standing, state, digest, String(actor));
      if (fault)
        problems.add({ seq, ticket, code: 'ticket_story', message: `entry ${seq} about ticket ${ticket}: ${fault}` });
      standings.set(ticket, { ...standing, state, digest: standing.digest ?? digest, numbered, lastSeq: seq });
    },
    compare(row) {
      const standing = standings.take(row.id);
      compareRow(problems, row, standing);
      return standing?.firstSeq;
    },
    end() {
      for (const [ticket, { lastSeq }] of standings.left()) {
        problems.add({
          seq: lastSeq,
          ticket,
          code: 'ticket_missing',
          message: `ticket ${ticket} is in the log but not in the tickets`,
        });
      }
    },
  };
}

function faultOf(
  { state, digest }: Standing,
  next: TicketState,
  nextDigest: string | undefined,
  actor: string,
): string | undefined {
  if (state === undefined) return startsTicket(next) ? undefined : `no ticket begins as ${next}`;
  if (!mayFollow(state, next)) return `${next} does not follow ${state}`;
  // Whether that one signed it, the signatures tell (signature-check.ts).
  if (next === 'resolved' && !actor.startsWith('approver:')) return 'what is unknown is resolved by an approver alone';
  if (state === 'pending' && (next === 'approved' || next === 'denied') && !actor.startsWith('approver:'))
    return `what is pending is ${next} by an approver and nobody else`;
  return digest !== undefined && nextDigest !== digest ? 'its digest is not the one it was opened with' : undefined;
}

function compareRow(problems: Problems, row: TicketRow, standing: Standing | undefined): void {
  const { id, state, digest, plan, draft, entries } = row;
  const ticket = id;
  if (!standing?.state) {
    problems.add({ ticket, code: 'ticket_not_logged', message: `ticket ${ticket} is not in the log` });
    return;
  }
  if (standing.state !== state)
    problems.add({
      seq: standing.lastSeq,
      ticket,
      code: 'ticket_state',
      message: `ticket ${ticket} is ${state} in the tickets, but ${standing.state} in the log (entry ${standing.lastSeq})`,
    });
  if (entries !== standing.numbered)
    problems.add({
      ticket,
      code: 'ticket_story',
      message: `ticket ${ticket} counts ${entries} entries, the log has ${standing.numbered}`,
    });
  if (digest !== standing.digest)
    problems.add({ ticket, code: 'ticket_plan', message: `ticket ${ticket} has another digest than in the log` });
  if (plan === undefined) return;
  if (planDigest(plan) !== digest)
    problems.add({ ticket, code: 'ticket_plan', message: `the plan of ticket ${ticket} does not match its digest` });
  const moved = differsFromPlan(id, parseDraft(draft), plan);
  if (moved) problems.add({ ticket, code: 'ticket_plan', message: `ticket ${ticket}: ${moved}` });
}

/** A text that isn't JSON any more differs from every plan. */
function parseDraft(draft: string): object {
  try {
    const parsed = parseStored(draft);
    return typeof parsed === 'object' && parsed !== null ? parsed : { draft };
  } catch {
    return { draft };
  }
}
