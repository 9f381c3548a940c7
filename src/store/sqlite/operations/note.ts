import { type Json, stableJson } from '../../../kernel/digest.ts';
import type { TicketState } from '../../../kernel/ticket.ts';
import type { Claim, Note, StoredTicket } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { type Writing, writeLog } from '../log-writer.ts';
import { aboutTicket, conflict } from '../moves.ts';
import { type Row, readTicket } from '../ticket-rows.ts';
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
    addEntry(writing, row, type, claim, detail, noted.type === 'execution.waiting' ? noted.refusal.code : undefined);
  });
}

/** A numbered entry about a ticket that stays in its state. */
export function addEntry(
  writing: Writing,
  row: Row,
  type: 'execution.step' | Note['type'],
  { owner }: Claim,
  detail: { readonly [key: string]: Json | undefined },
  outcome?: string,
): void {
  const { changes } = writing.connection.run(
    'UPDATE ticket SET entries = entries + 1 WHERE id = ? AND state = ? AND entries = ?',
    row.id,
    row.state,
    row.entries,
  );
  if (changes !== 1) throw conflict(row, 'it changed meanwhile');
  writing.log({
    type,
    actor: `executor:${owner}`,
    ...aboutTicket(row),
    outcome,
    detail: { ...detail, ticket_seq: row.entries + 1 },
  });
}

function isKnown({ waiting, result }: StoredTicket, noted: Note): boolean {
  return noted.type === 'execution.waiting'
    ? waiting?.refusal.message === noted.refusal.message
    : result !== undefined && stableJson(result) === stableJson(noted.result);
}
