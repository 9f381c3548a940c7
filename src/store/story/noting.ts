import { type Json, stableJson } from '../../kernel/digest.ts';
import type { TicketState } from '../../kernel/ticket.ts';
import type { Claim, Note, StoredTicket } from '../port.ts';
import { requireClaim } from './claim.ts';
import { conflict, type TicketRows, ticketOf } from './row.ts';
import { entered, type Told } from './step.ts';

const ABOUT: Readonly<Record<Note['type'], readonly TicketState[]>> = {
  'execution.waiting': ['approved', 'executing'],
  'execution.resumed': ['executing'],
  'execution.observed': ['unknown'],
};

/**
 * A numbered entry that moves nothing; undefined where it is known already: a halt of a day mustn't fill the log.
 * @throws conflict
 */
export function noted(rows: TicketRows, claim: Claim, note: Note): Told | undefined {
  const row = requireClaim(rows.row, claim);
  if (!ABOUT[note.type].includes(row.state)) throw conflict(row, 'there is nothing to note');
  if (isKnown(ticketOf(rows), note)) return undefined;
  const outcome = note.type === 'execution.waiting' ? note.refusal.code : undefined;
  return entered(row, { type: note.type, actor: `executor:${claim.owner}`, outcome, detail: detailOf(note) });
}

function detailOf(note: Note): { readonly [key: string]: Json } {
  switch (note.type) {
    case 'execution.waiting':
      return { refusal: { ...note.refusal } };
    case 'execution.resumed':
      return {};
    case 'execution.observed':
      return { result: note.result };
    default:
      return note satisfies never;
  }
}

function isKnown({ waiting, result }: StoredTicket, note: Note): boolean {
  switch (note.type) {
    case 'execution.waiting':
      return waiting?.refusal.message === note.refusal.message;
    case 'execution.resumed':
      return waiting === undefined;
    case 'execution.observed':
      return result !== undefined && stableJson(result) === stableJson(note.result);
    default:
      return note satisfies never;
  }
}
