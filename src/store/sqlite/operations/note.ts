import { type Json, stableJson } from '../../../kernel/digest.ts';
import type { TicketState } from '../../../kernel/ticket.ts';
import type { Claim, Note, StoredTicket } from '../../port.ts';
import { conflict } from '../../story/row.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { addEntry } from '../moves.ts';
import { readTicket } from '../ticket-rows.ts';
import { claimedRow } from './claims.ts';

const ABOUT: Readonly<Record<Note['type'], readonly TicketState[]>> = {
  'execution.waiting': ['approved', 'executing'],
  'execution.resumed': ['executing'],
  'execution.observed': ['unknown'],
};

/**
 * A numbered entry that moves nothing. What is known already isn't written once more: a halt of a day mustn't fill the
 * log.
 */
export function note(connection: Connection, claim: Claim, noted: Note): void {
  writeLog(connection, (writing) => {
    const row = claimedRow(connection, claim);
    if (!ABOUT[noted.type].includes(row.state)) throw conflict(row, 'there is nothing to note');
    if (isKnown(readTicket(connection, row), noted)) return;
    const outcome = noted.type === 'execution.waiting' ? noted.refusal.code : undefined;
    addEntry(writing, row, { type: noted.type, actor: `executor:${claim.owner}`, outcome, detail: detailOf(noted) });
  });
}

function detailOf(noted: Note): { readonly [key: string]: Json } {
  switch (noted.type) {
    case 'execution.waiting':
      return { refusal: { ...noted.refusal } };
    case 'execution.resumed':
      return {};
    case 'execution.observed':
      return { result: noted.result };
    default:
      return noted satisfies never;
  }
}

function isKnown({ waiting, result }: StoredTicket, noted: Note): boolean {
  switch (noted.type) {
    case 'execution.waiting':
      return waiting?.refusal.message === noted.refusal.message;
    case 'execution.resumed':
      return waiting === undefined;
    case 'execution.observed':
      return result !== undefined && stableJson(result) === stableJson(noted.result);
    default:
      return noted satisfies never;
  }
}
