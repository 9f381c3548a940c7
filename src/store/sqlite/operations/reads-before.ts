import type { StoredEntry } from '../../../audit/log.ts';
import type { PriorRead } from '../../port.ts';
import { priorRead, readsWithin } from '../../story/looking.ts';
import { readDraft } from '../../story/row.ts';
import type { Connection } from '../connection.ts';
import { rowOf } from '../ticket-rows.ts';

/* By session and before the ticket's own first entry: other sessions and later reads may be many more. */
const READS = `SELECT seq, text, leaf FROM entry WHERE read_session = ?
  AND seq < (SELECT min(seq) FROM entry WHERE ticket = ? AND ticket_seq > 0) ORDER BY seq DESC LIMIT ?`;

export function readsBefore(connection: Connection, id: string, limit: number): readonly PriorRead[] {
  const { session } = readDraft(rowOf(connection, id));
  return connection.all<StoredEntry>(READS, session, id, readsWithin(limit)).map(priorRead);
}
