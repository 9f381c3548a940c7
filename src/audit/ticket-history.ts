import { planDigest } from '../kernel/plan.ts';
import { mayFollow, type TicketState } from '../kernel/ticket.ts';
import type { TicketRow } from './log.ts';
import type { Problems } from './problems.ts';
import { stateOf } from './ticket-log.ts';
import { differsFromPlan, startsTicket } from './trail.ts';
import type { ParsedEntry } from './verify.ts';

/** Where a ticket stands after the entries that were read. */
interface Standing {
  state: TicketState | undefined;
  digest: string | undefined;
  numbered: number;
  lastSeq: number;
  /** What its row may say: where it stood at the mark, and everything after. */
  allowed: Set<string>;
  readonly startedAfterMark: boolean;
}

export interface TicketHistory {
  read(seq: number, entry: ParsedEntry): void;
  /** From here on, rows may be older than what is read. */
  mark(): void;
  /** Every row must say what the log says, and the other way round. */
  compare(rows: readonly TicketRow[]): void;
}

/** Follows every ticket through the log. */
export function ticketHistory(problems: Problems): TicketHistory {
  const tickets = new Map<string, Standing>();
  let marked = false;

  return {
    read(seq, { type, ticket, detail }) {
      if (typeof ticket !== 'string' || typeof detail.ticket_seq !== 'number') return;
      const standing = tickets.get(ticket) ?? newcomer(marked);
      tickets.set(ticket, standing);
      standing.numbered += 1;
      if (detail.ticket_seq !== standing.numbered) {
        standing.numbered = detail.ticket_seq;
        problems.add({
          seq,
          ticket,
          code: 'ticket_story',
          message: `entries about ticket ${ticket} before ${seq} are missing`,
        });
      }
      const state = stateOf(type);
      if (!state) return;
      const digest = typeof detail.digest === 'string' ? detail.digest : undefined;
      const fault = faultOf(standing, state, digest);
      if (fault)
        problems.add({ seq, ticket, code: 'ticket_story', message: `entry ${seq} about ticket ${ticket}: ${fault}` });
      standing.state = state;
      standing.digest ??= digest;
      standing.lastSeq = seq;
      // Before the mark only the latest counts.
      if (!marked) standing.allowed.clear();
      standing.allowed.add(state);
    },
    mark() {
      marked = true;
    },
    compare(rows) {
      const missing = new Map(tickets);
      for (const row of rows) {
        const standing = tickets.get(row.id);
        missing.delete(row.id);
        compareRow(problems, row, standing);
      }
      for (const [ticket, { lastSeq, startedAfterMark }] of missing) {
        // Opened after the rows were read.
        if (startedAfterMark) continue;
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

function newcomer(startedAfterMark: boolean): Standing {
  return { state: undefined, digest: undefined, numbered: 0, lastSeq: 0, allowed: new Set(), startedAfterMark };
}

function faultOf({ state, digest }: Standing, next: TicketState, nextDigest: string | undefined): string | undefined {
  if (state === undefined) return startsTicket(next) ? undefined : `no ticket begins as ${next}`;
  if (!mayFollow(state, next)) return `${next} does not follow ${state}`;
  return digest !== undefined && nextDigest !== digest ? 'its digest is not the one it was opened with' : undefined;
}

function compareRow(problems: Problems, row: TicketRow, standing: Standing | undefined): void {
  const { id, state, digest, plan, draft } = row;
  const ticket = id;
  if (!standing?.state) {
    problems.add({ ticket, code: 'ticket_not_logged', message: `ticket ${ticket} is not in the log` });
    return;
  }
  if (!standing.allowed.has(state))
    problems.add({
      seq: standing.lastSeq,
      ticket,
      code: 'ticket_state',
      message: `ticket ${ticket} is ${state} in the tickets, but ${standing.state} in the log (entry ${standing.lastSeq})`,
    });
  // A row that was read while its ticket was still planned has no plan yet.
  const unplanned = standing.allowed.has('planning') && state === 'planning';
  if (!unplanned && digest !== standing.digest)
    problems.add({ ticket, code: 'ticket_plan', message: `ticket ${ticket} has another digest than in the log` });
  if (plan === undefined) return;
  if (planDigest(plan) !== digest)
    problems.add({ ticket, code: 'ticket_plan', message: `the plan of ticket ${ticket} does not match its digest` });
  const moved = differsFromPlan(id, parseDraft(draft), plan);
  if (moved) problems.add({ ticket, code: 'ticket_plan', message: `ticket ${ticket}: ${moved}` });
}

/** What isn't JSON any more differs from every plan. */
function parseDraft(draft: string): object {
  try {
    const parsed: unknown = JSON.parse(draft);
    return typeof parsed === 'object' && parsed !== null ? parsed : { draft };
  } catch {
    return { draft };
  }
}
