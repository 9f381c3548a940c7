import type { Refusal } from '../../../kernel/errors.ts';
import type { TicketId } from '../../../kernel/ticket.ts';
import type { StoredTicket } from '../../port.ts';
import { type Caller, planningRefused, withdrawn } from '../../story/ending.ts';
import { apply } from '../apply.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { readTicket, rowOf } from '../ticket-rows.ts';

export function withdraw(connection: Connection, caller: Caller, id: TicketId, reason: string): StoredTicket {
  return writeLog(
    connection,
    (writing) => {
      const row = rowOf(connection, id, caller);
      return readTicket(connection, apply(writing, withdrawn(row, caller, reason, writing.at)));
    },
    'stops',
  );
}

export function refusePlanning(connection: Connection, caller: Caller, id: TicketId, refusal: Refusal): void {
  writeLog(
    connection,
    (writing) => void apply(writing, planningRefused(rowOf(connection, id, caller), caller, refusal, writing.at)),
    'stops',
  );
}
