import { stableJson } from '../../../kernel/digest.ts';
import type { TicketState } from '../../../kernel/ticket.ts';
import type { Claim, Note, StoredTicket } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { addEntry, conflict } from '../moves.ts';
import { readTicket } from '../ticket-rows.ts';
import { claimedRow } from './claims.ts';

const ABOUT: Readonly<Record<Note['type'], TicketState>> = {
  'execution.waiting': 'approved',
  'execution.observed': 'unknown',
};

/** A numbered entry that moves nothing. What is known already isn't written once more: a halt of a day mustn't fill the log. */
export function note(connection: Connection, claim: Claim, noted: Note): void {
  const { type } = noted;
  const detail = type === 'execution.waiting' ? { refusal: { ...noted.refusal } } : { result: noted.result };
  writeLog(connection, (writing) => {
    const row = claimedRow(connection, claim);
    if (row.state !== ABOUT[type]) throw conflict(row, 'there is nothing to note');
    if (isKnown(readTicket(connection, row), noted)) return;
    const outcome = noted.type === 'execution.waiting' ? noted.refusal.code : undefined;
    addEntry(writing, row, { type, actor: `executor:${claim.owner}`, outcome, detail });
  });
}

function isKnown({ waiting, result }: StoredTicket, noted: Note): boolean {
  return noted.type === 'execution.waiting'
    ? waiting?.refusal.message === noted.refusal.message
    : result !== undefined && stableJson(result) === stableJson(noted.result);
}
