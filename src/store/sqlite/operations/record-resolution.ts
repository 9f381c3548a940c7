import type { ApproverStore, StoredTicket } from '../../port.ts';
import { resolved } from '../../story/resolving.ts';
import { apply } from '../apply.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { readRows, readTicket, rowOf } from '../ticket-rows.ts';

export function recordResolution(
  connection: Connection,
  resolution: Parameters<ApproverStore['recordResolution']>[0],
): StoredTicket {
  return writeLog(connection, (writing) => {
    const rows = readRows(connection, rowOf(connection, resolution.ticket));
    return readTicket(connection, apply(writing, resolved(rows, resolution, writing.at)));
  });
}
