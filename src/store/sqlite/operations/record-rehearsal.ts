import type { Rehearsing } from '../../looking.ts';
import type { StoredTicket } from '../../port.ts';
import { rehearsed } from '../../story/rehearsing.ts';
import { apply } from '../apply.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { readTicket, rowOf } from '../ticket-rows.ts';

export function recordRehearsal(connection: Connection, rehearsing: Rehearsing): StoredTicket {
  return writeLog(connection, (writing) =>
    readTicket(connection, apply(writing, rehearsed(rowOf(connection, rehearsing.ticket), rehearsing))),
  );
}
