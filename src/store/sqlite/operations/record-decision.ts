import type { ApproverStore, StoredTicket } from '../../port.ts';
import { decided, onlyStops } from '../../story/deciding.ts';
import { apply } from '../apply.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { readRows, readTicket, rowOf } from '../ticket-rows.ts';

export function recordDecision(
  connection: Connection,
  decision: Parameters<ApproverStore['recordDecision']>[0],
): StoredTicket {
  return writeLog(
    connection,
    (writing) => {
      const rows = readRows(connection, rowOf(connection, decision.ticket));
      return readTicket(connection, apply(writing, decided(rows, decision, writing.at)));
    },
    onlyStops(decision) ? 'stops' : 'opens',
  );
}
