import { z } from 'zod';
import type { StoredEntry } from '../../../audit/log.ts';
import { isUnaltered } from '../../../audit/ticket-log.ts';
import type { Json } from '../../../kernel/digest.ts';
import { HoldshortError } from '../../../kernel/errors.ts';
import type { PriorRead } from '../../port.ts';
import { readDraft } from '../../story/row.ts';
import type { Connection } from '../connection.ts';
import { rowOf } from '../ticket-rows.ts';

const MOST = 100;

/* By session and before the ticket's own first entry: other sessions and later reads may be many more. */
const READS = `SELECT seq, text, leaf FROM entry WHERE read_session = ?
  AND seq < (SELECT min(seq) FROM entry WHERE ticket = ? AND ticket_seq > 0) ORDER BY seq DESC LIMIT ?`;

const Entry = z.object({
  seq: z.number(),
  at: z.string(),
  tool: z.string(),
  detail: z.object({ arguments: z.custom<Json>(() => true).default(null) }),
});

export function readsBefore(connection: Connection, id: string, limit: number): readonly PriorRead[] {
  const { session } = readDraft(rowOf(connection, id));
  const count = Math.max(0, Math.min(MOST, Math.floor(limit)));
  return connection.all<StoredEntry>(READS, session, id, count).map((stored) => {
    const entry = isUnaltered(stored) ? Entry.safeParse(JSON.parse(stored.text)).data : undefined;
    if (entry?.seq !== stored.seq)
      throw new HoldshortError('tampered', `entry ${stored.seq} was altered`, 'run `holdshort audit verify`');
    return { seq: entry.seq, at: entry.at, tool: entry.tool, arguments: entry.detail.arguments };
  });
}
